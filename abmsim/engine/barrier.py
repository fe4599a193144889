"""The barrier at the end of a tick: households change, and the others see what has changed."""

from __future__ import annotations

from abmsim.engine.actions import close, set_attribute, wake_readers
from abmsim.engine.attributes import attribute
from abmsim.engine.compiled import entry, helper
from abmsim.engine.households import institutionalise, join, next_member, refresh, stand_alone
from abmsim.engine.memory import get_f64, get_i32, get_i64, get_u16, put_f64, put_i32, put_u16
from abmsim.engine.world import (
    BIRTH,
    CHANGED,
    DEATH,
    DUE,
    FIRST,
    GROUP,
    JOINED,
    MODULE_COUNT,
    NEVER,
    NONE,
    PARTNER,
    PUBLIC,
    PUBLIC_COUNT,
    RELATIVE_COUNT,
    RELATIVE_READERS,
    RELATIVES,
    SNAPSHOT,
    TICK_START,
    VERB_COUNT,
    VERBS,
    WORDS,
)  # fmt: skip
from abmsim.lang import layout as at
from abmsim.lang.layout import constant, constants

CHANGE_WIDTH = constant(3)
ALONE, JOINS, GOES, PAIRS, PARTS, ENTERS_INSTITUTION, NOTHING = constants(7)
"""Changes of households: what, the resident, and the other: ALONE a new group | JOINS a resident in whose household |
GOES nobody: out of the town | PAIRS the partner | PARTS nobody | ENTERS_INSTITUTION a new group | NOTHING nobody: the
household is only looked at again."""


@entry
def change_households(c, changes, count, day, seen):
    """Carries out `count` changes at the address `changes` (int32[count, 3]) in order, on the day that begins a tick.

    At the address `seen` (int32, room for 40 times `count`) it leaves the residents whose households changed, some
    more than once; says how many. Members beyond the room are not told.
    """
    total = FIRST
    for i in range(count):
        what = get_i32(changes, i * CHANGE_WIDTH)
        person = get_i32(changes, i * CHANGE_WIDTH + 1)
        total = note(seen, total, next_member(c, person))
        total = note(seen, total, person)
        change(c, what, person, get_i32(changes, i * CHANGE_WIDTH + 2), day)
    touched = total
    for i in range(touched):
        person = get_i32(seen, i)
        if get_i32(get_i64(c, GROUP), person) < 0:
            continue
        refresh(c, person, day)
        wake_household(c, person, day)
        other = next_member(c, person)
        while other != person and total < 40 * count:
            total = note(seen, total, other)
            other = next_member(c, other)
    return total


@helper
def note(seen, total, person):
    put_i32(seen, total, person)
    return total + 1


@helper
def change(c, what, person, other, day):
    """One change of a household."""
    if what == NOTHING:
        return
    partners = get_i64(c, RELATIVES)
    if what == PAIRS:
        put_i32(partners, person * RELATIVE_COUNT + PARTNER, other)
        put_i32(partners, other * RELATIVE_COUNT + PARTNER, person)
        return
    if what == PARTS:
        other = get_i32(partners, person * RELATIVE_COUNT + PARTNER)
        put_i32(partners, person * RELATIVE_COUNT + PARTNER, NONE)
        if other >= 0:
            put_i32(partners, other * RELATIVE_COUNT + PARTNER, NONE)
        return
    if what == JOINS:
        stand_alone(c, person, NONE)
        join(c, person, other)
        return
    stand_alone(c, person, NONE if what == GOES else other)
    if what == ENTERS_INSTITUTION:
        institutionalise(c, person, day)


@entry
def assign(c, persons, attributes, values, count, day):
    """Sets attributes: `count` of int32 residents, int32 attributes and float64 values at these addresses."""
    for i in range(count):
        set_attribute(c, get_i32(persons, i), get_i32(attributes, i), get_f64(values, i), day)


