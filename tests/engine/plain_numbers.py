"""Draws and operations of plain numbers, as the kernel must make them."""

from __future__ import annotations

import numpy as np

from abmsim.randomness import portable_exp, portable_log

_64_BITS = 2**64 - 1
_GOLDEN, _M1, _M2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def mix(key: int, word: int) -> int:
    z = key ^ (word * _GOLDEN & _64_BITS)
    z = (z ^ z >> 30) * _M1 & _64_BITS
    z = (z ^ z >> 27) * _M2 & _64_BITS
    z = (z ^ z >> 31) + _GOLDEN & _64_BITS
    z = (z ^ z >> 30) * _M1 & _64_BITS
    z = (z ^ z >> 27) * _M2 & _64_BITS
    return z ^ z >> 31


def uniform(key: int) -> float:
    return ((key >> 11) + 0.5) * 2.0**-53


def compare(comparison: int, left: float, right: float) -> bool:
    return (left < right, left <= right, left > right, left >= right, left == right, left != right)[comparison]


def _divide(left: float, right: float) -> float:
    with np.errstate(all="ignore"):
        return float(np.float64(left) / np.float64(right))


UNARY = {
    "negate": lambda x: -x, "not": lambda x: float(x == 0), "absolute": abs, "exp": portable_exp, "log": portable_log,
    "logit": lambda x: portable_log(x) - portable_log(1.0 - x), "logistic": lambda x: 1.0 / (1.0 + portable_exp(-x)),
}  # fmt: skip
BINARY = {
    "add": lambda x, y: x + y, "subtract": lambda x, y: x - y, "multiply": lambda x, y: x * y, "divide": _divide,
    "minimum": min, "maximum": max, "less": lambda x, y: float(x < y), "less_equal": lambda x, y: float(x <= y),
    "greater": lambda x, y: float(x > y), "greater_equal": lambda x, y: float(x >= y),
    "equal": lambda x, y: float(x == y), "not_equal": lambda x, y: float(x != y),
}  # fmt: skip
