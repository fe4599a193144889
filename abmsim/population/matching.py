"""Two groups paired by class, in the order of their keys: the same pairs whatever the order of the rows."""

from __future__ import annotations

import numpy as np


def matched(
    class_a: np.ndarray, key_a: np.ndarray, class_b: np.ndarray, key_b: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(positions in a, positions in b), int64[p] each: within every class the first of one by key with the first of
    the other, and so on until one of them runs out. Classes int64, keys uint64."""
    order_a, code_a = _ranked(class_a, key_a)
    order_b, code_b = _ranked(class_b, key_b)
    _, at_a, at_b = np.intersect1d(code_a, code_b, assume_unique=True, return_indices=True)
    return order_a[at_a], order_b[at_b]


def _ranked(classes: np.ndarray, key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.lexsort((key, classes))
    of = classes[order]
    begins = np.flatnonzero(np.concatenate([[True], of[1:] != of[:-1]])) if len(of) else np.zeros(0, dtype=np.int64)
    rank = np.arange(len(of)) - np.repeat(begins, np.diff(np.append(begins, len(of))))
    return order, (of.astype(np.int64) << 32) + rank
