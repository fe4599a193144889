"""Empirical durations: the spans of time of a card as a distribution."""

from __future__ import annotations

import re
from collections.abc import Sequence

from abmsim.lang.reading import TIME_UNITS
from abmsim.stats.table import Table

DIMENSION = "duration"
"""The card's one dimension; `duration_weeks` says its unit itself."""

EMPIRICAL_UNITS = ("share", "percent", "persons")
EMPIRICAL_HINT = (
    "it needs one dimension, `duration` or `duration_weeks`, with the labels 0-3, 3-6, 6+, and the unit share, percent "
    "or persons"
)

_ROUNDING = 0.01
"""Published shares are rounded: they add up to 1 but for this."""

_SPAN = re.compile(r"(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?)|\+)")


def spans_unit(table: Table, said: str) -> str:
    """The unit of time of a card's spans: `day`, `week`, `month` or `year`; `said` is what the module says.

    Raises ValueError with what is wrong (to follow the card's name) if the card is no distribution of durations.
    """
    if len(table.by) != 1 or not re.fullmatch(DIMENSION + "(_[a-z]+)?", table.by[0]):
        raise ValueError(f"is by {', '.join(table.by) or 'nothing'}, where spans of time are needed")
    if table.card.unit not in EMPIRICAL_UNITS:
        raise ValueError(f"is of unit '{table.card.unit}'")
    named = table.by[0].removeprefix(DIMENSION).removeprefix("_")
    if named and named not in TIME_UNITS:
        raise ValueError(f"is in '{named}', which is no unit of time")
    if not named and not said:
        raise ValueError("does not say the unit of its spans, nor does `unit:` beside `empirical:`")
    if named and said and TIME_UNITS[named] != said:
        raise ValueError(f"is in {named}, not in {said}s")
    duration_spans(table)
    return said or TIME_UNITS[named]


def duration_spans(table: Table) -> tuple[tuple[float, float, float], ...]:
    """(from, to, weight) of each span in order of time; weights add up to 1.

    A span that is open at the end is as long as the one before it. Raises ValueError like `spans_unit`.
    """
    ends = _ends(table.labels[table.by[0]])
    weights = [table.cells.get((label,), 0.0) for label in table.labels[table.by[0]]]
    total = sum(weights)
    if min(weights, default=0.0) < 0 or total <= 0:
        raise ValueError("has no figures above 0")
    whole = {"share": 1.0, "percent": 100.0}.get(table.card.unit, total)
    if abs(total / whole - 1) > _ROUNDING:
        raise ValueError(f"adds up to {total:.10g}, where all of it is needed")
    return tuple((low, high, weight / total) for (low, high), weight in zip(ends, weights, strict=True))


def _ends(labels: Sequence[str]) -> list[tuple[float, float]]:
    """(from, to) of spans that follow each other, in the order of the file."""
    ends: list[tuple[float, float]] = []
    for label in labels:
        match = _SPAN.fullmatch(label)
        if match is None:
            raise ValueError(f"has the label '{label}', which is no span of time")
        low = float(match[1])
        if match[2] is None and (not ends or label != labels[-1]):
            raise ValueError(f"has the label '{label}', which can only be the last of several")
        high = float(match[2]) if match[2] is not None else low + ends[-1][1] - ends[-1][0]
        if high <= low:
            raise ValueError(f"has the label '{label}', which runs backwards")
        if ends and low != ends[-1][1]:
            raise ValueError(f"has '{label}' after a span that ends at {ends[-1][1]:.10g}, where it should begin")
        ends.append((low, high))
    return ends
