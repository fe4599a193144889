"""Figures of which we know the truth, and the verdicts on them."""

from __future__ import annotations

from collections.abc import Sequence

from abmsim.validate.figure import Comparison, Figure
from abmsim.validate.judging import Judged, judge
from abmsim.validate.opened import OpenRun
from abmsim.validate.targets import figures_of


def comparison(figures: Sequence[Figure], role: str = "target", rounding: float = 0.0, name: str = "toy") -> Comparison:
    return Comparison(name, "Toy", "", role, "persons", 0.0, "", tuple(figures), rounding=rounding)


def verdict(*runs: Figure, rounding: float = 0.0) -> Judged:
    """One figure, found in so many runs, judged on its own."""
    (judgement,) = judge([[comparison([figure], rounding=rounding)] for figure in runs])
    return judgement.figures[0]


def figures(run: OpenRun, name: str) -> dict[str, Figure]:
    """The figures of a statistic in a run, by label."""
    return {figure.label: figure for figure in figures_of(run, run.catalogue.card(name))}
