"""Mortality of all other causes: the published mortality less what diseases with a mortality of their own add."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_mortality import SEXES

ADDED = (
    "coronary_disease_deaths", "stroke_disease_deaths", "heart_failure_disease_deaths", "fall_excess_deaths",
)  # fmt: skip
"""Cards by age (0-120) and sex: deaths that they add, per resident and year, beyond those of the same age."""


def excess_deaths(catalogue: Catalogue, age: str, sex: str) -> float:
    """Deaths per resident and year of the age that all of `ADDED` add."""
    return sum(catalogue.table(name).value(age=age, sex=sex) for name in ADDED)


def rest_share(catalogue: Catalogue) -> list[dict[str, str]]:
    """What is left of mortality by age and sex for all else, so that the sum of both is what is published."""
    published = catalogue.table("death_rate")
    rows = []
    for age in published.labels["age"]:
        for sex in SEXES:
            share = 1 - excess_deaths(catalogue, age, sex) / published.value(age=age, sex=sex)
            rows.append({"age": age, "sex": sex, "share": f"{share:.4f}"})
    return rows


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {"death_rate_rest_share": rest_share}
