"""The address of every draw of the synthesis: seed, municipality, topic, number of the household or slot."""

from __future__ import annotations

import numpy as np

from abmsim.randomness import keys, mix, name_key, uniform

_ALL_BITS = (1 << 64) - 1


def key_of(*words: int | np.uint64) -> np.uint64:
    """One key from several words, the first as the base."""
    key = np.array([int(words[0]) & _ALL_BITS], dtype=np.uint64)
    for word in words[1:]:
        key = mix(key, np.array([int(word) & _ALL_BITS], dtype=np.uint64))
    return key[0]


class Draws:
    """Addressed draws of one municipality under one seed; `topic` tells draws for different purposes apart."""

    __slots__ = ("_base",)

    def __init__(self, seed: int, municipality_code: str) -> None:
        self._base = key_of(name_key("population"), seed, name_key(municipality_code))

    def keys(self, topic: str, n: int) -> np.ndarray:
        """uint64[n]: the keys of the slots 0..n-1 of the whole municipality."""
        return keys(int(key_of(self._base, name_key(topic))), np.arange(n))

    def uniform(self, topic: str, n: int) -> np.ndarray:
        """float64[n] in (0, 1)."""
        return uniform(self.keys(topic, n))

    def words(self, topic: str, n: int) -> np.ndarray:
        """uint16[n, 4]: four independent draws of 16 bits per slot, enough for look-ups in tables of quantiles."""
        return self.keys(topic, n).astype("<u8").view("<u2").reshape(n, 4)

    def shuffled(self, topic: str, n: int) -> np.ndarray:
        """int64[n]: the slots in a random order."""
        return order_of(self.words(topic, n)[:, 0])


def order_of(codes: np.ndarray) -> np.ndarray:
    """int64[n]: the stable order of uint16 codes (a radix sort, the same on every processor)."""
    return np.argsort(np.ascontiguousarray(codes, dtype=np.uint16), kind="stable")
