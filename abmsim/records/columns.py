"""From numbers to Arrow: how a column of each type looks in the tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from abmsim.days import NEVER
from abmsim.lang.layout import PARTS_OF_NUMBERS
from abmsim.records import buffers
from abmsim.schema.schema import PERSONS, Column, Schema, TableSchema

MISSING = int(np.iinfo(np.int32).min)
"""A value that is not there, in the int32 columns that become records."""

TEXTS = pa.dictionary(pa.int32(), pa.string())
"""Text that repeats: written once a row group."""

_TYPES = {"date": pa.date32(), "bool": pa.bool_(), "integer": pa.int32(), "number": pa.float64(), "code": TEXTS}


def repeats(column: Column, schema: Schema) -> bool:
    """Whether a column's text stands in many rows (a dictionary pays), unlike a key of its own."""
    if column.type == "ref":
        return column.refers == PERSONS or schema.tables[column.refers].verb is None
    return column.type == "code" or (column.type == "text" and not column.refers_by)


def arrow_type(column: Column, schema: Schema) -> pa.DataType:
    """The Arrow type of a column."""
    if column.type in _TYPES:
        return _TYPES[column.type]
    return TEXTS if repeats(column, schema) else pa.string()


def arrow_schema(table: TableSchema, schema: Schema) -> pa.Schema:
    """The Arrow schema of a table."""
    return pa.schema([(column.name, arrow_type(column, schema)) for column in table.columns])


def dates(days: np.ndarray) -> pa.Array:
    """Day numbers as dates, null where there is none: int32[n] -> date32[n]."""
    none = (days == NEVER) | (days == MISSING)
    return buffers.array(days, pa.date32(), none)


def labels(indices: np.ndarray, texts: Sequence[str]) -> pa.DictionaryArray:
    """Indices into a few texts as those texts, null where negative: int32[n] -> dictionary<string>[n]."""
    codes = buffers.array(indices, pa.int32(), indices < 0)
    return pa.DictionaryArray.from_arrays(codes, buffers.strings(texts))


def flags(values: np.ndarray) -> pa.Array:
    """0 and 1 as false and true, null where negative: int[n] -> bool[n]."""
    return buffers.array(values > 0, pa.bool_(), values < 0)


def numbers(values: np.ndarray, type_: pa.DataType) -> pa.Array:
    """Numbers, null where missing: int32[n] -> int32[n], or thousandths -> float64[n]."""
    found = values / PARTS_OF_NUMBERS if pa.types.is_floating(type_) else values
    return buffers.array(found, type_, values == MISSING)


def texts(values: Sequence[str | None], type_: pa.DataType) -> pa.Array:
    """A few texts given one by one, as string or dictionary<string>."""
    if type_ != TEXTS:
        return buffers.strings(values)
    numbers = {text: number for number, text in enumerate(dict.fromkeys(text for text in values if text is not None))}
    indices = np.array([-1 if text is None else numbers[text] for text in values], dtype=np.int32)
    return labels(indices, list(numbers))
