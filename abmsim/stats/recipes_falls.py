"""Falls at 65 and older: visits to the emergency department, what was broken, and who dies of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import exp, log

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_dementia import assumptions, middle, residents
from abmsim.stats.recipes_limitations import Limited, limited
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES

FIRST_AGE = 65
_VISITS_OF, _DEATHS_OF = "2023", "2021"
_YOUNGER, _OLDER = (65, 74), (85, LAST_AGE)
_LEVEL_FROM = 95
"""From this age on nothing rises any more: few live so long, and the line of two published ages is not for them."""

_MONTHS = 12
_INJURIES = ("hip_fracture", "brain_injury", "wrist_fracture")

Rates = dict[tuple[int, str], float]


def _facts(catalogue: Catalogue) -> dict[str, float]:
    return {fact: value for (fact,), value in catalogue.table("falls_facts").cells.items()}


def _hip_shape(catalogue: Catalogue) -> dict[int, float]:
    """Hip fractures per person-year by age: a line through the logarithms at the mean ages of the two classes."""
    facts, persons = _facts(catalogue), residents(catalogue, _VISITS_OF)

    def mean_age(low: int, high: int) -> float:
        cells = [(min(age, _LEVEL_FROM), n) for (age, _), n in persons.items() if low <= age <= high]
        return sum(age * n for age, n in cells) / sum(n for _, n in cells)

    at_low, at_high = mean_age(*_YOUNGER), mean_age(*_OLDER)
    low, high = (log(facts[f"hip_fractures_{ages}_per_100000"]) for ages in ("65_74", "85"))
    slope = (high - low) / (at_high - at_low)
    return {age: exp(low + slope * (min(age, _LEVEL_FROM) - at_low)) for age in range(FIRST_AGE, LAST_AGE + 1)}


def visits(catalogue: Catalogue) -> Rates:
    """Visits after a fall per person-year by completed age and sex; two thirds of them by women."""
    facts, persons = _facts(catalogue), residents(catalogue, _VISITS_OF)
    power = assumptions(catalogue, "falls_assumptions")["visits_shape"]
    shape = {age: hip**power for age, hip in _hip_shape(catalogue).items()}
    part = {"female": facts["women_percent"] / 100, "male": 1 - facts["women_percent"] / 100}
    rates: Rates = {}
    for sex in SEXES:
        weighed = sum(n * shape[age] for (age, of), n in persons.items() if of == sex and age >= FIRST_AGE)
        level = part[sex] * facts["visits_2023"] / weighed
        rates |= {(age, sex): level * shape[age] for age in shape}
    return rates


def injuries(catalogue: Catalogue) -> dict[str, dict[int, float]]:
    """Share of the visits with each injury by age; of hip fractures it rises with age."""
    facts, rates, persons = _facts(catalogue), visits(catalogue), residents(catalogue, _VISITS_OF)
    shape = _hip_shape(catalogue)
    by_visit = {age: shape[age] / rates[age, SEXES[0]] for age in shape}
    number = {cell: n * rates[cell] for cell, n in persons.items() if cell in rates}
    mean = sum(n * by_visit[age] for (age, _), n in number.items()) / sum(number.values())
    hip = {age: facts["hip_fracture_percent"] / 100 * share / mean for age, share in by_visit.items()}
    flat = {name: dict.fromkeys(shape, facts[f"{name}_percent"] / 100) for name in _INJURIES[1:]}
    return {"hip_fracture": hip, **flat}


def hip_fractures(catalogue: Catalogue) -> Rates:
    """Hip fractures per person-year by completed age and sex, 0 under 65."""
    hip, rates = injuries(catalogue)["hip_fracture"], visits(catalogue)
    return {(age, sex): rate * hip[age] for (age, sex), rate in rates.items()}


def survived_hip_fractures(catalogue: Catalogue) -> Rates:
    """Those of them of which nobody dies."""
    deaths, multiple, years = catalogue.table("death_rate"), _multiple(catalogue), _deadly_years(catalogue)
    return {
        (age, sex): rate * exp(-multiple * years * deaths.value(age=str(age), sex=sex))
        for (age, sex), rate in hip_fractures(catalogue).items()
    }


def limitation_ratio(found: Limited, assumed: Mapping[str, float], age: int, sex: str) -> dict[str, float]:
    """How much sooner than the mean of an age and sex somebody falls, by limitations."""
    severe = middle(found.severe[sex], age)
    some = middle(found.any[sex], age) - severe
    ratio = {"none": 1.0, "some": assumed["some_ratio"], "severe": assumed["severe_ratio"]}
    mean = (1 - some - severe) + some * ratio["some"] + severe * ratio["severe"]
    return {label: value / mean for label, value in ratio.items()}


def _multiple(catalogue: Catalogue) -> float:
    """The mortality of a fatal fall as a multiple of that of the age, so that the deaths by a fall come out."""
    facts, persons = _facts(catalogue), residents(catalogue, _DEATHS_OF)
    deaths, rates, injured = catalogue.table("death_rate"), visits(catalogue), _deadly(catalogue)
    years = _deadly_years(catalogue)
    low, high = 0.0, 50.0
    for _ in range(50):
        ratio = (low + high) / 2
        found = sum(
            n * rates[cell] * injured[cell[0]] * (1 - exp(-ratio * years * deaths.value(age=str(cell[0]), sex=cell[1])))
            for cell, n in persons.items()
            if cell in rates
        )
        low, high = (ratio, high) if found < facts["deaths_2021"] else (low, ratio)
    return (low + high) / 2


def _deadly_years(catalogue: Catalogue) -> float:
    return catalogue.table("fall_deadly_months").value() / _MONTHS


def _deadly(catalogue: Catalogue) -> dict[int, float]:
    """The share of visits after which somebody may die of the fall."""
    found = injuries(catalogue)
    return {age: found["hip_fracture"][age] + found["brain_injury"][age] for age in found["hip_fracture"]}


def excess_deaths(catalogue: Catalogue) -> Rates:
    """Deaths by a fall per person-year of all residents of a completed age and sex: on top of all other mortality."""
    deaths, rates, injured = catalogue.table("death_rate"), visits(catalogue), _deadly(catalogue)
    years = _deadly_years(catalogue)
    multiple = _multiple(catalogue)
    return {
        (age, sex): rate * injured[age] * (1 - exp(-multiple * years * deaths.value(age=str(age), sex=sex)))
        for (age, sex), rate in rates.items()
    }


def fall_rate(catalogue: Catalogue) -> list[dict[str, str]]:
    """By age, sex and limitations; the mean over the limitations of an age and sex is that of all."""
    rows = [
        {"age": f"0-{FIRST_AGE - 1}", "sex": sex, "limitations": label, "rate": "0"}
        for sex in SEXES
        for label in ("none", "some", "severe")
    ]
    found, assumed = limited(catalogue), assumptions(catalogue, "falls_assumptions")
    for (age, sex), rate in visits(catalogue).items():
        ratios = limitation_ratio(found, assumed, age, sex)
        rows += [
            {"age": str(age), "sex": sex, "limitations": label, "rate": f"{rate * ratio:.5f}"}
            for label, ratio in ratios.items()
        ]
    return rows


def fall_injury(catalogue: Catalogue) -> list[dict[str, str]]:
    found = injuries(catalogue)
    rows = [{"injury": name, "age": f"0-{FIRST_AGE - 1}", "share": "0"} for name in _INJURIES]
    for age in range(FIRST_AGE, LAST_AGE + 1):
        rows += [{"injury": name, "age": str(age), "share": f"{found[name][age]:.5f}"} for name in _INJURIES]
    return rows


def fall_death(catalogue: Catalogue) -> list[dict[str, str]]:
    deaths, multiple = catalogue.table("death_rate"), _multiple(catalogue)
    return [
        {"age": age, "sex": sex, "rate": f"{multiple * deaths.value(age=age, sex=sex):.5f}"}
        for age in deaths.labels["age"]
        for sex in SEXES
    ]


def fall_deaths(catalogue: Catalogue) -> list[dict[str, str]]:
    """Deaths by a fall per resident and year, by age and sex."""
    found = excess_deaths(catalogue)
    return [
        {"age": str(age), "sex": sex, "value": f"{found.get((age, sex), 0.0):.7f}"}
        for age in range(LAST_AGE + 1)
        for sex in SEXES
    ]


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "fall_rate": fall_rate,
    "fall_injury": fall_injury,
    "fall_death": fall_death,
    "fall_deaths": fall_deaths,
}
