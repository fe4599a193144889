"""Households by size for projected persons: the sizes of 2020, shifted until they hold them."""

from __future__ import annotations

import numpy as np

from abmsim.population.margins import INSTITUTION_POSITION, Margins
from abmsim.population.rounding import largest_remainder, on_grid

_SIZES = np.array([2, 3, 4, 5])
_STEPS = 40
_WIDEST = 4.0
"""How far a size may gain or lose against the next smaller one: a factor of 2 to this power."""


def households_by_size(margins: Margins, persons: np.ndarray, types: np.ndarray) -> np.ndarray:
    """int64[places, SIZES]: single persons as they are, the others so many as there are households of two and more.

    Persons beyond five in a household grow as the households do; the sizes before them are tilted (each size against
    the one before it by the same factor) until the private households hold everybody. `persons` int64[places, age
    groups, positions], `types` int64[places, HOUSEHOLD_TYPES].
    """
    before = margins.sizes[:, 1:].astype(np.float64)
    number = types[:, 1:].sum(axis=1)
    growth = np.divide(number, before.sum(axis=1), out=np.ones(len(number)), where=before.sum(axis=1) > 0)
    beyond = _beyond_five(margins) * growth
    members = persons[:, :, :INSTITUTION_POSITION].sum(axis=(1, 2)) - types[:, 0]
    low, high = np.full(len(number), -_WIDEST), np.full(len(number), _WIDEST)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        above = _scaled(before, middle, number) @ _SIZES + beyond > members
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    table = _scaled(before, (low + high) / 2, number)
    counts = np.stack([largest_remainder(row, int(n)) for row, n in zip(table, number, strict=True)])
    for row in range(len(counts)):
        _leave_room(counts[row], int(members[row]))
    return np.concatenate([types[:, :1], counts], axis=1)


def _beyond_five(margins: Margins) -> np.ndarray:
    """float64[places]: persons that households of five and more have beyond five."""
    private = margins.persons[:, :, :INSTITUTION_POSITION].sum(axis=(1, 2))
    return (private - margins.sizes @ np.arange(1, 6)).astype(np.float64)


def _scaled(before: np.ndarray, tilt: np.ndarray, number: np.ndarray) -> np.ndarray:
    table = before * 2.0 ** (tilt[:, None] * (_SIZES - _SIZES[0]))
    sums = table.sum(axis=1)
    return on_grid(table * np.divide(number, sums, out=np.zeros(len(sums)), where=sums > 0)[:, None])


def _leave_room(counts: np.ndarray, members: int) -> None:
    """Households one person smaller, the largest first, while they hold more than there are members."""
    while counts @ _SIZES > members and counts[1:].any():
        size = int(np.flatnonzero(counts[1:])[-1]) + 1
        counts[[size - 1, size]] += [1, -1]
