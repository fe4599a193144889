"""Relatives tell the same dates: the union of two former partners, the children of both, a grown child's birth."""

from __future__ import annotations

import numpy as np

from abmsim.days import NEVER
from abmsim.population.courses import Courses
from abmsim.population.families_now import CHILD
from abmsim.population.offspring import Elsewhere
from abmsim.population.people import People, Population

_MOST_FOUND = 8


def fit_relatives(population: Population, courses: Courses) -> None:
    """Bring the dates of `courses` in line with the links of the population."""
    people = population.people
    _fit_grown_children(people, courses)
    lone = np.flatnonzero(courses.raising.parent & (people.former_partner >= 0))
    _share_union(people, courses, lone)
    courses.elsewhere = _shared_children(people, courses, lone)


def found_children(people: People) -> tuple[np.ndarray, np.ndarray]:
    """(child, parent) int64[k] of everybody grown whose mother (else father) is known, sorted by parent and birth."""
    child = np.flatnonzero((people.position != CHILD) & ((people.mother >= 0) | (people.father >= 0)))
    parent = np.where(people.mother[child] >= 0, people.mother[child], people.father[child]).astype(np.int64)
    order = np.lexsort((people.birth_day[child], parent))
    return child[order], parent[order]


def _fit_grown_children(people: People, courses: Courses) -> None:
    """Each takes the place of the child elsewhere of its parent that was born nearest to it."""
    child, parent = found_children(people)
    elsewhere = courses.elsewhere
    turn = np.arange(len(child)) - np.searchsorted(parent, parent)
    for number in range(min(int(turn.max(initial=-1)) + 1, _MOST_FOUND)):
        some = np.flatnonzero(turn == number)
        slot = _nearest(elsewhere, parent[some], people.birth_day[child[some]])
        some, slot = some[slot >= 0], slot[slot >= 0]
        elsewhere.child[slot] = child[some]
    filled = np.flatnonzero(elsewhere.child >= 0)
    rows = elsewhere.child[filled]
    elsewhere.birth_day[filled] = people.birth_day[rows]
    elsewhere.left_day[filled] = np.minimum(courses.left_home[rows], courses.moved_in[rows])


def _nearest(elsewhere: Elsewhere, parent: np.ndarray, birth: np.ndarray) -> np.ndarray:
    """int64: for each parent (each once) the free slot nearest to the birth, -1 without."""
    first = np.searchsorted(elsewhere.parent, parent)
    number = np.searchsorted(elsewhere.parent, parent, side="right") - first
    best, least = np.full(len(parent), -1, dtype=np.int64), np.full(len(parent), NEVER, dtype=np.int64)
    for place in range(int(number.max(initial=0))):
        has = np.flatnonzero(number > place)
        slot = first[has] + place
        distance = np.abs(elsewhere.birth_day[slot] - birth[has])
        nearer = (elsewhere.child[slot] < 0) & (distance < least[has])
        best[has[nearer]], least[has[nearer]] = slot[nearer], distance[nearer]
    return best


def _share_union(people: People, courses: Courses, lone: np.ndarray) -> None:
    past, other = courses.past, people.former_partner[lone]
    for column in (past.start, past.married, past.end, past.by):
        column[other] = column[lone]


def _shared_children(people: People, courses: Courses, lone: np.ndarray) -> Elsewhere:
    """The children whom a parent raises are those of the former partner, who left them at the separation."""
    old, end = courses.elsewhere, courses.past.end
    other = np.full(len(people), -1, dtype=np.int64)
    other[lone] = people.former_partner[lone]
    home = np.full(int(people.household.max(initial=-1)) + 1, -1, dtype=np.int64)
    home[people.household[lone]] = lone
    child = np.flatnonzero((people.position == CHILD) & (home[people.household] >= 0))
    theirs = other[home[people.household[child]]]
    known = (people.mother[child] == theirs) | (people.father[child] == theirs)
    child, theirs = child[known], theirs[known]
    of_lone = np.flatnonzero(other[old.parent] >= 0)
    replaced = np.zeros(len(people), dtype=bool)
    replaced[people.former_partner[lone]] = True
    kept = ~replaced[old.parent]
    parent = np.concatenate([old.parent[kept], theirs, other[old.parent[of_lone]]])
    birth = np.concatenate([old.birth_day[kept], people.birth_day[child], old.birth_day[of_lone]])
    left = np.concatenate([
        old.left_day[kept], np.maximum(end[theirs], people.birth_day[child]),
        np.minimum(old.left_day[of_lone], np.maximum(end[other[old.parent[of_lone]]], old.birth_day[of_lone])),
    ])  # fmt: skip
    rows = np.concatenate([old.child[kept], child.astype(np.int32), old.child[of_lone]])
    order = np.lexsort((birth, parent))
    return Elsewhere(parent[order], birth[order], left[order], rows[order])
