"""A life tells who cared for the resident, and for whom the resident cared."""

from __future__ import annotations

import datetime

from abmsim.life.care import care_lines

FIRST, LAST = datetime.date(2020, 1, 1), datetime.date(2021, 3, 31)
CARE = {
    "person_id": "abm-old", "carer_id": "abm-young", "kind": "child", "hours_per_week": 6, "from_date": FIRST,
    "to_date": LAST, "ended_by": "cared_for_died", "carried_over": True,
}  # fmt: skip


def test_the_one_who_is_cared_for_is_told_by_whom() -> None:
    assert list(care_lines({**CARE, "is_cared_for": True})) == [
        (FIRST, "Is already cared for by child abm-young, 6 hours a week", "stats.informal_care_assumptions"),
        (LAST, "Care by abm-young ends: the person died", "with the death"),
    ]


def test_the_carer_is_told_for_whom() -> None:
    care = {**CARE, "is_cared_for": False, "hours_per_week": 1, "to_date": None, "carried_over": False}
    ((day, text, _),) = care_lines(care)
    assert (day, text) == (FIRST, "Cares from now on for parent abm-old, 1 hour a week")
