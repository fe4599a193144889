"""COPD: how often it is found, from the shares that have it, and how often a lung attack leads to hospital."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from abmsim.stats.by_age import ages_of
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.prevalence import begins, mean_over, residents, rising, through
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES

_FIRST_AGE = 40
"""Where the shape by age begins: COPD is hardly found before."""

_AGAIN_WITHIN_A_YEAR = 0.5


def rates(catalogue: Catalogue) -> list[dict[str, str]]:
    """By age and sex, of the group with the highest risk: the reported shape by age at the level of practices."""
    table = catalogue.table("copd_reported_by_age_2014")
    reported = {
        label: table.value(age=label) / 100 if min(ages_of(label)) >= _FIRST_AGE else 0.0
        for label in table.labels["age"]
    }
    highest = 1 / (_mean_by_education(catalogue) * _mean_by_smoking(catalogue))
    rows = []
    for sex in SEXES:
        persons = residents(catalogue, sex)
        shape = rising(through(reported, persons))
        level = _known(catalogue, sex) / mean_over(shape, persons, range(LAST_AGE + 1))
        found = begins([share * level for share in shape])
        rows += [{"age": str(age), "sex": sex, "rate": f"{rate * highest:.6f}"} for age, rate in enumerate(found)]
    return rows


def _known(catalogue: Catalogue, sex: str) -> float:
    return catalogue.table("copd_known_2021").value(sex=sex) / 100


def _by_education(catalogue: Catalogue) -> dict[str, float]:
    table = catalogue.table("copd_by_education")
    low, high = table.value(education="low"), table.value(education="high")
    return {"low": 1.0, "middle": math.sqrt(high / low), "high": high / low}


def education(catalogue: Catalogue) -> list[dict[str, str]]:
    return [{"education": level, "share": f"{share:.5f}"} for level, share in _by_education(catalogue).items()]


def _mean_by_education(catalogue: Catalogue) -> float:
    table = catalogue.table("residents_by_education")
    shares = _by_education(catalogue)
    grown = {label for label in table.labels["age"] if min(ages_of(label)) + 10 > _FIRST_AGE}
    cells = {cell: number for cell, number in table.cells.items() if cell[table.by.index("age")] in grown}
    place = table.by.index("education")
    return sum(number * shares[cell[place]] for cell, number in cells.items()) / sum(cells.values())


def _by_smoking(catalogue: Catalogue) -> dict[str, float]:
    """Odds of smoking of all residents against those of patients: the risk of who does not smoke."""
    table = catalogue.table("copd_patients_who_smoke")
    everybody = catalogue.table("smokers_2018").value(group="all") / 100
    patients = table.value(group="smoke") / table.value(group="do_not_smoke")
    return {"yes": 1.0, "no": everybody / (1 - everybody) / patients}


def smoking(catalogue: Catalogue) -> list[dict[str, str]]:
    return [{"smokes": label, "share": f"{share:.5f}"} for label, share in _by_smoking(catalogue).items()]


def _mean_by_smoking(catalogue: Catalogue) -> float:
    shares = _by_smoking(catalogue)
    everybody = catalogue.table("smokers_2018").value(group="all") / 100
    return everybody * shares["yes"] + (1 - everybody) * shares["no"]


def attacks(catalogue: Catalogue) -> list[dict[str, str]]:
    """The rate of a first attack, and that of the next in the year after one, which half of them have.

    With a attacks a patient-year, of which the share q follows another within the year: r = -log(1 - q) in that year,
    which lasts q/r on average as the next attack begins it anew, and (1 - q) a = rate of the rest x (1 - a q/r).
    """
    patients = sum(sum(residents(catalogue, sex)) * _known(catalogue, sex) for sex in SEXES)
    every = catalogue.table("copd_admissions").value(period="2022") / patients
    again = -math.log1p(-_AGAIN_WITHIN_A_YEAR)
    first = every * (1 - _AGAIN_WITHIN_A_YEAR) / (1 - every * _AGAIN_WITHIN_A_YEAR / again)
    return [{"after": "stable", "rate": f"{first:.5f}"}, {"after": "attack", "rate": f"{again:.5f}"}]


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "copd_begins": rates,
    "copd_found": education,
    "copd_smoking": smoking,
    "copd_attacks": attacks,
}
