"""From homes and dates to the attributes of every day: one row a change, and from the rows the changed values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from abmsim.days import NEVER
from abmsim.population.childhood import Childhood
from abmsim.population.compositions import Composition, Homes, moment
from abmsim.population.courses import Courses
from abmsim.population.families_now import CHILD, INSTITUTION, OTHER, SINGLE, SINGLE_PARENT
from abmsim.population.growing import Growing
from abmsim.population.life_patterns import BEREAVEMENT, SEPARATION
from abmsim.population.origins import Origins
from abmsim.population.past_homes import AS_ADULT, AS_CHILD, AS_INMATE, AS_OTHER, HomeSpells
from abmsim.population.people import Population
from abmsim.population.sexes import MALE
from abmsim.vocabulary import POSITIONS

HOUSEHOLD = (
    "position", "household_size", "lives_alone", "has_partner", "is_parent", "single_parent", "n_children",
    "in_institution", "is_household_head", "married",
)  # fmt: skip
DATES = (
    "parity", "union_date", "separation_date", "bereavement_date", "youngest_birth_date", "parents_separated",
)  # fmt: skip
CONSTANT = ("origin", "born_abroad")

_BLOCK = 10_000
"""Persons told at once: their rows stay in the processor's cache."""

@dataclass(slots=True)
class Story:
    """The columns of `Backstory`."""

    names: tuple[str, ...]
    first: np.ndarray
    day: np.ndarray
    attribute: np.ndarray
    value: np.ndarray


@dataclass(frozen=True, slots=True)
class Births:
    """Own children of everybody: `moments` int64[b] sorted (person and day of birth, see `compositions.moment`);
    `first` int64[n + 1] per person."""

    moments: np.ndarray
    first: np.ndarray


def told(
    population: Population, attributes: Mapping[str, np.ndarray], courses: Courses, childhood: Childhood,
    origins: Origins, homes: Homes, spells: HomeSpells,
) -> Story:  # fmt: skip
    """All changes of all attributes, block by block."""
    constant = {name: column for name, column in attributes.items() if name not in (*HOUSEHOLD, *DATES, *CONSTANT)}
    constant |= {"origin": origins.origin, "born_abroad": origins.born_abroad}
    names = (*HOUSEHOLD, *DATES, *constant)
    births = own_births(population, courses)
    parted = _parents_parted(population, courses, childhood)
    heads = attributes["is_household_head"] > 0
    constants = list(constant.values())
    n = len(population.people)
    spell_at = np.searchsorted(spells.person, np.arange(0, n + _BLOCK, _BLOCK))
    number, story = [np.zeros(1, dtype=np.int64)], (Growing(np.int32), Growing(np.int16), Growing(np.float64))
    for begin, end in zip(spell_at[:-1], spell_at[1:], strict=True):
        if end > begin:
            block = slice(begin, end)
            of_each, *columns = _told(population, courses, births, parted, heads, homes, spells, constants, block)
            number.append(of_each)
            for growing, column in zip(story, columns, strict=True):
                growing.add(column)
    first = np.cumsum(np.concatenate(number))
    return Story(names, first, *(growing.whole() for growing in story))


