"""What must hold of when rows may be there: none before the law, and none open or ending after death or departure."""

from __future__ import annotations

from collections.abc import Iterator

from abmsim.records.faults import AFTER_LEAVING, BEFORE_LAW, Check
from abmsim.schema.schema import PERSONS, Schema, TableSchema

LAWS_OF_2015 = ("wmo_", "wlz_", "violence_")
"""Beginnings of the names of tables whose law came into force on 1 January 2015."""


def ends_checks(schema: Schema) -> Iterator[Check]:
    """Everything that must hold of the first and last days of rows."""
    for table in schema.tables.values():
        start, reason = table.by_role("start"), table.by_role("end_reason")
        if table.name.startswith(LAWS_OF_2015) and start is not None:
            faults = f"SELECT person_id FROM {table.name} WHERE {start.name} < DATE '2015-01-01'"
            yield Check(table.name, BEFORE_LAW, "begins before the law", faults)
        if reason is not None and reason.on_death:
            yield from _leaving_checks(table)
    flat = "SELECT person_id FROM wmo_contributions WHERE scheme = 'flat' AND from_date < DATE '2019-01-01'"
    yield Check("wmo_contributions", BEFORE_LAW, "the flat contribution is paid before 2019", flat)


def _leaving_checks(table: TableSchema) -> Iterator[Check]:
    """What is open at death or departure is closed on that day, with the code that the table has for it."""
    end, reason = table.by_role("end") or table.by_role("planned_end"), table.by_role("end_reason")
    assert end is not None and reason is not None
    rows = f"SELECT person_id FROM {table.name} JOIN {PERSONS} USING (person_id)"
    open_still = f"{rows} WHERE left_date IS NOT NULL AND coalesce({end.name} > left_date, true)"
    yield Check(table.name, AFTER_LEAVING, "is open or ends after death or departure", open_still)
    other_day = f"{rows} WHERE {reason.name} = '{reason.on_death}' AND {end.name} IS DISTINCT FROM death_date"
    yield Check(table.name, AFTER_LEAVING, f"'{reason.on_death}' is not on the day of death", other_day)
