"""A figure of one run beside the published one, and what is known of the table that it is from."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = {
    "exact": "by construction: the population meets these counts",
    "parameter": "parameters: the model was given these, directly or solved",
    "target": "targets: fitted to, or to be met; none was an input",
    "held_back": "held back: neither given nor fitted to, only reported",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of one cell; `error` is one standard error, in the figure's own unit, `margin` a part of `published`.

    `simulated` is scaled to the residents of the place; None if the run cannot say. `note`: why it is not judged.
    `n`: how many persons, households or events of the run are behind it; None if that is not told. `rounding`: how far
    apart two published figures can be at least, in the figure's unit; None for what the card says.
    """

    label: str
    published: float | None
    simulated: float | None
    error: float = 0.0
    margin: float = 0.0
    note: str = ""
    n: int | None = None
    rounding: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The figures of one published table in one run: where they come from, how they were used, how far they may be off.

    `role`: a key of ROLES; `margin_reason`: why that margin; `about`: how the simulated figures were counted;
    `rounding`: of the published figures, in their unit; `vintage`: how definite they are.
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
    rule: str = ""
    rounding: float = 0.0
    vintage: str = ""
