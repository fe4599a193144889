"""What was published of the residents and households of some municipalities on 1 January 2020.

Read from the tables themselves and not through the synthesis, so that a fault there cannot hide here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from abmsim.stats.catalogue import Catalogue
from abmsim.vocabulary import POSITIONS, SEXES

Counts = Mapping[str, Mapping[str, int]]
"""Counts by subject and label: `counts["position"]["single"]`; units are persons or households."""

HOUSEHOLD_TYPES = ("single_person", "couple_unmarried", "couple_married", "single_parent", "other_household")
SIZES = ("1", "2", "3", "4", "5 and more")

SUBJECTS = {
    "residents": "municipalities_2020",
    "sex": "municipalities_2020",
    "age": "household_positions_2020",
    "position": "household_positions_2020",
    "household type": "households_type_size_2020",
    "household size": "households_type_size_2020",
}
"""Which statistic each subject is counted in; `age` is of persons in private households."""


def published_counts(catalogue: Catalogue, codes: Collection[str]) -> Counts:
    """The published counts of the municipalities together.

    Residents of institutions are those whom private households leave of all residents.
    """
    wanted = frozenset(codes)
    counts: dict[str, Counter[str]] = {subject: Counter() for subject in SUBJECTS}
    for row in _rows(catalogue, "municipalities_2020", wanted):
        counts["residents"]["all"] += int(row["population"])
        for sex in SEXES:
            counts["sex"][sex] += int(row[sex])
    for row in _rows(catalogue, "household_positions_2020", wanted):
        for position in POSITIONS[:-1]:
            persons = int(row[position])
            counts["age"][row["age"]] += persons
            counts["position"][position] += persons
    counts["position"]["institution"] = counts["residents"]["all"] - sum(counts["position"].values())
    for row in _rows(catalogue, "households_type_size_2020", wanted):
        for kind in HOUSEHOLD_TYPES:
            counts["household type"][kind] += int(row[kind])
        for size in SIZES:
            counts["household size"][size] += int(row[f"size_{size.replace(' and more', '_plus')}"])
    return counts


def _rows(catalogue: Catalogue, name: str, codes: frozenset[str]) -> list[dict[str, str]]:
    return [row for row in catalogue.rows(name) if row["municipality_code"] in codes]
