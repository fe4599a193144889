"""The interpreter of expressions: a small stack machine with fused compare-and-jump for conditions."""

from __future__ import annotations

import math

from abmsim.engine.ages import age_on, age_then, birth_day, year_of
from abmsim.engine.attributes import attribute
from abmsim.engine.compiled import helper, inlined
from abmsim.engine.memory import get_f64, get_i32, get_i64, put_f64
from abmsim.engine.operators import binary, compare, unary
from abmsim.engine.standing import line_word, rows_of_verb, slot_of
from abmsim.engine.world import (
    BIRTH,
    DEATH,
    FATHER,
    GROUP,
    JOINED,
    MOTHER,
    NEVER,
    NUMBERS,
    POOL,
    PUBLIC_COUNT,
    PUBLIC_PLACES,
    RELATIVE_COUNT,
    RELATIVES,
    RING,
    SNAPSHOT,
    STACK,
    TICK_START,
    WORDS,
)  # fmt: skip
from abmsim.lang import layout as at


@inlined
def present(c, other):
    """Whether a housemate was there at the beginning of the tick: born or moved in, and not dead before that day."""
    start = get_i64(c, TICK_START)
    return get_i32(get_i64(c, JOINED), other) <= start and get_i32(get_i64(c, DEATH), other) >= start


@inlined
def at_home(c, person):
    """Whether a resident lived with the housemates of today at the beginning of the tick, or ever since their birth."""
    joined = get_i32(get_i64(c, JOINED), person)
    return joined <= get_i64(c, TICK_START) or joined <= get_i32(get_i64(c, BIRTH), person)


@inlined
def together(c, person, other):
    """Whether two residents live in one household."""
    return get_i32(get_i64(c, GROUP), person) == get_i32(get_i64(c, GROUP), other)


@helper
def read_relative(c, person, which, index, nobody):
    """The attribute of a relative in the household at the beginning of the tick; `nobody` if there is none."""
    other = get_i32(get_i64(c, RELATIVES), person * RELATIVE_COUNT + which)
    if other < 0 or not together(c, person, other) or not present(c, other) or not at_home(c, person):
        return nobody
    return of_other(c, other, index, get_i64(c, TICK_START))


@helper
def of_other(c, other, index, day):
    """An attribute of somebody else at the beginning of the tick; also the age on a day and the day of birth."""
    if index == at.AGE_OF:
        return float(age_then(c, other, day))
    if index == at.BIRTH_OF:
        return float(birth_day(c, other))
    seen = other * get_i64(c, PUBLIC_COUNT) + get_i32(get_i64(c, WORDS), get_i64(c, PUBLIC_PLACES) + index)
    return get_f64(get_i64(c, SNAPSHOT), seen)


@helper
def aggregate(c, person, members, how, index, nobody, day):
    """An attribute of several people of the household as one number; `nobody` if there is none.

    The others are read as they were at the beginning of the tick, the resident (in `household`) as now. A `nobody` that
    never comes says that these are dates: empty ones do not count.
    """
    total, count = nobody, 0
    other = person
    while True:
        other = get_i32(get_i64(c, RING), other)
        value = of_member(c, person, other, members, index, nobody, day)
        if value == value:
            if how == at.ANY or how == at.COUNT:
                value = 1.0 if value != 0.0 else 0.0
            if count == 0 or (how == at.MAX and value > total) or (how == at.MIN and value < total):
                total = value
            elif how == at.COUNT or how == at.SUM:
                total += value
            elif how == at.ANY:
                total = max(total, value)
            count += 1
        if other == person:
            return total


@helper
def of_member(c, person, other, members, index, nobody, day):
    """What a member of the household adds to an aggregate; not a number if they are not asked or have nothing."""
    if other == person:
        if members != at.HOUSEHOLD:
            return math.nan
        value = of_other(c, person, index, day) if index < 0 else attribute(c, person, index)
    elif not at_home(c, person) or not present(c, other):
        return math.nan
    elif members == at.CHILDREN and not is_own_child(c, person, other):
        return math.nan
    else:
        value = of_other(c, other, index, get_i64(c, TICK_START))
    return math.nan if nobody > 0.0 and value >= nobody else value


@helper
def is_own_child(c, person, other):
    relatives = get_i64(c, RELATIVES)
    mother = get_i32(relatives, other * RELATIVE_COUNT + MOTHER)
    return mother == person or get_i32(relatives, other * RELATIVE_COUNT + FATHER) == person


@helper
def look_up(c, person, place, age, day):
    """Index in the numbers of the cell that fits the resident; -1 if none does."""
    w = get_i64(c, WORDS)
    index = get_i32(w, place)
    dimension = place + 2
    for _ in range(get_i32(w, place + 1)):
        source = get_i32(w, dimension)
        if source == at.BY_ATTRIBUTE:
            value = int(attribute(c, person, get_i32(w, dimension + 1)))
        elif source == at.BY_AGE:
            value = age
        else:
            value = year_of(day)
        value = min(max(value - get_i32(w, dimension + 2), 0), get_i32(w, dimension + 3) - 1)
        position = get_i32(w, get_i32(w, dimension + 4) + value)
        if position < 0:
            return -1
        index += position * get_i32(w, dimension + 5)
        dimension += at.LOOKUP_WIDTH
    return index