@entry
def publish(c, first, end, day):
    """Shows the others what has changed of the residents first..end since the last barrier."""
    w = get_i64(c, WORDS)
    public = get_i64(c, PUBLIC)
    for person in range(first, end):
        if get_u16(get_i64(c, CHANGED), person) != 0:
            put_u16(get_i64(c, CHANGED), person, FIRST)
            for i in range(get_i32(w, public)):
                show(c, person, i, get_i32(w, public + 1 + i), day)


@entry
def depart(c, persons, count, day):
    """Ends what runs of residents who leave the town: rows are closed with their table's code for it."""
    w = get_i64(c, WORDS)
    verbs = get_i64(c, VERB_COUNT)
    for i in range(count):
        person = get_i32(persons, i)
        for verb in range(verbs):
            reason = get_i32(w, get_i64(c, VERBS) + verb * at.VERB_WIDTH + at.VERB_ON_DEPARTURE)
            close(c, person, verb, reason, day)
        for module in range(get_i64(c, MODULE_COUNT)):
            put_i32(get_i64(c, DUE), person * get_i64(c, MODULE_COUNT) + module, NEVER)


@helper
def barrier(c, first, end, day):
    """The end of a tick: deaths change the household, and births and changes become visible to the others."""
    for person in range(first, end):
        died = get_i32(get_i64(c, DEATH), person)
        if died < day and died >= get_i64(c, TICK_START):
            bereave(c, person, day)
        joined = get_i32(get_i64(c, JOINED), person)
        if joined < day and joined >= get_i64(c, TICK_START):
            welcome(c, person, joined, day)
    w = get_i64(c, WORDS)
    public = get_i64(c, PUBLIC)
    for i in range(get_i32(w, public)):
        for person in range(first, end):
            show(c, person, i, get_i32(w, public + 1 + i), day)


@helper
def show(c, person, place, index, day):
    """Lets the others see an attribute of a resident as it is now, and wakes those of the household who read it.

    `place` is the attribute's number among the public ones.
    """
    value = attribute(c, person, index)
    seen = person * get_i64(c, PUBLIC_COUNT) + place
    if value != get_f64(get_i64(c, SNAPSHOT), seen):
        put_f64(get_i64(c, SNAPSHOT), seen, value)
        wake_housemates(c, person, index, day)


@helper
def bereave(c, person, day):
    """Somebody has died: those who lived with them go on without."""
    other = next_member(c, person)
    stand_alone(c, person, NONE)
    if other != person:
        refresh(c, other, day)
        wake_household(c, other, day)


@helper
def welcome(c, person, joined, day):
    """Somebody was born or has moved in: the others look again, and so do they if they were there before."""
    other = next_member(c, person)
    while other != person:
        wake_all_readers(c, other, day)
        other = next_member(c, other)
    if joined > get_i32(get_i64(c, BIRTH), person):
        wake_all_readers(c, person, day)


@helper
def wake_household(c, person, day):
    """Wakes all members of a household who read each other: somebody has come or gone."""
    other = person
    while True:
        wake_all_readers(c, other, day)
        other = next_member(c, other)
        if other == person:
            return


@helper
def wake_housemates(c, person, index, day):
    """Wakes those who read an attribute of `person` at the beginning of the next tick."""
    other = next_member(c, person)
    while other != person:
        wake_reader(c, other, index, day)
        other = next_member(c, other)


@helper
def wake_all_readers(c, person, day):
    """Wakes what a resident has that reads anything of the others."""
    w = get_i64(c, WORDS)
    for i in range(get_i32(w, get_i64(c, PUBLIC))):
        wake_reader(c, person, get_i32(w, get_i64(c, PUBLIC) + 1 + i), day)


@helper
def wake_reader(c, person, index, day):
    w = get_i64(c, WORDS)
    wake_readers(c, person, get_i32(w, get_i64(c, RELATIVE_READERS) + index), at.STATE_RELATIVES, index, day)
