"""Who moves to another municipality or abroad, with whom, and whether they stay in the run."""

from __future__ import annotations

import numpy as np

from abmsim.engine.month import CHILD_AT_HOME, Month
from abmsim.engine.register import OUTSIDE
from abmsim.population.customs import Customs
from abmsim.vocabulary import POSITIONS

_OTHER_MEMBER = POSITIONS.index("other_member")


def movers(month: Month, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """(rows, index of who asked) of those who go: the household of who asked; children at home and other members
    that are grown up go alone, as do residents of institutions."""
    rows = np.unique(month.asked(kind).rows)
    position = month.value("position", rows)
    alone = (position == CHILD_AT_HOME) | (position == _OTHER_MEMBER) | (month.value("in_institution", rows) != 0)
    leaders = rows[~alone]
    members = month.members(leaders) if len(leaders) else leaders
    group = month.columns.column("GROUP")
    leader_of = np.full(len(month.register.groups), -1, dtype=np.int64)
    leader_of[group[leaders[::-1]]] = leaders[::-1]  # of several of one household the first
    single = np.setdiff1d(rows[alone], members)
    gone = np.concatenate([members, single])
    leader = np.concatenate([leader_of[group[members]], single])
    # Whoever came on this very day stays: with a newborn of the day the household goes when somebody asks again.
    new = month.register.stays["entered_day"][gone] >= month.day
    stay = np.isin(leader, leader[new])
    return gone[~stay], leader[~stay]


def emigrations(month: Month) -> np.ndarray:
    """Residents leave the country; int32[k], who went."""
    gone, _ = movers(month, "emigrates")
    return _leave(month, gone, "emigration", "emigration")


def departures(month: Month, customs: Customs) -> np.ndarray:
    """Residents move to another municipality: to one of the run, or out of it; int32[k], who went out."""
    gone, leader = movers(month, "moves_away")
    if not len(gone):
        return gone
    leaders, of = np.unique(leader, return_inverse=True)
    target = customs.destinations(month.register.stays["municipality"][leaders], month.draw("where to", leaders))
    inside = target[of] >= 0
    _relocate(month, gone[inside], leader[inside], target[of][inside], customs)
    return _leave(month, gone[~inside], "move_out", "out")


def _leave(month: Month, gone: np.ndarray, by: str, kind: str) -> np.ndarray:
    if not len(gone):
        return gone
    day = np.full(len(gone), month.day, dtype=np.int32)
    place = month.register.stays["municipality"][gone]
    month.register.move(gone, month.day, kind, place, OUTSIDE)
    partner = month.partner(gone)
    month.register.part(gone, day, "departure")
    month.unmarried(np.setdiff1d(partner[partner >= 0], gone))
    month.register.leave(gone, day, by)
    month.changes.parts(gone)
    month.changes.goes(gone)
    month.changes.carry_out()
    month.changes.end_care(gone)
    return gone


def _relocate(month: Month, gone: np.ndarray, leader: np.ndarray, target: np.ndarray, customs: Customs) -> None:
    """Households go on in another municipality of the run, under a new address."""
    if not len(gone):
        return
    is_leader = gone == leader
    leaders, place = gone[is_leader], target[is_leader]
    institutional = month.value("in_institution", leaders) != 0
    leaders, place = leaders[~institutional], place[~institutional]
    followers = np.isin(leader, leaders) & ~is_leader
    movers = np.concatenate([leaders, gone[followers]])
    led_by = np.concatenate([leaders, leader[followers]])
    targets = np.concatenate([place, target[followers]]).astype(np.int16)
    places = month.register.stays["municipality"]
    month.register.move(movers, month.day, "in", places[movers], targets)
    places[movers] = targets
    month.changes.set("municipality_code", movers, customs.code_of_place[targets])
    month.changes.set("moved_date", movers, month.day)
    neighbourhood = customs.neighbourhood(targets, month.draw("where in town", led_by))
    month.changes.set("neighbourhood_code", movers, neighbourhood)
    month.changes.alone(leaders, month.own_household(leaders))
    month.changes.joins(gone[followers], leader[followers])
    month.changes.carry_out()
