"""Where residents or their parents were born, by the published shares of each municipality; who was born abroad."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.days import NEVER
from abmsim.population.age_curves import AgeCurves, day_at
from abmsim.population.families_now import CHILD, FamiliesNow
from abmsim.population.origin_shares import OriginShares, origin_shares
from abmsim.population.people import People, Population
from abmsim.population.person_draws import PersonDraws
from abmsim.stats.catalogue import Catalogue
from abmsim.vocabulary import ORIGINS

__all__ = ["ORIGINS", "Origins", "draw_origins", "origin_of_children"]

_HERE = ORIGINS.index("netherlands")
_OLDEST_ARRIVAL = 75


@dataclass(slots=True)
class Origins:
    """`origin`, `other_origin` int8[n], index into ORIGINS: of each resident, and of the other parent of the children
    of who leads a household (the partner, if there is one); `born_abroad`, `other_abroad` bool[n]; `arrived` int64[n],
    day of immigration, NEVER for who was born here."""

    origin: np.ndarray
    born_abroad: np.ndarray
    arrived: np.ndarray
    other_origin: np.ndarray
    other_abroad: np.ndarray


def draw_origins(
    population: Population, families: FamiliesNow, catalogue: Catalogue, draws: PersonDraws
) -> Origins:
    """Adults by the shares of their municipality, partners more often of one origin than not, children as their
    parents: a child born here has the mother's origin if she was born abroad, else the father's if he was."""
    people = population.people
    shares = origin_shares(population.places, catalogue)
    old = families.age >= shares.old_age
    table = people.municipality * 2 + old
    origin = _drawn(shares.cumulated, table, draws.uniform("origin"))
    abroad = draws.uniform("born abroad") < shares.born_abroad(origin, families.age)
    arrived = np.where(abroad, _arrivals(people, families, shares, draws), NEVER)
    copies = draws.uniform("origin of the other parent") < shares.same[origin]
    other = np.where(copies, origin, _drawn(shares.mixed, table, draws.uniform("other origin"))).astype(np.int8)
    other_abroad = draws.uniform("other parent born abroad") < shares.born_abroad(other, families.age)
    lead, partner = families.lead, families.other
    origin[partner] = other[lead]
    abroad[partner] = draws[partner].uniform("born abroad") < shares.born_abroad(other[lead], families.age[partner])
    arrived[partner] = np.where(abroad[partner], _arrivals(people, families, shares, draws)[partner], NEVER)
    other_abroad[lead] = abroad[partner]
    found = Origins(origin, abroad, arrived, other, other_abroad)
    _children(people, families, found)
    return found


def _drawn(cumulated: np.ndarray, table: np.ndarray, u: np.ndarray) -> np.ndarray:
    """int8[n]: the origin at each draw."""
    origin = np.zeros(len(u), dtype=np.int8)
    for label in range(cumulated.shape[1] - 1):
        origin += u > cumulated[table, label]
    return origin


def _arrivals(people: People, families: FamiliesNow, shares: OriginShares, draws: PersonDraws) -> np.ndarray:
    ages = np.arange(_OLDEST_ARRIVAL)
    weights = np.exp(-(((ages - shares.arrival_age) / shares.arrival_spread) ** 2) / 2)
    high = np.maximum(families.age - 0.1, 0.0)
    zero = np.zeros(len(people), dtype=np.int64)
    age = AgeCurves(weights[None, :]).draw(zero, np.minimum(0.1, high), high, draws.uniform("arrival"))
    return np.minimum(day_at(people.birth_day.astype(np.int64), age), families.base_day - 1)


def origin_of_children(origins: Origins, parent: np.ndarray, mother_leads: np.ndarray) -> np.ndarray:
    """int8[k]: the origin of children born here to those who lead a household (rows `parent`) and the other parent."""
    own, other = origins.origin[parent], origins.other_origin[parent]
    own_abroad, other_abroad = origins.born_abroad[parent], origins.other_abroad[parent]
    first = np.where(mother_leads, own_abroad, own_abroad & ~other_abroad)
    from_first = np.where(first, own, np.where(other_abroad, other, np.where(own_abroad, own, _HERE)))
    return from_first.astype(np.int8)


def _children(people: People, families: FamiliesNow, origins: Origins) -> None:
    """Children at home: born abroad with the parent's origin if that one came later, else as the rule says."""
    leader = np.full(int(people.household.max(initial=-1)) + 1, -1, dtype=np.int64)
    parents = np.flatnonzero(families.is_lead & (families.children[people.household] > 0) & (people.position != CHILD))
    # Parents come before other members, so the last word is theirs.
    leader[people.household[parents[::-1]]] = parents[::-1]
    child = np.flatnonzero((people.position == CHILD) & (leader[people.household] >= 0))
    parent = leader[people.household[child]]
    came = (origins.arrived[parent] > people.birth_day[child]) & origins.born_abroad[parent]
    born_here = origin_of_children(origins, parent, people.sex[parent] == 0)
    origins.origin[child] = np.where(came, origins.origin[parent], born_here)
    origins.born_abroad[child] = came
    origins.arrived[child] = np.where(came, origins.arrived[parent], NEVER)
