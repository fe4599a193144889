"""A whole municipality put together: every private household with its members by position, age and sex."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.population import families
from abmsim.population.ages import (
    AGES,
    CHILD,
    COUPLES,
    GROUP_OF_AGE,
    INSTITUTION,
    OTHER,
    SINGLE,
    SINGLE_PARENT,
)
from abmsim.population.couples import pair
from abmsim.population.draws import Draws, order_of
from abmsim.population.fit import FAMILIES, PARENTS, ROWS, HouseholdList
from abmsim.population.margins import AGE_GROUPS
from abmsim.population.patterns import Patterns
from abmsim.population.people import POSITIONS
from abmsim.population.rounding import systematic
from abmsim.population.sexes import ADULT_AGE, FEMALE, MALE, UNDECIDED, decide_sexes


@dataclass(slots=True)
class Town:
    """All residents of a municipality: n members of private households in order, then those of institutions.

    `households` the private households; `start` int64[m], first member of each; `position` int8, `age` int16,
    `sex` int8 per resident; `residents` the number in private households.
    """

    households: HouseholdList
    start: np.ndarray
    position: np.ndarray
    age: np.ndarray
    sex: np.ndarray
    residents: int


def single_ages(persons: np.ndarray, patterns: Patterns, draws: Draws) -> np.ndarray:
    """int64[positions, ages] from the published int64[age groups, positions]: exact in each group."""
    ages = np.zeros((len(POSITIONS), AGES), dtype=np.int64)
    offsets = draws.uniform("single ages", len(POSITIONS) * AGE_GROUPS).reshape(len(POSITIONS), AGE_GROUPS)
    for group in range(AGE_GROUPS):
        inside = np.flatnonzero(GROUP_OF_AGE == group)
        weights = patterns.single_age[:, inside]
        # A position that the country has nowhere in these years (rounding of a small place) takes them all alike.
        weights = np.where(weights.sum(axis=1, keepdims=True) > 0, weights, 1.0)
        ages[:, inside] = systematic(weights, persons[group], offsets[:, group])
    return ages


def build_town(
    persons: np.ndarray, females: int, households: HouseholdList, patterns: Patterns, draws: Draws
) -> Town:
    """All residents of one municipality.

    `persons` int64[age groups, positions]; `females` the published number of women and girls.
    """
    ages = single_ages(persons, patterns, draws)
    residents = int(households.size.sum())
    n = residents + int(ages[INSTITUTION].sum())
    start = np.cumsum(households.size, dtype=np.int64) - households.size
    town = Town(
        households, start, np.full(n, OTHER, dtype=np.int8), np.zeros(n, dtype=np.int16),
        np.full(n, UNDECIDED, dtype=np.int8), residents,
    )  # fmt: skip
    _settle_singles(town, ages)
    _settle_institutions(town, ages)
    mothers = _settle_parents(town, ages, patterns, draws)
    _settle_children_and_others(town, ages, mothers, patterns, draws)
    decide_sexes(town.sex, town.position, town.age, females, patterns.female, draws.words("sex", n)[:, 0])
    return town


def _settle_singles(town: Town, ages: np.ndarray) -> None:
    rows = town.start[town.households.row == -1]
    town.position[rows] = SINGLE
    town.age[rows] = np.repeat(np.arange(AGES, dtype=np.int16), ages[SINGLE])


def _settle_institutions(town: Town, ages: np.ndarray) -> None:
    """Residents of institutions in the order of age: a unit of neighbours is a unit of like age."""
    town.position[town.residents :] = INSTITUTION
    town.age[town.residents :] = np.repeat(np.arange(AGES, dtype=np.int16), ages[INSTITUTION])


def _settle_parents(town: Town, ages: np.ndarray, patterns: Patterns, draws: Draws) -> np.ndarray:
    """Put couples and single parents into their households; returns the mothers' ages int16[private households].

    Where two men or a lone father live with the children, the age of a mother that would fit the family.
    """
    mothers = np.zeros(len(town.start), dtype=np.int16)
    for kind, (woman_age, man_age) in enumerate(pair(ages[list(COUPLES)], patterns, draws)):
        listed = np.flatnonzero(town.households.row == kind)
        words = draws.words(f"households of {ROWS[kind]}", len(listed))
        if FAMILIES[kind]:
            order = families.order_by_children(woman_age, 0, patterns, words[:, 0])
        else:
            order = order_of(words[:, 0])
        mothers[listed] = woman_age[order]
        _settle_couples(town, listed, COUPLES[kind], woman_age[order], man_age[order], patterns, words)
    listed = np.flatnonzero(town.households.row == ROWS.index("single_parent"))
    words = draws.words("single parents", len(listed))
    parent_age = np.repeat(np.arange(AGES, dtype=np.int16), ages[SINGLE_PARENT])
    parent_age = parent_age[families.order_by_children(parent_age, 1, patterns, words[:, 0])]
    sex = np.where(_uniform(words[:, 1]) < patterns.female[SINGLE_PARENT, parent_age], FEMALE, MALE)
    rows = town.start[listed]
    town.position[rows], town.age[rows], town.sex[rows] = SINGLE_PARENT, parent_age, sex
    mothers[listed] = np.maximum(parent_age - np.where(sex == MALE, patterns.fathers_older_years, 0), 0)
    return mothers


def _uniform(words: np.ndarray) -> np.ndarray:
    return (words.astype(np.float64) + 0.5) / 65536


def _settle_couples(
    town: Town, listed: np.ndarray, position: int, woman_age: np.ndarray, man_age: np.ndarray,
    patterns: Patterns, words: np.ndarray,
) -> None:  # fmt: skip
    """The man of a mixed couple comes first (the reference person of CBS), the older of two women or two men."""
    same = _uniform(words[:, 1]) < patterns.same_sex[position]
    women = same & (_uniform(words[:, 2]) < patterns.same_sex_women[position])
    sexes = np.stack([np.where(women, FEMALE, MALE), np.where(same & ~women, MALE, FEMALE)], axis=1)
    members = np.stack([man_age, woman_age], axis=1)
    turned = same & (woman_age > man_age)
    members[turned] = members[turned, ::-1]
    rows = town.start[listed][:, None] + np.arange(2)
    town.position[rows], town.age[rows], town.sex[rows] = position, members, sexes


def _settle_children_and_others(
    town: Town, ages: np.ndarray, mothers: np.ndarray, patterns: Patterns, draws: Draws
) -> None:
    """Fill the places beyond the parents: children from the oldest on, then other members."""
    row, size = town.households.row, town.households.size
    shared = np.flatnonzero(row >= 0)
    places = size[shared] - PARENTS[row[shared]]
    is_family = FAMILIES[row[shared]]
    listed = shared[is_family]
    outside = int(places[~is_family].sum())
    others = int(ages[OTHER].sum()) - outside
    family_places = places[is_family].astype(np.int64)
    words = draws.words("other members of families", int(family_places.sum()))
    other_number = families.others_per_family(family_places, others, words[:, 0])
    first_free = town.start[listed] + PARENTS[row[listed]]
    other_rows = _other_rows(first_free + family_places - other_number, other_number)
    if len(listed):
        slots = families.child_slots(family_places - other_number)
        child_age = families.child_ages(slots, mothers[listed], ages[CHILD], patterns, draws)
        inside = np.arange(len(slots.family)) - slots.first[slots.family]
        # Slots run from the youngest; the household lists the oldest first.
        rows = first_free[slots.family] + slots.number[slots.family] - 1 - inside
        town.position[rows], town.age[rows] = CHILD, child_age
    _settle_others(town, ages, shared[~is_family], places[~is_family], other_rows, draws)


def _other_rows(first: np.ndarray, number: np.ndarray) -> np.ndarray:
    """The rows first, first + 1, ... of each household, `number` of them."""
    household = np.repeat(np.arange(len(number)), number)
    inside = np.arange(len(household)) - (np.cumsum(number) - number)[household]
    return first[household] + inside


def _settle_others(
    town: Town, ages: np.ndarray, outside: np.ndarray, places: np.ndarray, in_families: np.ndarray, draws: Draws
) -> None:
    """Other members: an adult at the head of each other household, minors rather with families and couples."""
    pool = np.repeat(np.arange(AGES, dtype=np.int16), ages[OTHER])
    pool = pool[draws.shuffled("other members", len(pool))]
    row = town.households.row[outside]
    rows = _other_rows(town.start[outside] + PARENTS[row], places)
    household = np.repeat(np.arange(len(outside)), places)
    is_head = np.zeros(len(rows), dtype=bool)
    is_head[np.searchsorted(household, np.flatnonzero(PARENTS[row] == 0))] = True
    with_parents = np.concatenate([in_families, rows[PARENTS[row][household] > 0]])
    with_parents = with_parents[draws.shuffled("places of other members", len(with_parents))]
    heads, rest = rows[is_head], rows[~is_head & (PARENTS[row][household] == 0)]
    adults, minors = pool[pool >= ADULT_AGE], pool[pool < ADULT_AGE]
    in_order = np.concatenate([adults[: len(heads)], minors, adults[len(heads) :]])
    target = np.concatenate([heads, with_parents, rest])
    town.age[target], town.position[target] = in_order, OTHER
