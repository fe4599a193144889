"""The queries of the page on the Wmo run on the tables as they are declared, and the one of costs counts as it says."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

import abmsim
from abmsim.schema.schema import load_schema

PAGE = Path(abmsim.__file__).parents[1] / "docs" / "wmo.md"
QUERIES = re.compile(r"```sql\n(?P<query>.*?)```", re.DOTALL)
TYPES = {"date": "date", "bool": "boolean", "number": "double", "integer": "integer"}

pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="the documents are part of a checkout")


@pytest.fixture
def tables() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for name, table in load_schema().tables.items():
        columns = ", ".join(f'"{column.name}" {TYPES.get(column.type, "text")}' for column in table.columns)
        connection.execute(f"create table {name} ({columns})")
    return connection


def queries() -> list[str]:
    return [found["query"] for found in QUERIES.finditer(PAGE.read_text(encoding="utf-8"))]


def test_every_query_runs_on_the_tables_as_they_are_declared(tables: duckdb.DuckDBPyConnection) -> None:
    assert len(queries()) == 3
    for query in queries():
        tables.execute(query).fetchall()


def test_costs_are_the_days_of_the_year_times_volume_times_tariff(tables: duckdb.DuckDBPyConnection) -> None:
    rights = (("a", 2, 70, "week"), ("b", 1, 180, "day"), ("c", 4, 15, "month"), ("d", 1, 99, "day"))
    for provision, volume, tariff, frequency in rights:
        tables.execute(
            "insert into wmo_provisions (provision_id, volume, tariff_eur, frequency) values (?, ?, ?, ?)",
            [provision, volume, tariff, frequency],
        )
    deliveries = (
        ("a", "anna", "guidance", "2022-01-01", None),  # 365 days, 140 euros a week
        ("b", "bert", "short_stay", "2023-12-31", "2024-01-10"),  # one day
        ("c", "anna", "transport_services", "2023-12-02", "2023-12-12"),  # ten days, 60 euros a month
        ("d", "carl", "short_stay", "2022-05-01", "2023-01-01"),  # before the year
    )
    for row in deliveries:
        tables.execute(
            "insert into wmo_deliveries (provision_id, person_id, product, delivery_start, delivery_end) "
            "values (?, ?, ?, ?, ?)",
            row,
        )
    (costs,) = (query for query in queries() if "euros by product" in query)
    assert tables.execute(costs).fetchall() == [
        ("guidance", 1, 7300), ("short_stay", 1, 180), ("transport_services", 1, round(10 * 60 * 12 / 365.25)),
    ]  # fmt: skip
