"""What residents asked for in a month and what comes of it: homes of their own, marriages, separations, institutions.

Each function carries out one kind of `happens:` (see `lang.happenings`) for all who asked, in order of day and key.
"""

from __future__ import annotations

import numpy as np

from abmsim.engine.month import ADULT_YEARS, CHILD_AT_HOME, FATHER, MOTHER, PARTNER, Month
from abmsim.population.customs import Customs
from abmsim.population.people import INSTITUTION
from abmsim.randomness import keys, name_key, uniform

_WOMAN = 0
_FAMILIES_ASKED = 4096
"""Residents among whom a family for an orphan is looked for: enough for any town to have some."""


def deaths(month: Month) -> tuple[np.ndarray, np.ndarray]:
    """Those who died leave; (int32[k], int32[k]): the members whom they left behind, and when.

    A newborn of the month before may have died in it: its first month is run together with the second.
    """
    death = month.columns.column("DEATH")
    rows = np.flatnonzero(death < month.end).astype(np.int32)
    rows = rows[month.is_there(rows)]
    if not len(rows):
        return rows, rows
    left, day_of = _left_behind(month, rows, death[rows])
    partner = month.relative(rows, PARTNER)
    bereaved, day = partner[partner >= 0], death[rows[partner >= 0]]
    month.changes.set("bereavement_date", bereaved, day)
    month.unmarried(bereaved)
    month.register.part(rows, death[rows], "bereavement")
    month.register.leave(rows, death[rows], "death")
    month.changes.parts(rows)
    month.changes.goes(rows)
    month.changes.carry_out()
    return left, day_of