def _told(
    population: Population, courses: Courses, births: Births, parted: np.ndarray, heads: np.ndarray, homes: Homes,
    spells: HomeSpells, constant: Sequence[np.ndarray], some: slice,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """(number of changes per person, day int32, attribute int16, value float64) of a block of spells."""
    spell, day, lived = homes.during(spells.home[some], spells.from_day[some], spells.to_day[some])
    person, role, now = spells.person[some][spell], spells.role[some][spell], spells.now[some][spell]
    columns = _household_values(population, heads, person, role, now, lived)
    columns += _dated_values(courses, births, parted, person, day)
    return _changes(person, day.astype(np.int32), columns, constant)


def _household_values(
    population: Population, heads: np.ndarray, person: np.ndarray, role: np.ndarray, now: np.ndarray,
    lived: Composition,
) -> list[np.ndarray]:  # fmt: skip
    """The columns of HOUSEHOLD."""
    people = population.people
    adult, private = role == AS_ADULT, role != AS_INMATE
    partner = adult & (lived.partners > 0)
    parent = adult & (lived.children > 0)
    alone = private & (lived.persons == 1)
    married = partner & (lived.married > 0)
    position = _POSITION[role, partner * np.int8(8) + parent * np.int8(4) + married * np.int8(2) + alone]
    couple_now = now & (people.partner[person] >= 0)
    head_now = heads[person]
    leads = np.where(couple_now, head_now, people.sex[person] == MALE)
    head = np.where(adult, ~partner | leads, now & head_now)
    return [
        position, lived.persons * private, alone, partner, parent, parent & ~partner, lived.children * private,
        ~private, head, married,
    ]  # fmt: skip


def _positions() -> np.ndarray:
    """int8[roles, 16]: position by role and partner, children, marriage, alone (bits 8, 4, 2, 1)."""
    table = np.empty((4, 16), dtype=np.int8)
    for role, label in ((AS_CHILD, CHILD), (AS_OTHER, OTHER), (AS_INMATE, INSTITUTION)):
        table[role] = label
    for bits in range(16):
        partner, parent, married, alone = bits & 8, bits & 4, bits & 2, bits & 1
        couple = f"partner_{'married' if married else 'unmarried'}_{'with' if parent else 'no'}_children"
        lone = SINGLE_PARENT if parent else SINGLE if alone else OTHER
        table[AS_ADULT, bits] = POSITIONS.index(couple) if partner else lone
    return table


_POSITION = _positions()


def _dated_values(
    courses: Courses, births: Births, parted: np.ndarray, person: np.ndarray, day: np.ndarray
) -> list[np.ndarray]:
    """The columns of DATES: as they stand on `day`."""
    present, past = courses.present, courses.past
    before = np.searchsorted(births.moments, moment(person, day), side="right")
    number = before - births.first[person]
    has = np.flatnonzero(number)
    youngest = np.full(len(person), NEVER, dtype=np.int64)
    youngest[has] = births.moments[before[has] - 1] - moment(person[has], np.zeros(len(has), dtype=np.int64))
    start, former, end, by = present.start[person], past.start[person], past.end[person], past.by[person]
    ended = end <= day
    union = np.where(day >= start, start, np.where((day >= former) & ~ended, former, NEVER))
    return [
        number, union, np.where(ended & (by == SEPARATION), end, NEVER),
        np.where(ended & (by == BEREAVEMENT), end, NEVER), youngest, parted[person] <= day,
    ]  # fmt: skip


def _changes(
    person: np.ndarray, day: np.ndarray, columns: Sequence[np.ndarray], constant: Sequence[np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Where a column differs from the row before, and everything on the day of birth; by person, day and attribute."""
    begins = np.concatenate([[True], person[1:] != person[:-1]])
    at_birth = np.flatnonzero(begins)
    changed, number = [], np.where(begins, len(constant), 0)
    for column in columns:
        differs = begins.copy()
        differs[1:] |= column[1:] != column[:-1]
        changed.append(np.flatnonzero(differs))
        number += differs
    place = np.cumsum(number) - number
    total = int(number.sum())
    days, attribute, value = np.empty(total, np.int32), np.empty(total, np.int16), np.empty(total)
    for label, (rows, column) in enumerate(zip(changed, columns, strict=True)):
        _put(days, attribute, value, place, rows, day, label, column[rows])
    for label, column in enumerate(constant, start=len(columns)):
        _put(days, attribute, value, place, at_birth, day, label, column[person[at_birth]])
    return np.add.reduceat(number, at_birth), days, attribute, value


def _put(
    days: np.ndarray, attribute: np.ndarray, value: np.ndarray, place: np.ndarray, rows: np.ndarray, day: np.ndarray,
    label: int, column: np.ndarray,
) -> None:  # fmt: skip
    """Write one attribute's changes at the next free place of their rows."""
    at = place[rows]
    days[at], attribute[at], value[at] = day[rows], label, column
    place[rows] = at + 1


def own_births(population: Population, courses: Courses) -> Births:
    """The children that each resident ever had, wherever they live."""
    people, elsewhere, families = population.people, courses.elsewhere, courses.families
    parents, days = [elsewhere.parent], [elsewhere.birth_day]
    for link in (people.mother, people.father):
        child = np.flatnonzero((people.position == CHILD) & (link >= 0))
        child = child[people.household[link[child]] == people.household[child]]
        parents.append(link[child])
        days.append(people.birth_day[child])
    partner = people.partner[elsewhere.parent]
    known = elsewhere.child >= 0
    theirs = (people.mother[elsewhere.child] == partner) | (people.father[elsewhere.child] == partner)
    in_union = elsewhere.birth_day >= courses.present.start[elsewhere.parent]
    of_couple = families.is_lead[elsewhere.parent] & (partner >= 0) & np.where(known, theirs, in_union)
    parents.append(partner[of_couple])
    days.append(elsewhere.birth_day[of_couple])
    moments = np.sort(moment(np.concatenate(parents), np.concatenate(days)))
    first = np.searchsorted(moments, moment(np.arange(len(people) + 1), np.full(len(people) + 1, -50_000)))
    return Births(moments, first)


def _parents_parted(population: Population, courses: Courses, childhood: Childhood) -> np.ndarray:
    """int64[n]: the day on which each one's parents parted; of children at home as the parent who raises them tells."""
    people, raising = population.people, courses.raising
    parted = childhood.parted.copy()
    for link in (people.father, people.mother):
        child = np.flatnonzero((people.position == CHILD) & (link >= 0))
        parent = link[child]
        theirs = raising.parent[parent] & (raising.child[child] | ~raising.brought[parent])
        lone = theirs & (people.household[parent] == people.household[child])
        child, parent = child[lone], parent[lone]
        by = courses.past.by[parent] == SEPARATION
        parted[child] = np.where(by, courses.past.end[parent], parted[child])
    return parted
