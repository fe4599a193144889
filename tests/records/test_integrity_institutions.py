"""The proof of the institutions: every fault that is planted among waiting lists and providers is found and named."""

from __future__ import annotations

from pathlib import Path

import broken
import duckdb
import pytest
from broken import codes

from abmsim.problems import Problem
from abmsim.records.integrity_institutions import institutions_checks


def rewrite(run: Path, table: str, query: str) -> list[Problem]:
    return broken.rewrite(run, table, query, institutions_checks())


def test_the_town_has_some_of_everything(run: Path) -> None:
    with duckdb.connect(str(run / "abmsim.duckdb"), read_only=True) as tables:
        outcomes = tables.execute("SELECT DISTINCT outcome FROM waiting_list ORDER BY 1").fetchall()
        assert [outcome for (outcome,) in outcomes] == ["admitted", "deceased", "waiting"]
        assert tables.execute("SELECT count(DISTINCT law) FROM providers").fetchall() == [(2,)]
        months = tables.execute("SELECT count(*), count(spent), min(asked) FROM institution_months").fetchall()
        assert months == [(24, 24, 24)]


@pytest.mark.parametrize("change", [
    "NULL::DATE AS to_date",
    "'waiting' AS outcome",
    "'departed' AS outcome",
    "CASE WHEN outcome = 'deceased' THEN to_date + 1 ELSE to_date END AS to_date",
    "CASE WHEN outcome = 'deceased' THEN to_date - 1 ELSE to_date END AS to_date",
])  # fmt: skip
def test_a_turn_that_cannot_be_is_found(copy: Path, change: str) -> None:
    assert ("waiting_list", "R230") in codes(rewrite(copy, "waiting_list", f"SELECT * REPLACE ({change}) FROM t"))


def test_waiting_twice_for_the_same_thing_is_found(copy: Path) -> None:
    again = "SELECT * FROM t UNION ALL SELECT * REPLACE (asked_date + 1 AS asked_date) FROM t WHERE outcome = 'waiting'"
    assert ("waiting_list", "R230") in codes(rewrite(copy, "waiting_list", again))


def test_a_negative_count_is_found(copy: Path) -> None:
    query = "SELECT * REPLACE (-asked AS asked) FROM t"
    assert ("institution_months", "R230") in codes(rewrite(copy, "institution_months", query))


def test_help_by_a_provider_of_another_law_is_found(copy: Path) -> None:
    other = "(SELECT min(provider_id) FROM providers WHERE law = 'youth')"
    query = f"SELECT * REPLACE ({other} AS provider_id) FROM t"
    assert ("wmo_deliveries", "R231") in codes(rewrite(copy, "wmo_deliveries", query))


def test_sound_records_pass(copy: Path) -> None:
    assert rewrite(copy, "waiting_list", "SELECT * FROM t") == []
