"""Whole numbers out of fitted tables: margins stay exact, and no cell is off by one or more."""

from __future__ import annotations

import numpy as np

GRID = 1e-9
"""Fitted numbers are rounded to this grid before they decide anything, so that every processor decides alike."""


def on_grid(values: np.ndarray) -> np.ndarray:
    """float64 values rounded to the grid."""
    return np.round(values, 9)


def largest_remainder(weights: np.ndarray, total: int) -> np.ndarray:
    """int64[n]: `total` shared out by weight, remainders to the largest fractions (ties to the first)."""
    exact = on_grid(weights * (total / weights.sum())) if total else np.zeros(len(weights))
    counts = np.floor(exact).astype(np.int64)
    rest = total - int(counts.sum())
    order = np.argsort(-on_grid(exact - counts), kind="stable")
    counts[order[:rest]] += 1
    return counts


def systematic(weights: np.ndarray, totals: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """int64[r, c]: each row's total shared out by its weights; each cell is rounded up or down.

    `weights` float64[r, c], `totals` int64[r], `offsets` float64[r] in (0, 1): which way the row rounds. Without
    bias over the offsets, so small cells do not all fall on the most common age.
    """
    sums = weights.sum(axis=1, keepdims=True)
    shares = np.cumsum(weights / np.where(sums > 0, sums, 1.0), axis=1)
    shares[:, -1] = 1.0
    cumulated = np.floor(on_grid(shares * totals[:, None]) + offsets[:, None])
    cumulated[:, -1] = totals
    return np.diff(cumulated, axis=1, prepend=0.0).astype(np.int64)


def fitted(seed: np.ndarray, row_sums: np.ndarray, column_sums: np.ndarray, rounds: int = 200) -> np.ndarray:
    """float64[r, c]: `seed` scaled to both margins (iterative proportional fitting); zeros stay zero."""
    table = seed.astype(np.float64)
    for _ in range(rounds):
        rows = table.sum(axis=1)
        table *= np.divide(row_sums, rows, out=np.zeros_like(rows), where=rows > 0)[:, None]
        columns = table.sum(axis=0)
        if np.abs(columns - column_sums).max() < GRID:
            break
        table *= np.divide(column_sums, columns, out=np.zeros_like(columns), where=columns > 0)
    return on_grid(table)


def controlled(table: np.ndarray, row_sums: np.ndarray, column_sums: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """int64[r, c]: a fitted table in whole numbers with both margins exact and nothing outside `allowed`.

    Rounds down, then gives what is missing to the largest fractions whose row and column both lack something; where
    those are not allowed, a swap through another cell makes room.
    """
    counts = np.floor(table).astype(np.int64)
    fraction = np.where(allowed, table - counts, -np.inf)
    rows, columns = row_sums - counts.sum(axis=1), column_sums - counts.sum(axis=0)
    _trim(counts, rows, columns)
    for cell in np.argsort(-fraction, axis=None, kind="stable"):
        row, column = divmod(int(cell), table.shape[1])
        if allowed[row, column] and rows[row] > 0 and columns[column] > 0:
            _add(counts, rows, columns, row, column, 1)
    while rows.any():
        row, column = int(np.argmax(rows > 0)), int(np.argmax(columns > 0))
        if allowed[row, column]:
            _add(counts, rows, columns, row, column, 1)
        else:
            _make_room(counts, rows, columns, allowed, row, column)
    return counts


def _add(
    counts: np.ndarray, rows: np.ndarray, columns: np.ndarray, row: int, column: int, number: int
) -> None:
    counts[row, column] += number
    rows[row] -= number
    columns[column] -= number


def _trim(counts: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> None:
    """Take out what a fit that did not quite converge has too much."""
    for row in np.flatnonzero(rows < 0):
        while rows[row] < 0:
            _add(counts, rows, columns, int(row), int(np.argmax(counts[row])), -1)
    for column in np.flatnonzero(columns < 0):
        while columns[column] < 0:
            _add(counts, rows, columns, int(np.argmax(counts[:, column])), int(column), -1)


def _make_room(
    counts: np.ndarray, rows: np.ndarray, columns: np.ndarray, allowed: np.ndarray, row: int, column: int
) -> None:
    """Let another row take the column's place and give one of its own to this row."""
    for other in np.argsort(-counts.max(axis=1), kind="stable"):
        free = allowed[row] & (counts[other] > 0)
        if allowed[other, column] and free.any():
            through = int(np.argmax(np.where(free, counts[other], -1)))
            counts[other, through] -= 1
            counts[other, column] += 1
            counts[row, through] += 1
            rows[row] -= 1
            columns[column] -= 1
            return
    raise ArithmeticError("the margins of this table cannot be met together")