def _left_behind(month: Month, rows: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(members, day) of those who lived with who died, and when the last of them did."""
    group = month.columns.column("GROUP")
    last = np.zeros(len(month.register.groups), dtype=np.int32)
    np.maximum.at(last, group[rows], day)
    left = np.setdiff1d(month.members(rows), rows)
    return left, last[group[left]]


def leaving_home(month: Month) -> None:
    """Children at home start a household of their own."""
    rows = month.asked("leaves_home").rows
    rows = np.unique(rows[month.value("position", rows) == CHILD_AT_HOME])
    if not len(rows):
        return
    month.changes.alone(rows, month.own_household(rows))
    place = month.register.stays["municipality"][rows]
    month.register.move(rows, month.day, "leaving_home", place, place)
    month.changes.carry_out()


def marriages(month: Month) -> None:
    """Couples marry; both are married from then on."""
    asked = month.asked("marries")
    partner = month.partner(asked.rows)
    together = (partner >= 0) & (month.value("married", asked.rows) == 0)
    rows, partner, day = asked.rows[together], partner[together], asked.day[together]
    month.changes.set("married", rows, 1.0)
    month.changes.set("married", partner, 1.0)
    month.register.marry(rows, partner, day)
    month.changes.look_again(np.concatenate([rows, partner]))
    month.changes.carry_out()


def separations(month: Month, customs: Customs) -> None:
    """Couples part: one of them leaves, the children stay with the other."""
    asked = month.asked("separates")
    partner = month.partner(asked.rows)
    couple = np.minimum(asked.rows, partner)
    _, first = np.unique(couple, return_index=True)
    first = np.sort(first[couple[first] >= 0])
    one, other = asked.rows[first], partner[first]
    if not len(one):
        return
    day = np.full(len(one), month.day, dtype=np.int32)
    leaver = np.where(_first_leaves(month, one, other, customs), one, other)
    stayer = np.where(leaver == one, other, one)
    both = np.concatenate([one, other])
    children, of = month.children_at_home(leaver)
    parents = month.columns.matrix("RELATIVES")[children][:, [MOTHER, FATHER]]
    common = (parents == stayer[of][:, None]).any(axis=1)
    month.changes.set("separation_date", both, month.day)
    month.unmarried(both)
    month.changes.set("parents_separated", children[common], 1.0)
    month.register.part(one, day, "separation")
    people = month.register.people
    people["former_partner"][one], people["former_partner"][other] = other, one
    month.changes.parts(one)
    month.changes.alone(leaver, month.own_household(leaver))
    month.changes.joins(children[~common], leaver[of[~common]])
    place = month.register.stays["municipality"]
    gone = np.concatenate([leaver, children[~common]])
    month.register.move(gone, month.day, "separation", place[gone], place[gone])
    month.changes.carry_out()


def _first_leaves(month: Month, one: np.ndarray, other: np.ndarray, customs: Customs) -> np.ndarray:
    """bool[k]: whether the first of a couple leaves: the father more often than the mother if there are children."""
    u = month.draw("who leaves", np.minimum(one, other))
    sex_one, sex_other = month.value("sex", one), month.value("sex", other)
    mother_stays = u < customs.children_stay_with_mother
    has_children = (month.value("is_parent", one) != 0) & (sex_one != sex_other)
    with_children = np.where(sex_one == _WOMAN, ~mother_stays, mother_stays)
    return np.where(has_children, with_children, u < 0.5)


def institutions(month: Month) -> None:
    """Residents move to an institution of their municipality, without their household."""
    rows = np.unique(month.asked("enters_institution").rows)
    rows = rows[month.value("in_institution", rows) == 0]
    if not len(rows):
        return
    place = month.register.stays["municipality"][rows]
    household = np.empty(len(rows), dtype=np.int32)
    u = month.draw("which institution", rows)
    for municipality in np.unique(place):
        there = np.flatnonzero(place == municipality)
        choice = month.register.institutions(municipality)
        if not len(choice):
            choice = month.found("institution", rows[there[:1]], INSTITUTION)
        household[there] = choice[(u[there] * len(choice)).astype(np.int64)]
    month.changes.enters_institution(rows, month.register.new_groups(household))
    month.register.move(rows, month.day, "institution", place, place)
    month.changes.carry_out()


def other_parents(month: Month) -> None:
    """Minors of separated parents change to the other parent, if that one lives in the run and in a household."""
    rows = np.unique(month.asked("changes_parent").rows)
    rows = rows[(month.value("position", rows) == CHILD_AT_HOME) & (month.age(rows) < ADULT_YEARS)]
    mother, father = month.relative(rows, MOTHER), month.relative(rows, FATHER)
    with_mother = month.lives_with(rows, mother)
    other = np.where(with_mother, father, mother)
    may = (other >= 0) & ~month.lives_with(rows, other)
    may[may] = month.value("in_institution", other[may]) == 0
    rows, other = rows[may], other[may]
    _go_to(month, rows, other)


def moves_within(month: Month, customs: Customs) -> None:
    """Households move inside their municipality: everybody in them gets another address, perhaps elsewhere in it."""
    rows = month.asked("moves_house").rows
    rows = rows[month.value("in_institution", rows) == 0]
    if not len(rows):
        return
    members = month.members(rows)
    group = month.columns.column("GROUP")[members]
    places = month.register.stays["municipality"]
    _, first, of = np.unique(group, return_index=True, return_inverse=True)
    u = month.draw("where in town", members[first])
    month.changes.set("neighbourhood_code", members, customs.neighbourhood(places[members[first]], u)[of])
    place = places[members]
    month.register.move(members, month.day, "within", place, place)


def care_for_orphans(month: Month, left: np.ndarray, customs: Customs) -> None:
    """No child stays behind alone: to the other parent, else to a family that takes them in.

    `left` int32[k]: those whose household somebody left in this month.
    """
    left = left[month.is_there(left)]
    left = left[month.value("in_institution", left) == 0]
    if not len(left):
        return
    members = month.members(left)
    group = month.columns.column("GROUP")[members]
    grown = np.zeros(len(month.register.groups), dtype=bool)
    grown[group[month.age(members) >= customs.youngest_on_ones_own]] = True
    rows = members[~grown[group]]
    if not len(rows):
        return
    mother, father = month.relative(rows, MOTHER), month.relative(rows, FATHER)
    home = np.where(mother >= 0, mother, father)
    usable = home >= 0
    usable[usable] = month.value("in_institution", home[usable]) == 0
    families = np.setdiff1d(_families(month), members)
    # Brothers and sisters go together: the draw is that of the eldest of the household.
    eldest = _eldest(month, rows)
    place = (month.draw("who takes the children in", eldest) * len(families)).astype(np.int64)
    if len(families):
        home = np.where(usable, home, families[np.minimum(place, len(families) - 1)])
    elif not usable.all():
        month.changes.enters_institution(rows[~usable], month.register.new_groups(
            month.found("institution", rows[~usable], INSTITUTION)
        ))  # fmt: skip
        rows, home = rows[usable], home[usable]
    _go_to(month, rows, home)


def _go_to(month: Month, children: np.ndarray, hosts: np.ndarray) -> None:
    """Children go to live in the households of these."""
    places = month.register.stays["municipality"]
    month.register.move(children, month.day, "other_parent", places[children], places[hosts])
    month.changes.set("moved_date", children[places[children] != places[hosts]], month.day)
    places[children] = places[hosts]
    month.changes.set("municipality_code", children, month.value("municipality_code", hosts))
    month.changes.joins(children, hosts)
    month.changes.carry_out()


def _families(month: Month) -> np.ndarray:
    """int32[f]: some heads of couples with children, who may take a child in: of those whom the month's draws name."""
    u = uniform(keys(int(name_key("families asked")) ^ month.end, np.arange(_FAMILIES_ASKED)))
    rows = np.unique((u * month.columns.count).astype(np.int32))
    rows = rows[month.is_there(rows)]
    head = month.value("is_household_head", rows) != 0
    able = head & (month.value("has_partner", rows) != 0) & (month.value("is_parent", rows) != 0)
    able &= (month.age(rows) >= 30) & (month.age(rows) < 60)
    return rows[able]


def _eldest(month: Month, rows: np.ndarray) -> np.ndarray:
    """int32[k]: for each the eldest of those of the same household among `rows`."""
    group = month.columns.column("GROUP")[rows]
    order = np.lexsort((rows, month.columns.column("BIRTH")[rows], group))
    _, first, place = np.unique(group[order], return_index=True, return_inverse=True)
    eldest = np.empty_like(rows)
    eldest[order] = rows[order][first][place]
    return eldest
