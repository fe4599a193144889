"""How long a resident stays: durations, hazards by threshold, conditions that time alone can change, schedules."""

from __future__ import annotations

import math

from abmsim.days import DAYS_PER_YEAR
from abmsim.engine.ages import age_on, birth_day, birthday, day_of_age, exact_age, month_end, year_of
from abmsim.engine.attributes import attribute
from abmsim.engine.compiled import helper
from abmsim.engine.draws import ONE, add_months, civil_day, exp, log, normal_quantile
from abmsim.engine.evaluate import evaluate, look_up, number_of
from abmsim.engine.memory import get_f64, get_i32, get_i64, put_f64, put_i32
from abmsim.engine.standing import level_of, line_word, slot_of
from abmsim.engine.world import (
    FIRST,
    NEVER,
    NO_RATE,
    NUMBERS,
    PAUSED,
    POOL,
    WORDS,
)  # fmt: skip
from abmsim.lang import layout as at

_LAST_DAY = 90_000
"""Durations end at the latest on this day (about the year 2216): a long tail must not overflow."""

SEX = 0
"""Column of the attribute `sex`: the first of the vocabulary's stored ones (a test holds it there)."""

_DAYS_PER_MONTH = DAYS_PER_YEAR / 12


@helper
def unit_days(unit):
    """Mean days of a unit of time (index in `layout.UNITS`)."""
    if unit == 0:
        return 1.0
    if unit == 1:
        return 7.0
    return _DAYS_PER_MONTH if unit == 2 else DAYS_PER_YEAR


@helper
def duration_end(c, person, module, place, day, u):
    """The day on which a drawn duration ends; whole months and years end on the same day of the month."""
    w = get_i64(c, WORDS)
    length = drawn(c, person, module, place, day, u)
    unit = get_i32(w, place + 3)
    months = length * (12.0 if unit == 3 else 1.0)
    if get_i32(w, place) == at.EXACT and unit >= 2 and months == math.floor(months) and 0.0 <= months < 1200.0:
        return add_months(day, int(months))
    return day + int(min(max(length, 0.0) * unit_days(unit) + 0.5, float(_LAST_DAY - day)))


@helper
def drawn(c, person, module, place, day, u):
    """What a distribution gives at the quantile `u`, in its own unit."""
    w = get_i64(c, WORDS)
    kind = get_i32(w, place)
    if kind == at.EMPIRICAL:
        return empirical(c, get_i32(w, place + 1), u)
    first = number_of(c, person, module, get_i32(w, place + 1), day)
    if kind == at.EXACT:
        return first
    if kind == at.EXPONENTIAL:
        return -log(u) * first
    second = number_of(c, person, module, get_i32(w, place + 2), day)
    if kind == at.UNIFORM:
        return first + u * (second - first)
    if kind == at.NORMAL:
        return first + second * normal_quantile(u)
    if kind == at.LOGNORMAL:
        return first * exp(min(second * normal_quantile(u), 50.0))
    return first * exp(min(log(-log(u)) / second, 50.0))


@helper
def empirical(c, place, u):
    """The quantile `u` of a distribution over spans; within a span everything is equally likely."""
    w, numbers = get_i64(c, WORDS), get_i64(c, NUMBERS)
    count, first = get_i32(w, place), get_i32(w, place + 1)
    below = 0.0
    for i in range(count):
        span = first + 3 * i
        upto = get_f64(numbers, span + 2)
        if u < upto or i == count - 1:
            begin = get_f64(numbers, span)
            share = min((u - below) / (upto - below), 1.0) if upto > below else 0.0
            return begin + share * (get_f64(numbers, span + 1) - begin)
        below = upto
    return 0.0


@helper
def next_wake(c, person, module, place, day):
    """The next day on which the passing of time alone can change what a condition or a rate says."""
    if place == 0:
        return NEVER
    w = get_i64(c, WORDS)
    flags = get_i32(w, place)
    best = NEVER
    if flags & at.WAKE_EVERY_DAY:
        return day + 1
    if flags & at.WAKE_EVERY_MONTH:
        best = month_end(c, day)
    if flags & at.WAKE_EVERY_YEAR:
        best = min(best, civil_day(year_of(day) + 1, ONE, ONE))
    if flags & at.WAKE_EVERY_BIRTHDAY:
        best = min(best, birthday(c, person, age_on(c, person, day) + 1))
    ages = get_i32(w, place + 1)
    for i in range(ages):
        reached = birthday(c, person, get_i32(w, place + 2 + i))
        if reached > day:
            best = min(best, reached)
            break
    days = place + 2 + ages
    for i in range(get_i32(w, days)):
        compared = number_of(c, person, module, get_i32(w, days + 1 + i), day)
        if compared < NEVER:
            reached = int(math.floor(compared))
            if reached > day:
                best = min(best, reached)
            elif reached == day:
                best = min(best, day + 1)
    return best


