"""One published figure beside the simulated one, and what may be said of the two."""

from __future__ import annotations

from dataclasses import dataclass

EQUAL = "equal"
WITHIN_MARGIN = "equal within margin"
WITHIN_ERROR = "within three standard errors"
DIFFERENT = "different"
TOO_FEW = "too few persons to judge"
NO_FIGURE = "no published figure"
NOT_JUDGED = "not judged"

VERDICTS = (EQUAL, WITHIN_MARGIN, WITHIN_ERROR, DIFFERENT, TOO_FEW, NO_FIGURE, NOT_JUDGED)

STANDARD_ERRORS = 3
"""Chance alone goes further than this in one of 370 figures."""

LARGEST_ERROR = 0.5
"""Where three standard errors are more than this part of the figure, a run cannot tell a half from a whole."""

ROLES = {
    "exact": "by construction: the population meets these counts",
    "parameter": "parameters: the model was given these, directly or solved",
    "target": "targets: not given to the model",
    "held_back": "held back: not looked at while the model was made",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of one cell; `error` is one standard error, in the figure's own unit, `margin` a part of `published`.

    `simulated` is scaled to the residents of the place; None if the run cannot say. `note`: why it is not judged.
    `n`: how many persons, households or events of the run are behind it; None if that is not told.
    """

    label: str
    published: float | None
    simulated: float | None
    error: float = 0.0
    margin: float = 0.0
    note: str = ""
    n: int | None = None

    @property
    def difference(self) -> float | None:
        """How far the simulated figure is from the published one, as a part of that."""
        if self.published in (None, 0) or self.simulated is None:
            return None
        return (self.simulated - self.published) / self.published

    @property
    def verdict(self) -> str:
        """One of VERDICTS."""
        if self.published is None:
            return NO_FIGURE
        if self.simulated is None or self.note:
            return NOT_JUDGED
        away = abs(self.simulated - self.published)
        if away == 0 and self.error == 0:
            return EQUAL
        if STANDARD_ERRORS * self.error > LARGEST_ERROR * abs(self.published):
            return TOO_FEW
        if away <= self.margin * abs(self.published):
            return WITHIN_MARGIN
        return WITHIN_ERROR if away <= STANDARD_ERRORS * self.error else DIFFERENT


@dataclass(frozen=True, slots=True)
class Comparison:
    """The figures of one published table: where they come from, how they were used, how far they may be off.

    `role`: a key of ROLES; `margin_reason`: why that margin; `about`: how the simulated figures were counted.
    """

    statistic: str
    title: str
    source: str
    role: str
    unit: str
    margin: float
    margin_reason: str
    figures: tuple[Figure, ...]
    about: str = ""

    @property
    def fails(self) -> bool:
        """Whether a figure that must come out does not: of a target, or of what is so by construction."""
        return self.role in ("exact", "target") and any(figure.verdict == DIFFERENT for figure in self.figures)
