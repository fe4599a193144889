"""The residents of each 1 January from 2021 on by age and sex: published, completed between totals, then projected."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_mortality import LAST_OBSERVED_YEAR, SEXES
from abmsim.stats.table import Table

LAST_AGE = 105
"""The last age holds everybody of 105 and older."""
PUBLISHED = (2021, 2022)
"""Years of which every age up to 104 is published."""
LAST_YEAR = 2030

Persons = dict[tuple[int, str], float]
"""Residents by completed age and sex."""


def residents_by_base_year(catalogue: Catalogue) -> list[dict[str, str]]:
    """Residents on 1 January of 2021-2030 by single age and sex, in whole persons."""
    year, persons, rows = PUBLISHED[-1], {}, []
    for year in PUBLISHED:
        persons = _published(catalogue, year)
        rows += _rows(year, persons)
    step = _Step(catalogue)
    while year < LAST_YEAR:
        persons = _with_totals(catalogue, year + 1, step.next(year, persons), step.migration(year))
        year += 1
        rows += _rows(year, persons)
    return rows


def _published(catalogue: Catalogue, year: int) -> Persons:
    """As published; those of 105 and older are what the total leaves, their sexes as at 100-104."""
    table = catalogue.table("residents_nl_by_age_sex")
    persons = {(int(age), sex): n for (at, age, sex), n in table.cells.items() if at == str(year)}
    oldest = catalogue.table("residents_nl").value(year=str(year)) - sum(persons.values())
    women, all_of_100 = (sum(persons[age, sex] for age in range(100, LAST_AGE) for sex in of) for of in
                         (("female",), SEXES))  # fmt: skip
    persons[LAST_AGE, "female"] = round(oldest * women / all_of_100)
    persons[LAST_AGE, "male"] = oldest - persons[LAST_AGE, "female"]
    return persons


class _Step:
    """One year on: who is born, dies, comes and goes."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._rates = catalogue.table("death_rate")
        self._ratios = catalogue.table("death_rate_year_ratio")
        self._group = [_label(self._ratios, age) for age in range(LAST_AGE + 2)]
        born = catalogue.table("births_by_sex_2019").cells
        self._of_sex = {sex: born[(sex,)] / sum(born.values()) for sex in SEXES}

    def next(self, year: int, persons: Persons) -> Persons:
        """The residents a year later; who comes or goes does so half-way."""
        later: Persons = dict.fromkeys(persons, 0.0)
        net = self.migration(year)
        for age in range(LAST_AGE + 1):
            for sex in SEXES:
                alive = math.exp(-(self._rate(year, age, sex) + self._rate(year, age + 1, sex)) / 2)
                later[min(age + 1, LAST_AGE), sex] += persons[age, sex] * alive
                later[age, sex] += net[age, sex] / 2
                later[min(age + 1, LAST_AGE), sex] += net[age, sex] / 2
        for sex in SEXES:
            later[0, sex] += self._births(year) * self._of_sex[sex] * math.exp(-self._rate(year, 0, sex) / 2)
        return later

    def migration(self, year: int) -> Persons:
        """Net migration by age and sex: to 2023 the published balance, then the projected one."""
        table = self._catalogue.table("net_migration_un")
        ages = [(age, sex) for age in range(LAST_AGE + 1) for sex in SEXES]
        years = [int(label) for label in table.labels["year"]]
        net = {cell: 1000 * _between(years, year, lambda at, c=cell: _thousand(table, at, *c)) for cell in ages}
        if year > LAST_OBSERVED_YEAR:
            return net
        flows = self._catalogue.table("migration_totals")
        published = [flows.value(year=str(year), direction=direction) for direction in ("immigration", "emigration")]
        scale = (published[0] - published[1]) / sum(net.values())
        return {cell: persons * scale for cell, persons in net.items()}

    def _rate(self, year: int, age: int, sex: str) -> float:
        ratio = self._ratios.value(year=str(year), age=self._group[age], sex=sex)
        return ratio * self._rates.value(age=str(age), sex=sex)

    def _births(self, year: int) -> float:
        if year == LAST_OBSERVED_YEAR:
            return sum(self._catalogue.table("births_by_order_2023").cells.values())
        if year < LAST_OBSERVED_YEAR:
            return self._catalogue.table("births_nl").value(year=str(year))
        table = self._catalogue.table("births_forecast")
        return _between([int(label) for label in table.labels["year"]], year, lambda at: table.value(year=str(at)))


def _with_totals(catalogue: Catalogue, year: int, persons: Persons, shape: Persons) -> Persons:
    """The same with the published ages and the published total, where there are any.

    What the total has more or less goes by age as net migration does, over the ages that are not published.
    """
    total = _totals(catalogue).get(year)
    if total is None:
        return persons
    young = catalogue.table("residents_nl_0_12_2024").cells if year == max(_totals(catalogue)) else {}
    for (label,), number in young.items():
        both = sum(persons[int(label), sex] for sex in SEXES)
        for sex in SEXES:
            persons[int(label), sex] *= number / both
    free = [cell for cell in persons if (str(cell[0]),) not in young]
    missing = total - sum(persons.values())
    weights = {cell: abs(shape[cell]) for cell in free}
    for cell in free:
        persons[cell] += missing * weights[cell] / sum(weights.values())
    return persons


def _totals(catalogue: Catalogue) -> dict[int, float]:
    totals = {int(year): persons for (year,), persons in catalogue.table("residents_nl").cells.items()}
    return totals | {2024: sum(catalogue.table("household_position_totals_2024").cells.values())}


def _rows(year: int, persons: Persons) -> list[dict[str, str]]:
    """In whole persons: the sum is kept, remainders go to the largest fractions."""
    cells = sorted(persons)
    counts = {cell: math.floor(round(persons[cell], 6)) for cell in cells}
    rest = round(sum(persons.values())) - sum(counts.values())
    for cell in sorted(cells, key=lambda cell: (round(counts[cell] - persons[cell], 6), cell))[:rest]:
        counts[cell] += 1
    return [{"year": str(year), "age": str(age), "sex": sex, "persons": str(counts[age, sex])} for age, sex in cells]


def _thousand(table: Table, year: int, age: int, sex: str) -> float:
    """Of 100 and older the projection has one number: it stands at 100."""
    return table.cells.get((str(year), str(age), sex), 0.0)


def _between(years: Sequence[int], year: int, figure: Callable[[int], float]) -> float:
    """On the straight line between the years that have a figure; the first before them."""
    if year <= years[0]:
        return figure(years[0])
    after = next(i for i, at in enumerate(years) if at >= year)
    low, high = years[after - 1], years[after]
    return figure(low) + (figure(high) - figure(low)) * (year - low) / (high - low)


def _label(table: Table, age: int) -> str:
    lowest: Mapping[int, str] = {int(label.split("-")[0].rstrip("+")): label for label in table.labels["age"]}
    return lowest[max(low for low in lowest if low <= age)]


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "residents_by_base_year": residents_by_base_year
}
