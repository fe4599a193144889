"""Household help under the Wmo in a run, counted as CBS counts it: persons with help in a period."""

from __future__ import annotations

import datetime

from abmsim.stats.catalogue import Table
from abmsim.validate.estimate import Estimate, figure, note_on, percent, total, year_of
from abmsim.validate.figure import Figure
from abmsim.validate.opened import OpenRun

_HELPED = """
    from wmo_deliveries where product = 'household_help'
    and delivery_start < $to and (delivery_end is null or delivery_end > $from)
"""
_SECOND_HALF_2022 = "2022H2"
"""The period of the published shares by age (see the card)."""


def persons_by_period(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Persons with help in each published year or half-year."""
    return [
        figure(run, label, published, *_persons(run, label, published, margin))
        for (label,), published in table.cells.items()
    ]


def _persons(run: OpenRun, label: str, published: float, margin: float) -> tuple[Estimate | None, float, str]:
    from_date, to_date = year_of(label)
    if to_date > run.to_date:
        return None, margin, note_on(run, from_date, to_date)
    query = f"select person_id, 1 as x {_HELPED} group by 1"
    found = total(run, query, published if run.is_country else None, **{"from": from_date, "to": to_date})
    return found, margin, note_on(run, from_date, to_date)


def share_by_age(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Of the residents of an age at the beginning of the half-year, those with help in it; institutions included."""
    from_date, to_date = year_of(_SECOND_HALF_2022)
    note = note_on(run, from_date, to_date)
    return [
        figure(run, age, share, None if note else _share(run, age, from_date, to_date, share), margin, note)
        for (age,), share in table.cells.items()
    ]


def _share(
    run: OpenRun, ages: str, from_date: datetime.date, to_date: datetime.date, expected: float
) -> Estimate | None:
    lowest, _, highest = ages.rstrip("+").partition("-")
    query = f"""
        select count(*), count(*) filter (person_id in (select person_id {_HELPED})) from persons
        where entered_date <= $from and (left_date is null or left_date > $from)
        and date_sub('year', birth_date, $from) between $lowest and $highest
    """
    values = {"from": from_date, "to": to_date, "lowest": int(lowest), "highest": int(highest or 200)}
    ((of, helped),) = run.rows(query, values)
    return percent(helped, of, expected if run.is_country else None)
