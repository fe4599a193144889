"""One long column put together from many parts without ever being in memory twice."""

from __future__ import annotations

import numpy as np

_LEAST = 1 << 16


class Growing:
    """Values of one type; `add` appends, `whole` gives the array and ends it."""

    __slots__ = ("_array", "_length")

    def __init__(self, dtype: type[np.generic]) -> None:
        self._array = np.empty(0, dtype=dtype)
        self._length = 0

    def add(self, values: np.ndarray) -> None:
        """Append these values."""
        until = self._length + len(values)
        if until > len(self._array):
            # Memory that is not yet written to costs nothing, and growing in place copies nothing.
            self._array.resize(max(until, 2 * len(self._array), _LEAST), refcheck=False)
        self._array[self._length : until] = values
        self._length = until

    def whole(self) -> np.ndarray:
        """All values so far."""
        self._array.resize(self._length, refcheck=False)
        return self._array
