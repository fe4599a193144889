"""Births: rates by age, children had and union, from fertility by age, births by order and marriage, lone mothers.

Women of each birth year live through the fertility of their own years, so that the children they had by 2022 are known.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from abmsim.stats.by_age import ages_of
from abmsim.stats.catalogue import Catalogue
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
ROUNDS = 20
CLASSES_OF_YOUNGEST = 7
"""Years since the last birth 0, 1, ..., 5, and six or more."""
LATE = CLASSES_OF_YOUNGEST - 1
FIRST_YEAR_OPEN = 0.25
"""Part of the year after a birth in which the next one can come: nine months are closed."""

Women = dict[tuple[int, int], float]
"""Share of women by (children had 0-3, years since the last birth); the childless are (0, LATE)."""


@dataclass(slots=True)
class _Ratios:
    """What is solved: birth rates of the married by parity against the childless among them; by parity of unmarried
    couples against the married; without a partner against unmarried couples; late after a birth against sooner.
    """

    parity: list[float] = field(default_factory=lambda: [1.0, 1.0, 0.3, 0.3])
    unmarried: list[float] = field(default_factory=lambda: [0.4, 0.8, 0.8, 0.8])
    alone: float = 0.1
    late: float = 0.4

    def of_unions(self, parity: int) -> tuple[float, float, float]:
        """Against the married of the same parity: without a partner, with one and unmarried, married."""
        return self.alone * self.unmarried[parity], self.unmarried[parity], 1.0


def rates(catalogue: Catalogue) -> list[dict[str, str]]:
    """Deliveries per woman-year by age, children had, partner and marriage, at the level of fertility of 2020-2025.

    `late`: of mothers whose youngest child is six or older; `usual`: of all others.
    """
    solved, level = _solved(catalogue)
    deliveries = sum(catalogue.table("deliveries_2020").cells.values())
    deliveries /= catalogue.table("births_nl").value(year="2020")
    rows = []
    for youngest, of_youngest in (("usual", 1.0), ("late", solved.late)):
        for place, parity in enumerate(PARITIES):
            for partner, married in (("no", "no"), ("no", "yes"), ("yes", "no"), ("yes", "yes")):
                ratio = solved.parity[place] * of_youngest * deliveries
                ratio *= solved.of_unions(place)[0 if partner == "no" else 1 if married == "no" else 2]
                for age, rate in steps([level[age] * ratio for age in AGES], AGES[0]):
                    cell = {"youngest": youngest, "age": age, "parity": parity, "has_partner": partner}
                    rows.append({**cell, "married": married, "rate": rate})
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
    """Ratios, and the rate by age of childless married women."""
    wanted = _wanted(catalogue)
    ratios = _Ratios()
    level: dict[int, float] = {}
    for _ in range(ROUNDS):
        level, found = _births_of_year(catalogue, ratios)
        for place in (1, 2, 3):
            ratios.parity[place] *= (wanted.orders[place] / found.orders[place]) / (wanted.orders[0] / found.orders[0])
        for place in range(4):
            ratios.unmarried[place] *= _odds(wanted.outside[place]) / _odds(found.outside[place])
        ratios.alone *= _odds(wanted.alone) / _odds(found.alone)
        ratios.late *= _odds(wanted.late) / _odds(found.late)
    return ratios, level


def _odds(share: float) -> float:
    return share / (1 - share)


@dataclass(frozen=True, slots=True)
class _Births:
    """Shares of the births of a year: by order; of each order outside marriage; to women alone; late among the next."""

    orders: list[float]
    outside: list[float]
    alone: float
    late: float


def _wanted(catalogue: Catalogue) -> _Births:
    """As published; late: six years or more after the one before."""
    by_order = catalogue.table("births_by_order_2023")
    names = by_order.labels["order"]
    unmarried = [by_order.value(married="no", order=order) for order in names]
    orders = [born + by_order.value(married="yes", order=order) for order, born in zip(names, unmarried, strict=True)]
    spacing = catalogue.table("sibling_spacing").cells
    return _Births(
        orders=[number / sum(orders) for number in orders],
        outside=[born / number for born, number in zip(unmarried, orders, strict=True)],
        alone=catalogue.table("household_life_facts").value(fact="infants_with_one_parent_percent") / 100,
        late=sum(share for (years,), share in spacing.items() if int(years.rstrip("+")) >= LATE),
    )


def _births_of_year(catalogue: Catalogue, ratios: _Ratios) -> tuple[dict[int, float], _Births]:
    """Level by age, and the births that the women of each age of one year have."""
    women = women_by_age(catalogue, str(SOLVED_YEAR))
    fertility = _fertility(catalogue)
    unions = _unions(catalogue)
    level = {}
    orders, outside, alone, late = [0.0] * 4, [0.0] * 4, 0.0, 0.0
    for last_age in AGES:
        cohort: Women = {(0, LATE): 1.0}
        born: Women = {}
        for age in range(AGES[0], last_age + 1):
            factors = _factors(cohort, ratios, unions[age])
            wanted = fertility(SOLVED_YEAR - (last_age - age), age)
            level[last_age] = _level(cohort, factors, wanted)
            born = {cell: cohort[cell] * -math.expm1(-level[last_age] * factors[cell]) for cell in cohort}
            if age < last_age:
                cohort = _a_year_on(cohort, born)
        for (parity, years), share in born.items():
            number = women[last_age] * share
            parts = _by_union(ratios, parity, unions[last_age])
            orders[parity] += number
            outside[parity] += number * (parts[0] + parts[1]) / sum(parts)
            alone += number * parts[0] / sum(parts)
            late += number * (parity > 0 and years == LATE)
    total = sum(orders)
    of_orders = [number / total for number in orders]
    shares = [part / number for part, number in zip(outside, orders, strict=True)]
    return level, _Births(of_orders, shares, alone / total, late / (total - orders[0]))


def _by_union(ratios: _Ratios, parity: int, unions: Mapping[bool, Sequence[float]]) -> list[float]:
    """What women without a partner, unmarried couples and the married add to the births of a parity."""
    shares = unions[parity > 0]
    return [share * factor for share, factor in zip(shares, ratios.of_unions(parity), strict=True)]


def _factors(cohort: Women, ratios: _Ratios, unions: Mapping[bool, Sequence[float]]) -> Women:
    factors = {}
    for parity, years in cohort:
        factor = ratios.parity[parity] * sum(_by_union(ratios, parity, unions))
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


def _unions(catalogue: Catalogue) -> dict[int, dict[bool, tuple[float, float, float]]]:
    """Shares of women of an age without partner, unmarried with one, married: the childless (False), mothers (True)."""
    share = shares_by_sex(catalogue)
    found = {}
    for age in AGES:
        of = partial(share, "female", age + 0.5)
        couples, parents = of(*WITH_CHILDREN), of("single_parent")
        childless, mothers = 1 - couples - parents, max(couples + parents, 1e-9)
        found[age] = {
            False: (1 - of(*NO_CHILDREN) / childless, *(of(position) / childless for position in NO_CHILDREN)),
            True: (parents / mothers, *(of(position) / mothers for position in WITH_CHILDREN)),
        }
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