@inlined
def number_of(c, person, module, place, day):
    """The value of an expression that is a mere number more often than not."""
    w = get_i64(c, WORDS)
    if get_i32(w, place) == at.CONSTANT and get_i32(w, place + 2) == at.STOP:
        return get_f64(get_i64(c, NUMBERS), get_i32(w, place + 1))
    return evaluate(c, person, module, place, day)


@helper
def evaluate(c, person, module, place, day):
    """The value of an expression for a resident on a day."""
    w = get_i64(c, WORDS)
    numbers = get_i64(c, NUMBERS)
    stack = get_i64(c, STACK)
    top = -1
    age = -1000
    while True:
        op = get_i32(w, place)
        if op == at.JUMP_ATTRIBUTE:
            left = attribute(c, person, get_i32(w, place + 2))
            if compare(get_i32(w, place + 1), left, get_f64(numbers, get_i32(w, place + 3))):
                place = get_i32(w, place + 4)
            else:
                place += 5
            continue
        if op == at.JUMP_AGE:
            if age == -1000:
                age = age_on(c, person, day)
            if compare(get_i32(w, place + 1), float(age), get_f64(numbers, get_i32(w, place + 2))):
                place = get_i32(w, place + 3)
            else:
                place += 4
            continue
        if op == at.STOP_TRUE:
            return 1.0
        if op == at.STOP_FALSE:
            return 0.0
        if op == at.STOP:
            return get_f64(stack, top)
        if op == at.JUMP:
            place = get_i32(w, place + 1)
            continue
        if op == at.JUMP_IF_FALSE:
            top -= 1
            if get_f64(stack, top + 1) == 0.0:
                place = get_i32(w, place + 1)
            else:
                place += 2
            continue
        if op == at.NEGATE or op == at.NOT or op >= at.ABSOLUTE and op <= at.LOGISTIC:
            put_f64(stack, top, unary(op, get_f64(stack, top)))
            place += 1
            continue
        if op >= at.ADD:
            top -= 1
            put_f64(stack, top, binary(op, get_f64(stack, top), get_f64(stack, top + 1)))
            place += 1
            continue
        top += 1
        if op == at.CONSTANT:
            value = get_f64(numbers, get_i32(w, place + 1))
        elif op == at.ATTRIBUTE:
            value = attribute(c, person, get_i32(w, place + 1))
        elif op == at.AGE or op == at.LOOKUP:
            if age == -1000:
                age = age_on(c, person, day)
            value = float(age)
            if op == at.LOOKUP:
                cell = look_up(c, person, get_i32(w, place + 1), min(max(age, 0), at.AGES - 1), day)
                value = get_f64(numbers, cell) if cell >= 0 else 0.0
        else:
            value = read(c, person, module, op, place, day)
        put_f64(stack, top, value)
        place += width(op)


@inlined
def width(op):
    """Words of an op-code that puts a value on the stack."""
    if op == at.AGGREGATE:
        return 5
    if op == at.RELATIVE:
        return 4
    return 1 if op >= at.AGE and op <= at.BIRTH_DATE else 2


@helper
def read(c, person, module, op, place, day):
    """The rarer things that an expression can read."""
    w = get_i64(c, WORDS)
    if op == at.TODAY:
        return float(day)
    if op == at.YEAR:
        return float(year_of(day))
    if op == at.BIRTH_DATE:
        return float(birth_day(c, person))
    if op == at.RELATIVE:
        nobody = get_f64(get_i64(c, NUMBERS), get_i32(w, place + 3))
        return read_relative(c, person, get_i32(w, place + 1), get_i32(w, place + 2), nobody)
    if op == at.AGGREGATE:
        members, how, index = get_i32(w, place + 1), get_i32(w, place + 2), get_i32(w, place + 3)
        nobody = get_f64(get_i64(c, NUMBERS), get_i32(w, place + 4))
        return aggregate(c, person, members, how, index, nobody, day)
    if op == at.LINE:
        slot = slot_of(c, person, module)
        line = get_i32(get_i64(c, POOL), line_word(c, module, slot, at.LAST_LINE))
        return get_f64(get_i64(c, NUMBERS), get_i32(w, line + at.LINE_NUMBERS) + get_i32(w, place + 1)) if line else 0.0
    rows = rows_of_verb(c, person, get_i32(w, place + 1))
    if op == at.PLANNED_END:
        return float(get_i32(get_i64(c, POOL), rows + at.VERB_PLANNED) if rows else NEVER)
    return 1.0 if rows and get_i32(get_i64(c, POOL), rows + at.VERB_OPEN) >= 0 else 0.0
