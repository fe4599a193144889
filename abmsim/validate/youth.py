"""Youth help in a run, counted as the statistics of youth care count it."""

from __future__ import annotations

import datetime
from dataclasses import replace
from math import sqrt

from abmsim.stats.catalogue import Table
from abmsim.validate.estimate import Estimate, figure, note_on, percent, total, year_of
from abmsim.validate.figure import Figure
from abmsim.validate.opened import OpenRun

STOCK_DAY = datetime.date(2023, 12, 31)
STARTS_YEAR = "2021"
GROUPS_YEAR = "2023"
"""Days and years of the published figures that have no dimension of time (see their cards)."""

UNDER = 23
"""Youth care is counted below this age, in years."""

NOT_BORN = "no births in the run: nobody of this age is simulated"

_HELPED = "from youth_help where start_date < $to and (end_date is null or end_date > $from)"


def persons_in_year(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Youths with help in the year, younger than 23 at its end."""
    query = f"""
        select person_id, 1 as x from persons where date_sub('year', birth_date, $last) < {UNDER}
        and person_id in (select person_id {_HELPED})
    """
    figures = []
    for (year,), published in table.cells.items():
        from_date, to_date = year_of(year)
        note, found = note_on(run, from_date, to_date), None
        if to_date <= run.to_date:
            last = to_date - datetime.timedelta(days=1)
            values = {"from": from_date, "to": to_date, "last": last}
            found = total(run, query, published if run.is_country else None, **values)
        figures.append(figure(run, year, published, found, margin, note))
    return figures


def stock_by_age(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Youths with help on the last day of 2023 by completed age; those born since 2020 if there are births."""
    query = """
        select person_id, 1 as x from youth_help join persons using (person_id)
        where start_date <= $day and (end_date is null or end_date > $day)
        and date_sub('year', birth_date, $day) between $lowest and $highest group by person_id
    """
    note = note_on(run, STOCK_DAY, STOCK_DAY + datetime.timedelta(days=1))
    figures = []
    for (ages,), published in table.cells.items():
        lowest, _, highest = ages.partition("-")
        if run.from_date.year <= STOCK_DAY.year - int(lowest) and not run.has_births:
            figures.append(figure(run, ages, published, None, margin, NOT_BORN))
            continue
        values = {"day": STOCK_DAY, "lowest": int(lowest), "highest": int(highest or lowest)}
        found = None if note else total(run, query, published if run.is_country else None, **values)
        figures.append(figure(run, ages, published, found, margin, note))
    return figures


def share_of_group(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Of the girls or boys of some ages at the end of the year, those with help in the year."""
    from_date, to_date = year_of(GROUPS_YEAR)
    note = note_on(run, from_date, to_date)
    return [
        figure(run, group, share, None if note else _share(run, group, from_date, to_date, share), margin, note)
        for (group,), share in table.cells.items()
    ]


def _share(
    run: OpenRun, group: str, from_date: datetime.date, to_date: datetime.date, expected: float
) -> Estimate | None:
    who, _, ages = group.partition(" ")
    lowest, _, highest = ages.partition("-")
    query = f"""
        select count(*), count(*) filter (person_id in (select person_id {_HELPED})) from persons
        where sex = $sex and entered_date <= $last and (left_date is null or left_date > $last)
        and date_sub('year', birth_date, $last) between $lowest and $highest
    """
    values = {"from": from_date, "to": to_date, "last": to_date - datetime.timedelta(days=1)}
    values |= {"sex": {"girls": "female", "boys": "male"}[who], "lowest": int(lowest), "highest": int(highest)}
    ((of, helped),) = run.rows(query, values)
    return percent(helped, of, expected if run.is_country else None)


def starts_by_referrer(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Trajectories started in the year by who referred."""
    from_date, to_date = year_of(STARTS_YEAR)
    note = note_on(run, from_date, to_date)
    query = """
        select youth_help.person_id, count(*) as x from youth_help left join youth_referrals using (referral_id)
        where start_date >= $from and start_date < $to and (referrer = $referrer or $referrer = 'total') group by 1
    """
    figures = []
    for (referrer,), published in table.cells.items():
        values = {"from": from_date, "to": to_date, "referrer": referrer}
        found = None if note else _starts(run, query, published if run.is_country else None, values)
        figures.append(figure(run, referrer.replace("_", " "), published, found, margin, note))
    return figures


def _starts(run: OpenRun, query: str, expected: float | None, values: dict[str, object]) -> Estimate:
    """Trajectories started, of youths of whom some have several in the year.

    If there were as many starts as published, each youth would have as many as those found have: the variance grows
    with the number of starts, and is not that of one youth a start, as `total` takes it for the published number.
    """
    found, least = total(run, query, None, **values), total(run, query, expected, **values)
    if expected is None or found.value == 0:
        return least
    return replace(found, error=max(least.error, found.error * sqrt(max(1.0, expected / found.value))))