@helper
def cumulated(numbers, row, exact):
    """The integrated rate of a row from birth to an exact age; the last age's rate goes on after it."""
    age = min(int(exact), at.AGES - 1)
    begin = get_f64(numbers, row + age)
    return begin + (exact - age) * (get_f64(numbers, row + age + 1) - begin)


@helper
def age_at_level(numbers, row, exact, level):
    """The first exact age from `exact` on at which the integrated rate reaches a level; -1 if it never does."""
    low, high = min(int(exact), at.AGES - 1), at.AGES
    if get_f64(numbers, row + at.AGES) <= level:
        low = at.AGES - 1
        if get_f64(numbers, row + at.AGES) <= get_f64(numbers, row + low):
            return -1.0
    while high - low > 1:
        middle = (low + high) // 2
        if get_f64(numbers, row + middle) <= level:
            low = middle
        else:
            high = middle
    begin = get_f64(numbers, row + low)
    return max(exact, low + (level - begin) / (get_f64(numbers, row + low + 1) - begin))


@helper
def hazard_day(c, person, module, exit_place, day):
    """The day on which a hazard fires if nothing changes; uses up what has run since it was last looked at."""
    w = get_i64(c, WORDS)
    numbers = get_i64(c, NUMBERS)
    index = get_i32(w, exit_place + at.EXIT_INDEX)
    level = level_of(c, person, module, index)
    pool = get_i64(c, POOL)
    place = 2 * level + at.LEVEL_ROW
    remaining = get_f64(pool, level + at.LEVEL_REMAINING)
    row = get_i32(pool, place)
    before = exact_age(c, person, get_i32(pool, 2 * level + at.LEVEL_DAY)) if row >= 0 else 0.0
    exact = exact_age(c, person, day)
    if row >= 0:
        run = cumulated(numbers, row, exact) - cumulated(numbers, row, before)
        remaining = max(remaining - get_f64(pool, level + at.LEVEL_FACTOR) * run, 0.0)
        put_f64(pool, level + at.LEVEL_REMAINING, remaining)
    put_i32(pool, place, PAUSED)
    asked = get_i32(w, exit_place + at.EXIT_EXPRESSION)
    if asked and evaluate(c, person, module, asked, day) == 0.0:
        return NEVER
    hazard = get_i32(w, exit_place + at.EXIT_OPERAND)
    row = look_up(c, person, get_i32(w, hazard + at.HAZARD_LOOKUP), FIRST, day)
    times = get_i32(w, hazard + at.HAZARD_TIMES)
    factor = number_of(c, person, module, times, day) if times else 1.0
    if row < 0 or not factor > 0.0:
        put_i32(pool, place, NO_RATE)
        return NEVER
    put_i32(pool, place, row)
    put_f64(pool, level + at.LEVEL_FACTOR, factor)
    put_i32(pool, 2 * level + at.LEVEL_DAY, day)
    fires = age_at_level(numbers, row, exact, cumulated(numbers, row, exact) + remaining / factor)
    return max(day_of_age(c, person, fires), day) if fires >= 0.0 else NEVER


@helper
def next_line(c, person, module, schedule):
    """Place of the next line of a schedule that is valid for the resident; 0 if none is left."""
    w = get_i64(c, WORDS)
    slot = slot_of(c, person, module)
    last = get_i32(get_i64(c, POOL), line_word(c, module, slot, at.LAST_LINE))
    line = last + at.LINE_WIDTH if last else schedule + 2
    end = schedule + 2 + get_i32(w, schedule) * at.LINE_WIDTH
    born = birth_day(c, person)
    sex = int(attribute(c, person, SEX))
    while line < end:
        right_sex = get_i32(w, line + at.LINE_SEX) < 0 or get_i32(w, line + at.LINE_SEX) == sex
        if right_sex and get_i32(w, line + at.LINE_FROM) <= born < get_i32(w, line + at.LINE_UNTIL):
            return line
        line += at.LINE_WIDTH
    return 0


@helper
def line_day(c, person, line):
    """The day on which a resident reaches the age of a schedule's line."""
    w = get_i64(c, WORDS)
    return add_months(birth_day(c, person), get_i32(w, line + at.LINE_MONTHS)) + get_i32(w, line + at.LINE_DAYS)
