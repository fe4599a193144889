"""What entering a state does: rows are opened and closed, attributes set, deaths happen."""

from __future__ import annotations

import math

from abmsim.engine.attributes import attribute, put_attribute
from abmsim.engine.compiled import helper
from abmsim.engine.draws import ONE, draw
from abmsim.engine.evaluate import number_of
from abmsim.engine.memory import get_f64, get_i32, get_i64, put_i32, put_i64, put_u16
from abmsim.engine.standing import (
    episode_at,
    line_word,
    module_word,
    place_of,
    put_exit,
    rows_of_verb,
    slot_of,
    state_at,
    state_of,
    visit_at,
)  # fmt: skip
from abmsim.engine.timing import drawn, duration_end
from abmsim.engine.world import (
    AT_REST,
    BASE,
    CHANGED,
    DEATH,
    DUE,
    IMMORTAL,
    MODULE_COUNT,
    NEVER,
    NEXT_DUE,
    NO_EXIT,
    NONE,
    NUMBERS,
    ORDINALS,
    POOL,
    READERS,
    REDRAW,
    ROW_COUNT,
    ROWS,
    TABLE_COUNT,
    VERB_COUNT,
    VERBS,
    WORDS,
)  # fmt: skip
from abmsim.lang import layout as at


@helper
def set_attribute(c, person, index, value, day):
    """Writes an attribute; a change wakes the resident's modules that wait on it."""
    if attribute(c, person, index) == value:
        return
    put_attribute(c, person, index, value)
    put_u16(get_i64(c, CHANGED), person, ONE)
    w = get_i64(c, WORDS)
    wake_readers(c, person, get_i32(w, get_i64(c, READERS) + index), at.STATE_OWN, index, day)


@helper
def wake_readers(c, person, readers, field, index, day):
    """Makes those of the listed modules look again that are in a state which reads the attribute."""
    if readers == 0 or get_i32(get_i64(c, DEATH), person) <= day:
        return
    w, due, next_due = get_i64(c, WORDS), get_i64(c, DUE), get_i64(c, NEXT_DUE)
    for i in range(get_i32(w, readers)):
        module = get_i32(w, readers + 1 + i)
        column = person * get_i64(c, MODULE_COUNT) + module
        state = state_of(c, person, module)
        if state < 0 or get_i32(due, column) < day:
            continue
        place = place_of(c, person, module)
        if place == AT_REST and module_word(c, module, at.MODULE_REST) == at.REST_CERTAIN:
            continue
        reads = get_i32(w, at.STATES + state * at.STATE_WIDTH + field)
        if reads == 0:
            continue
        for k in range(get_i32(w, reads)):
            if get_i32(w, reads + 1 + k) == index:
                put_i32(due, column, day)
                put_i32(next_due, person, min(get_i32(next_due, person), day))
                if place > 0:
                    put_exit(c, 2 * place, NO_EXIT)


@helper
def value_of(c, person, module, place, day):
    """The value that an action gives: kind, operand and draw at `place`."""
    w, numbers = get_i64(c, WORDS), get_i64(c, NUMBERS)
    kind, operand = get_i32(w, place), get_i32(w, place + 1)
    if kind == at.VALUE_LABEL:
        return float(operand)
    if kind == at.VALUE_EXPRESSION:
        return number_of(c, person, module, operand, day)
    slot = slot_of(c, person, module)
    if kind == at.VALUE_MAPPED:
        line = get_i32(get_i64(c, POOL), line_word(c, module, slot, at.LAST_LINE))
        label = int(get_f64(numbers, get_i32(w, line + at.LINE_NUMBERS) + get_i32(w, operand)))
        return float(get_i32(w, operand + 2 + label))
    u = draw_here(c, person, slot, get_i32(w, place + 2))
    if kind == at.VALUE_DRAWN:
        return drawn(c, person, module, operand, day, u)
    chosen = pick(c, person, module, operand, at.LABEL_WIDTH, day, u)
    return float(get_i32(w, chosen))


@helper
def draw_here(c, person, slot, kind):
    """A draw of the present visit of a resident's state."""
    return draw(c, person, state_at(c, slot), episode_at(c, slot), visit_at(c, slot), kind)


@helper
def pick(c, person, module, place, width, day, u):
    """Place of the share that `u` falls in, of a list n, n * (width words, the last one the share's expression)."""
    w = get_i64(c, WORDS)
    count = get_i32(w, place)
    total = 0.0
    for i in range(count):
        share = place + 1 + i * width
        expression = get_i32(w, share + width - 1)
        if expression == 0 or i == count - 1:
            return share
        total += number_of(c, person, module, expression, day)
        if u < total:
            return share
    return place + 1


