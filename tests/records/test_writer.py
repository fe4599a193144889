"""From log to tables: every row and value arrives, in every format, however the log was split."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fake_log import PROGRAM, SCHEMA, LogChunk, whole_log
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abmsim.days import NEVER, day_date, day_number
from abmsim.engine.lives import Lives
from abmsim.export.duckdb import duckdb_written_beside, write_duckdb
from abmsim.problems import UserError
from abmsim.records.disclaimer import DISCLAIMER

PEOPLE = 400


@pytest.fixture(scope="module")
def log(lives: Lives) -> LogChunk:
    return whole_log(lives)


Database = dict[str, list[tuple]]


@pytest.fixture(scope="module")
def database(run: Path) -> Database:
    return database_rows(run)


def database_rows(run: Path) -> Database:
    """The rows of every table of the DuckDB file."""
    with duckdb.connect(str(run / "abmsim.duckdb"), read_only=True) as connection:
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in SCHEMA.tables}


def table(run: Path, name: str) -> list[dict]:
    return pq.read_table(run / "tables" / f"{name}.parquet").to_pylist()


def rows_of(log: LogChunk, name: str) -> LogChunk:
    states = [index for index, state in enumerate(PROGRAM.states) if state.table == name]
    return log.rows(np.isin(log.state, states))


def test_every_event_that_is_not_silent_arrives_in_order(run: Path, log: LogChunk) -> None:
    shown = log.rows(~log.silent)
    events = table(run, "events")
    persons = [row["person_id"] for row in table(run, "persons")]
    assert [row["person_id"] for row in events] == [persons[person] for person in shown.person]
    assert [day_number(row["date"]) for row in events] == shown.day.tolist()
    assert [(row["module"], row["state"]) for row in events] == [
        (PROGRAM.states[state].module, PROGRAM.states[state].name) for state in shown.state
    ]
    assert [row["why"] for row in events] == [PROGRAM.whys[why] for why in shown.why]


def test_silent_states_write_no_event(run: Path) -> None:
    assert "waiting" not in {row["state"] for row in table(run, "events")}


def test_an_event_names_the_statistic_that_decided_it(run: Path) -> None:
    found = {(row["why"], row["statistic"]) for row in table(run, "events")}
    assert ("modules/wmo/household_help.yaml:23 stats.wmo_start * assume.more", "wmo_start") in found
    assert ("modules/wmo/household_help.yaml:31 assume.inquiry", None) in found


@pytest.mark.parametrize("name", sorted({state.table for state in PROGRAM.states if state.table}))
def test_an_event_leads_to_its_row_and_back(run: Path, name: str) -> None:
    key = SCHEMA.tables[name].key[0]
    told = [row["record_id"] for row in table(run, "events") if row["table_name"] == name]
    assert told == [row[key] for row in table(run, name)] and told


def test_values_come_from_states_and_slots(run: Path, log: LogChunk) -> None:
    given = rows_of(log, "vaccinations")
    vaccines = SCHEMA.codes["vaccine"].labels
    found = table(run, "vaccinations")
    assert [row["vaccine"] for row in found] == [vaccines[value] for value in given.values[:, 0]]
    assert [row["dose"] for row in found] == given.values[:, 1].tolist()
    assert {row["product"] for row in table(run, "wmo_provisions")} == {"household_help"}


def test_ends_and_reasons_arrive(run: Path, log: LogChunk) -> None:
    given = rows_of(log, "wmo_deliveries")
    reasons = SCHEMA.codes["wmo_end_reason"].labels
    found = table(run, "wmo_deliveries")
    assert [day_number(row["delivery_end"]) for row in found] == given.end_day.tolist()
    assert [row["end_reason"] for row in found] == [reasons[reason] for reason in given.end_reason]
    assert "deceased" in {row["end_reason"] for row in found}


def test_a_right_ends_as_planned_or_earlier_if_it_was_closed(run: Path, log: LogChunk) -> None:
    given = rows_of(log, "wmo_provisions")
    wanted = np.where(given.end_day == NEVER, given.planned_end, given.end_day)
    found = table(run, "wmo_provisions")
    assert [day_number(row["right_end"]) for row in found] == wanted.tolist()
    assert [row["end_reason"] is None for row in found] == (given.end_day == NEVER).tolist()
    assert len({row["end_reason"] for row in found}) > 1


def test_on_time_is_true_false_or_unknown(run: Path) -> None:
    assert {row["on_time"] for row in table(run, "wmo_requests")} == {True}
    assert {row["on_time"] for row in table(run, "wmo_decisions")} == {False}


def test_children_name_their_parents_row_or_none(run: Path) -> None:
    for row in table(run, "youth_help"):
        carried = row["carried_over"]
        assert row["referral_id"] == (None if carried else row["help_id"])


def test_persons_have_the_day_on_which_they_died(run: Path, lives: Lives) -> None:
    wanted = [None if day == NEVER else day_date(int(day)) for day in lives.death_day]
    assert [row["death_date"] for row in table(run, "persons")] == wanted


def test_rows_are_counted(run: Path, tmp_path: Path, write: Callable) -> None:
    rows = write(tmp_path)
    assert rows == {name: len(table(run, name)) for name in SCHEMA.tables}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, PEOPLE - 1), max_size=5))
def test_the_same_bytes_for_any_split_of_the_log(
    run: Path, database: Database, tmp_path_factory: pytest.TempPathFactory, write: Callable, chunks: list[int]
) -> None:
    other = tmp_path_factory.mktemp("other")
    write(other, chunks)
    files = sorted(path.relative_to(run) for path in run.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(other) for path in other.rglob("*") if path.is_file())
    for file in files:
        if file.suffix != ".duckdb":
            assert (run / file).read_bytes() == (other / file).read_bytes(), file
    assert database_rows(other) == database


@pytest.mark.parametrize("name", SCHEMA.tables)
def test_all_formats_hold_the_same_rows_in_the_same_order(run: Path, database: Database, name: str) -> None:
    parquet = [tuple(row.values()) for row in table(run, name)]
    assert database[name] == parquet
    with open(run / "csv" / f"{name}.csv", newline="", encoding="utf-8") as file:
        heading, *rows = csv.reader(file)
    assert heading == [column.name for column in SCHEMA.tables[name].columns] + ["synthetic"]
    assert [tuple(row) for row in rows] == [tuple(map(as_csv, (*row, True))) for row in parquet]


def as_csv(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


@pytest.mark.parametrize("name", SCHEMA.tables)
def test_the_marker_is_inside_every_format(run: Path, name: str) -> None:
    metadata = pq.read_metadata(run / "tables" / f"{name}.parquet").metadata
    assert metadata[b"synthetic"] == b"true" and metadata[b"disclaimer"] == DISCLAIMER.encode()
    with duckdb.connect(str(run / "abmsim.duckdb"), read_only=True) as connection:
        query = "SELECT comment FROM duckdb_tables() WHERE table_name = ?"
        assert DISCLAIMER in str(connection.execute(query, [name]).fetchone())
    rows = pq.read_metadata(run / "tables" / f"{name}.parquet").num_rows
    marked = list(pandas.read_csv(run / "csv" / f"{name}.csv")["synthetic"].unique())
    assert marked == ([True] if rows else [])


def test_the_folder_and_its_codebook_carry_the_disclaimer(run: Path) -> None:
    assert (run / "DISCLAIMER.txt").read_text(encoding="utf-8") == DISCLAIMER + "\n"
    assert (run / "csv" / "DISCLAIMER.txt").read_text(encoding="utf-8") == DISCLAIMER + "\n"
    assert DISCLAIMER in (run / "codebook.md").read_text(encoding="utf-8")


def test_dates_are_dates_and_codes_are_text(run: Path) -> None:
    with duckdb.connect(str(run / "abmsim.duckdb"), read_only=True) as connection:
        types = {row[0]: row[1] for row in connection.execute("DESCRIBE persons").fetchall()}
    assert types["birth_date"] == "DATE" and types["sex"] == "VARCHAR"


@pytest.mark.parametrize("name", SCHEMA.tables)
def test_keys_are_declared_on_all_but_the_large_tables(run: Path, name: str) -> None:
    declared = SCHEMA.tables[name]
    with duckdb.connect(str(run / "abmsim.duckdb"), read_only=True) as connection:
        query = "SELECT constraint_type FROM duckdb_constraints() WHERE table_name = ?"
        found = [row[0] for row in connection.execute(query, [name]).fetchall()]
    assert found.count("PRIMARY KEY") == (0 if declared.large else 1)
    references = sum(bool(column.refers) for column in declared.columns)
    assert found.count("FOREIGN KEY") == (0 if declared.large else references)


def test_a_table_with_too_many_rows_declares_no_keys_and_nobody_refers_to_it(run: Path, tmp_path: Path) -> None:
    write_duckdb(tmp_path / "x.duckdb", run / "tables", SCHEMA, most_keyed=0)
    filled = {name for name in SCHEMA.tables if pq.read_metadata(run / "tables" / f"{name}.parquet").num_rows}
    with duckdb.connect(str(tmp_path / "x.duckdb"), read_only=True) as connection:
        query = "SELECT table_name FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'"
        keyed = {row[0] for row in connection.execute(query).fetchall()}
    assert filled and not keyed & filled


def test_what_fails_beside_the_database_stops_it_and_is_what_is_told(run: Path, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), duckdb_written_beside(tmp_path / "x.duckdb", run / "tables", SCHEMA):
        raise ZeroDivisionError
    assert not (tmp_path / "x.duckdb.wal").exists()


def test_a_broken_key_is_told_when_all_else_is_done(run: Path, tmp_path: Path) -> None:
    shutil.copytree(run / "tables", tmp_path / "tables")
    rows = pq.read_table(run / "tables" / "persons.parquet")
    pq.write_table(pa.concat_tables([rows, rows.slice(0, 1)]), tmp_path / "tables" / "persons.parquet")
    done = False
    with pytest.raises(UserError, match="the rows of persons break a key"):  # noqa: SIM117
        with duckdb_written_beside(tmp_path / "x.duckdb", tmp_path / "tables", SCHEMA):
            done = True
    assert done


def test_why_leads_to_the_publisher_by_one_join(run: Path) -> None:
    with duckdb.connect(str(run / "abmsim.duckdb"), read_only=True) as connection:
        query = "SELECT DISTINCT publisher FROM events JOIN sources USING (statistic) WHERE table_name = 'vaccinations'"
        assert connection.execute(query).fetchall() == [("RIVM",)]


def test_the_codebook_tells_every_table_column_and_code(run: Path) -> None:
    text = (run / "codebook.md").read_text(encoding="utf-8")
    for declared in SCHEMA.tables.values():
        assert f"### {declared.name}\n" in text
        assert all(f"| `{column.name}` |" in text for column in declared.columns)
    for codes in SCHEMA.codes.values():
        assert all(f"| `{label}` |" in text for label in codes.labels)
    assert "survivors" in text
