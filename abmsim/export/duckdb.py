"""DuckDB: one file with all tables, linked by declared keys, filled from the Parquet files in their order."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from abmsim.problems import UserError
from abmsim.records.columns import repeats
from abmsim.records.disclaimer import DISCLAIMER
from abmsim.schema.schema import Column, Schema, TableSchema

_TYPES = {"date": "DATE", "bool": "BOOLEAN", "integer": "INTEGER", "number": "DOUBLE"}
_KEY = "VARCHAR USING COMPRESSION zstd"
MOST_KEYED = 100_000
"""Rows of a table up to which its keys are declared: to check them takes 13-20 times as long as to load the rows."""


def write_duckdb(path: Path, tables: Path, schema: Schema, most_keyed: int = MOST_KEYED) -> None:
    """Load `tables/*.parquet` into a new database; raises UserError if the rows break a declared key.

    Tables that are large, by their schema or with more than `most_keyed` rows, declare no keys (loading would take
    13-20 times as long): `records.integrity` proves them.
    """
    with duckdb.connect(str(path)) as connection:
        _load(connection, tables, schema, most_keyed)


@contextmanager
def duckdb_written_beside(path: Path, tables: Path, schema: Schema) -> Iterator[None]:
    """Does what `write_duckdb` does on a thread of its own while the body runs; what fails in the body stops it."""
    with duckdb.connect(str(path)) as connection, ThreadPoolExecutor(max_workers=1) as thread:
        loading = thread.submit(_load, connection, tables, schema, MOST_KEYED)
        try:
            yield
        except BaseException:
            connection.interrupt()
            raise
        loading.result()


def _load(connection: duckdb.DuckDBPyConnection, tables: Path, schema: Schema, most_keyed: int) -> None:
    """All tables in one go, so that the disk is waited for once."""
    large = _without_large(schema, tables, most_keyed)
    connection.execute("SET preserve_insertion_order = true")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("BEGIN")
    for table in large.tables.values():
        connection.execute(create_statement(table, large))
        connection.execute(f"COMMENT ON TABLE {table.name} IS {quoted(comment(table))}")
        _fill(connection, table, tables / f"{table.name}.parquet")
    connection.execute("COMMIT")


def _without_large(schema: Schema, folder: Path, most: int) -> Schema:
    """The schema in which the tables with more rows than `most` are large."""
    tables = {
        name: replace(table, large=table.large or pq.read_metadata(folder / f"{name}.parquet").num_rows > most)
        for name, table in schema.tables.items()
    }
    return replace(schema, tables=tables)


def _fill(connection: duckdb.DuckDBPyConnection, table: TableSchema, parquet: Path) -> None:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    try:
        connection.execute(f"INSERT INTO {table.name} SELECT {names} FROM read_parquet({quoted(parquet.as_posix())})")
    except duckdb.ConstraintException as error:
        raise UserError(f"the rows of {table.name} break a key: {str(error).splitlines()[0]}") from error


def create_statement(table: TableSchema, schema: Schema) -> str:
    """The CREATE TABLE of a table, keys included unless it is large."""
    lines = [_column(column, schema) for column in table.columns]
    if not table.large:
        if table.key:
            lines.append(f"PRIMARY KEY ({', '.join(table.key)})")
        lines += [_foreign_key(column, schema) for column in table.columns if _links(column, schema)]
    return f"CREATE TABLE {table.name} (\n  " + ",\n  ".join(lines) + "\n)"


def _column(column: Column, schema: Schema) -> str:
    empty = "" if column.nullable else " NOT NULL"
    return f'"{column.name}" {_TYPES.get(column.type) or _text_type(column, schema)}{empty}'


def _text_type(column: Column, schema: Schema) -> str:
    """Keys that do not repeat name their compression: trying all of them took twice the time and the space."""
    return "VARCHAR" if repeats(column, schema) else _KEY


def _links(column: Column, schema: Schema) -> bool:
    """Only a table with a declared primary key can be referred to."""
    return bool(column.refers) and not schema.tables[column.refers].large


def _foreign_key(column: Column, schema: Schema) -> str:
    parent = schema.tables[column.refers]
    return f"FOREIGN KEY ({column.name}) REFERENCES {parent.name} ({', '.join(parent.key)})"


def comment(table: TableSchema) -> str:
    """What a table says of itself: what it holds, and that it is synthetic."""
    return f"{table.about} SYNTHETIC: {DISCLAIMER}"


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
