"""Provisions of the Wmo: what their delivery cost in a year, and how many a client had."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

from abmsim.stats.catalogue import Table
from abmsim.validate.estimate import Estimate, beside, figure, note_on, percent, period, total
from abmsim.validate.figure import Figure
from abmsim.validate.opened import OpenRun

MILLIONTH, THOUSANDTH = 1e-6, 1e-3
DAYS_A_WEEK, DAYS_A_MONTH = 7, 365.25 / 12

TYPES = {
    "household_help": ("household_help",),
    "support_at_home": ("guidance", "day_activities", "short_stay"),
    "aids_and_services": ("transport_services", "wheelchairs", "transport_aids", "home_adaptations", "other_aids"),
}
"""Products of a type, as CBS adds them up."""

AT_HOME = tuple(product for products in TYPES.values() for product in products)
PRODUCTS = {**TYPES, "at_home": AT_HOME}

COST_OF_DELIVERIES = f"""
    select wmo_deliveries.person_id, wmo_deliveries.product,
        volume * tariff_eur * case frequency
            when 'day' then days when 'week' then days / {DAYS_A_WEEK} when 'month' then days / {DAYS_A_MONTH}
            when 'total' then cast(delivery_start >= $from as integer)
        end as euros
    from (
        select *, greatest(0, date_diff('day',
            greatest(delivery_start, $from), least(coalesce(delivery_end, $to), $to))) as days
        from wmo_deliveries where delivery_start < $to and (delivery_end is null or delivery_end > $from)
    ) as wmo_deliveries
    join wmo_provisions using (provision_id)
"""
"""Of each delivery in [$from, $to): days x volume x tariff; what is granted once in all is paid when it begins."""

_MANY = 6
"""Six and more provisions are one group."""


def cost(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Million euros by type and period, of the country: what deliveries on a right with volume and tariff cost."""
    figures = []
    for (label, when), published in table.cells.items():
        found, note = _cost(run, label, when, MILLIONTH)
        figures.append(figure(run, f"{label}, {when}", published, found, margin, note))
    return figures


def cost_of_a_place(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Thousand euros by type and period, added up over the places of a run if all of them are published."""
    figures = []
    for label, when in dict.fromkeys((label, when) for _, label, when in table.cells):
        if all((code, label, when) in table.cells for code in run.places):
            published = sum(table.cells[code, label, when] for code in run.places)
            found, note = _cost(run, label, when, THOUSANDTH)
            made = beside(f"{label}, {when}", published, found, margin, note)
            to = table.card.target.rounding.to if table.card.target else 0.0
            figures.append(replace(made, rounding=to * sqrt(len(run.places))))
    return figures


def _cost(run: OpenRun, label: str, when: str, unit: float) -> tuple[Estimate | None, str]:
    """What was found, in euros times `unit`, and why not if it was not."""
    note = note_on(run, *period(when).values())
    if note:
        return None, note
    of = "" if label == "all" else f"where product in {PRODUCTS[label]!r}".replace(",)", ")")
    query = f"select person_id, sum(euros) as x from ({COST_OF_DELIVERIES}) {of} group by 1 having sum(euros) > 0"
    ((clients,),) = run.rows(f"select count(*) from ({query})", period(when))
    return replace(total(run, query, expected=None, **period(when)).times(unit), n=clients), note


def number_of_provisions(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Of the clients of a year at home, percent by how many rights were delivered on.

    One that took the place of another in the year counts beside it, as an arrangement of its own.
    """
    (when,) = table.labels["period"]
    note = note_on(run, *period(when).values())
    counts: dict[int, int] = {}
    if not note:
        query = f"""
            select least(rights, {_MANY}), count(*) from (
                select person_id, count(distinct provision_id) as rights from wmo_deliveries
                where delivery_start < $to and (delivery_end is null or delivery_end > $from) and product in {AT_HOME!r}
                group by 1
            ) group by 1
        """
        counts = {int(number): int(clients) for number, clients in run.rows(query, period(when))}
    clients = sum(counts.values())
    figures = []
    for (_, number), published in table.cells.items():
        found = percent(counts.get(int(number.rstrip("+")), 0), clients, published) if clients else None
        figures.append(beside(f"{number} provisions", published, found, margin, note))
    return figures
