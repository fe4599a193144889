"""The kernel: runs the residents of a block, household by household, from event to event.

Within a household time goes in ticks of a calendar month: inside a tick a resident reads the others as they were at
its beginning and writes only its own columns; at its end (the barrier) the others see what has changed. Ticks in
which nobody is due are skipped.
"""

from __future__ import annotations

import numpy as np

from abmsim.engine.actions import wake_readers
from abmsim.engine.ages import month_begin, month_end
from abmsim.engine.compiled import entry, helper
from abmsim.engine.draws import mix
from abmsim.engine.lifecourse import bereave
from abmsim.engine.memory import get_f64, get_i32, get_i64, get_u64, put_f64, put_i32, put_i64, put_u16, put_u64
from abmsim.engine.step import advance
from abmsim.engine.world import (
    ATTEMPT,
    ATTRIBUTE_COUNT,
    ATTRIBUTES,
    BASE,
    BIRTH,
    DEATH,
    DONE,
    DRAW_KEY,
    DUE,
    FIRST,
    FIRST_ATTRIBUTES,
    FULL,
    GIVEN_UP,
    IMMORTAL,
    LAST_ROWS,
    MODULE_COUNT,
    MODULES,
    MOST_ATTEMPTS,
    MOST_STEPS,
    NEVER,
    NEXT_UNIT,
    NO_EXIT,
    NONE,
    OPEN_ROWS,
    ORDINALS,
    PERSON_KEY,
    PLANNED,
    PUBLIC,
    REDRAW,
    REDRAWN,
    RELATIVE_READERS,
    ROOM,
    ROW_CAPACITY,
    ROW_COUNT,
    SLOT_EPISODE,
    SLOT_EXIT,
    SLOT_LINE,
    SLOT_STATE,
    SLOT_WIDTH,
    SLOTS,
    SNAPSHOT,
    STATE_COUNT,
    STUCK_STATE,
    TABLE_COUNT,
    TICK_START,
    UNIT_COUNT,
    UNIT_FIRST,
    UNIT_ROW,
    UNIT_SEEN,
    UNIT_SIZE,
    UNIT_STARTED,
    UNTIL,
    VERB_COUNT,
    VISITS,
    WORDS,
)  # fmt: skip
from abmsim.lang import layout as at


@entry
def run_units(c):
    """Runs the block's households from NEXT_UNIT on to the day UNTIL; says FULL when the log needs more room."""
    while get_i64(c, NEXT_UNIT) < get_i64(c, UNIT_COUNT):
        unit = get_i64(c, NEXT_UNIT)
        if get_i64(c, UNIT_STARTED) == 0:
            put_i64(c, UNIT_ROW, get_i64(c, ROW_COUNT))
            begin_unit(c, unit)
            put_i64(c, UNIT_STARTED, 1)
        if run_unit(c, unit) == FULL:
            return FULL
        if get_i64(c, STUCK_STATE) != 0:
            return DONE
        put_i64(c, UNIT_STARTED, 0)
        put_i64(c, NEXT_UNIT, unit + 1)
    return DONE


@helper
def begin_unit(c, unit):
    """Puts the residents of a household at the beginning of their lives."""
    put_i64(c, UNIT_SEEN, -NEVER)
    first = get_i32(get_i64(c, UNIT_FIRST), unit)
    for person in range(first, first + get_i32(get_i64(c, UNIT_SIZE), unit)):
        begin_life(c, person)
        columns = get_i64(c, ATTRIBUTE_COUNT)
        for i in range(person * columns, person * columns + columns):
            value = get_f64(get_i64(c, FIRST_ATTRIBUTES), i)
            put_f64(get_i64(c, ATTRIBUTES), i, value)
            put_f64(get_i64(c, SNAPSHOT), i, value)


@helper
def begin_life(c, person):
    """Nothing has happened yet; every module is due on the day of birth, or on the base date if it begins there."""
    w = get_i64(c, WORDS)
    born = get_i32(get_i64(c, BIRTH), person)
    key = mix(get_u64(get_i64(c, PERSON_KEY), person), np.uint64(get_i32(get_i64(c, ATTEMPT), person)))
    put_u64(get_i64(c, DRAW_KEY), person, key)
    put_i32(get_i64(c, DEATH), person, NEVER)
    for module in range(get_i64(c, MODULE_COUNT)):
        column = person * get_i64(c, MODULE_COUNT) + module
        at_base = get_i32(w, get_i64(c, MODULES) + module * at.MODULE_WIDTH + at.MODULE_BEGINS_BASE)
        put_i32(get_i64(c, DUE), column, max(born, get_i64(c, BASE)) if at_base else born)
        slot = column * SLOT_WIDTH
        put_i32(get_i64(c, SLOTS), slot + SLOT_STATE, -1)
        put_i32(get_i64(c, SLOTS), slot + SLOT_EXIT, NO_EXIT)
        put_i32(get_i64(c, SLOTS), slot + SLOT_EPISODE, -1)
        put_i32(get_i64(c, SLOTS), slot + SLOT_LINE, 0)
    for state in range(get_i64(c, STATE_COUNT)):
        put_u16(get_i64(c, VISITS), person * get_i64(c, STATE_COUNT) + state, 0)
    for table in range(get_i64(c, TABLE_COUNT)):
        put_i32(get_i64(c, ORDINALS), person * get_i64(c, TABLE_COUNT) + table, 0)
    for verb in range(person * get_i64(c, VERB_COUNT), (person + 1) * get_i64(c, VERB_COUNT)):
        put_i32(get_i64(c, OPEN_ROWS), verb, -1)
        put_i32(get_i64(c, LAST_ROWS), verb, -1)
        put_i32(get_i64(c, PLANNED), verb, NEVER)


