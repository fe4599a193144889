"""The rows of a run's database, by the names of their columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

Row = Mapping[str, Any]


def open_run(folder: Path) -> duckdb.DuckDBPyConnection:
    """The run's database, to be read only."""
    import duckdb

    tables = duckdb.connect(str(folder / "abmsim.duckdb"), read_only=True)
    tables.execute("SET enable_progress_bar = false")
    return tables


def read_rows(tables: duckdb.DuckDBPyConnection, query: str, *values: object) -> list[Row]:
    """The rows of a query, by the names of their columns."""
    found = tables.execute(query, list(values))
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
