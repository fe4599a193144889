"""CSV: one file a table as any program opens it (UTF-8, comma, one heading, no comment lines).

The marker is a last column `synthetic`, so that it goes wherever the rows are copied to; a comment line would break
Excel and pandas. Empty means "not there", days are ISO dates, and truth is `true` or `false`.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from abmsim.records.disclaimer import write_disclaimer
from abmsim.schema.schema import Schema

SYNTHETIC = "synthetic"
_ROWS = 65_536


def write_csv(folder: Path, tables: Path, schema: Schema) -> None:
    """Write `folder/<table>.csv` for every table from its Parquet file, in the same order of rows."""
    folder.mkdir(exist_ok=True)
    write_disclaimer(folder)
    for name in schema.tables:
        _write_table(folder / f"{name}.csv", tables / f"{name}.parquet")


def _write_table(path: Path, parquet: Path) -> None:
    with pq.ParquetFile(parquet) as source:
        columns = source.schema_arrow.remove_metadata().append(pa.field(SYNTHETIC, pa.bool_()))
        options = pa_csv.WriteOptions(quoting_style="needed")
        with pa_csv.CSVWriter(path, columns, write_options=options) as writer:
            for batch in source.iter_batches(_ROWS):
                marker = pa.repeat(True, batch.num_rows)
                writer.write_batch(pa.RecordBatch.from_arrays([*batch.columns, marker], schema=columns))
