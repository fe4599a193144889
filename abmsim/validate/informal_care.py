"""Informal care on a day: carers of a municipality, their hours and how heavy it is."""

from __future__ import annotations

import datetime

from abmsim.stats.catalogue import Table
from abmsim.validate.estimate import Estimate, beside, figure, mean, note_on, percent
from abmsim.validate.figure import Figure
from abmsim.validate.opened import OpenRun

INTENSIVE_HOURS = 8
COUNTRY_CODE = "NL01"

_MONITOR_2020, _MONITOR_2022 = datetime.date(2020, 10, 1), datetime.date(2022, 10, 1)
"""The Gezondheidsmonitor asks in autumn."""

_GOES_ON = "from_date <= $day and (to_date is null or to_date > $day)"
_CARERS = f"""
    carers as (select carer_id, sum(hours_per_week) as hours from informal_care where {_GOES_ON} group by 1)
"""
_AT_HOME = """
    at_home as (
        select person_id, date_sub('year', birth_date, $day) as age from persons
        join household_members as lived using (person_id)
        where position <> 'institution' and from_date <= $day and (to_date is null or to_date > $day)
    )
"""
_BURDENED = """
    (select arg_max(state, (date, state = 'burdened')) from events
        where person_id = carer_id and module = 'wmo/informal_carer' and state in ('cares', 'burdened') and date <= $day
    ) = 'burdened'
"""
"""Of one day the burden is the last: who begins to care finds it heavy on the same day or later."""


def of_a_place(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Residents at home who give care, 18 and older and 65 and older: of one municipality, or of the country."""
    place, *others = (COUNTRY_CODE,) if run.is_country else run.places
    figures = []
    for age in table.labels["age"]:
        if not others and (place, age) in table.cells:
            published = table.cells[place, age]
            note = note_on(run, _MONITOR_2020, _MONITOR_2020)
            found = None if note else _carers_from(run, int(age.rstrip("+")), published)
            figures.append(beside(age, published, found, margin, note))
    return figures


def _carers_from(run: OpenRun, age: int, published: float) -> Estimate | None:
    """Carers among the residents at home of an age and older."""
    cares = "person_id in (select carer_id from carers)"
    query = f"with {_CARERS}, {_AT_HOME} select count(*) filter ({cares}), count(*) from at_home where age >= $age"
    ((found, of),) = run.rows(query, {"day": _MONITOR_2020, "age": age})
    return percent(found, of, published)


def hours(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Hours a week that carers give, mean."""
    (published,) = table.cells.values()
    note = note_on(run, _MONITOR_2022, _MONITOR_2022)
    query = f"with {_CARERS} select hours as x from carers"
    found = None if note else mean(run, query, day=_MONITOR_2022)
    return [figure(run, "hours per week", published, found, margin, note)]


def carers(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Of those who give care, how many give eight hours or more, and how many are heavily burdened."""
    conditions = {"intensive": f"hours >= {INTENSIVE_HOURS}", "heavily_burdened": _BURDENED}
    note = note_on(run, _MONITOR_2022, _MONITOR_2022)
    figures = []
    for (name,), published in table.cells.items():
        found = None
        if not note:
            query = f"with {_CARERS} select count(*) filter ({conditions[name]}), count(*) from carers"
            ((number, of),) = run.rows(query, {"day": _MONITOR_2022})
            found = percent(number, of, published)
        figures.append(figure(run, name.replace("_", " "), published, found, margin, note))
    return figures
