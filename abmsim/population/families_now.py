"""Who leads, who is a partner, and which children live there: the households of the base date as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.days import NEVER
from abmsim.population.people import PRIVATE, Population
from abmsim.population.sexes import FEMALE
from abmsim.vocabulary import POSITIONS

CHILD, SINGLE, SINGLE_PARENT, OTHER, INSTITUTION = (
    POSITIONS.index(name) for name in ("child_at_home", "single", "single_parent", "other_member", "institution")
)


@dataclass(frozen=True, slots=True)
class FamiliesNow:
    """`lead`, `other` int64[c]: of each couple the woman (of two of one sex the first) and the other one.

    `is_lead` bool[n]: leads of couples and everybody without a partner; `first_birth`, `last_birth` int64[households]:
    birth days of the oldest and youngest child at home, NEVER and -NEVER without; `children` int64[households];
    `age` float64[n], years on the base date `base_day`; `is_shared` bool[households]: other members alone.
    """

    lead: np.ndarray
    other: np.ndarray
    is_lead: np.ndarray
    first_birth: np.ndarray
    last_birth: np.ndarray
    children: np.ndarray
    age: np.ndarray
    is_shared: np.ndarray
    base_day: int


def families_now(population: Population) -> FamiliesNow:
    """Read off the columns."""
    people, households = population.people, population.households
    rows = np.arange(len(people))
    partner = people.partner
    with_partner = partner >= 0
    same = with_partner & (people.sex == people.sex[partner])
    is_lead = ~with_partner | np.where(same, rows < partner, people.sex == FEMALE)
    lead = np.flatnonzero(is_lead & with_partner)
    child = np.flatnonzero(people.position == CHILD)
    first = np.full(len(households), NEVER, dtype=np.int64)
    last = np.full(len(households), -NEVER, dtype=np.int64)
    np.minimum.at(first, people.household[child], people.birth_day[child])
    np.maximum.at(last, people.household[child], people.birth_day[child])
    return FamiliesNow(
        lead=lead,
        other=partner[lead].astype(np.int64),
        is_lead=is_lead,
        first_birth=first,
        last_birth=last,
        children=np.bincount(people.household[child], minlength=len(households)),
        age=(population.base_day - people.birth_day) / 365.25,
        is_shared=(households.kind == PRIVATE) & (people.position[households.first] == OTHER),
        base_day=population.base_day,
    )
