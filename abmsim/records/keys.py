"""Text keys at the edge: 64-bit numbers inside, `abm-…` outside, made for many rows at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from abmsim.records import buffers

PERSON_PREFIX, HOUSEHOLD_PREFIX = "abm-", "abh-"

_ALPHABET = np.frombuffer(b"0123456789abcdefghjkmnpqrstvwxyz", dtype=np.uint8)  # Crockford: no i, l, o, u
_SHIFTS = np.arange(60, -1, -5, dtype=np.uint64)
_DASH, _ZERO = ord("-"), ord("0")


def key_bytes(keys: np.ndarray, prefix: str) -> np.ndarray:
    """The characters of each key, prefix + 13 digits of base 32: uint64[n] -> uint8[n, width]."""
    head = np.frombuffer(prefix.encode("ascii"), dtype=np.uint8)
    text = np.empty((len(keys), len(head) + len(_SHIFTS)), dtype=np.uint8)
    text[:, : len(head)] = head
    text[:, len(head) :] = _ALPHABET[((keys[:, None] >> _SHIFTS) & np.uint64(31)).astype(np.intp)]
    return text


def fixed_width_texts(text: np.ndarray) -> pa.StringArray:
    """A matrix of characters as an Arrow array without a Python object a row: uint8[n, width] -> string[n]."""
    rows, width = text.shape
    offsets = np.arange(rows + 1, dtype=np.int32) * np.int32(width)
    data = pa.py_buffer(np.ascontiguousarray(text))
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), data)


def key_labels(rows: np.ndarray, keys: np.ndarray, prefix: str) -> pa.DictionaryArray:
    """The key of each row, null where negative: int[n], indices into `keys` -> dictionary<string>[n]."""
    missing = rows < 0
    found, place = np.unique(np.where(missing, 0, rows), return_inverse=True)
    indices = buffers.array(place, pa.int32(), missing)
    return pa.DictionaryArray.from_arrays(indices, fixed_width_texts(key_bytes(keys[found], prefix)))


@dataclass(frozen=True, slots=True)
class KeyRuns:
    """Rows of the same person (or household) stand together: one key text a run.

    `texts` uint8[runs, width]; `run` int32[n]: the run of each row.
    """

    texts: np.ndarray
    run: np.ndarray

    @classmethod
    def of(cls, rows: np.ndarray, keys: np.ndarray, prefix: str) -> KeyRuns:
        """The runs of `rows` (int32[n], indices into `keys`)."""
        first = np.empty(len(rows), dtype=bool)
        first[:1] = True
        np.not_equal(rows[1:], rows[:-1], out=first[1:])
        run = np.cumsum(first, dtype=np.int32) - np.int32(1)
        return cls(key_bytes(keys[rows[first]], prefix), run)

    def array(self) -> pa.DictionaryArray:
        """The key of each row: dictionary<string>[n]."""
        return pa.DictionaryArray.from_arrays(buffers.array(self.run, pa.int32()), fixed_width_texts(self.texts))

    def numbered(self, ordinal: np.ndarray) -> pa.StringArray:
        """The record ids `<key>-<ordinal + 1>`, null where the ordinal is negative: int32[n] -> string[n]."""
        missing = ordinal < 0
        number = np.where(missing, 0, ordinal) + 1
        digits = np.ones(len(number), dtype=np.int32)
        for power in range(1, 10):
            digits += number >= 10**power
        most = int(digits.max(initial=1))
        head = self.texts.shape[1] + 1
        text = np.empty((len(number), head + most), dtype=np.uint8)
        text[:, : head - 1] = self.texts[self.run]
        text[:, head - 1] = _DASH
        for place in range(most):
            power = np.maximum(digits - 1 - place, 0)
            text[:, head + place] = _ZERO + number // 10**power % 10
        lengths = np.where(missing, 0, head + digits).astype(np.int32)
        return _texts_of_lengths(text, lengths, missing)


def _texts_of_lengths(text: np.ndarray, lengths: np.ndarray, missing: np.ndarray) -> pa.StringArray:
    """The first `lengths[i]` characters of each row; null where `missing`."""
    rows, width = text.shape
    if not missing.any() and (lengths == width).all():
        return fixed_width_texts(text)
    offsets = np.zeros(rows + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    flat = text[np.arange(width, dtype=np.int32) < lengths[:, None]]
    valid = buffers.bits(~missing)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(flat), valid, int(missing.sum()))
