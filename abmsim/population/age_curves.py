"""Distributions over age, many at once, and draws from parts of them."""

from __future__ import annotations

import numpy as np

from abmsim.population.rounding import on_grid

DAYS_PER_YEAR = 365.25


class AgeCurves:
    """`tables` distributions over the ages 0 to `last`; inside a year of age all moments are alike.

    Made of weights float64[tables, ages]; a table without any weight is level.
    """

    __slots__ = ("_flat", "_last", "_width")

    def __init__(self, weights: np.ndarray) -> None:
        sums = weights.sum(axis=1, keepdims=True)
        shares = np.where(sums > 0, weights, 1.0) / np.where(sums > 0, sums, weights.shape[1])
        cumulated = np.zeros((len(weights), weights.shape[1] + 1))
        cumulated[:, 1:] = on_grid(np.cumsum(shares, axis=1))
        cumulated[:, -1] = 1.0
        self._last, self._width = weights.shape[1], weights.shape[1] + 1
        # Table after table in one rising line, so that one search serves them all.
        self._flat = (cumulated + 2.0 * np.arange(len(weights))[:, None]).ravel()

    def reached(self, table: np.ndarray, age: np.ndarray) -> np.ndarray:
        """float64[n]: the share below an age (float64[n], years)."""
        age = np.clip(age, 0.0, self._last - 1e-6)
        whole = age.astype(np.int64)
        at = table * self._width + whole
        low, high = self._flat[at], self._flat[at + 1]
        return low + (high - low) * (age - whole) - 2.0 * table

    def draw(self, table: np.ndarray, low: np.ndarray, high: np.ndarray, u: np.ndarray) -> np.ndarray:
        """float64[n]: an age between `low` and `high`, by the curve; where it has nothing there, any age alike."""
        low, high = np.broadcast_arrays(np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64))
        high = np.maximum(high, low)
        below, above = self.reached(table, low), self.reached(table, high)
        wanted = below + u * (above - below) + 2.0 * table
        at = np.searchsorted(self._flat, wanted, side="right") - 1
        at = np.clip(at, table * self._width, (table + 1) * self._width - 2)
        start, width = self._flat[at], self._flat[at + 1] - self._flat[at]
        inside = np.divide(wanted - start, width, out=np.zeros_like(wanted), where=width > 1e-12)
        age = (at - table * self._width) + inside
        return np.clip(np.where(above - below > 1e-7, age, low + u * (high - low)), low, high)


def years_between(first_day: np.ndarray, last_day: np.ndarray) -> np.ndarray:
    """float64[n]: years from one day to another."""
    return (np.asarray(last_day, dtype=np.float64) - first_day) / DAYS_PER_YEAR


def day_at(birth_day: np.ndarray, age: np.ndarray) -> np.ndarray:
    """int64[n]: the day at which someone is `age` years (float64[n]) old."""
    return birth_day + np.floor(np.asarray(age) * DAYS_PER_YEAR).astype(np.int64)
