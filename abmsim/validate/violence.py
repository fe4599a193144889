"""Violence at home: who suffers it in some years, and how many regions of Veilig Thuis keep their terms."""

from __future__ import annotations

import datetime

from abmsim.stats.catalogue import Table
from abmsim.validate.estimate import Estimate, figure, note_on, percent, period, total
from abmsim.validate.figure import Figure
from abmsim.validate.opened import BASE, OpenRun

YEAR = "2022"
"""Reports of this year: the published terms are of 2018, before the live years."""

_SURVEY_YEARS = 5
_FEWEST = 20
"""Reports, or inquiries, of an office that say whether it keeps its terms."""

_SPELLS = """
    spells as (
        select * from (
            select person_id, state, date as from_date, lead(date) over (
                partition by person_id order by date, state = 'stopped'
            ) as to_date
            from events where module = 'primary_care/domestic_violence'
        ) where state <> 'stopped'
    )
"""
_RUNS = "spells.from_date < $to and (spells.to_date is null or spells.to_date >= $from)"
_IN_TIME = {
    "reports": ("violence_reports", "report_date", "report", 90),
    "inquiries": ("violence_inquiries", "inquiry_start", "inquiry", 80),
}
"""Of each figure the table, its first day, the state that asks for a turn, and the percent that has to be in time."""


def adults_in_five_years(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Residents of 18 and older on the base date who suffered violence as adults in the five years before it."""
    first = datetime.date(run.from_date.year - _SURVEY_YEARS, 1, 1)
    figures = []
    for (sex,), published in table.cells.items():
        query = f"""
            with {_SPELLS} select count(*) filter (person_id in (
                select person_id from spells where state <> 'child_abuse' and {_RUNS}
            )), count(*) from persons
            where entered_date = {BASE} and date_sub('year', birth_date, {BASE}) >= 18 and ($sex in ('total', sex))
        """
        ((victims, of),) = run.rows(query, {"from": first, "to": run.from_date, "sex": sex})
        figures.append(figure(run, sex, published, percent(victims, of, published), margin))
    return figures


def children_in_a_year(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Residents under 18 on the base date who suffered child abuse in the year before it."""
    ((_, published),) = table.cells.items()
    query = f"""
        with {_SPELLS} select person_id, 1 as x from persons
        where entered_date = {BASE} and date_sub('year', birth_date, {BASE}) < 18
        and person_id in (select person_id from spells where state = 'child_abuse' and {_RUNS})
    """
    first = datetime.date(run.from_date.year - 1, 1, 1)
    found = total(run, query, published, **{"from": first, "to": run.from_date})
    return [figure(run, "children", published, found, margin)]


def of_16_in_a_year(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Residents of 16 and older at the end of a year who suffered violence of any kind in it."""
    figures = []
    for (year,), published in table.cells.items():
        bounds = period(year)
        note, found = note_on(run, *bounds.values()), None
        query = f"""
            with {_SPELLS} select distinct person_id, 1 as x from spells join persons using (person_id)
            where {_RUNS} and date_sub('year', birth_date, $to) >= 16 and (left_date is null or left_date >= $to)
        """
        if not note:
            found = total(run, query, published, **bounds)
        figures.append(figure(run, year, published, found, margin, note))
    return figures


def regions_in_time(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Regions of Veilig Thuis in which nearly all reports are assessed, or most inquiries done, within the term."""
    note, figures = note_on(run, *period(YEAR).values()), []
    for (label,), published in table.cells.items():
        regions = run.catalogue.table("veilig_thuis_regions").value()
        found = None if note else _offices_in_time(run, label, 100 * published / regions)
        number = found.times(regions / 100) if found else None
        figures.append(figure(run, label, published, number, margin, note))
    return figures


def _offices_in_time(run: OpenRun, label: str, expected: float) -> Estimate | None:
    name, first, state, enough = _IN_TIME[label]
    query = f"""
        select count(*) filter (part >= $enough), count(*) from (
            select 100 * avg(on_time::int) as part from {name} as counted
            join waiting_list on waiting_list.person_id = counted.person_id
                and module = 'wmo/veilig_thuis' and state = $state and asked_date = {first}
            where {first} >= $from and {first} < $to and on_time is not null
            group by institution_id having count(*) >= $fewest
        )
    """
    ((in_time, of),) = run.rows(query, {**period(YEAR), "enough": enough, "state": state, "fewest": _FEWEST})
    return percent(in_time, of, expected)
