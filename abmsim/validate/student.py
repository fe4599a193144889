"""The t and the normal distribution, as far as intervals and tests need them; no heavy library for two curves."""

from __future__ import annotations

from functools import lru_cache
from math import exp, inf, lgamma, log, log1p
from statistics import NormalDist

_NORMAL = NormalDist()
_MOST_TERMS, _CLOSE = 400, 1e-15


def upper_tail(t: float, df: float) -> float:
    """The probability of more than `t` (any sign) under `df` degrees of freedom, `inf` for the normal distribution."""
    if df == inf:
        return _NORMAL.cdf(-t)
    half = incomplete_beta(df / (df + t * t), df / 2, 0.5) / 2
    return half if t >= 0 else 1 - half


def two_sided(t: float, df: float) -> float:
    """The probability of being further from 0 than `t`, in either direction."""
    return 2 * upper_tail(abs(t), df)


@lru_cache(maxsize=4096)
def quantile(part: float, df: float) -> float:
    """The value below which the part of the distribution lies, 0.5 <= part < 1; to about 1e-12."""
    if df == inf:
        return _NORMAL.inv_cdf(part)
    low, high = 0.0, 1.0
    while upper_tail(high, df) > 1 - part:
        low, high = high, 2 * high
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if upper_tail(middle, df) > 1 - part else (low, middle)
    return (low + high) / 2


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return front * _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of I_x(a, b), by Lentz's method."""
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d, c = 1 / (1 + even * d), 1 + even / c
        found *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d, c = 1 / (1 + odd * d), 1 + odd / c
        found *= d * c
        if abs(d * c - 1) < _CLOSE:
            break
    return found
