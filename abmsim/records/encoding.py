"""From columns of numbers to the Arrow tables of the schema: rows become keys, indices labels, days dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa

from abmsim.areas import neighbourhood_codes
from abmsim.engine.lives import Lives
from abmsim.records import columns as arrow
from abmsim.records.keys import HOUSEHOLD_PREFIX, PERSON_PREFIX, fixed_width_texts, key_bytes, key_labels
from abmsim.records.rowgroups import ROW_GROUP
from abmsim.schema.schema import HOUSEHOLDS, MUNICIPALITIES, NEIGHBOURHOODS, PERSONS, Column, Schema

Numbers = Mapping[str, np.ndarray | Sequence[str | None]]
"""Columns of a table by their names, all of one length, negative or NEVER where empty: rows of people, households and
institutions for keys, indices of places and labels, days, 0 and 1; texts where the schema has text."""

Keys = Mapping[str, tuple[np.ndarray, str]]
"""The keys uint64[n] of the rows of a table, by its name, with their prefix."""

Tables = Iterator[tuple[str, pa.Table]]


class Encoder:
    """Makes tables that do not come from the log a row group at a time, as the schema says of each column."""

    def __init__(self, schema: Schema, keys: Keys, place_codes: Sequence[str] = (), row_group: int = ROW_GROUP) -> None:
        self.schema = schema
        self.row_group = row_group
        self._codes = list(place_codes)
        self._keys = keys

    @classmethod
    def of_lives(cls, lives: Lives, schema: Schema, row_group: int = ROW_GROUP) -> Encoder:
        """The encoder of the tables about people."""
        keys = {PERSONS: (lives.people.key, PERSON_PREFIX), HOUSEHOLDS: (lives.households.key, HOUSEHOLD_PREFIX)}
        return cls(schema, keys, [place.code for place in lives.places], row_group)

    def tables(self, name: str, numbers: Numbers) -> Tables:
        """The rows of a table, named, in row groups."""
        table = self.schema.tables[name]
        table_schema = arrow.arrow_schema(table, self.schema)
        count = len(numbers[table.columns[0].name])
        for first in range(0, count, self.row_group):
            rows = slice(first, first + self.row_group)
            arrays = [self._array(name, column, numbers[column.name][rows]) for column in table.columns]
            yield name, pa.Table.from_arrays(arrays, schema=table_schema)

    def _array(self, table: str, column: Column, values: np.ndarray | Sequence[str | None]) -> pa.Array:
        if not isinstance(values, np.ndarray):
            return arrow.texts(values, arrow.arrow_type(column, self.schema))
        if column.type == "id":
            keys, prefix = self._keys[table]
            return fixed_width_texts(key_bytes(keys[values], prefix))
        if column.refers == MUNICIPALITIES:
            return arrow.labels(values, self._codes)
        if column.refers == NEIGHBOURHOODS:
            return arrow.labels(values, neighbourhood_codes())
        if column.type == "ref":
            return key_labels(values, *self._keys[column.refers])
        if column.type == "date":
            return arrow.dates(values.astype(np.int32))
        if column.type == "code":
            return arrow.labels(values.astype(np.int32), self.schema.codes[column.codes].labels)
        if column.type == "bool":
            return arrow.flags(values)
        return arrow.numbers(values, arrow.arrow_type(column, self.schema))
