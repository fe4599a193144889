"""From homes and dates to the attributes of every day: one row a change, and from the rows the changed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from abmsim.days import NEVER
from abmsim.population.childhood import Childhood
from abmsim.population.compositions import Composition, Homes, moment
from abmsim.population.courses import Courses
from abmsim.population.families_now import CHILD, INSTITUTION, OTHER, SINGLE, SINGLE_PARENT
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

_BLOCK = 40_000
"""Persons told at once: their rows stay in the processor's cache."""

_COUPLES = np.array([
    POSITIONS.index(f"partner_{married}_{children}")
    for married in ("unmarried", "married") for children in ("no_children", "with_children")
])  # fmt: skip


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
    heads = attributes["is_household_head"]
    n = len(population.people)
    spell_at = np.searchsorted(spells.person, np.arange(0, n + _BLOCK, _BLOCK))
    parts = []
    for begin, end in zip(spell_at[:-1], spell_at[1:], strict=True):
        if end > begin:
            rows = _rows(population, courses, births, parted, heads, homes, spells, slice(begin, end))
            parts.append(_changes(*rows, constant))
    first = np.concatenate([[0], np.cumsum(np.concatenate([part[0] for part in parts]))]) if parts else np.zeros(1)
    columns = [np.concatenate([part[at] for part in parts]) for at in (1, 2, 3)]
    return Story(names, first.astype(np.int64), *columns)


def _rows(
    population: Population, courses: Courses, births: Births, parted: np.ndarray, heads: np.ndarray, homes: Homes,
    spells: HomeSpells, some: slice,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """(person, day, float64[rows, attributes that change]) of every change in a block of spells."""
    spell, day, lived = homes.during(spells.home[some], spells.from_day[some], spells.to_day[some])
    person, role, now = spells.person[some][spell], spells.role[some][spell], spells.now[some][spell]
    values = np.empty((len(person), len(HOUSEHOLD) + len(DATES)))
    _household_values(values, population, heads, person, role, now, lived)
    _dated_values(values[:, len(HOUSEHOLD) :], courses, births, parted, person, day)
    return person, day, values


def _household_values(
    values: np.ndarray, population: Population, heads: np.ndarray, person: np.ndarray, role: np.ndarray,
    now: np.ndarray, lived: Composition,
) -> None:  # fmt: skip
    people = population.people
    adult, inmate = role == AS_ADULT, role == AS_INMATE
    partner = adult & (lived.partners > 0)
    parent = adult & (lived.children > 0)
    married = partner & (lived.married > 0)
    alone = ~inmate & (lived.persons == 1)
    position = np.where(parent, SINGLE_PARENT, np.where(alone, SINGLE, OTHER))
    position = np.where(partner, _COUPLES[married * 2 + parent], position)
    for kind, label in ((AS_CHILD, CHILD), (AS_OTHER, OTHER), (AS_INMATE, INSTITUTION)):
        position = np.where(role == kind, label, position)
    leads = np.where(now & (people.partner[person] >= 0), heads[person] > 0, people.sex[person] == MALE)
    head = np.where(adult, ~partner | leads, now & (heads[person] > 0))
    private = ~inmate
    columns = (
        position, lived.persons * private, alone, partner, parent, parent & ~partner, lived.children * private,
        inmate, head, married,
    )  # fmt: skip
    for number, column in enumerate(columns):
        values[:, number] = column


def _dated_values(
    values: np.ndarray, courses: Courses, births: Births, parted: np.ndarray, person: np.ndarray, day: np.ndarray
) -> None:
    """Parity, dates of the union and its end, the youngest child's birth, and whether the parents parted by `day`."""
    present, past = courses.present, courses.past
    before = np.searchsorted(births.moments, moment(person, day), side="right")
    number = before - births.first[person]
    has = number > 0
    values[:, 0] = number
    start, former = present.start[person], past.start[person]
    together = (day >= former) & (day < past.end[person])
    values[:, 1] = np.where(day >= start, start, np.where(together, former, NEVER))
    ended, by = past.end[person] <= day, past.by[person]
    values[:, 2] = np.where(ended & (by == SEPARATION), past.end[person], NEVER)
    values[:, 3] = np.where(ended & (by == BEREAVEMENT), past.end[person], NEVER)
    values[:, 4] = NEVER
    last = births.moments[before[has] - 1]
    values[has, 4] = last - moment(person[has], np.zeros(len(last), dtype=np.int64))
    values[:, 5] = parted[person] <= day


def _changes(
    person: np.ndarray, day: np.ndarray, values: np.ndarray, constant: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(number of changes per person, day int32, attribute int16, value float64), by person and day."""
    begins = np.concatenate([[True], person[1:] != person[:-1]])
    changed = np.zeros((len(person), values.shape[1] + len(constant)), dtype=bool)
    changed[1:, : values.shape[1]] = values[1:] != values[:-1]
    changed[begins] = True
    row, attribute = np.nonzero(changed)
    value = np.empty(len(row))
    variable = attribute < values.shape[1]
    value[variable] = values[row[variable], attribute[variable]]
    for number, column in enumerate(constant.values(), start=values.shape[1]):
        value[attribute == number] = column[person[begins]]
    at = np.flatnonzero(begins)
    number = np.add.reduceat(changed.sum(axis=1), at)
    return number, day[row].astype(np.int32), attribute.astype(np.int16), value


def own_births(population: Population, courses: Courses) -> Births:
    """The children that each resident ever had, wherever they live."""
    people, elsewhere, families = population.people, courses.elsewhere, courses.families
    parents, days = [elsewhere.parent], [elsewhere.birth_day]
    for link in (people.mother, people.father):
        child = np.flatnonzero((people.position == CHILD) & (link >= 0))
        child = child[people.household[link[child]] == people.household[child]]
        parents.append(link[child])
        days.append(people.birth_day[child])
    of_couple = families.is_lead[elsewhere.parent] & (people.partner[elsewhere.parent] >= 0)
    of_couple &= elsewhere.birth_day >= courses.present.start[elsewhere.parent]
    parents.append(people.partner[elsewhere.parent[of_couple]])
    days.append(elsewhere.birth_day[of_couple])
    moments = np.sort(moment(np.concatenate(parents), np.concatenate(days)))
    first = np.searchsorted(moments, moment(np.arange(len(people) + 1), np.full(len(people) + 1, -50_000)))
    return Births(moments, first)


def _parents_parted(population: Population, courses: Courses, childhood: Childhood) -> np.ndarray:
    """int64[n]: the day on which each one's parents parted; of children at home from the story of the lone parent."""
    people = population.people
    parted = childhood.parted.copy()
    for link in (people.father, people.mother):
        child = np.flatnonzero((people.position == CHILD) & (link >= 0))
        parent = link[child]
        lone = (people.household[parent] == people.household[child]) & (people.position[parent] == SINGLE_PARENT)
        child, parent = child[lone], parent[lone]
        by = courses.past.by[parent] == SEPARATION
        parted[child] = np.where(by, courses.past.end[parent], parted[child])
    return parted
