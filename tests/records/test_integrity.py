"""The proof of the records: sound ones pass, and every planted fault is found and named."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken import codes, rewrite
from fake_log import SCHEMA

from abmsim.problems import UserError
from abmsim.records.integrity import check_run


def test_sound_records_have_no_problem(run: Path) -> None:
    assert check_run(run, SCHEMA) == []


@pytest.mark.parametrize("table", ["vaccinations", "wmo_provisions", "household_members", "observation_periods"])
def test_a_duplicate_is_found(copy: Path, table: str) -> None:
    problems = rewrite(copy, table, "SELECT * FROM t UNION ALL (SELECT * FROM t LIMIT 1)")
    assert (table, "R203") in codes(problems)


@pytest.mark.parametrize("table", ["vaccinations", "events", "wmo_provisions", "household_members"])
def test_an_orphan_is_found(copy: Path, table: str) -> None:
    query = "SELECT * REPLACE (CASE WHEN person_id = (SELECT min(person_id) FROM t) THEN 'abm-0' ELSE person_id END AS person_id) FROM t"  # noqa: E501
    problems = rewrite(copy, table, query)
    assert (table, "R204") in codes(problems)
    assert any("abm-0" in problem.text for problem in problems)


def test_a_row_whose_parent_is_gone_is_found(copy: Path) -> None:
    problems = rewrite(copy, "wmo_decisions", "SELECT * FROM t OFFSET 1")
    assert codes(problems) == {("wmo_provisions", "R204"), ("events", "R204")}


def test_an_event_that_leads_nowhere_is_found(copy: Path) -> None:
    assert codes(rewrite(copy, "vaccinations", "SELECT * FROM t OFFSET 1")) == {("events", "R204")}


def test_a_statistic_without_a_source_is_found(copy: Path) -> None:
    assert codes(rewrite(copy, "sources", "SELECT * FROM t WHERE statistic <> 'wmo_start'")) == {("events", "R204")}


def test_a_code_that_is_not_in_its_list_is_found(copy: Path) -> None:
    query = "SELECT * REPLACE ('water' AS vaccine) FROM t"
    assert codes(rewrite(copy, "vaccinations", query)) == {("vaccinations", "R205")}


def test_an_empty_value_is_found(copy: Path) -> None:
    query = "SELECT * REPLACE (CASE WHEN dose > 1 THEN dose END AS dose) FROM t"
    assert codes(rewrite(copy, "vaccinations", query)) == {("vaccinations", "R202")}


def test_an_end_before_its_start_is_found(copy: Path) -> None:
    query = "SELECT * REPLACE (delivery_start - 1 AS delivery_end) FROM t"
    assert codes(rewrite(copy, "wmo_deliveries", query)) == {("wmo_deliveries", "R206"), ("wmo_deliveries", "R245")}


def test_a_row_after_death_is_found(copy: Path) -> None:
    query = "SELECT * REPLACE (DATE '2100-01-01' AS date) FROM t"
    assert ("vaccinations", "R207") in codes(rewrite(copy, "vaccinations", query))


def test_a_row_that_refers_to_another_person_is_found(copy: Path) -> None:
    query = "SELECT * REPLACE (first_value(request_id) OVER () AS request_id) FROM t"
    assert codes(rewrite(copy, "wmo_decisions", query)) == {("wmo_decisions", "R208")}


def test_a_death_that_persons_do_not_know_is_found(copy: Path) -> None:
    query = "SELECT * REPLACE (NULL::DATE AS death_date) FROM t"
    assert ("deaths", "R209") in codes(rewrite(copy, "persons", query))


def test_a_missing_table_is_found(copy: Path) -> None:
    (copy / "tables" / "events.parquet").unlink()
    assert codes(check_run(copy, SCHEMA)) == {("events", "R201")}


def test_loading_rows_that_break_a_key_says_which(copy: Path, tmp_path: Path) -> None:
    from abmsim.export.duckdb import write_duckdb

    rewrite(copy, "deaths", "SELECT * FROM t UNION ALL (SELECT * FROM t LIMIT 1)")
    with pytest.raises(UserError, match="deaths"):
        write_duckdb(tmp_path / "x.duckdb", copy / "tables", SCHEMA)
