"""The published figures of every municipality that the synthesis reproduces exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.population.people import POSITIONS
from abmsim.population.places import Place, all_places
from abmsim.population.rounding import fitted, largest_remainder
from abmsim.stats.catalogue import Catalogue

AGE_GROUPS = 20
"""0-4, 5-9, ... 90-94, 95 and older."""

HOUSEHOLD_TYPES = ("single_person", "couple_unmarried", "couple_married", "single_parent", "other_household")
SIZES = ("size_1", "size_2", "size_3", "size_4", "size_5_plus")
INSTITUTION_POSITION = POSITIONS.index("institution")


@dataclass(frozen=True, slots=True)
class Margins:
    """Published counts; the axis of municipalities follows `places` (sorted by code).

    `persons` int64[places, age groups, positions], institutions included; `types` int64[places, HOUSEHOLD_TYPES];
    `sizes` int64[places, SIZES]; `females` int64[places].
    """

    places: tuple[Place, ...]
    persons: np.ndarray
    types: np.ndarray
    sizes: np.ndarray
    females: np.ndarray


def read_margins(catalogue: Catalogue) -> Margins:
    """All municipalities at once; residents of institutions are what the private households leave."""
    places = all_places(catalogue)
    row_of = {place.code: row for row, place in enumerate(places)}
    private = np.zeros((len(places), AGE_GROUPS, len(POSITIONS)), dtype=np.int64)
    for row in catalogue.rows("household_positions_2020"):
        group = int(row["age"].split("-")[0].rstrip("+")) // 5
        private[row_of[row["municipality_code"]], group, :-1] = [int(row[name]) for name in POSITIONS[:-1]]
    types = np.zeros((len(places), len(HOUSEHOLD_TYPES)), dtype=np.int64)
    sizes = np.zeros((len(places), len(SIZES)), dtype=np.int64)
    for row in catalogue.rows("households_type_size_2020"):
        types[row_of[row["municipality_code"]]] = [int(row[name]) for name in HOUSEHOLD_TYPES]
        sizes[row_of[row["municipality_code"]]] = [int(row[name]) for name in SIZES]
    females = np.zeros(len(places), dtype=np.int64)
    for row in catalogue.rows("municipalities_2020"):
        females[row_of[row["municipality_code"]]] = int(row["female"])
    populations = np.array([place.population for place in places], dtype=np.int64)
    private[:, :, INSTITUTION_POSITION] = _institutions(private.sum(axis=2), populations, group_totals(catalogue))
    return Margins(places, private, types, sizes, females)


def age_totals(catalogue: Catalogue) -> np.ndarray:
    """int64[106]: the country's residents by single year of age, the last open (105 and older)."""
    rows = catalogue.rows("population_by_age_2020")
    return np.array([int(row["persons"]) for row in rows], dtype=np.int64)


def group_totals(catalogue: Catalogue) -> np.ndarray:
    """int64[20]: the country's residents by age group."""
    ages = age_totals(catalogue)
    groups = np.minimum(np.arange(len(ages)) // 5, AGE_GROUPS - 1)
    return np.bincount(groups, weights=ages, minlength=AGE_GROUPS).astype(np.int64)


def _institutions(private: np.ndarray, populations: np.ndarray, national: np.ndarray) -> np.ndarray:
    """int64[places, age groups]: residents of institutions by age.

    Published are the total of a municipality and, for the country, the number in each age group. Between the two:
    the country's share of each age group, fitted to both margins, then rounded with what is left carried on from
    place to place, so that both stay exact.
    """
    totals = populations - private.sum(axis=1)
    by_group = national - private.sum(axis=0)
    table = fitted(private * (by_group / private.sum(axis=0)), totals, by_group)
    counts = np.zeros(table.shape, dtype=np.int64)
    carried = np.zeros(table.shape[1])
    for row in np.argsort(totals, kind="stable"):
        wanted = np.maximum(table[row] + carried, 0.0)
        if totals[row]:
            counts[row] = largest_remainder(wanted, int(totals[row]))
        carried += table[row] - counts[row]
    _settle(counts, by_group)
    return counts


def _settle(counts: np.ndarray, by_group: np.ndarray) -> None:
    """Move single residents between age groups of the largest places until the country's groups are exact."""
    order = np.argsort(-counts.sum(axis=1), kind="stable")
    excess = counts.sum(axis=0) - by_group
    step = 0
    while excess.any():
        row, giver, taker = order[step % len(order)], int(np.argmax(excess)), int(np.argmin(excess))
        if counts[row, giver] > 0:
            counts[row, giver] -= 1
            counts[row, taker] += 1
            excess[giver] -= 1
            excess[taker] += 1
        step += 1
