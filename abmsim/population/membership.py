"""Who lived in which household in what position, and how that changes when a housemate dies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.days import NEVER
from abmsim.population.people import Population
from abmsim.vocabulary import POSITIONS

CHILD, SINGLE, SINGLE_PARENT, OTHER, INSTITUTION = (
    POSITIONS.index(name) for name in ("child_at_home", "single", "single_parent", "other_member", "institution")
)
_IS_PARTNER = np.array([name.startswith("partner_") for name in POSITIONS])
_IS_PARENT = np.array([name == "single_parent" or name.endswith("_with_children") for name in POSITIONS])
_WITHOUT_CHILDREN = np.array(
    [POSITIONS.index(name.replace("_with_children", "_no_children")) for name in POSITIONS], dtype=np.int8
)


@dataclass(slots=True)
class MembershipSpells:
    """Spells [from_day, to_day) sorted by person and day; `to_day` is NEVER while it lasts.

    `person`, `household` int32[s], rows; `position` int8[s]; `from_day`, `to_day` int32[s].
    """

    person: np.ndarray
    household: np.ndarray
    position: np.ndarray
    from_day: np.ndarray
    to_day: np.ndarray


def membership_spells(population: Population, death_day: np.ndarray, from_day: int, to_day: int) -> MembershipSpells:
    """The spells of everybody alive on `from_day`, up to death or the horizon `to_day`.

    `death_day` int32[n], NEVER for who is alive; deaths on the horizon or later are not seen.
    """
    people = population.people
    death = np.where(death_day < to_day, death_day, NEVER).astype(np.int64)
    alive = np.flatnonzero(death > from_day)
    starts = [(alive, people.position[alive], np.full(len(alive), from_day, dtype=np.int64))]
    starts += _changes(population, death, from_day)
    person = np.concatenate([part[0] for part in starts])
    position = np.concatenate([part[1] for part in starts])
    since = np.concatenate([part[2] for part in starts])
    order = np.lexsort((since, person))
    person, position, since = person[order], position[order], since[order]
    until = death[person]
    same = np.flatnonzero(person[1:] == person[:-1])
    until[same] = since[same + 1]
    return MembershipSpells(
        person.astype(np.int32), people.household[person], position.astype(np.int8),
        since.astype(np.int32), until.astype(np.int32),
    )  # fmt: skip


def _changes(
    population: Population, death: np.ndarray, from_day: int
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """(person, new position, day) of every change, one part per number of deaths before it in the household."""
    people, households = population.people, population.households
    died = np.flatnonzero((death < NEVER) & (people.position != INSTITUTION))
    concerned = np.zeros(len(households), dtype=bool)
    concerned[people.household[died]] = True
    rows = np.flatnonzero(concerned[people.household])
    _, household = np.unique(people.household[rows], return_inverse=True)
    position = people.position[rows].copy()
    day = np.full(int(household.max()) + 1 if len(rows) else 0, from_day - 1, dtype=np.int64)
    changes = []
    while len(rows):
        later = np.where(death[rows] > day[household], death[rows], NEVER)
        day = np.full(len(day), NEVER, dtype=np.int64)
        np.minimum.at(day, household, later)
        if (day == NEVER).all():
            break
        living = (death[rows] > day[household]) & (day[household] < NEVER)
        new = _positions(position, household, living, len(day))
        changed = np.flatnonzero(living & (new != position) & (day[household] > from_day))
        changes.append((rows[changed], new[changed], day[household[changed]]))
        position = np.where(living, new, position)
    return changes


def _positions(position: np.ndarray, household: np.ndarray, living: np.ndarray, n: int) -> np.ndarray:
    """int8[r]: position of the living of each household after a death; others keep what they had.

    Alone: single. A partner left with children is a single parent, left with others an other member; a couple
    whose children died is one without children; children whose parents died are other members.
    """

    def count(which: np.ndarray) -> np.ndarray:
        return np.bincount(household, weights=which & living, minlength=n)[household]

    members, children = count(np.ones(len(position), dtype=bool)), count(position == CHILD)
    partners, parents = count(_IS_PARTNER[position]), count(_IS_PARENT[position])
    new = position.copy()
    left = _IS_PARTNER[position] & (partners == 1)
    new[left] = np.where((children > 0) & _IS_PARENT[position], SINGLE_PARENT, OTHER)[left]
    both = _IS_PARTNER[position] & (partners == 2) & (children == 0)
    new[both] = _WITHOUT_CHILDREN[position[both]]
    new[(position == SINGLE_PARENT) & (children == 0)] = OTHER
    new[(position == CHILD) & (parents == 0)] = OTHER
    new[members == 1] = SINGLE
    return np.where(living, new, position).astype(np.int8)
