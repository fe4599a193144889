"""Deaths in a run: their number in a year, and the life expectancy that they make."""

from __future__ import annotations

import datetime
from collections import defaultdict
from math import sqrt

from abmsim.days import DAYS_PER_YEAR
from abmsim.stats.catalogue import Table
from abmsim.validate.estimate import Estimate, figure, note_on, total, year_of
from abmsim.validate.figure import Figure
from abmsim.validate.opened import OpenRun

NO_INFANTS = "no births in the live years: nobody of age 0 is simulated"

_OLDEST = 100
"""The life table closes at this age, in years."""

_YEARS_LIVED = """
    with alive as (
        select sex, death_date,
            date_sub('year', birth_date, $from) as age,
            least(coalesce(death_date, $to), $to) as until,
            birth_date + to_years(cast(date_sub('year', birth_date, $from) + 1 as integer)) as birthday
        from persons where birth_date < $from and (death_date is null or death_date >= $from)
    ), part as (
        select age, death_date, date_diff('day', $from, least(until, cast(birthday as date))) as days,
            until <= birthday as last from alive where sex = $sex
        union all
        select age + 1, death_date, date_diff('day', cast(birthday as date), until), true
        from alive where sex = $sex and until > birthday
    )
    select least(age, $oldest), sum(days), count(*) filter (last and death_date < $to) from part group by 1
"""
"""Days lived and deaths by sex and completed age in a year, each life cut at its birthday."""


def deaths_by_year(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Deaths in each published year."""
    query = "select person_id, 1 as x from deaths where date >= $from and date < $to"
    figures = []
    for (year,), published in table.cells.items():
        from_date, to_date = year_of(year)
        note = note_on(run, from_date, to_date)
        values = {"from": from_date, "to": to_date}
        found = None if note else total(run, query, published if run.is_country else None, **values)
        figures.append(figure(run, year, published, found, margin, note))
    return figures


def life_expectancies(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Life expectancy at birth by sex from a life table of the year's deaths and years lived."""
    figures = []
    for (year, sex), published in table.cells.items():
        from_date, to_date = year_of(year)
        note, found = note_on(run, from_date, to_date), None
        if not note:
            found = _expectancy(run, from_date, to_date, sex)
            note = "" if found else NO_INFANTS
        figures.append(figure(run, f"{year} {sex}", published, found, margin, note))
    return figures


def _expectancy(run: OpenRun, from_date: datetime.date, to_date: datetime.date, sex: str) -> Estimate | None:
    """Years at birth with Chiang's standard error; None if nobody of some age was there to die."""
    years_lived: dict[int, float] = defaultdict(float)
    deaths: dict[int, int] = defaultdict(int)
    values = {"from": from_date, "to": to_date, "sex": sex, "oldest": _OLDEST}
    for age, days, died in run.rows(_YEARS_LIVED, values):
        years_lived[age], deaths[age] = float(days) / DAYS_PER_YEAR, died
    if not all(years_lived[age] > 0 for age in range(_OLDEST)):
        return None
    rates = {age: deaths[age] / years_lived[age] for age in range(_OLDEST)}
    chances = [rate / (1 + rate / 2) for rate in rates.values()]
    left = years_lived[_OLDEST] / deaths[_OLDEST] if deaths[_OLDEST] else 0.0
    variance = 0.0
    for age in reversed(range(_OLDEST)):
        chance, died = chances[age], deaths[age]
        own = chance * chance * (1 - chance) / died if died else 0.0
        variance = (1 - chance) ** 2 * variance + (left + 0.5) ** 2 * own
        left = (1 - chance) * (left + 1) + chance / 2
    return Estimate(left, sqrt(variance))
