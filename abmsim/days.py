"""Days as numbers: day 0 is 1 January 1970, as in NumPy's `datetime64[D]`.

The calendar functions use integers only, so the engine runs the same source jitted.
"""

from __future__ import annotations

import datetime
import re

NEVER = 2_000_000_000
"""A day that does not come: later than any day a run can reach."""

DAYS_PER_YEAR = 365.25
"""Mean length of a year: turns a duration in years into days."""

DAYS_PER_UNIT = {"day": 1.0, "week": 7.0, "month": DAYS_PER_YEAR / 12, "year": DAYS_PER_YEAR}

_DURATION = re.compile(
    r"^\s*(?P<low>\d+(?:\.\d+)?)(?:\s*-\s*(?P<high>\d+(?:\.\d+)?))?\s*(?P<unit>day|week|month|year)s?\s*$"
)


def day_number(date: datetime.date) -> int:
    """The number of a calendar date."""
    return date.toordinal() - 719163


def day_date(day: int) -> datetime.date:
    """The calendar date of a day number."""
    return datetime.date.fromordinal(day + 719163)


def parse_day(text: str) -> int:
    """The number of an ISO date such as `2015-01-01`; raises ValueError if it is none."""
    return day_number(datetime.date.fromisoformat(text))


def parse_duration(text: str) -> tuple[float, float, str]:
    """`"2-6 weeks"` -> (2.0, 6.0, "week"); `"3 months"` -> (3.0, 3.0, "month").

    Raises ValueError with the reason if the text is no duration or the range runs backwards.
    """
    match = _DURATION.match(text)
    if match is None:
        raise ValueError(f"'{text}' is no duration such as '6 weeks' or '2-6 weeks'")
    low = float(match["low"])
    high = float(match["high"]) if match["high"] else low
    if high < low:
        raise ValueError(f"the range '{text}' runs backwards")
    return low, high, match["unit"]


def civil_day(year: int, month: int, day: int) -> int:
    """Day number of a date of the Gregorian calendar; 29 February of a plain year is 1 March."""
    shifted_year = year - 1 if month <= 2 else year
    era = shifted_year // 400
    year_of_era = shifted_year - era * 400
    shifted_month = month + 9 if month <= 2 else month - 3
    day_of_year = (153 * shifted_month + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * 146097 + day_of_era - 719468


def civil_date(day: int) -> tuple[int, int, int]:
    """(year, month, day of month) of a day number; the inverse of `civil_day`."""
    shifted = day + 719468
    era = shifted // 146097
    day_of_era = shifted - era * 146097
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    day_of_month = day_of_year - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    year = year_of_era + era * 400
    return (year + 1 if month <= 2 else year), month, day_of_month


def birthday(birth_day: int, age: int) -> int:
    """The day on which someone born on `birth_day` completes `age` years."""
    year, month, day = civil_date(birth_day)
    return civil_day(year + age, month, day)


def add_months(start: int, months: int) -> int:
    """The same day of the month, `months` later; past the month's end it runs into the next month."""
    year, month, day = civil_date(start)
    total = year * 12 + month - 1 + months
    return civil_day(total // 12, total % 12 + 1, 1) + day - 1


def age_on(birth_day: int, day: int) -> int:
    """Completed years of age on `day`."""
    age = (day - birth_day) * 4 // 1461
    if birthday(birth_day, age + 1) <= day:
        return age + 1
    if birthday(birth_day, age) > day:
        return age - 1
    return age
