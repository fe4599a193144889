"""Row groups of a constant size, however the rows arrive: the files must not show how the work was split."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

ROW_GROUP = 245_760
"""Rows of a Parquet row group: light in memory, fast to scan, and twice DuckDB's own row group (122,880), so that its
threads load whole ones; with 262,144 the loading took half as long again and the database was half as large again."""

Columns = dict[str, np.ndarray]


class RowGroups:
    """Gathers columns (arrays of equal length) and hands them on in groups of exactly `size` rows."""

    def __init__(self, size: int = ROW_GROUP) -> None:
        self.size = size
        self.waiting: list[Mapping[str, np.ndarray]] = []
        self.rows = 0

    def add(self, columns: Mapping[str, np.ndarray]) -> Iterator[Columns]:
        """Take rows; yields the groups that are full now. Must be exhausted."""
        self.waiting.append(columns)
        self.rows += len(next(iter(columns.values())))
        if self.rows >= self.size:
            joined = self._joined()
            first = 0
            for first in range(self.size, self.rows + 1, self.size):
                yield {name: column[first - self.size : first] for name, column in joined.items()}
            # A copy, so that the rest does not keep the whole alive.
            self.waiting = [{name: column[first:].copy() for name, column in joined.items()}]
            self.rows -= first

    def rest(self) -> Iterator[Columns]:
        """The last, smaller group, if any rows wait."""
        if self.rows:
            yield self._joined()
        self.waiting, self.rows = [], 0

    def _joined(self) -> Columns:
        if len(self.waiting) == 1:
            return dict(self.waiting[0])
        return {name: np.concatenate([part[name] for part in self.waiting]) for name in self.waiting[0]}
