"""The published figures of every municipality that the synthesis reproduces exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.population.incomplete import incomplete
from abmsim.population.people import POSITIONS
from abmsim.population.places import Place, all_places
from abmsim.population.rounding import fitted, largest_remainder
from abmsim.problems import ProblemsFound
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
    `sizes` int64[places, SIZES]; `females` int64[places]. `ages` int64[106]: the country's residents by single age, the
    last open. `year`: whose 1 January it is.
    """

    places: tuple[Place, ...]
    persons: np.ndarray
    types: np.ndarray
    sizes: np.ndarray
    females: np.ndarray
    ages: np.ndarray
    year: int = 2020


def read_margins(catalogue: Catalogue) -> Margins:
    """All municipalities at once; residents of institutions are what the private households leave.

    Raises ProblemsFound with every figure of a municipality that is missing.
    """
    problems = incomplete(catalogue)
    if problems:
        raise ProblemsFound(problems)
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
    ages = age_totals(catalogue)
    private[:, :, INSTITUTION_POSITION] = _institutions(private.sum(axis=2), populations, by_group(ages))
    return Margins(places, private, types, sizes, females, ages)


def age_totals(catalogue: Catalogue) -> np.ndarray:
    """int64[106]: the country's residents by single year of age, the last open (105 and older)."""
    rows = catalogue.rows("population_by_age_2020")
    return np.array([int(row["persons"]) for row in rows], dtype=np.int64)


def by_group(ages: np.ndarray) -> np.ndarray:
    """int64[20]: residents by age group from those by single age."""
    groups = np.minimum(np.arange(len(ages)) // 5, AGE_GROUPS - 1)
    return np.bincount(groups, weights=ages, minlength=AGE_GROUPS).astype(np.int64)


def _institutions(private: np.ndarray, populations: np.ndarray, national: np.ndarray) -> np.ndarray:
    """int64[places, age groups]: residents of institutions by age.

    Published are the total of a municipality and, for the country, the number in each age group. Between the two:
    the country's share of each age group, fitted to both margins.
    """
    totals = np.maximum(populations - private.sum(axis=1), 0)  # one below 0 is told when its place is asked for
    inside = np.maximum(national - private.sum(axis=0), 0)
    return in_whole_numbers(fitted(private * (inside / private.sum(axis=0)), totals, inside), totals, inside)


def in_whole_numbers(table: np.ndarray, totals: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """int64[places, columns]: a fitted table rounded with what is left carried on from place to place.

    Both margins stay exact if they have the same sum.
    """
    counts = np.zeros(table.shape, dtype=np.int64)
    carried = np.zeros(table.shape[1])
    for row in np.argsort(totals, kind="stable"):
        wanted = np.maximum(table[row] + carried, 0.0)
        if totals[row]:
            # Nothing wanted of a total: margins that contradict each other, which is told when the place is asked for.
            weights = wanted if wanted.any() else np.ones(len(wanted))
            counts[row] = largest_remainder(weights, int(totals[row]))
        carried += table[row] - counts[row]
    if totals.sum() == columns.sum():
        _settle(counts, columns)
    return counts


def _settle(counts: np.ndarray, columns: np.ndarray) -> None:
    """Move single residents between columns of the largest places until the country's columns are exact."""
    order = np.argsort(-counts.sum(axis=1), kind="stable")
    excess = counts.sum(axis=0) - columns
    step = 0
    while excess.any():
        row, giver, taker = order[step % len(order)], int(np.argmax(excess)), int(np.argmin(excess))
        if counts[row, giver] > 0:
            counts[row, giver] -= 1
            counts[row, taker] += 1
            excess[giver] -= 1
            excess[taker] += 1
        step += 1
