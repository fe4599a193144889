"""Arrow arrays straight from NumPy's memory: `pa.array` loads pandas for every run, which takes half a second."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

_NUMBERS = {pa.int32(): np.int32, pa.date32(): np.int32, pa.float64(): np.float64}


def array(values: np.ndarray, type_: pa.DataType, missing: np.ndarray | None = None) -> pa.Array:
    """Numbers, days or bool as an array of int32, date32, float64 or bool, null where `missing`."""
    nulls, valid = 0, None
    if missing is not None:
        nulls = int(np.count_nonzero(missing))
        valid = bits(~missing) if nulls else None
    data = bits(values) if type_ == pa.bool_() else pa.py_buffer(np.ascontiguousarray(values, dtype=_NUMBERS[type_]))
    return pa.Array.from_buffers(type_, len(values), [valid, data], nulls)


def strings(values: Sequence[str | None]) -> pa.StringArray:
    """A few texts, null where None."""
    encoded = [(value or "").encode() for value in values]
    offsets = np.zeros(len(encoded) + 1, dtype=np.int32)
    np.cumsum([len(one) for one in encoded], out=offsets[1:])
    missing = np.array([value is None for value in values], dtype=bool)
    valid = bits(~missing) if missing.any() else None
    data = pa.py_buffer(b"".join(encoded))
    return pa.StringArray.from_buffers(len(encoded), pa.py_buffer(offsets), data, valid, int(missing.sum()))


def bits(values: np.ndarray) -> pa.Buffer:
    """One bit an answer, as Arrow keeps bool and what is valid."""
    return pa.py_buffer(np.packbits(values, bitorder="little"))
