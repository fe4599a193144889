"""Ages and birthdays of the residents of a block, to the day."""

from __future__ import annotations

from abmsim.engine.compiled import helper, inlined
from abmsim.engine.draws import civil_date, civil_day
from abmsim.engine.memory import get_i32, get_i64, put_i32
from abmsim.engine.world import (
    AGE,
    AGE_BEGAN,
    AGE_ENDS,
    BIRTH,
    BIRTH_MONTH,
    BIRTH_MONTH_DAY,
    BIRTH_YEAR,
    FIRST_DAY,
    MONTH_BEGINS,
    MONTH_ENDS,
)  # fmt: skip


@inlined
def birth_day(c, person):
    return get_i32(get_i64(c, BIRTH), person)


@helper
def birthday(c, person, age):
    """The day on which the resident completes `age` years."""
    year = get_i32(get_i64(c, BIRTH_YEAR), person)
    month = get_i32(get_i64(c, BIRTH_MONTH), person)
    return civil_day(year + age, month, get_i32(get_i64(c, BIRTH_MONTH_DAY), person))


@helper
def find_age(c, person, day):
    """Puts the year of life that holds a day into AGE, AGE_BEGAN and AGE_ENDS."""
    age = (day - birth_day(c, person)) * 4 // 1461
    begin, end = birthday(c, person, age), birthday(c, person, age + 1)
    if end <= day:
        age, begin, end = age + 1, end, birthday(c, person, age + 2)
    elif begin > day:
        age, begin, end = age - 1, birthday(c, person, age - 1), begin
    put_i32(get_i64(c, AGE), person, age)
    put_i32(get_i64(c, AGE_BEGAN), person, begin)
    put_i32(get_i64(c, AGE_ENDS), person, end)


@inlined
def age_on(c, person, day):
    """Completed years on a day; the year of life that was asked for last is kept."""
    if day < get_i32(get_i64(c, AGE_BEGAN), person) or day >= get_i32(get_i64(c, AGE_ENDS), person):
        find_age(c, person, day)
    return get_i32(get_i64(c, AGE), person)


@helper
def age_then(c, person, day):
    """Completed years of somebody else on a day: keeps nothing, since their own block may run at the same time."""
    age = (day - birth_day(c, person)) * 4 // 1461
    if birthday(c, person, age + 1) <= day:
        return age + 1
    return age - 1 if birthday(c, person, age) > day else age


@helper
def exact_age(c, person, day):
    """Age with its fraction of the way to the next birthday: the time in which hazards run."""
    age = age_on(c, person, day)
    begin = get_i32(get_i64(c, AGE_BEGAN), person)
    return age + (day - begin) / (get_i32(get_i64(c, AGE_ENDS), person) - begin)


@helper
def day_of_age(c, person, exact):
    """The day on which an exact age is reached."""
    age = int(exact)
    if age == get_i32(get_i64(c, AGE), person):
        begin, end = get_i32(get_i64(c, AGE_BEGAN), person), get_i32(get_i64(c, AGE_ENDS), person)
    else:
        begin, end = birthday(c, person, age), birthday(c, person, age + 1)
    return begin + int((exact - age) * (end - begin))


@helper
def year_of(day):
    year, _, _ = civil_date(day)
    return year


@inlined
def month_begin(c, day):
    """The first day of the day's month: the beginning of the tick."""
    return get_i32(get_i64(c, MONTH_BEGINS), day - get_i64(c, FIRST_DAY))


@inlined
def month_end(c, day):
    """The first day of the next month: the end of the tick."""
    return get_i32(get_i64(c, MONTH_ENDS), day - get_i64(c, FIRST_DAY))
