"""The life expectancy that the deaths of a year make."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from math import sqrt

from abmsim.days import DAYS_PER_YEAR
from abmsim.stats.catalogue import Table
from abmsim.validate.estimate import Estimate, figure, note_on, year_of
from abmsim.validate.figure import Figure
from abmsim.validate.opened import OpenRun

NOBODY = "nobody of some age lived in the run"

_OLDEST = 100
"""The life table closes at this age, in years."""

_YEARS_LIVED = """
    with lived as (
        select sex, birth_date, death_date, greatest(entered_date, birth_date, $from) as since,
            least(coalesce(left_date, $to), $to) as until
        from persons where entered_date < $to and sex = $sex
    ), turned as (
        select *, date_sub('year', birth_date, since) as age,
            cast(birth_date + to_years(cast(date_sub('year', birth_date, since) + 1 as integer)) as date) as birthday
        from lived where until >= since
    ), part as (
        select age, date_diff('day', since, least(until, birthday)) as days,
            death_date is not null and death_date = until and until < $to and until < birthday as died from turned
        union all
        select age + 1, date_diff('day', birthday, until), death_date is not null and death_date = until and until < $to
        from turned where until >= birthday
    )
    select least(age, $oldest), sum(days), count(*) filter (died) from part group by 1
"""
"""Days lived and deaths by sex and completed age in a year, each life cut at its birthday."""


def life_expectancies(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Life expectancy at birth by sex from a life table of the year's deaths and years lived."""
    figures = []
    for (year, sex), published in table.cells.items():
        from_date, to_date = year_of(year)
        note, found = note_on(run, from_date, to_date), None
        if not note:
            found = _expectancy(run, from_date, to_date, sex)
            note = "" if found else NOBODY
        figures.append(figure(run, f"{year} {sex}", published, found, margin, note))
    return figures


def _expectancy(run: OpenRun, from_date: datetime.date, to_date: datetime.date, sex: str) -> Estimate | None:
    """Years at birth with Chiang's standard error; None if nobody of some age was there to die."""
    years_lived: dict[int, float] = defaultdict(float)
    deaths: dict[int, int] = defaultdict(int)
    values = {"from": from_date, "to": to_date, "sex": sex, "oldest": _OLDEST}
    for age, days, died in run.rows(_YEARS_LIVED, values):
        years_lived[age], deaths[age] = float(days) / DAYS_PER_YEAR, died
    return life_table(years_lived, deaths)


def life_table(years_lived: Mapping[int, float], deaths: Mapping[int, int]) -> Estimate | None:
    """Life expectancy at birth from years lived and deaths by completed age, closed at 100 (who is older is there).

    With Chiang's standard error; None if nobody of some age was there to die.
    """
    if not all(years_lived.get(age, 0) > 0 for age in range(_OLDEST)):
        return None
    chances = []
    for age in range(_OLDEST):
        rate = deaths.get(age, 0) / years_lived[age]
        chances.append(rate / (1 + rate / 2))
    last = deaths.get(_OLDEST, 0)
    left = years_lived[_OLDEST] / last if last else 0.0
    variance = 0.0
    for age in reversed(range(_OLDEST)):
        chance, died = chances[age], deaths.get(age, 0)
        own = chance * chance * (1 - chance) / died if died else 0.0
        variance = (1 - chance) ** 2 * variance + (left + 0.5) ** 2 * own
        left = (1 - chance) * (left + 1) + chance / 2
    return Estimate(left, sqrt(variance), sum(deaths.values()))
