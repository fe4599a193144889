"""What must hold of institutions: turns are had by those who are there, and help comes from a provider of its law."""

from __future__ import annotations

from collections.abc import Iterator

from abmsim.records.faults import NO_PROVIDER, NO_TURN, Check

_OPEN = "SELECT person_id FROM waiting_list WHERE (outcome = 'waiting') <> (to_date IS NULL)"
_GONE = """
    SELECT person_id FROM waiting_list JOIN persons USING (person_id)
    WHERE to_date > left_date OR outcome = 'deceased' AND to_date IS DISTINCT FROM death_date
    OR outcome = 'departed' AND (left_date IS NULL OR death_date IS NOT NULL)
"""
_TWICE = """
    SELECT person_id FROM (
        SELECT person_id, asked_date, lag(coalesce(to_date, DATE '9999-12-31')) OVER turn AS earlier_to
        FROM waiting_list WINDOW turn AS (PARTITION BY person_id, module, state ORDER BY asked_date)
    ) WHERE earlier_to > asked_date
"""
_MONTHS = """
    SELECT institution_id FROM institution_months WHERE asked < 0 OR admitted < 0 OR waiting < 0
"""


def institutions_checks() -> Iterator[Check]:
    """Everything that must hold of waiting lists and providers."""
    yield Check("waiting_list", NO_TURN, "a date and its outcome do not fit together", _OPEN)
    yield Check("waiting_list", NO_TURN, "somebody waits, or has a turn, after having left", _GONE)
    yield Check("waiting_list", NO_TURN, "somebody waits twice for the same thing", _TWICE)
    yield Check("institution_months", NO_TURN, "a count is negative", _MONTHS)
    for table, law in (("wmo_deliveries", "wmo"), ("youth_help", "youth")):
        other = f"SELECT provider_id FROM {table} JOIN providers USING (provider_id) WHERE law <> '{law}'"
        yield Check(table, NO_PROVIDER, f"a provider is not one of the law '{law}'", other)
