"""Where each resident lived: the parental home, a home of their own, the present one, and who came and went there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.days import NEVER
from abmsim.population.childhood import Childhood
from abmsim.population.compositions import Changes, Homes
from abmsim.population.courses import Courses
from abmsim.population.families_now import CHILD, INSTITUTION, OTHER
from abmsim.population.people import PRIVATE, People, Population

AS_CHILD, AS_ADULT, AS_OTHER, AS_INMATE = range(4)
"""How somebody lives in a home."""


@dataclass(frozen=True, slots=True)
class HomeSpells:
    """Spells in homes, sorted by person and day: `person`, `home`, `from_day`, `to_day` int64[s]; `role` int8[s];
    `now` bool[s]: the present home. `joined` int64[n]: first day of the latter."""

    person: np.ndarray
    home: np.ndarray
    from_day: np.ndarray
    to_day: np.ndarray
    role: np.ndarray
    now: np.ndarray
    joined: np.ndarray


def past_homes(population: Population, courses: Courses, childhood: Childhood) -> tuple[Homes, HomeSpells]:
    """Homes are numbered: the present households, then one of their own for each person, then the parental ones."""
    people, n, m = population.people, len(population.people), len(population.households)
    founded = _founded(population, courses)
    joined = _joined(people, courses, founded)
    spells = _spells(people, courses, joined, m)
    changes = Changes()
    _present(population, courses, founded, joined, changes)
    _own(people, courses, joined, changes, m)
    _parental(people, childhood, changes, m + n)
    return changes.settled(population.base_day), spells


def _founded(population: Population, courses: Courses) -> np.ndarray:
    """int64[households]: couples when they came together, others when the first of the present ones came."""
    people, households = population.people, population.households
    founded = courses.families.first_birth.copy()
    start = courses.present.start
    alone = np.where(people.position == CHILD, NEVER, np.where(courses.moved_in < NEVER, NEVER, courses.left_home))
    # Who brought children into the union lived there with them before it, as a lone parent does.
    own = np.where((people.partner >= 0) & ~courses.raising.brought, start, alone)
    np.minimum.at(founded, people.household, own)
    # Where only other members live: since they moved in.
    shared = np.flatnonzero(founded[people.household] == NEVER)
    np.minimum.at(founded, people.household[shared], courses.moved_in[shared])
    return np.minimum(founded, population.base_day - 1) if len(households) else founded


def _joined(people: People, courses: Courses, founded: np.ndarray) -> np.ndarray:
    """int64[n]: since when each lives in the present household."""
    came = np.where(courses.moved_in < NEVER, courses.moved_in, founded[people.household])
    came = np.where(courses.is_step_parent, courses.present.start, came)
    came = np.where((people.position == CHILD) | (came < people.birth_day), people.birth_day, came)
    inmate = people.position == INSTITUTION
    return np.where(inmate, came, np.maximum(came, founded[people.household]))


def _spells(people: People, courses: Courses, joined: np.ndarray, m: int) -> HomeSpells:
    n = len(people)
    rows = np.arange(n)
    birth = people.birth_day.astype(np.int64)
    left = np.minimum(courses.left_home, joined)
    role = np.full(n, AS_ADULT, dtype=np.int8)
    for position, kind in ((CHILD, AS_CHILD), (OTHER, AS_OTHER), (INSTITUTION, AS_INMATE)):
        role[people.position == position] = kind
    # Three after each other for everybody: at their parents', on their own, where they live now.
    home = np.stack([m + n + rows, m + rows, people.household], axis=1).ravel()
    from_day = np.stack([birth, left, joined], axis=1).ravel()
    to_day = np.stack([left, joined, np.full(n, courses.families.base_day + 1)], axis=1).ravel()
    roles = np.stack([np.full(n, AS_CHILD, dtype=np.int8), np.full(n, AS_ADULT, dtype=np.int8), role], axis=1).ravel()
    kept = np.flatnonzero(to_day > from_day)
    return HomeSpells(kept // 3, home[kept], from_day[kept], to_day[kept], roles[kept], kept % 3 == 2, joined)


def _present(
    population: Population, courses: Courses, founded: np.ndarray, joined: np.ndarray, changes: Changes
) -> None:
    """Present households: founders, the last partner of those without one, children there and gone, others."""
    people, families = population.people, courses.families
    home = people.household.astype(np.int64)
    private = population.households.kind[home] == PRIVATE
    rows = np.flatnonzero(private)
    changes.add(home[rows], joined[rows], persons=1)
    child = np.flatnonzero(private & (people.position == CHILD))
    changes.add(home[child], joined[child], children=1)
    lead = families.lead
    changes.add(home[lead], courses.present.start[lead], partners=1)
    wed = lead[courses.present.married[lead] < NEVER]
    changes.add(home[wed], courses.present.married[wed], married=1)
    # An institution has no composition, but a state to be found.
    changes.add(np.flatnonzero(population.households.kind != PRIVATE), _long_ago(population), persons=0)
    alone = private & (people.partner < 0) & (people.position != CHILD) & (people.position != OTHER)
    alone = np.flatnonzero(alone | courses.raising.brought)
    _former_partner(alone, home[alone], courses, changes, None)
    parent = courses.elsewhere.parent
    here = private[parent] & (families.is_lead | courses.raising.brought)[parent] & (people.position[parent] != OTHER)
    start = np.maximum(courses.elsewhere.birth_day, joined[parent])
    changes.between(home[parent[here]], start[here], courses.elsewhere.left_day[here], persons=1, children=1)


def _long_ago(population: Population) -> np.ndarray:
    number = int((population.households.kind != PRIVATE).sum())
    return np.full(number, int(population.people.birth_day.min()) if len(population.people) else 0)


def _former_partner(
    rows: np.ndarray, home: np.ndarray, courses: Courses, changes: Changes, until: np.ndarray | None
) -> None:
    past = courses.past
    had = np.flatnonzero(past.by[rows] > 0)
    rows, home = rows[had], home[had]
    end = past.end[rows] if until is None else np.minimum(past.end[rows], until[had])
    changes.between(home, past.start[rows], end, persons=1, partners=1)
    changes.between(home, np.minimum(past.married[rows], end), end, married=1)


def _own(people: People, courses: Courses, joined: np.ndarray, changes: Changes, offset: int) -> None:
    """Homes between the parents' and the present one."""
    rows = np.flatnonzero(courses.left_home < joined)
    changes.add(offset + rows, courses.left_home[rows], persons=1)
    _former_partner(rows, offset + rows, courses, changes, joined[rows])
    parent = courses.elsewhere.parent
    some = np.flatnonzero(courses.left_home[parent] < joined[parent])
    until = np.minimum(courses.elsewhere.left_day[some], joined[parent[some]])
    changes.between(offset + parent[some], courses.elsewhere.birth_day[some], until, persons=1, children=1)


def _parental(people: People, childhood: Childhood, changes: Changes, offset: int) -> None:
    """Parental homes: both parents until they part, the child itself, brothers and sisters."""
    rows = np.flatnonzero(people.position != CHILD)
    birth = people.birth_day[rows].astype(np.int64)
    changes.add(offset + rows, birth, persons=3, children=1)
    parted = rows[childhood.parted[rows] < NEVER]
    changes.add(offset + parted, childhood.parted[parted], persons=-1)
    of = childhood.sibling_of
    start = np.maximum(childhood.birth_day, people.birth_day[of])
    changes.between(offset + of, start, childhood.left_day, persons=1, children=1)
