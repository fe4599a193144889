"""The proof of informal care: every fault that is planted among who cares for whom is found and named."""

from __future__ import annotations

from pathlib import Path

import broken
import pytest
from broken import codes

from abmsim.records.integrity_care import care_checks

CARE = "informal_care"


def found(run: Path, query: str) -> set[tuple[str, str]]:
    """Break who cares for whom, then look at what is promised of it."""
    return codes(broken.rewrite(run, CARE, query, care_checks()))


@pytest.mark.parametrize(
    "change",
    [
        "person_id AS carer_id",
        "DATE '2019-12-31' AS from_date",
        "from_date AS to_date",
        "NULL::VARCHAR AS ended_by",
        "0 AS hours_per_week",
        "169 AS hours_per_week",
        "(SELECT min(person_id) FROM births) AS carer_id",
        "(SELECT min(person_id) FROM persons WHERE left_by = 'emigration') AS person_id",
        "(SELECT min(person_id) FROM persons WHERE left_by = 'death') AS carer_id",
    ],
)
def test_care_that_cannot_be_is_found(copy: Path, change: str) -> None:
    assert (CARE, "R219") in found(copy, f"SELECT * REPLACE ({change}) FROM t")


def test_who_cares_for_the_same_person_twice_at_a_time_is_found(copy: Path) -> None:
    earlier = "CASE WHEN to_date IS NULL THEN from_date - 350 ELSE from_date END AS from_date"
    assert found(copy, f"SELECT * REPLACE ({earlier}) FROM t") == {(CARE, "R220")}


def test_care_that_begins_again_is_sound(copy: Path) -> None:
    assert found(copy, "SELECT * FROM t") == set()
