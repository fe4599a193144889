"""Births: rates by age, children had and partner, from fertility by age, births by order and infants with one parent.

Women of each birth year live through the fertility of their own years, so that the children they had by 2022 are known.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_household_help import ages_of
from abmsim.stats.recipes_lifecourse import (
    NO_CHILDREN,
    WITH_CHILDREN,
    line,
    shares_by_sex,
    steps,
    women_by_age,
)

AGES = range(15, 50)
PARITIES = ("0", "1", "2", "3+")
SOLVED_YEAR = 2022
"""The women of 1 January of this year, the last one published by age and sex, live with the rates that are solved."""
CLASSES_OF_YOUNGEST = 7
"""Years since the last birth 0, 1, ..., 5, and six or more."""
LATE = CLASSES_OF_YOUNGEST - 1
FIRST_YEAR_OPEN = 0.25
"""Part of the year after a birth in which the next one can come: nine months are closed."""

Women = dict[tuple[int, int], float]
"""Share of women by (children had 0-3, years since the last birth); the childless are (0, LATE)."""


@dataclass(slots=True)
class _Ratios:
    """What is solved: birth rates by parity against the childless, without a partner, and late after a birth."""

    parity: list[float] = field(default_factory=lambda: [1.0, 1.5, 0.6, 0.6])
    alone: float = 0.1
    late: float = 0.4


def rates(catalogue: Catalogue) -> list[dict[str, str]]:
    """Deliveries per woman-year by age, children had and partner, at the level of fertility of 2020-2025.

    `late`: of mothers whose youngest child is six or older; `usual`: of all others.
    """
    solved, level = _solved(catalogue)
    deliveries = sum(catalogue.table("deliveries_2020").cells.values())
    deliveries /= catalogue.table("births_nl").value(year="2020")
    rows = []
    for youngest, of_youngest in (("usual", 1.0), ("late", solved.late)):
        for place, parity in enumerate(PARITIES):
            for partner, of_partner in (("no", solved.alone), ("yes", 1.0)):
                ratio = solved.parity[place] * of_partner * of_youngest * deliveries
                for age, rate in steps([level[age] * ratio for age in AGES], AGES[0]):
                    cell = {"youngest": youngest, "age": age, "parity": parity, "has_partner": partner}
                    rows.append({**cell, "rate": rate})
    return rows


def year_ratio(catalogue: Catalogue) -> list[dict[str, str]]:
    """Births of each year against those expected at the level of the rates; later years by the forecast."""
    fertility = _fertility(catalogue)
    reference = {age: fertility(SOLVED_YEAR, age) for age in AGES}
    births = {year: catalogue.table("births_nl").value(year=year) for year in ("2020", "2022")}
    united_nations = catalogue.table("births_nl_un").cells
    scale = sum(births.values()) / sum(united_nations[(year,)] for year in births)
    births["2021"] = united_nations[("2021",)] * scale
    residents = catalogue.table("residents_nl")
    rows = []
    for year in sorted(births):
        women = women_by_age(catalogue, year)
        growth = residents.value(year=str(int(year) + 1)) / residents.value(year=year)
        expected = sum(women[age] * reference[age] for age in AGES) * (1 + growth) / 2
        rows.append({"year": year, "ratio": f"{births[year] / expected:.4f}"})
    forecast = [(float(year), number) for (year,), number in catalogue.table("total_fertility_forecast").cells.items()]
    total = sum(reference.values())
    for year in range(2023, int(forecast[-1][0]) + 1):
        rows.append({"year": str(year), "ratio": f"{line(forecast, year) / total:.4f}"})
    return rows


def _solved(catalogue: Catalogue) -> tuple[_Ratios, dict[int, float]]:
    """Ratios, and the rate by age of childless women with a partner."""
    wanted = _wanted(catalogue)
    ratios = _Ratios()
    level: dict[int, float] = {}
    for _ in range(12):
        level, orders, alone, late_share = _births_of_year(catalogue, ratios)
        for place in (1, 2, 3):
            ratios.parity[place] *= (wanted.orders[place] / orders[place]) / (wanted.orders[0] / orders[0])
        ratios.alone *= wanted.alone / alone * (1 - alone) / (1 - wanted.alone)
        ratios.late *= wanted.late / late_share * (1 - late_share) / (1 - wanted.late)
    return ratios, level


@dataclass(frozen=True, slots=True)
class _Wanted:
    orders: list[float]
    alone: float
    late: float


def _wanted(catalogue: Catalogue) -> _Wanted:
    """Published shares: births by order, births to women without a partner, next births six years or more later."""
    by_order = catalogue.table("births_by_order_2023")
    orders = [sum(by_order.value(married=m, order=order) for m in ("yes", "no")) for order in by_order.labels["order"]]
    spacing = catalogue.table("sibling_spacing").cells
    return _Wanted(
        orders=[number / sum(orders) for number in orders],
        alone=catalogue.table("household_life_facts").value(fact="infants_with_one_parent_percent") / 100,
        late=sum(share for (years,), share in spacing.items() if int(years.rstrip("+")) >= LATE),
    )


def _births_of_year(catalogue: Catalogue, ratios: _Ratios) -> tuple[dict[int, float], list[float], float, float]:
    """Level by age, births of the year by order (shares), share to women alone, share late after the birth before."""
    women = women_by_age(catalogue, str(SOLVED_YEAR))
    fertility = _fertility(catalogue)
    partners = _partners(catalogue)
    level, orders, alone, of_mothers, late_births = {}, [0.0] * 4, 0.0, 0.0, 0.0
    for last_age in AGES:
        cohort: Women = {(0, LATE): 1.0}
        for age in range(AGES[0], last_age + 1):
            factors = _factors(cohort, ratios, partners[age])
            wanted = fertility(SOLVED_YEAR - (last_age - age), age)
            level[last_age] = _level(cohort, factors, wanted)
            born = {cell: cohort[cell] * -math.expm1(-level[last_age] * factors[cell]) for cell in cohort}
            if age < last_age:
                cohort = _a_year_on(cohort, born)
        for (parity, years), share in born.items():
            number = women[last_age] * share
            with_partner = partners[last_age][parity > 0]
            orders[parity] += number
            alone += number * (1 - with_partner) * ratios.alone / (with_partner + (1 - with_partner) * ratios.alone)
            if parity:
                of_mothers += number
                late_births += number * (years == LATE)
    total = sum(orders)
    return level, [number / total for number in orders], alone / total, late_births / of_mothers


def _factors(cohort: Women, ratios: _Ratios, partners: Mapping[bool, float]) -> Women:
    factors = {}
    for parity, years in cohort:
        with_partner = partners[parity > 0]
        factor = ratios.parity[parity] * (with_partner + (1 - with_partner) * ratios.alone)
        if parity:
            factor *= ratios.late if years == LATE else FIRST_YEAR_OPEN if years == 0 else 1.0
        factors[parity, years] = factor
    return factors


def _level(cohort: Women, factors: Women, wanted: float) -> float:
    """The rate at which women of one age have the births that are wanted of them."""
    level = 0.0
    for _ in range(6):
        given = sum(share * -math.expm1(-level * factors[cell]) for cell, share in cohort.items())
        slope = sum(share * factors[cell] * math.exp(-level * factors[cell]) for cell, share in cohort.items())
        level += (wanted - given) / slope
    return level


def _a_year_on(cohort: Women, born: Women) -> Women:
    after: Women = {}
    for (parity, years), share in cohort.items():
        stays = (parity, min(years + 1, LATE))
        after[stays] = after.get(stays, 0.0) + share - born[parity, years]
        mother = (min(parity + 1, 3), 0)
        after[mother] = after.get(mother, 0.0) + born[parity, years]
    return after


def _partners(catalogue: Catalogue) -> dict[int, dict[bool, float]]:
    """Share with a partner among women of an age: of the childless (False), of mothers (True)."""
    share = shares_by_sex(catalogue)
    found = {}
    for age in AGES:
        couples, parents = share("female", age + 0.5, *WITH_CHILDREN), share("female", age + 0.5, "single_parent")
        without = share("female", age + 0.5, *NO_CHILDREN)
        found[age] = {False: without / (1 - couples - parents), True: couples / max(couples + parents, 1e-9)}
    return found


def _fertility(catalogue: Catalogue):
    """`fertility(year, age)`: births per woman-year by single age, from groups of five."""
    cells = catalogue.table("fertility_by_age_1950_2023").cells
    groups: dict[int, dict[int, float]] = {}
    for (period, age), rate in cells.items():
        groups.setdefault(int(period[:4]), {})[ages_of(age)[0]] = rate
    single = {year: _graduated(rates) for year, rates in groups.items()}
    latest = max(single)
    return lambda year, age: single[min(max(year // 5 * 5, min(single)), latest)][age]


def _graduated(groups: Mapping[int, float]) -> dict[int, float]:
    """Single ages of five-year groups: the cumulated rates joined by a curve that never falls (Fritsch and Carlson)."""
    knots = [AGES[0] + 5 * place for place in range(len(groups) + 1)]
    slopes = [groups[low] for low in knots[:-1]]
    tangents = [0.0, *(2 * a * b / (a + b) for a, b in zip(slopes, slopes[1:], strict=False)), 0.0]

    def cumulated(age: float) -> float:
        place = min(int((age - knots[0]) // 5), len(slopes) - 1)
        t = (age - knots[place]) / 5
        rise, before = slopes[place] * 5, sum(slopes[:place]) * 5
        bend = t * t * (3 - 2 * t) * rise
        return before + bend + 5 * ((t**3 - 2 * t * t + t) * tangents[place] + (t**3 - t * t) * tangents[place + 1])

    return {age: cumulated(age + 1) - cumulated(age) for age in AGES}
