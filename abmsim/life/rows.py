"""The rows of a run's database, by the names of their columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abmsim.records.formats import DATABASE

if TYPE_CHECKING:
    import duckdb

Row = Mapping[str, Any]


def open_run(folder: Path) -> duckdb.DuckDBPyConnection:
    """The run's database, to be read only."""
    import duckdb

    tables = duckdb.connect(str(folder / DATABASE), read_only=True)
    tables.execute("SET enable_progress_bar = false")
    return tables


def open_tables(folder: Path) -> duckdb.DuckDBPyConnection:
    """The run's Parquet tables by the names that they have in its database, `rowid` included."""
    import duckdb

    from abmsim.export.duckdb import quoted

    tables = duckdb.connect()
    tables.execute("SET enable_progress_bar = false")
    for file in sorted((folder / "tables").glob("*.parquet")):
        rows = f"read_parquet({quoted(file.as_posix())}, file_row_number = true)"
        tables.execute(f"CREATE VIEW {file.stem} AS SELECT * RENAME (file_row_number AS rowid) FROM {rows}")
    return tables


def read_rows(tables: duckdb.DuckDBPyConnection, query: str, *values: object) -> list[Row]:
    """The rows of a query, by the names of their columns."""
    found = tables.execute(query, list(values))
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
