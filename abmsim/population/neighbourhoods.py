"""In which neighbourhood each household lives: whole households, so that every neighbourhood has its residents by age.

Published by neighbourhood are residents in five age groups (`residents_by_neighbourhood_amsterdam`). Households of like
members are a class; a fit says how many of each class live where, whole numbers follow class by class with what is
over carried on, and a hash says which households of the class they are. Sex, income and origin are left to chance.
Elsewhere the municipality is the neighbourhood.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from abmsim.areas import municipality_of, neighbourhood_codes
from abmsim.population.draws import Draws
from abmsim.population.people import Population
from abmsim.population.rounding import on_grid
from abmsim.population.sample import SamplingUnits
from abmsim.population.town import Town
from abmsim.randomness import keys, mix, name_key, uniform
from abmsim.stats.catalogue import Catalogue

STATISTIC = "residents_by_neighbourhood_amsterdam"
AGE_COLUMNS = ("age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus")
_FIRST_AGES = np.array([15, 25, 45, 65])
_ROUNDS = 40
_MOST_OF_AN_AGE = 64
"""More than the residents of one age group that any household or unit of an institution has."""


@dataclass(frozen=True, slots=True)
class Published:
    """The neighbourhoods of a municipality.

    `label` int16[b], index into `neighbourhood_codes`; `persons` float64[b, 5], residents by age group.
    """

    label: np.ndarray
    persons: np.ndarray


def read_neighbourhoods(catalogue: Catalogue) -> dict[str, Published]:
    """The municipalities that are told apart into neighbourhoods, by code."""
    rows: dict[str, list[dict[str, str]]] = {}
    for row in catalogue.rows(STATISTIC) if STATISTIC in catalogue.cards else ():
        rows.setdefault(municipality_of(row["neighbourhood_code"]), []).append(row)
    place = {code: position for position, code in enumerate(neighbourhood_codes())}
    return {
        code: Published(
            np.array([place[row["neighbourhood_code"]] for row in found], dtype=np.int16),
            np.array([[float(row[name]) for name in AGE_COLUMNS] for row in found]),
        )
        for code, found in rows.items()
    }  # fmt: skip


def settle(town: Town, units: SamplingUnits, published: Mapping[str, Published], draws: Draws) -> np.ndarray:
    """int16[households + units of institutions]: the neighbourhood of each, of the whole municipality."""
    households = len(units.households.size)
    count = int(units.unit.max()) + 1 if len(units.unit) else households
    here = published.get(units.municipality_code)
    if here is None:
        return np.full(count, neighbourhood_codes().index(units.municipality_code), dtype=np.int16)
    private = np.repeat(np.arange(households), units.households.size)
    members = _members(np.concatenate([private, units.unit]), _age_group(town.age), count)
    packed = members @ (_MOST_OF_AN_AGE ** np.arange(len(AGE_COLUMNS)))
    _, first, of_class, size = np.unique(packed, return_index=True, return_inverse=True, return_counts=True)
    number = _whole(_fit(members[first], size, here.persons), members[first], size)
    order = np.lexsort((draws.keys("neighbourhoods", count), of_class))
    found = np.empty(count, dtype=np.int16)
    found[order] = np.repeat(np.tile(here.label, len(size)), number.ravel())
    return found


def _age_group(age: np.ndarray) -> np.ndarray:
    return np.searchsorted(_FIRST_AGES, age, side="right")


def _members(household: np.ndarray, group: np.ndarray, count: int) -> np.ndarray:
    """int64[count, 5]: members of each household by age group."""
    groups = len(AGE_COLUMNS)
    return np.bincount(household * groups + group, minlength=count * groups).reshape(count, groups)


def _fit(members: np.ndarray, size: np.ndarray, persons: np.ndarray) -> np.ndarray:
    """float64[classes, b]: households of each class in each neighbourhood, as near to the persons as they come.

    `members` int64[classes, 5], `size` int64[classes]; `persons` are scaled to the residents that there are.
    """
    wanted = persons * (members.T @ size / persons.sum(axis=0))
    table = np.outer(size, wanted.sum(axis=1) / wanted.sum())
    for _ in range(_ROUNDS):
        for group in range(members.shape[1]):
            there = members[:, group] @ table
            factor = np.divide(wanted[:, group], there, out=np.zeros_like(there), where=there > 0)
            table = np.where(members[:, group, None] > 0, table * factor, table)
        sums = table.sum(axis=1)
        # A class that fits nowhere (all its members in ages that no neighbourhood has together) goes by size.
        table[sums <= 0] = wanted.sum(axis=1)
        table = on_grid(table * (size / table.sum(axis=1))[:, None])
    return table


def _whole(table: np.ndarray, members: np.ndarray, size: np.ndarray) -> np.ndarray:
    """int64[classes, b]: the table in whole households, each class complete.

    From the largest households to the smallest; the persons that rounding leaves over or short in a neighbourhood are
    carried to the next classes, by age group.
    """
    number = np.zeros(table.shape, dtype=np.int64)
    short = np.zeros((table.shape[1], members.shape[1]))
    for row in np.argsort(-members.sum(axis=1), kind="stable"):
        one = members[row]
        wanted = np.maximum(table[row] + short @ one / (one @ one), 0.0) * (table[row] > 0)
        number[row] = _shared_out(wanted if wanted.sum() > 0 else table[row], int(size[row]))
        short += np.outer(table[row] - number[row], one)
    return number


def _shared_out(wanted: np.ndarray, total: int) -> np.ndarray:
    """int64[b]: `total` shared out by what is wanted, the rest to the largest fractions."""
    exact = on_grid(wanted * (total / wanted.sum()))
    counts = np.floor(exact).astype(np.int64)
    rest = total - int(counts.sum())
    counts[np.argsort(-on_grid(exact - counts), kind="stable")[:rest]] += 1
    return counts


def newcomers(
    published: Mapping[str, Published], municipality_code: str, age: np.ndarray, key: np.ndarray
) -> np.ndarray:
    """int16[k]: where households that come or move settle, by the age of the reference person: as its age group lives.

    `age` int[k] in years; `key` uint64[k], of the household and its move: it alone draws.
    """
    here = published.get(municipality_code)
    if here is None:
        return np.full(len(key), neighbourhood_codes().index(municipality_code), dtype=np.int16)
    persons = here.persons.astype(np.int64)
    cumulated = np.cumsum(persons, axis=0)
    draw = uniform(mix(keys(int(name_key("new neighbourhood")), np.zeros(len(key), dtype=np.int64)), key))
    found = np.empty(len(key), dtype=np.int16)
    for group in range(len(AGE_COLUMNS)):
        rows = np.flatnonzero(_age_group(age) == group)
        target = draw[rows] * cumulated[-1, group]
        found[rows] = here.label[np.searchsorted(cumulated[:, group], target, side="right")]
    return found


def neighbourhood_column(population: Population) -> np.ndarray:
    """int32[n]: each resident's label of `neighbourhood_code`; a household without one has its municipality's."""
    label = {code: position for position, code in enumerate(neighbourhood_codes())}
    households = population.households
    own = np.array([label.get(place.code, 0) for place in population.places], dtype=np.int64)
    told = households.neighbourhood.astype(np.int64)
    if not len(own):
        return np.zeros(len(population.people), dtype=np.int32)
    of_household = np.where(told < 0, own[households.municipality], told)
    return of_household[population.people.household].astype(np.int32)
