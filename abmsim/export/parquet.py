"""Parquet: one file a table, written as the rows come, the same bytes however they come."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from abmsim.records.columns import arrow_schema, repeats
from abmsim.records.disclaimer import MARKER
from abmsim.schema.schema import Column, Schema, TableSchema

_MOST_WAITING = 4
"""Row groups that may wait to be written: they are held in memory."""

_DICTIONARY_BYTES = 64 * 1024 * 1024
"""Above any dictionary of a row group, so that the encoding never depends on how full it is."""


class ParquetTables:
    """The Parquet files of a run in `folder`: every call of `write` makes one row group.

    `rows` counts what was written. Tables that got no rows are there, empty, after `close`. A thread of its own writes
    while the next rows are made ready; what goes wrong there is raised by a later `write`, or by `close`.
    """

    def __init__(self, folder: Path, schema: Schema) -> None:
        self.folder = folder
        self.schema = schema
        self.rows = dict.fromkeys(schema.tables, 0)
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._waiting: deque[Future[None]] = deque()
        folder.mkdir(exist_ok=True)

    def path(self, table: str) -> Path:
        return self.folder / f"{table}.parquet"

    def write(self, name: str, rows: pa.Table) -> None:
        """Append rows to a table as one row group."""
        self.rows[name] += rows.num_rows
        self._waiting.append(self._thread.submit(self._append, name, rows))
        while len(self._waiting) > _MOST_WAITING:
            self._waiting.popleft().result()

    def _append(self, name: str, rows: pa.Table) -> None:
        self._writer(name).write_table(rows, row_group_size=max(rows.num_rows, 1))

    def close(self) -> None:
        """Finish all files, empty ones too."""
        while self._waiting:
            self._waiting.popleft().result()
        self._thread.shutdown()
        for name in self.schema.tables:
            self._writer(name).close()

    def abandon(self) -> None:
        """Let go of the files of a run that failed; what is on disk is of no use."""
        self._thread.shutdown(cancel_futures=True)
        for writer in self._writers.values():
            try:
                writer.close()
            except OSError:  # the disk is full: that is why the run failed
                continue

    def _writer(self, name: str) -> pq.ParquetWriter:
        if name not in self._writers:
            table = self.schema.tables[name]
            file_schema = arrow_schema(table, self.schema)
            self._writers[name] = pq.ParquetWriter(self.path(name), file_schema, **_options(table, self.schema))
            self._writers[name].add_key_value_metadata({**MARKER, "about": table.about})
        return self._writers[name]


def _options(table: TableSchema, schema: Schema) -> dict:
    """Compression and encodings: dictionaries for what repeats, differences for days and keys."""
    encodings = {column.name: encoding for column in table.columns if (encoding := _encoding(column, schema))}
    names = [column.name for column in table.columns]
    plain = {column.name for column in table.columns if column.type in ("bool", "number")}
    return {
        "compression": "zstd",
        "compression_level": 3,
        "use_dictionary": [name for name in names if name not in encodings and name not in plain],
        "column_encoding": encodings,
        "dictionary_pagesize_limit": _DICTIONARY_BYTES,
        # Readers should see plain text, not our dictionaries.
        "store_schema": False,
        "version": "2.6",
        "data_page_version": "1.0",
    }


def _encoding(column: Column, schema: Schema) -> str | None:
    if column.type in ("date", "integer"):
        return "DELTA_BINARY_PACKED"
    if column.type in ("id", "ref", "text") and not repeats(column, schema):
        return "DELTA_BYTE_ARRAY"
    return None
