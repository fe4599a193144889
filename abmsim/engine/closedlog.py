"""Rows of the log that nothing changes any more, kept small until the run is over."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from abmsim.lang.layout import ROW_WIDTH

_CODEC = "lz4"


@dataclass(slots=True)
class ClosedLog:
    """Closed rows of a block, compressed, each with the number that tells where it stood in the log.

    `before` is the number of rows that were ever taken off the log's end, open ones that stayed counted once.
    """

    parts: list[tuple[int, bytes, bytes]] = field(default_factory=list)
    before: int = 0

    def add(self, rows: np.ndarray, numbers: np.ndarray) -> None:
        """Keeps rows int32[n, ROW_WIDTH] with their numbers int64[n]."""
        import pyarrow as pa

        columns = np.ascontiguousarray(rows.T)  # like stands by like: smaller
        codec = pa.Codec(_CODEC)
        packed = (codec.compress(part, asbytes=True) for part in (columns, np.ascontiguousarray(numbers)))
        self.parts.append((len(rows), *packed))

    def read(self) -> tuple[np.ndarray, np.ndarray]:
        """All rows that were added, column by column: int32[ROW_WIDTH, n], and their numbers."""
        import pyarrow as pa

        codec = pa.Codec(_CODEC)
        columns, numbers = [np.empty((ROW_WIDTH, 0), dtype=np.int32)], [np.empty(0, dtype=np.int64)]
        for count, packed, places in self.parts:
            found = np.frombuffer(codec.decompress(packed, count * ROW_WIDTH * 4), dtype=np.int32)
            columns.append(found.reshape(ROW_WIDTH, count))
            numbers.append(np.frombuffer(codec.decompress(places, count * 8), dtype=np.int64))
        return np.concatenate(columns, axis=1), np.concatenate(numbers)
