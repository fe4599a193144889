"""Difficulty with daily activities: the shares by age and sex that have it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from abmsim.stats.by_age import ages_of, onwards
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES

ADULT = 18
HOUSEHOLD, SELF_CARE = "household", "self_care"
_OLDER = {"55-64": 60, "65-74": 70, "75+": 85}
"""Published classes, and the age at which each one's figure stands."""

_YOUNGER = {"16-19": ADULT, "20-29": 25, "30-39": 35, "40-49": 45, "50-54": 52}
_ROUNDS = 60

Curve = Mapping[str, Sequence[float]]
"""By sex the share with a difficulty at exact ages 0, 1, 2, ..."""


@dataclass(frozen=True, slots=True)
class Limited:
    """Shares with any difficulty (with the household, with self-care or both), and with self-care."""

    any: Curve
    severe: Curve


def limited(catalogue: Catalogue) -> Limited:
    """The shares that meet the published ones; whoever has difficulty with self-care has it with the household too."""
    return Limited(_curve(catalogue, HOUSEHOLD), _curve(catalogue, SELF_CARE))


def _curve(catalogue: Catalogue, limitation: str) -> Curve:
    """A line through log odds at the middle of each class of age, apart for the sexes by the same distance everywhere.

    Solved for the published shares of 55 and older; before that the shape of being limited by health.
    """
    published = catalogue.table("daily_limitations_2022")
    persons = catalogue.table("residents_nl_by_age_sex")
    health = catalogue.table("limited_by_health_2019")
    ratio = {age: health.value(age=label) / health.value(age="55-64") for label, age in _YOUNGER.items()}
    knots = {label: _odds(published.value(group=label, limitation=limitation) / 100) for label in _OLDER}
    apart = 0.5
    curve: dict[str, list[float]] = {}

    def share(ages: range, sexes: Sequence[str]) -> float:
        cells = [(age, sex) for age in ages for sex in sexes if str(age) in persons.labels["age"]]
        number = [persons.value(year="2022", age=str(age), sex=sex) for age, sex in cells]
        with_it = [n * curve[sex][age] for n, (age, sex) in zip(number, cells, strict=True)]
        return sum(with_it) / sum(number)

    for _ in range(_ROUNDS):
        curve = {sex: _line(knots, apart if sex == "female" else -apart, ratio) for sex in SEXES}
        for label in _OLDER:
            figure = published.value(group=label, limitation=limitation) / 100
            knots[label] += _odds(figure) - _odds(share(ages_of(label), SEXES))
        women, men = (published.value(group=sex, limitation=limitation) / 100 for sex in ("female", "male"))
        found = _odds(share(ages_of("55+"), ["female"])) - _odds(share(ages_of("55+"), ["male"]))
        apart += (_odds(women) - _odds(men) - found) / 2
    return curve


def _line(knots: Mapping[str, float], shift: float, ratio: Mapping[int, float]) -> list[float]:
    points = [(age, knots[label] + shift) for label, age in _OLDER.items()]
    at_60 = _share(points[0][1])
    points = [*((age, _odds(at_60 * part)) for age, part in ratio.items()), *points]
    return [0.0] * ADULT + [_share(onwards(points, age)) for age in range(ADULT, LAST_AGE + 2)]


def _odds(share: float) -> float:
    return math.log(share / (1 - share))


def _share(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def share_at_18(catalogue: Catalogue) -> list[dict[str, str]]:
    """Who has a difficulty on becoming 18."""
    found = limited(catalogue)
    rows = []
    for sex in SEXES:
        severe, both = found.severe[sex][ADULT], found.any[sex][ADULT]
        rows.append({"limitations": "severe", "sex": sex, "share": f"{severe:.5f}"})
        rows.append({"limitations": "some", "sex": sex, "share": f"{both - severe:.5f}"})
    return rows


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "limitation_share_at_18": share_at_18,
}
