"""Ages and birthdays of the residents of a block, to the day."""

from __future__ import annotations

from abmsim.engine.compiled import helper, inlined
from abmsim.engine.draws import ONE, civil_date, civil_day
from abmsim.engine.memory import get_i32, get_i64
from abmsim.engine.world import BIRTH, BIRTH_MONTH, BIRTH_MONTH_DAY, BIRTH_YEAR, MONTH_ENDS, MONTH_ENDS_FIRST


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
def age_on(c, person, day):
    """Completed years on a day (the estimate is off by one at most)."""
    age = (day - birth_day(c, person)) * 4 // 1461
    if birthday(c, person, age + 1) <= day:
        return age + 1
    if birthday(c, person, age) > day:
        return age - 1
    return age


@helper
def exact_age(c, person, day):
    """Age with its fraction of the way to the next birthday: the time in which hazards run."""
    age = age_on(c, person, day)
    begin = birthday(c, person, age)
    return age + (day - begin) / (birthday(c, person, age + 1) - begin)


@helper
def day_of_age(c, person, exact):
    """The day on which an exact age is reached."""
    age = int(exact)
    begin = birthday(c, person, age)
    return begin + int((exact - age) * (birthday(c, person, age + 1) - begin))


@helper
def year_of(day):
    year, _, _ = civil_date(day)
    return year


@helper
def month_begin(day):
    """The first day of a day's month: the beginning of the tick."""
    year, month, _ = civil_date(day)
    return civil_day(year, month, ONE)


@inlined
def month_end(c, day):
    """The first day of the next month: the end of the tick."""
    return get_i32(get_i64(c, MONTH_ENDS), day - get_i64(c, MONTH_ENDS_FIRST))
