"""The address of every draw about a resident's life: seed, the person's key, topic, number."""

from __future__ import annotations

import numpy as np

from abmsim.population.draws import key_of
from abmsim.randomness import mix, name_key, uniform


class PersonDraws:
    """Addressed draws for residents with these keys (uint64[n]): the same for a person in every sample."""

    __slots__ = ("_keys",)

    def __init__(self, seed: int, key: np.ndarray) -> None:
        self._keys = mix(np.full(len(key), key_of(name_key("life"), seed), dtype=np.uint64), key)

    def __getitem__(self, rows: np.ndarray) -> PersonDraws:
        """The draws of some of them."""
        found = object.__new__(PersonDraws)
        found._keys = self._keys[rows]
        return found

    def keys(self, topic: str, number: np.ndarray | int = 0) -> np.ndarray:
        """uint64[n]; `number` tells several draws for one topic apart."""
        numbers = np.broadcast_to(np.asarray(number, dtype=np.uint64), self._keys.shape)
        return mix(self._keys ^ name_key(topic), numbers)

    def uniform(self, topic: str, number: np.ndarray | int = 0) -> np.ndarray:
        """float64[n] in (0, 1)."""
        return uniform(self.keys(topic, number))
