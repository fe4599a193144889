"""Published figures of a municipality that cannot all be true: which two disagree, and where."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from abmsim.paths import shown
from abmsim.population.margins import AGE_GROUPS, HOUSEHOLD_TYPES, SIZES, Margins, by_group
from abmsim.population.people import POSITIONS
from abmsim.problems import Problem
from abmsim.stats.catalogue import Catalogue

CONTRADICTION = "S141"
POSITIONS_TABLE, TYPES_TABLE = "household_positions_2020", "households_type_size_2020"
PLACES_TABLE, AGES_TABLE = "municipalities_2020", "population_by_age_2020"

_COUPLES = {
    "couple_unmarried": ("partner_unmarried_no_children", "partner_unmarried_with_children"),
    "couple_married": ("partner_married_no_children", "partner_married_with_children"),
}


def contradictions(margins: Margins, rows: np.ndarray, catalogue: Catalogue) -> list[Problem]:
    """All pairs of figures that disagree, of the municipalities in `rows` int64[k], and of the country."""
    problems = [
        Problem(shown(catalogue.card(table).csv), 1, 1, CONTRADICTION, f"{margins.places[row].name}: {text}")
        for row in rows
        for table, text in _of_place(margins, int(row))
    ]
    file = shown(catalogue.card(AGES_TABLE).csv)
    return problems + [Problem(file, 1, 1, CONTRADICTION, text) for text in _of_country(margins)]


def _of_place(margins: Margins, row: int) -> Iterator[tuple[str, str]]:
    """(table, what is wrong) for every pair of margins that disagrees."""
    position: dict[str, int] = dict(zip(POSITIONS, margins.persons[row].sum(axis=0).tolist(), strict=True))
    kind: dict[str, int] = dict(zip(HOUSEHOLD_TYPES, margins.types[row].tolist(), strict=True))
    size: dict[str, int] = dict(zip(SIZES, margins.sizes[row].tolist(), strict=True))
    for name in ("single", "single_parent"):
        of_type = "single_person" if name == "single" else name
        if position[name] != kind[of_type]:
            yield POSITIONS_TABLE, _pair(POSITIONS_TABLE, name, position[name], of_type, kind[of_type])
    for name, partners in _COUPLES.items():
        persons = sum(position[one] for one in partners)
        if persons != 2 * kind[name]:
            both = " and ".join(partners)
            yield POSITIONS_TABLE, _pair(POSITIONS_TABLE, both, persons, f"2 x {name}", 2 * kind[name])
        for one in partners:
            if position[one] % 2:
                yield POSITIONS_TABLE, f"{position[one]:,} {one} in {POSITIONS_TABLE} are no pairs"
    if kind["single_person"] != size["size_1"]:
        yield TYPES_TABLE, _pair(TYPES_TABLE, "single_person", kind["single_person"], "size_1", size["size_1"])
    if sum(kind.values()) != sum(size.values()):
        yield TYPES_TABLE, _pair(TYPES_TABLE, "of all types", sum(kind.values()), "of all sizes", sum(size.values()))
    yield from _too_many(margins, row, position, kind, size)


def _too_many(
    margins: Margins, row: int, position: dict[str, int], kind: dict[str, int], size: dict[str, int]
) -> Iterator[tuple[str, str]]:
    """Figures of which one is at least the other."""
    place = margins.places[row]
    private = sum(position.values()) - position["institution"]
    least = sum((number + 1) * count for number, count in enumerate(size.values()))
    families = (position[_COUPLES["couple_unmarried"][1]] + position[_COUPLES["couple_married"][1]]) // 2
    pairs = (
        (PLACES_TABLE, "female", int(margins.females[row]), PLACES_TABLE, "population", place.population),
        (POSITIONS_TABLE, "persons in private households", private, PLACES_TABLE, "population", place.population),
        (TYPES_TABLE, "persons in households by size", least, POSITIONS_TABLE, "persons", private),
        (TYPES_TABLE, "members of other_household", 2 * kind["other_household"], POSITIONS_TABLE, "other_member",
         position["other_member"]),
        (POSITIONS_TABLE, "families with children", families + position["single_parent"], POSITIONS_TABLE,
         "child_at_home", position["child_at_home"]),
    )  # fmt: skip
    for table, what, less, other, most_what, most in pairs:
        if less > most:
            yield table, f"{less:,} {what} in {table} are more than the {most:,} {most_what} in {other}"


def _pair(table: str, what: str, number: int, other_what: str, other: int) -> str:
    return f"{number:,} {what} in {table}, but {other:,} {other_what} in {TYPES_TABLE}"


def _of_country(margins: Margins) -> Iterator[str]:
    """Private households of all municipalities hold at most the country's residents of each age."""
    private = margins.persons[:, :, :-1].sum(axis=(0, 2))
    for group, (here, everybody) in enumerate(zip(private, by_group(margins.ages), strict=True)):
        if here > everybody:
            ages = f"{5 * group}-{5 * group + 4}" if group < AGE_GROUPS - 1 else f"{5 * group} and older"
            yield f"{here:,} persons of {ages} in {POSITIONS_TABLE} are more than the {everybody:,} in {AGES_TABLE}"
