"""Addressed randomness: a draw is a hash of who, where and when, never the next of a stream.

`u = uniform(mix(mix(...)))` over (seed, person key, module, state, episode, visit, slot). All keys are
uint64. The functions take NumPy arrays as they are; the engine jits the same source for single numbers.
A test holds published vectors against them, so that a change of the mix cannot go unseen.
"""

from __future__ import annotations

import hashlib
import math

import numpy as np

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_TWO_TO_MINUS_53 = 2.0**-53


def mix(key, word):
    """A new uint64 key from a key and a word: two rounds of splitmix64's finaliser, `word` keyed in."""
    z = key ^ (word * _GOLDEN)
    z = (z ^ (z >> _S30)) * _M1
    z = (z ^ (z >> _S27)) * _M2
    z = (z ^ (z >> _S31)) + _GOLDEN
    z = (z ^ (z >> _S30)) * _M1
    z = (z ^ (z >> _S27)) * _M2
    return z ^ (z >> _S31)


def uniform(key):
    """The key's number in (0, 1): 53 bits, never exactly 0 and never 1."""
    return ((key >> _S11) + 0.5) * _TWO_TO_MINUS_53


def name_key(name: str) -> np.uint64:
    """The key of a name (a module, a state, a place): stays the same wherever the name stands."""
    return np.uint64(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little"))


def keys(base: int, words: np.ndarray) -> np.ndarray:
    """One key for each word under a common base: uint64[n]."""
    return mix(np.full(len(words), base, dtype=np.uint64), words.astype(np.uint64))


_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_SQRT_HALF = 0.7071067811865476


def portable_log(x: float) -> float:
    """Natural logarithm by + - * / alone (and the exact `frexp`), so that every processor gives the same bits.

    x > 0. Error below 1e-15 relative (series of artanh, |z| <= 0.1716).
    """
    mantissa, exponent = math.frexp(x)
    if mantissa < _SQRT_HALF:
        mantissa *= 2.0
        exponent -= 1
    z = (mantissa - 1.0) / (mantissa + 1.0)
    zz = z * z
    series = zz * (
        1.0 / 3.0
        + zz * (1.0 / 5.0 + zz * (1.0 / 7.0 + zz * (1.0 / 9.0 + zz * (1.0 / 11.0 + zz * (1.0 / 13.0
        + zz * (1.0 / 15.0 + zz * (1.0 / 17.0 + zz * (1.0 / 19.0))))))))
    )
    return exponent * _LN2_HIGH + (2.0 * (z + z * series) + exponent * _LN2_LOW)


def portable_exp(x: float) -> float:
    """e**x by + - * / alone (and the exact `ldexp`); |x| <= 700."""
    n = math.floor(x * 1.4426950408889634 + 0.5)
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    term = 1.0
    total = 1.0
    for i in range(1, 19):
        term = term * r / i
        total += term
    return math.ldexp(total, int(n))


def normal_quantile(u: float) -> float:
    """Inverse of the standard normal distribution, 0 < u < 1; relative error below 1e-9.

    Acklam's rational approximation with one Newton-free tail form; `portable_log` keeps it bit-equal everywhere.
    """
    if u < 0.02425 or u > 0.97575:
        tail = u if u < 0.5 else 1.0 - u
        q = math.sqrt(-2.0 * portable_log(tail))
        top = ((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q
                - 2.549732539343734) * q + 4.374664141464968) * q + 2.938163982698783
        bottom = (((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q
                  + 3.754408661907416) * q + 1.0
        value = top / bottom
        return value if u < 0.5 else -value
    q = u - 0.5
    r = q * q
    top = (((((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
             + 1.383577518672690e02) * r - 3.066479806614716e01) * r + 2.506628277459239) * q
    bottom = ((((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
               + 6.680131188771972e01) * r - 1.328068155288572e01) * r + 1.0
    return top / bottom
