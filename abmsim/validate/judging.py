"""What may be said of published figures and those of some runs: equal, different, or too few persons to tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, sqrt

from abmsim.validate.figure import Comparison, Figure
from abmsim.validate.student import quantile, two_sided

EQUAL = "equal"
WITHIN_MARGIN = "equal within margin"
DIFFERENT = "different"
TOO_FEW = "too few persons to judge"
NO_FIGURE = "no published figure"
NOT_JUDGED = "not judged"
VERDICTS = (EQUAL, WITHIN_MARGIN, DIFFERENT, TOO_FEW, NO_FIGURE, NOT_JUDGED)

LEVEL = 0.05
"""Of each one-sided test that a figure is within its margin, and of false discoveries among what is different."""

_SCALING = 0.01
"""Runs of a sample differ by less than this part in how many residents they have, and so in what one stands for."""

NOTHING_TO_COUNT = "nobody in the run to ask"


@dataclass(frozen=True, slots=True)
class Judged:
    """A figure over all runs: `simulated` is the mean, `error` its standard error with `df` degrees of freedom.

    `margin` and `rounding` are in the unit of the figure. `z`: difference by error and rounding; `p` its two-sided
    probability; `q` the share of false ones among all figures with a q as small. None where it cannot be said.
    """

    label: str
    published: float | None
    simulated: float | None
    error: float
    df: float
    margin: float
    rounding: float
    n: int | None
    runs: tuple[float, ...]
    note: str = ""
    z: float | None = None
    p: float | None = None
    q: float | None = None
    verdict: str = NOT_JUDGED

    @property
    def half_width(self) -> float:
        """Of the 90 % interval of chance around `simulated`."""
        return quantile(1 - LEVEL, self.df) * self.error if self.error else 0.0

    @property
    def difference(self) -> float | None:
        """How far the simulated figure is from the published one, as a part of that."""
        if self.published in (None, 0) or self.simulated is None:
            return None
        return (self.simulated - self.published) / self.published


@dataclass(frozen=True, slots=True)
class Judgement:
    """A published table with the verdict on each of its figures; `facts` is the comparison of the first run."""

    facts: Comparison
    figures: tuple[Judged, ...]

    @property
    def fails(self) -> bool:
        """Whether a figure that must come out does not: of a target, or of what is so by construction."""
        return self.facts.role in ("exact", "target") and any(one.verdict == DIFFERENT for one in self.figures)


def judge(runs: Sequence[Sequence[Comparison]]) -> list[Judgement]:
    """The comparisons of one run for each seed, as verdicts; q is over all figures that can be judged."""
    together: dict[tuple[str, str], list[Comparison]] = {}
    for comparisons in runs:
        for comparison in comparisons:
            together.setdefault((comparison.statistic, comparison.title), []).append(comparison)
    measured = [(same[0], _measured_of(same)) for same in together.values()]
    of_all = iter(false_discovery([one.p for _, figures in measured for one in figures if one.p is not None]))
    return [
        Judgement(facts, tuple(_decided(one if one.p is None else replace(one, q=next(of_all))) for one in figures))
        for facts, figures in measured
    ]


def _measured_of(same: Sequence[Comparison]) -> list[Judged]:
    """The figures of one table, each over all runs in which it is."""
    by_label: dict[str, list[Figure]] = {}
    for comparison in same:
        for figure in comparison.figures:
            by_label.setdefault(figure.label, []).append(figure)
    return [measured(figures, same[0].rounding) for figures in by_label.values()]


def measured(figures: Sequence[Figure], rounding: float = 0.0) -> Judged:
    """One figure over its runs, with z and p; `rounding` is that of the card, where the figure has none of its own."""
    first = figures[0]
    note = next((figure.note for figure in figures if figure.note), "")
    found = [figure for figure in figures if figure.simulated is not None]
    values = tuple(float(figure.simulated or 0.0) for figure in found)
    mean = sum(values) / len(values) if values else None
    error, df = _error_of_mean(found, values)
    one = Judged(
        first.label, first.published, mean, error, df,
        margin=first.margin * abs(first.published or 0.0),
        rounding=rounding if first.rounding is None else first.rounding,
        n=_persons(found), runs=values, note=note or ("" if found else NOTHING_TO_COUNT),
    )  # fmt: skip
    if one.published is None or mean is None or one.note or not (error or one.rounding):
        return one
    spread, df = _with_rounding(one)
    z = (mean - one.published) / spread
    return replace(one, z=z, p=two_sided(z, df))


def _error_of_mean(found: Sequence[Figure], values: Sequence[float]) -> tuple[float, float]:
    """The standard error of the mean over runs and its degrees of freedom.

    From the spread between the runs. A single run has the error inside it, as have runs that agree to the last person
    though chance was in them: that nobody was found in any of them, or three in each, is no certainty.
    """
    runs = len(values)
    if runs > 1:
        mean = sum(values) / runs
        squares = sum((value - mean) ** 2 for value in values)
        if squares > 0 and not _agree(found, values):
            return sqrt(squares / (runs - 1) / runs), runs - 1
    if not runs:
        return 0.0, inf
    return sqrt(sum(figure.error**2 for figure in found)) / runs, inf


def _agree(found: Sequence[Figure], values: Sequence[float]) -> bool:
    """Whether every run has as many persons; what is left of a spread is that of the residents it is scaled to."""
    counts = {figure.n for figure in found}
    return len(counts) == 1 and None not in counts and max(values) - min(values) < _SCALING * max(map(abs, values))


def _persons(found: Sequence[Figure]) -> int | None:
    """How many are behind the figure in the mean run."""
    counts = [figure.n for figure in found if figure.n is not None]
    return round(sum(counts) / len(counts)) if counts else None


def _with_rounding(one: Judged) -> tuple[float, float]:
    """Chance and rounding as one standard error, with its degrees of freedom (Welch and Satterthwaite).

    What is rounded to w lies anywhere within w / 2, so its variance is w^2 / 12, and known.
    """
    chance, rounding = one.error**2, one.rounding**2 / 12
    if one.df == inf or not chance:
        return sqrt(chance + rounding), inf
    return sqrt(chance + rounding), (chance + rounding) ** 2 / (chance**2 / one.df)


def _decided(one: Judged) -> Judged:
    return replace(one, verdict=_verdict(one))


def _verdict(one: Judged) -> str:
    """One of VERDICTS."""
    if one.published is None:
        return NO_FIGURE
    if one.simulated is None or one.note:
        return NOT_JUDGED
    away = abs(one.simulated - one.published)
    if not one.error and all(value == one.published for value in one.runs):
        return EQUAL
    if one.p is None:  # neither chance nor rounding is in it
        return WITHIN_MARGIN if away <= one.margin else DIFFERENT
    spread, df = _with_rounding(one)
    if away + quantile(1 - LEVEL, df) * spread <= one.margin:
        return WITHIN_MARGIN
    is_found = one.q is not None and one.q <= LEVEL
    return DIFFERENT if is_found and away > one.margin else TOO_FEW


def false_discovery(p: Sequence[float]) -> list[float]:
    """The q of each p, in their order: the least share of false ones at which it is found (Benjamini and Hochberg)."""
    order = sorted(range(len(p)), key=lambda number: p[number])
    q, least = [0.0] * len(p), 1.0
    for rank in range(len(p), 0, -1):
        number = order[rank - 1]
        least = min(least, p[number] * len(p) / rank)
        q[number] = least
    return q
