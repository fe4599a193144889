"""Mortality after the first hospital admission for a cardiovascular disease, by age and sex."""

from __future__ import annotations

import datetime

from abmsim.stats.catalogue import Table
from abmsim.validate.estimate import NOT_REACHED, Estimate, figure, percent
from abmsim.validate.figure import Figure
from abmsim.validate.opened import OpenRun

_ADMISSIONS = {
    "infarction": ("primary_care/coronary_disease", "infarction"),
    "stroke": ("primary_care/stroke", "stroke"),
    "heart_failure": ("primary_care/heart_failure", "admission"),
}
"""The state of a module that is the admission."""

_DAYS = {"30 days": 30, "1 year": 365, "5 years": 5 * 365 + 1}
_OLDEST = 120
_NOBODY = "nobody was admitted in time to be followed"

_FOLLOWED = """
    with first as (
        select person_id, min(date) as day from events where module = $module and state = $state group by 1
    ), followed as (
        select sex, date_sub('year', birth_date, day) as age,
            coalesce(death_date <= day + cast($days as integer), false) as died
        from first join persons using (person_id)
        where day >= $from and day <= $last
            and (death_date is not null or left_date is null or left_date > day + cast($days as integer))
    )
    select count(*) filter (died), count(*) from followed
    where age between $low and $high and ($sex = 'all' or sex = $sex)
"""


def mortality(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Of those who were first admitted in the live years and can be followed to the horizon, those who died by then."""
    figures = []
    for (diagnosis, horizon, sex, age), published in table.cells.items():
        last = run.to_date - datetime.timedelta(days=_DAYS[horizon])
        note, found = ("", None) if last > run.from_date else (NOT_REACHED, None)
        if not note:
            found = _died(run, diagnosis, horizon, sex, age, last, published)
            note = "" if found else _NOBODY
        figures.append(figure(run, f"{diagnosis} {horizon} {sex} {age}", published, found, margin, note))
    return figures


def _died(
    run: OpenRun, diagnosis: str, horizon: str, sex: str, age: str, last: datetime.date, published: float
) -> Estimate | None:
    module, state = _ADMISSIONS[diagnosis]
    low, _, high = age.rstrip("+").partition("-")
    values = {
        "module": module, "state": state, "days": _DAYS[horizon], "from": run.from_date, "last": last,
        "low": int(low), "high": int(high or _OLDEST), "sex": sex,
    }  # fmt: skip
    ((died, of),) = run.rows(_FOLLOWED, values)
    return percent(died, of, published)
