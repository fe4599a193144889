"""What a run leaves beside its Parquet tables: the other formats, made from them, and what explains them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from abmsim.records.codebook import write_codebook
from abmsim.records.disclaimer import write_disclaimer
from abmsim.schema.schema import Schema

FORMATS = ("csv",)
"""What can be asked for beside Parquet and DuckDB, which are always written."""

DATABASE = "abmsim.duckdb"


@contextmanager
def formats_written_beside(
    folder: Path, schema: Schema, rows: Mapping[str, int], formats: Collection[str] = ()
) -> Iterator[None]:
    """Makes the other formats of the tables in `folder` while the body runs, which may read the Parquet tables.

    `rows` are those of each table. The database takes a thread of its own; raises UserError if the rows break a key.
    """
    from abmsim.export.duckdb import duckdb_written_beside

    tables = folder / "tables"
    with duckdb_written_beside(folder / DATABASE, tables, schema):
        write_codebook(folder / "codebook.md", schema, rows)
        write_disclaimer(folder)
        if "csv" in formats:
            from abmsim.export.csv import write_csv

            write_csv(folder / "csv", tables, schema)
        yield
