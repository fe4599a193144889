"""Columns that grow while a run goes on: rows are appended, those that are there can be read and changed in place."""

from __future__ import annotations

import numpy as np


class Growing:
    """Columns of equal length by name; `columns[name]` is a view of the rows that are there.

    A view is good until rows are appended.
    """

    __slots__ = ("_arrays", "_count")

    def __init__(self, **columns: np.ndarray) -> None:
        self._arrays = {name: np.ascontiguousarray(column) for name, column in columns.items()}
        lengths = {len(column) for column in columns.values()}
        if len(lengths) > 1:
            raise ValueError(f"columns of different lengths: {sorted(lengths)}")
        self._count = lengths.pop() if lengths else 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, name: str) -> np.ndarray:
        return self._arrays[name][: self._count]

    def append(self, **columns: np.ndarray | int) -> np.ndarray:
        """Appends rows, a value for every column (one number serves all rows); returns their numbers."""
        n = max((len(column) for column in columns.values() if isinstance(column, np.ndarray)), default=1)
        if columns.keys() != self._arrays.keys():
            raise ValueError(f"columns {sorted(columns)} given, {sorted(self._arrays)} wanted")
        if self._count + n > len(next(iter(self._arrays.values()))):
            self._enlarge(n)
        rows = np.arange(self._count, self._count + n, dtype=np.int32)
        self._count += n
        for name, column in columns.items():
            self._arrays[name][rows] = column
        return rows

    def _enlarge(self, n: int) -> None:
        room = self._count + n + (self._count + n) // 4
        for name, array in self._arrays.items():
            larger = np.zeros(room, dtype=array.dtype)
            larger[: self._count] = array[: self._count]
            self._arrays[name] = larger