@helper
def earliest(c, person):
    """The first day on which a module of the resident is due."""
    due = get_i64(c, DUE)
    best = NEVER
    first = person * get_i64(c, MODULE_COUNT)
    for column in range(first, first + get_i64(c, MODULE_COUNT)):
        best = min(best, get_i32(due, column))
    return best


@helper
def run_unit(c, unit):
    """Runs a household tick by tick to the horizon; a month in which somebody is born counts, though nothing is due."""
    first = get_i32(get_i64(c, UNIT_FIRST), unit)
    size = get_i32(get_i64(c, UNIT_SIZE), unit)
    until = get_i64(c, UNTIL)
    while True:
        day = NEVER
        for person in range(first, first + size):
            day = min(day, earliest(c, person))
            born = get_i32(get_i64(c, BIRTH), person)
            if size > 1 and born >= get_i64(c, UNIT_SEEN):
                day = min(day, born)
        if day >= until:
            return DONE
        end = until if size == 1 else min(month_end(c, day), until)
        put_i64(c, TICK_START, day if size == 1 else month_begin(c, day))
        for person in range(first, first + size):
            if run_person(c, person, end) == FULL:
                return FULL
            if get_i64(c, STUCK_STATE) != 0:
                return DONE
        if get_i64(c, REDRAW) != 0:
            draw_again(c, unit)
        elif size > 1:
            barrier(c, unit, first, first + size, end)
            put_i64(c, UNIT_SEEN, end)


@helper
def run_person(c, person, end):
    """Runs a resident's due modules in order of day, on one day in order of their names, until `end`."""
    due = get_i64(c, DUE)
    modules = get_i64(c, MODULE_COUNT)
    first = person * modules
    today, turns = NONE, FIRST
    while True:
        day, module = NEVER, FIRST
        for i in range(modules):
            if get_i32(due, first + i) < day:
                day, module = get_i32(due, first + i), i
        if day >= end:
            return DONE
        turns = turns + 1 if day == today else FIRST
        today = day
        if turns >= MOST_STEPS:  # modules that wake each other without end
            put_i64(c, STUCK_STATE, get_i32(get_i64(c, SLOTS), (first + module) * SLOT_WIDTH + SLOT_STATE) + 1)
            return DONE
        if get_i64(c, ROW_COUNT) + ROOM > get_i64(c, ROW_CAPACITY):
            return FULL
        advance(c, person, module, day)
        if get_i64(c, STUCK_STATE) != 0 or get_i64(c, REDRAW) != 0:
            return DONE


@helper
def draw_again(c, unit):
    """Somebody of the base date died before it: the household's history begins anew, with other draws for them."""
    person = get_i64(c, REDRAW) - 1
    attempt = get_i32(get_i64(c, ATTEMPT), person) + 1
    put_i32(get_i64(c, ATTEMPT), person, attempt)
    put_i64(c, REDRAWN, get_i64(c, REDRAWN) + 1)
    if attempt >= MOST_ATTEMPTS:
        put_i32(get_i64(c, IMMORTAL), person, 1)
        put_i64(c, GIVEN_UP, get_i64(c, GIVEN_UP) + 1)
    put_i64(c, REDRAW, 0)
    put_i64(c, ROW_COUNT, get_i64(c, UNIT_ROW))
    begin_unit(c, unit)


@helper
def barrier(c, unit, first, end, day):
    """The end of a tick: deaths change the household, and births and changes become visible to the others."""
    for person in range(first, end):
        died = get_i32(get_i64(c, DEATH), person)
        if died < day and died >= get_i64(c, TICK_START):
            bereave(c, unit, day)
            wake_housemates(c, person, first, end, NONE, day)
        born = get_i32(get_i64(c, BIRTH), person)
        if born < day and born >= get_i64(c, TICK_START):
            wake_housemates(c, person, first, end, NONE, day)
    w = get_i64(c, WORDS)
    public = get_i64(c, PUBLIC)
    columns = get_i64(c, ATTRIBUTE_COUNT)
    for i in range(get_i32(w, public)):
        index = get_i32(w, public + 1 + i)
        for person in range(first, end):
            value = get_f64(get_i64(c, ATTRIBUTES), person * columns + index)
            if value != get_f64(get_i64(c, SNAPSHOT), person * columns + index):
                put_f64(get_i64(c, SNAPSHOT), person * columns + index, value)
                wake_housemates(c, person, first, end, index, day)


@helper
def wake_housemates(c, person, first, end, index, day):
    """Wakes those who read an attribute of `person` (-1: anything of it) at the beginning of the next tick."""
    w = get_i64(c, WORDS)
    for other in range(first, end):
        if other == person:
            continue
        if index >= 0:
            wake_readers(c, other, get_i32(w, get_i64(c, RELATIVE_READERS) + index), at.STATE_RELATIVES, index, day)
            continue
        for i in range(get_i32(w, get_i64(c, PUBLIC))):
            wake_housemates_of(c, other, get_i32(w, get_i64(c, PUBLIC) + 1 + i), day)


@helper
def wake_housemates_of(c, other, index, day):
    w = get_i64(c, WORDS)
    wake_readers(c, other, get_i32(w, get_i64(c, RELATIVE_READERS) + index), at.STATE_RELATIVES, index, day)
