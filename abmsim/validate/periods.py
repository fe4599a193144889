"""Periods and ages as cards write them."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import cache

_PERIOD = re.compile(r"(\d{4})(?:([HQ])([1-4]))?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_AGES = re.compile(r"(\d{1,3})(?:-(\d{1,3})|(\+))?")
_OLDEST = 200
"""Nobody is older: the end of an open range, in years."""


@dataclass(frozen=True, slots=True)
class Span:
    """A period [from_date, to_date), or one day (`is_day`)."""

    from_date: datetime.date
    to_date: datetime.date
    is_day: bool = False

    @property
    def last_day(self) -> datetime.date:
        return self.to_date - datetime.timedelta(days=1)


@cache
def span_of(text: str) -> Span | None:
    """A year `2024`, a half `2024H1`, a quarter `2024Q3` or a day `2023-12-31`; None for anything else."""
    if _DAY.fullmatch(text):
        try:
            return day_span(datetime.date.fromisoformat(text))
        except ValueError:
            return None
    found = _PERIOD.fullmatch(text)
    if found is None or (found[2] == "H" and int(found[3]) > 2):
        return None
    months = {None: 12, "H": 6, "Q": 3}[found[2]]
    first = months * (int(found[3] or 1) - 1)
    after = int(found[1]) * 12 + first + months
    return Span(datetime.date(int(found[1]), first + 1, 1), datetime.date(after // 12, after % 12 + 1, 1))


def day_span(day: datetime.date) -> Span:
    return Span(day, day + datetime.timedelta(days=1), is_day=True)


@cache
def ages_of(text: str) -> tuple[int, int] | None:
    """The youngest and the oldest of `10`, `75-84` or `85+`, in completed years; None for anything else."""
    found = _AGES.fullmatch(text)
    if found is None:
        return None
    lowest = int(found[1])
    highest = _OLDEST if found[3] else int(found[2] or lowest)
    return (lowest, highest) if lowest <= highest else None