@helper
def act(c, person, module, place, row, day):
    """Carries out a list of actions; `row` is the log row of the state that is being entered."""
    w, rows = get_i64(c, WORDS), get_i64(c, ROWS)
    while True:
        action = get_i32(w, place)
        if action == at.ACTION_STOP:
            return
        operand = get_i32(w, place + 1)
        if action == at.ACTION_SET:
            set_attribute(c, person, operand, value_of(c, person, module, place + 2, day), day)
            place += 5
        elif action == at.ACTION_CLOSE:
            close(c, person, operand, int(value_of(c, person, module, place + 2, day)), day)
            place += 5
        elif action == at.ACTION_SLOT:
            value = value_of(c, person, module, place + 2, day)
            put_i32(rows, row * at.ROW_WIDTH + at.ROW_VALUES + operand, int(math.floor(value + 0.5)))
            place += 5
        elif action == at.ACTION_OPEN:
            open_row(c, person, operand, row, day)
            place += 2
        elif action == at.ACTION_PARENT:
            told = rows_of_verb(c, person, get_i32(w, place + 2))
            last = get_i32(get_i64(c, POOL), told + at.VERB_LAST) if told else NONE
            put_i32(rows, row * at.ROW_WIDTH + at.ROW_PARENTS + operand, last)
            place += 3
        elif action == at.ACTION_PLAN:
            slot = slot_of(c, person, module)
            u = draw_here(c, person, slot, get_i32(w, place + 3))
            end = duration_end(c, person, module, get_i32(w, place + 2), day, u)
            put_i32(get_i64(c, POOL), rows_of_verb(c, person, operand) + at.VERB_PLANNED, end)
            put_i32(rows, row * at.ROW_WIDTH + at.ROW_PLANNED, end)
            place += 4
        else:
            put_i32(rows, row * at.ROW_WIDTH + at.ROW_TERM, duration_end(c, person, module, operand, day, 0.5))
            place += 2


@helper
def open_row(c, person, verb, row, day):
    """Makes the row of the entered state a row of the verb's table; a row still open is closed without a reason.

    A death that is left out of a history (see `die`) writes no row of its table either.
    """
    w, rows = get_i64(c, WORDS), get_i64(c, ROWS)
    pool, told = get_i64(c, POOL), rows_of_verb(c, person, verb)
    descriptor = get_i64(c, VERBS) + verb * at.VERB_WIDTH
    kills = get_i32(w, descriptor + at.VERB_KILLS)
    if kills and get_i32(get_i64(c, IMMORTAL), person) and day <= get_i64(c, BASE):
        return
    close(c, person, verb, NONE, day)
    ordinals = get_i64(c, ORDINALS)
    counter = person * get_i64(c, TABLE_COUNT) + get_i32(w, descriptor + at.VERB_TABLE)
    ordinal = get_i32(ordinals, counter)
    put_i32(ordinals, counter, ordinal + 1)
    put_i32(rows, row * at.ROW_WIDTH + at.ROW_ORDINAL, ordinal)
    put_i32(rows, row * at.ROW_WIDTH + at.ROW_VERB, verb)
    put_i32(pool, told + at.VERB_LAST, ordinal)
    put_i32(pool, told + at.VERB_PLANNED, NEVER)
    if get_i32(w, descriptor + at.VERB_HAS_END):
        put_i32(pool, told + at.VERB_OPEN, row)
    if kills:
        die(c, person, day)


@helper
def close(c, person, verb, reason, day):
    """Closes the open row of a resident's verb, if there is one."""
    pool, told = get_i64(c, POOL), rows_of_verb(c, person, verb)
    row = get_i32(pool, told + at.VERB_OPEN) if told else NONE
    if row < 0:
        return
    rows = get_i64(c, ROWS)
    put_i32(rows, row * at.ROW_WIDTH + at.ROW_END, day)
    put_i32(rows, row * at.ROW_WIDTH + at.ROW_REASON, reason)
    put_i32(pool, told + at.VERB_OPEN, NONE)
    put_i32(pool, told + at.VERB_PLANNED, NEVER)


@helper
def die(c, person, day):
    """Ends a life: every open row is closed with its table's code for a death, no module goes on.

    A resident of the base date is alive all through that day: who would die up to it gets another history.
    """
    if day <= get_i64(c, BASE):
        put_i64(c, REDRAW, person + 1)
    w = get_i64(c, WORDS)
    put_i32(get_i64(c, DEATH), person, day)
    for verb in range(get_i64(c, VERB_COUNT)):
        reason = get_i32(w, get_i64(c, VERBS) + verb * at.VERB_WIDTH + at.VERB_ON_DEATH)
        close(c, person, verb, reason, day)
    for module in range(get_i64(c, MODULE_COUNT)):
        put_i32(get_i64(c, DUE), person * get_i64(c, MODULE_COUNT) + module, NEVER)


@helper
def new_row(c, person, day, state, why):
    """Appends a row to the log; returns its number. The caller has made sure that there is room."""
    row = get_i64(c, ROW_COUNT)
    put_i64(c, ROW_COUNT, row + 1)
    rows = get_i64(c, ROWS)
    first = row * at.ROW_WIDTH
    put_i32(rows, first + at.ROW_PERSON, person)
    put_i32(rows, first + at.ROW_DAY, day)
    put_i32(rows, first + at.ROW_STATE, state)
    put_i32(rows, first + at.ROW_WHY, why)
    put_i32(rows, first + at.ROW_ORDINAL, -1)
    put_i32(rows, first + at.ROW_END, NEVER)
    put_i32(rows, first + at.ROW_REASON, -1)
    put_i32(rows, first + at.ROW_PLANNED, NEVER)
    put_i32(rows, first + at.ROW_TERM, NEVER)
    put_i32(rows, first + at.ROW_VERB, -1)
    for i in range(at.MOST_VALUES):
        put_i32(rows, first + at.ROW_VALUES + i, 0)
    for i in range(at.MOST_PARENTS):
        put_i32(rows, first + at.ROW_PARENTS + i, -1)
    return row
