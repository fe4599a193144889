"""Diabetes of both types: how often it is found, from the shares by age that have it, and who takes medicines."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from abmsim.stats.by_age import ages_of
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.prevalence import Curve, begins, mean_over, residents, rising, through
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES

_GROWN_UP = 20
_SETTLED = 45
"""All diabetes before the one age is of type 1; no more begins after the other."""

_LAST_REPORTED = "40-49"
_DECILES = range(1, 11)
_LOWEST, _HIGHEST = 2.0, 9.0
"""Middles of the lowest and of the highest third of tenths of income."""


def _known(catalogue: Catalogue, sex: str) -> Curve:
    table = catalogue.table("diabetes_known_2018")
    shares = {age: table.value(age=age, sex=sex) / 100 for age in table.labels["age"]}
    return through(shares, residents(catalogue, sex))


def _type_1(catalogue: Catalogue, known: Curve) -> Curve:
    reported = {row["group"]: float(row["type_1"]) / 100 for row in catalogue.rows("diabetes_type_by_age_2022")}
    at_last, at_first = reported[_LAST_REPORTED], known[_GROWN_UP]
    between = [
        at_first + (at_last - at_first) * min((age - _GROWN_UP) / (_SETTLED - _GROWN_UP), 1)
        for age in range(LAST_AGE + 2)
    ]
    return [min(share, between[age]) if age > _GROWN_UP else share for age, share in enumerate(known)]


def _types(catalogue: Catalogue, sex: str) -> tuple[Curve, Curve]:
    """Shares with type 1, and with type 2 of those without type 1."""
    known = _known(catalogue, sex)
    first = rising(_type_1(catalogue, known))
    second = [max(share - one, 0.0) / (1 - one) for share, one in zip(known, first, strict=True)]
    return first, second


def income_ratio(catalogue: Catalogue) -> dict[int, float]:
    """Risk by tenth of income: the same factor at each step, so that the thirds differ as published."""
    table = catalogue.table("diabetes_by_income")
    step = math.log(table.value(income="low") / table.value(income="high")) / (_HIGHEST - _LOWEST)
    return {decile: math.exp(-step * (decile - 1)) for decile in _DECILES}


def origin_ratio(catalogue: Catalogue) -> dict[str, float]:
    table = catalogue.table("diabetes_origin_ratio")
    return {origin: table.value(origin=origin) for origin in table.labels["origin"]}


def _found(catalogue: Catalogue) -> dict[tuple[int, str], float]:
    """The risk of each group as a share of that of the group with the highest."""
    incomes, origins = income_ratio(catalogue), origin_ratio(catalogue)
    highest = max(incomes.values()) * max(origins.values())
    return {(decile, origin): incomes[decile] * origins[origin] / highest for decile in incomes for origin in origins}


def found(catalogue: Catalogue) -> list[dict[str, str]]:
    return [
        {"income_decile": str(decile), "origin": origin, "share": f"{share:.5f}"}
        for (decile, origin), share in _found(catalogue).items()
    ]


def rates(catalogue: Catalogue) -> list[dict[str, str]]:
    """By type, age and sex; that of type 2 is the rate of the group with the highest risk."""
    rows = []
    mean = catalogue.table("diabetes_risk_mean")
    for sex in SEXES:
        first, second = _types(catalogue, sex)
        means = {age: mean.value(age=label, sex=sex) for label in mean.labels["age"] for age in ages_of(label)}
        highest = [rate / means[age] for age, rate in enumerate(begins(second))]
        for label, found_at in (("type_1", begins(first)), ("type_2", highest)):
            rows += [
                {"type": label, "age": str(age), "sex": sex, "rate": f"{rate:.6f}"} for age, rate in enumerate(found_at)
            ]
    return rows


def medicines(catalogue: Catalogue) -> list[dict[str, str]]:
    """Users of the year less all with type 1, of those with type 2."""
    users = catalogue.table("diabetes_medicine_users").value(period="2020")
    ones = both = 0.0
    for sex in SEXES:
        persons = residents(catalogue, sex)
        ages = range(LAST_AGE + 1)
        number = sum(persons)
        both += number * mean_over(_known(catalogue, sex), persons, ages)
        ones += number * mean_over(_types(catalogue, sex)[0], persons, ages)
    return [{"type": "type_2", "share": f"{(users - ones) / (both - ones):.4f}"}]


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "diabetes_begins": rates,
    "diabetes_found": found,
    "diabetes_medicines": medicines,
}
