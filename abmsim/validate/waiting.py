"""Waiting for household help: weeks from the report to the help, and municipalities where it takes too long."""

from __future__ import annotations

from abmsim.stats.catalogue import Table
from abmsim.validate.estimate import figure, mean, note_on, percent, period
from abmsim.validate.figure import Figure
from abmsim.validate.opened import OpenRun

YEAR = "2022"
"""Reports of this year: the survey of the published figures asked in January 2023."""

_LEGAL_WEEKS, _LONG_WEEKS = 8, 16
_FEWEST_REPORTS = 5
"""Reports of a desk that say how long its municipality takes."""

_REPORTS = """
    with help as (
        select decision_id, min(delivery_start) as day
        from wmo_provisions join wmo_deliveries using (provision_id)
        where wmo_provisions.product = 'household_help' group by 1
    ),
    first_decision as (  -- that on an objection cites the request too
        select request_id, arg_min(decision_id, application_date) as decision_id,
            arg_min(decision_date, application_date) as decision_date
        from wmo_decisions group by 1
    ),
    reports as (
        select institution_id, (decision_date - request_date) / 7.0 as to_decision,
            (day - request_date) / 7.0 as to_help
        from wmo_requests join first_decision using (request_id)
        left join help using (decision_id)
        join waiting_list on waiting_list.person_id = wmo_requests.person_id
            and module = 'wmo/access' and state = 'at_desk' and asked_date = request_date
        where reporter <> 'municipality' and request_date >= $from and request_date < $to
    )
"""
_LATE = {
    "beyond eight weeks until the decision": f"avg(to_decision) > {_LEGAL_WEEKS}",
    "sixteen weeks and more until help": f"avg(to_help) >= {_LONG_WEEKS}",
}


def weeks(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Weeks from a report to the first help, mean over those who got it."""
    ((_, published),) = table.cells.items()
    note = note_on(run, *period(YEAR).values())
    found = None if note else mean(run, f"{_REPORTS} select to_help as x from reports", **period(YEAR))
    return [figure(run, f"reports of {YEAR}", published, found, margin, note)]


def municipalities(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Desks at which it takes long on average; each of its reports counts for its residents' municipality."""
    note, figures = note_on(run, *period(YEAR).values()), []
    for (label,), published in table.cells.items():
        found = None
        if not note:
            query = f"""
                {_REPORTS} select count(*) filter (late), count(*) from (
                    select {_LATE[label]} as late from reports group by institution_id having count(*) >= $fewest
                )
            """
            ((late, of),) = run.rows(query, {**period(YEAR), "fewest": _FEWEST_REPORTS})
            found = percent(late, of, published)
        figures.append(figure(run, label, published, found, margin, note))
    return figures
