"""The kernel: runs the residents of a block from event to event.

Up to the base date it goes household by household; in the live years month by month, all residents of a town together.
Within a household time goes in ticks of a calendar month: inside a tick a resident reads the others as they were at
its beginning and writes only its own columns; at its end (the barrier) the others see what has changed. Ticks in
which nobody is due are skipped.
"""

from __future__ import annotations

import numpy as np

from abmsim.engine.actions import set_attribute
from abmsim.engine.ages import month_begin, month_end
from abmsim.engine.attributes import attribute, put_attribute
from abmsim.engine.barrier import barrier
from abmsim.engine.compiled import entry, helper
from abmsim.engine.draws import mix
from abmsim.engine.memory import get_f64, get_i32, get_i64, get_u64, put_f64, put_i32, put_i64, put_u64
from abmsim.engine.standing import forget, give_all_back, module_word, state_of
from abmsim.engine.step import advance
from abmsim.engine.world import (
    ATTEMPT,
    ATTRIBUTE_COUNT,
    BASE,
    BIRTH,
    DEATH,
    DONE,
    DRAW_KEY,
    DUE,
    END_PERSON,
    FIRST,
    FIRST_ATTRIBUTES,
    FIRST_GROUP,
    FULL,
    GIVEN_UP,
    GROUP,
    IMMORTAL,
    JOINED,
    MODULE_COUNT,
    MONTHLY,
    MOST_ATTEMPTS,
    MOST_STEPS,
    NEVER,
    NEXT_DUE,
    NEXT_PERSON,
    NEXT_UNIT,
    NONE,
    ORDINALS,
    PERSON_KEY,
    POOL_END,
    POOL_NEXT,
    POOL_ROOM,
    PUBLIC,
    PUBLIC_COUNT,
    REDRAW,
    REDRAWN,
    RING,
    ROOM,
    ROW_CAPACITY,
    ROW_COUNT,
    SCRIPT_ATTRIBUTES,
    SCRIPT_BEGIN,
    SCRIPT_DAYS,
    SCRIPT_END,
    SCRIPT_NEXT,
    SCRIPT_VALUES,
    SNAPSHOT,
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
    WORDS,
)  # fmt: skip
from abmsim.lang import layout as at


@entry
def run_block(c):
    """Runs a block to the day UNTIL, by households or for a month; says FULL when the log needs more room.

    One function for both: a second one would be compiled with the whole kernel once more.
    """
    return run_month(c) if get_i64(c, MONTHLY) != 0 else run_units(c)


@helper
def run_units(c):
    """Runs the block's households from NEXT_UNIT on; FULL as `run_block`."""
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
def run_month(c):
    """Runs the residents from NEXT_PERSON on to END_PERSON, without a barrier; FULL as `run_block`."""
    while get_i64(c, NEXT_PERSON) < get_i64(c, END_PERSON):
        person = get_i64(c, NEXT_PERSON)
        if get_i32(get_i64(c, GROUP), person) < 0:
            forget(c, person)
        elif run_person(c, person, get_i64(c, UNTIL)) == FULL:
            return FULL
        if get_i64(c, STUCK_STATE) != 0:
            return DONE
        put_i64(c, NEXT_PERSON, get_i64(c, NEXT_PERSON) + 1)
    return DONE


@entry
def begin_lives(c, first, end):
    """Puts newborns, whose attributes are set, at the beginning of their lives."""
    for person in range(first, end):
        show_first(c, person)
        begin_life(c, person)


@helper
def begin_unit(c, unit):
    """Puts the residents of a household at the beginning of their lives."""
    put_i64(c, UNIT_SEEN, -NEVER)
    first = get_i32(get_i64(c, UNIT_FIRST), unit)
    end = first + get_i32(get_i64(c, UNIT_SIZE), unit)
    for person in range(first, end):
        put_i32(get_i64(c, RING), person, first if person + 1 == end else person + 1)
        put_i32(get_i64(c, GROUP), person, get_i64(c, FIRST_GROUP) + unit)
        begin_life(c, person)
        columns = get_i64(c, ATTRIBUTE_COUNT)
        for i in range(columns):
            put_attribute(c, person, i, get_f64(get_i64(c, FIRST_ATTRIBUTES), person * columns + i))
        show_first(c, person)


