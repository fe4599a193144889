"""From the share that has a lasting condition at each age to the rate at which it begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from abmsim.stats.by_age import ages_of
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES

_ROUNDS = 40
_YEAR = "2021"

Curve = list[float]
"""The share that has the condition at exact ages 0, 1, 2, ..., `LAST_AGE + 1`."""


def resident_count(catalogue: Catalogue, age: int, sex: str) -> float:
    """Residents of a completed age and sex on 1 January 2021."""
    return catalogue.table("residents_nl_by_age_sex").value(year=_YEAR, age=str(age), sex=sex)


def residents(catalogue: Catalogue, sex: str | None = None) -> Curve:
    """Residents of each completed age on 1 January 2021, of one sex or of both."""
    table = catalogue.table("residents_nl_by_age_sex")
    sexes = SEXES if sex is None else (sex,)
    known = set(table.labels["age"])
    return [
        sum(table.value(year=_YEAR, age=str(age), sex=each) for each in sexes) if str(age) in known else 0.0
        for age in range(LAST_AGE + 1)
    ]


def mean_over(curve: Sequence[float], persons: Sequence[float], ages: Iterable[int]) -> float:
    """The mean share of residents of these ages, each half a year older than the completed age."""
    those = [age for age in ages if persons[age]]
    return sum(persons[age] * (curve[age] + curve[age + 1]) / 2 for age in those) / sum(persons[age] for age in those)


def through(published: Mapping[str, float], persons: Sequence[float]) -> Curve:
    """The straight lines between the middles of the classes of age that meet the share of every class.

    Beyond the last class but one the line goes on level from where it meets the last one; nobody has it at birth.
    """
    middles = [(min(ages_of(label)) + min(max(ages_of(label)), 94) + 1) / 2 for label in published]
    levels = list(published.values())
    for _ in range(_ROUNDS):
        curve = _lines(middles, levels)
        for place, (label, share) in enumerate(published.items()):
            found = mean_over(curve, persons, ages_of(label))
            levels[place] = max(levels[place] + (share - found) / 2, 0.0)
    return _lines(middles, levels)


def _lines(middles: Sequence[float], levels: Sequence[float]) -> Curve:
    points = [(0.0, 0.0), *zip(middles, levels, strict=True), (LAST_AGE + 2.0, levels[-1])]
    curve = []
    at = 0
    for age in range(LAST_AGE + 2):
        while age > points[at + 1][0]:
            at += 1
        (low, below), (high, above) = points[at], points[at + 1]
        curve.append(below + (above - below) * (age - low) / (high - low))
    return curve


def rising(curve: Sequence[float]) -> Curve:
    """The curve without its falls: what has begun stays."""
    highest = 0.0
    return [highest := max(highest, share) for share in curve]


def begins(curve: Sequence[float]) -> Curve:
    """The rate at each completed age that raises the share to that of the next: it never passes, nobody dies of it."""
    return [
        max(curve[age + 1] - curve[age], 0.0) / (1 - (curve[age] + curve[age + 1]) / 2) for age in range(LAST_AGE + 1)
    ]
