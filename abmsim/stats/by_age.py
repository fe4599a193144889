"""Figures by age: the ages that a label names, and straight lines between points."""

from __future__ import annotations

from collections.abc import Sequence

from abmsim.stats.recipes_mortality import LAST_AGE

Points = Sequence[tuple[float, float]]
"""(age, figure), in order of age."""


def ages_of(label: str, last: int = LAST_AGE) -> range:
    """The completed ages of a label such as `85+` (up to `last`), `40-44` or `0`."""
    low, dash, high = label.rstrip("+").partition("-")
    return range(int(low), (last if label.endswith("+") else int(high) if dash else int(low)) + 1)


def onwards(points: Points, age: float) -> float:
    """On the lines through the points; before the first and beyond the last one they go on."""
    place = next((at for at in range(1, len(points)) if age <= points[at][0]), len(points) - 1)
    (low, at_low), (high, at_high) = points[place - 1], points[place]
    return at_low + (at_high - at_low) * (age - low) / (high - low)


def between(points: Points, age: float) -> float:
    """On the lines between the points; level before the first and beyond the last one."""
    if age <= points[0][0]:
        return points[0][1]
    return onwards(points, age) if age <= points[-1][0] else points[-1][1]