@helper
def show_first(c, person):
    """Lets the others see what a resident is from the beginning."""
    w, public = get_i64(c, WORDS), get_i64(c, PUBLIC)
    for i in range(get_i32(w, public)):
        value = attribute(c, person, get_i32(w, public + 1 + i))
        put_f64(get_i64(c, SNAPSHOT), person * get_i64(c, PUBLIC_COUNT) + i, value)


@helper
def begin_life(c, person):
    """Nothing has happened yet; every module is due on the day of birth, or on the base date if it begins there."""
    born = get_i32(get_i64(c, BIRTH), person)
    key = mix(get_u64(get_i64(c, PERSON_KEY), person), np.uint64(get_i32(get_i64(c, ATTEMPT), person)))
    put_u64(get_i64(c, DRAW_KEY), person, key)
    put_i32(get_i64(c, DEATH), person, NEVER)
    put_i32(get_i64(c, SCRIPT_NEXT), person, get_i32(get_i64(c, SCRIPT_BEGIN), person))
    put_i32(get_i64(c, NEXT_DUE), person, born)
    for module in range(get_i64(c, MODULE_COUNT)):
        column = person * get_i64(c, MODULE_COUNT) + module
        at_base = module_word(c, module, at.MODULE_BEGINS_BASE)
        put_i32(get_i64(c, DUE), column, max(born, get_i64(c, BASE)) if at_base else born)
    give_all_back(c, person)
    for table in range(get_i64(c, TABLE_COUNT)):
        put_i32(get_i64(c, ORDINALS), person * get_i64(c, TABLE_COUNT) + table, 0)


@helper
def script_day(c, person):
    """The day of the next thing that is told of the resident's past; NEVER after the last."""
    if get_i32(get_i64(c, SCRIPT_NEXT), person) >= get_i32(get_i64(c, SCRIPT_END), person):
        return NEVER
    return get_i32(get_i64(c, SCRIPT_DAYS), get_i32(get_i64(c, SCRIPT_NEXT), person))


@helper
def tell(c, person, day):
    """Does to a resident what is told of a day of their past."""
    while script_day(c, person) <= day:
        event = get_i32(get_i64(c, SCRIPT_NEXT), person)
        put_i32(get_i64(c, SCRIPT_NEXT), person, event + 1)
        value = get_f64(get_i64(c, SCRIPT_VALUES), event)
        set_attribute(c, person, get_i32(get_i64(c, SCRIPT_ATTRIBUTES), event), value, day)


@helper
def earliest(c, person):
    """The first day on which a module of the resident is due or something is told of them."""
    return min(script_day(c, person), get_i32(get_i64(c, NEXT_DUE), person))


@helper
def run_unit(c, unit):
    """Runs a household tick by tick to the horizon; a month in which somebody joins counts, though nothing is due."""
    first = get_i32(get_i64(c, UNIT_FIRST), unit)
    size = get_i32(get_i64(c, UNIT_SIZE), unit)
    until = get_i64(c, UNTIL)
    while True:
        day = NEVER
        for person in range(first, first + size):
            day = min(day, earliest(c, person))
            joined = get_i32(get_i64(c, JOINED), person)
            if size > 1 and joined >= get_i64(c, UNIT_SEEN):
                day = min(day, joined)
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
            barrier(c, first, first + size, end)
            put_i64(c, UNIT_SEEN, end)


@helper
def run_person(c, person, end):
    """Runs a resident's due modules in order of day, on one day in order of their names, until `end`.

    What is told of a day of the past comes before the modules of that day.
    """
    due = get_i64(c, DUE)
    modules = get_i64(c, MODULE_COUNT)
    first = person * modules
    today, turns = NONE, FIRST
    if earliest(c, person) >= end:
        return DONE
    while True:
        day, module = NEVER, FIRST
        for i in range(modules):
            if get_i32(due, first + i) < day:
                day, module = get_i32(due, first + i), i
        told = script_day(c, person)
        if min(day, told) >= end:
            put_i32(get_i64(c, NEXT_DUE), person, day)
            return DONE
        if told <= day:
            tell(c, person, told)
            continue
        turns = turns + 1 if day == today else FIRST
        today = day
        if turns >= MOST_STEPS:  # modules that wake each other without end
            put_i64(c, STUCK_STATE, state_of(c, person, module) + 1)
            return DONE
        if get_i64(c, ROW_COUNT) + ROOM > get_i64(c, ROW_CAPACITY):
            return FULL
        if get_i64(c, POOL_NEXT) + get_i64(c, POOL_ROOM) > get_i64(c, POOL_END):
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
