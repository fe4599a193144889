"""What must hold of informal care: two persons who are there, and nobody twice for the same one at a time."""

from __future__ import annotations

from collections.abc import Iterator

from abmsim.records.faults import CARE_TWICE, NO_CARE, Check

_ONESELF = "SELECT person_id FROM informal_care WHERE person_id = carer_id"

_NOT_THERE = """
    SELECT informal_care.person_id FROM informal_care JOIN persons ON persons.person_id = informal_care.{side}
    WHERE from_date < entered_date OR coalesce(to_date > left_date, left_date IS NOT NULL)
"""
"""Care that goes on has no end, so nobody in it may have left; care ends on the day of leaving at the latest."""

_OPEN_OR_ENDED = """
    SELECT person_id FROM informal_care
    WHERE (ended_by IS NULL) <> (to_date IS NULL) OR to_date <= from_date OR hours_per_week NOT BETWEEN 1 AND 168
"""

_TWICE = """
    SELECT person_id FROM (
        SELECT person_id, from_date, max(coalesce(to_date, DATE '9999-12-31')) OVER (
            PARTITION BY person_id, carer_id ORDER BY from_date ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS cared_until FROM informal_care
    ) WHERE cared_until > from_date
"""

_UNMINDED = """
    SELECT informal_care.person_id FROM informal_care JOIN persons AS carer ON carer.person_id = carer_id
    WHERE from_date < birth_date + INTERVAL 18 YEAR
"""


def care_checks() -> Iterator[Check]:
    """Everything that must hold of who cares for whom."""
    table = "informal_care"
    yield Check(table, NO_CARE, "somebody cares for themselves", _ONESELF)
    yield Check(
        table,
        NO_CARE,
        "the person is cared for before they came or after they left",
        _NOT_THERE.format(side="person_id"),
    )
    yield Check(
        table, NO_CARE, "the carer cares before they came or after they left", _NOT_THERE.format(side="carer_id")
    )
    yield Check(table, NO_CARE, "end and reason do not fit together, no day of care, or no hours", _OPEN_OR_ENDED)
    yield Check(table, NO_CARE, "a minor cares", _UNMINDED)
    yield Check(table, CARE_TWICE, "somebody cares for the same person twice at a time", _TWICE)
