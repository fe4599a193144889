"""Figures that are published by municipality, added up over the places of a run."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

from abmsim.stats.catalogue import Table
from abmsim.validate.estimate import beside, note_on, period, share, total
from abmsim.validate.figure import Figure
from abmsim.validate.opened import BASE, OpenRun

_YEAR_OF_MOVES = "2022"

_MOVES = {
    "within": "from_municipality_code = to_municipality_code",
    "in": "to_municipality_code is not null and from_municipality_code is null and kind <> 'immigration'",
    "out": "from_municipality_code is not null and to_municipality_code is null and kind <> 'emigration'",
}
"""Moves of one municipality in a run of that alone."""

_STATUS = f"""
    with present as (
        select person_id from persons where entered_date = {BASE} and birth_date < {BASE}
    ), spell as (
        select unnest([person_id, partner_id]) as person_id, from_date, to_date, ended_by from unions
        where married_date < {BASE}
    ), last_spell as (
        select person_id, arg_max(if(to_date is null or to_date > {BASE}, 'married', ended_by), from_date) as ended
        from spell where person_id is not null group by 1
    )
    select cast(case ended when 'married' then 'married' when 'bereavement' then 'widowed'
        when 'separation' then 'divorced' else 'never_married' end = $status as integer) as x, 1 as s
    from present left join last_spell using (person_id)
"""


def marital_status(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Residents of the base date by how their last marriage or registered partnership stands."""
    sizes = {row["municipality_code"]: int(row["population"]) for row in run.catalogue.rows("municipalities_2020")}
    everybody = sum(sizes[code] for code in run.places)
    to = table.card.target.rounding.to if table.card.target else 0.0
    figures = []
    for status in dict.fromkeys(label for _, label in table.cells):
        parts = (table.value(municipality_code=code, status=status) * sizes[code] for code in run.places)
        published = sum(parts) / everybody
        weights = sum((sizes[code] / everybody) ** 2 for code in run.places)
        found = share(run, _STATUS, published, status=status)
        figures.append(replace(beside(status.replace("_", " "), published, found, margin), rounding=to * sqrt(weights)))
    return figures


def moves(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Persons who moved in 2022, in a run of one municipality of which it is published; else nothing."""
    (code, *others) = run.places
    figures = []
    for kind, condition in _MOVES.items():
        if others or (code, kind) not in table.cells:
            continue
        published = table.cells[code, kind]
        note = note_on(run, *period(_YEAR_OF_MOVES).values())
        query = f"""
            select person_id, count(*) as x from moves where date >= $from and date < $to and {condition} group by 1
        """
        found = None if note else total(run, query, published, **period(_YEAR_OF_MOVES))
        figures.append(beside(f"{kind}, {_YEAR_OF_MOVES}", published, found, margin, note))
    return figures
