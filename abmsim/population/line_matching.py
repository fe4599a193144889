"""Pairs on a line: who stand nearest to each other go together first, as long as both find it near enough."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush

import numpy as np

_END = -1
_ROUNDS = 5
"""Rounds in which all at once pair off who are nearest to each other; about a third goes each time."""

_FAR = np.int64(2**61)
"""Further than anybody on the line."""

May = Callable[[int, int], bool]


def nearest_pairs(position: np.ndarray, asks: np.ndarray, reach: np.ndarray, may: May | None = None) -> np.ndarray:
    """Stable pairs of one who asks and one who is asked: int64[p, 2], rows of the asker and the asked.

    `position` int64[k]; `asks` bool[k]; `reach` int64[k], the largest distance that each accepts; `may(asker,
    asked)` false keeps the asker out. Equal distances go by position, equal positions by row: rows must come in an
    order of their own (by key). O(k log k); a newcomer changes pairs only as far as gaps reach.
    """
    row = np.argsort(position, kind="stable")
    pairs = [np.empty((0, 2), dtype=np.int64)]
    for _ in range(_ROUNDS):
        left = _nearest_to_each_other(position[row], asks[row], reach[row])
        found = np.stack([row[left], row[left + 1]], axis=1)
        found = np.where(asks[found[:, :1]], found, found[:, ::-1])
        if may is not None:
            allowed = np.array([may(asker, asked) for asker, asked in found.tolist()], dtype=bool)
            left, found = left[allowed], found[allowed]
        pairs.append(found)
        row = np.delete(row, np.concatenate([left, left + 1]))
    pairs.append(_one_by_one(row, position[row], asks[row], reach[row], may))
    return np.concatenate(pairs)


def _nearest_to_each_other(at: np.ndarray, asks: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """int64[p]: places of those who with the next on the line are nearest to each other and near enough.

    Nearest of all on the other side of the market, neighbours or not: somebody between may accept less and go.
    """
    sides = np.stack([asks, ~asks])
    before = np.maximum.accumulate(np.where(sides, at, -_FAR), axis=1)
    after = np.minimum.accumulate(np.where(sides, at, _FAR)[:, ::-1], axis=1)[:, ::-1]
    lower = at - np.where(asks, before[1], before[0])
    higher = np.where(asks, after[1], after[0]) - at
    gap = np.diff(at)
    nearest = (asks[1:] != asks[:-1]) & (gap <= np.minimum(reach[1:], reach[:-1]))
    return np.flatnonzero(nearest & (gap < lower[:-1]) & (gap <= higher[1:]))


def _one_by_one(row: np.ndarray, at: np.ndarray, asks: np.ndarray, reach: np.ndarray, may: May | None) -> np.ndarray:
    """int64[p, 2]: the pairs among all who are left."""
    gap = np.diff(at)
    # Beyond the widest reach no pair is ever made: such neighbours need no place in the heap.
    widest = int(reach.max(initial=0))
    first = np.flatnonzero((asks[1:] != asks[:-1]) & (gap <= widest))
    heap = list(zip(gap[first].tolist(), first.tolist(), (first + 1).tolist(), strict=True))
    heapify(heap)
    pairs = _closest(heap, at.tolist(), asks.tolist(), reach.tolist(), widest, row.tolist(), may)
    return row[np.array(pairs, dtype=np.int64).reshape(-1, 2)]


def _closest(
    heap: list[tuple[int, int, int]], at: list[int], asks: list[bool], limit: list[int], widest: int,
    row: list[int], may: May | None,
) -> list[tuple[int, int]]:  # fmt: skip
    """Take the nearest neighbours of different sides until none is left; places on the line are linked to both sides.

    The nearest pair of all are neighbours, so whoever finds their distance too long finds no one: out with them.
    """
    count = len(at)
    before, after = list(range(-1, count - 1)), [*range(1, count), _END]
    there = [True] * count
    pairs = []
    while heap:
        distance, left, right = heappop(heap)
        if not (there[left] and there[right]):
            continue
        out_left, out_right = distance > limit[left], distance > limit[right]
        if not (out_left or out_right):
            asker, asked = (left, right) if asks[left] else (right, left)
            out_left = out_right = True
            if may is None or may(row[asker], row[asked]):
                pairs.append((asker, asked))
            elif asker == left:
                out_right = False
            else:
                out_left = False
        for place in ([left] if out_left else []) + ([right] if out_right else []):
            there[place] = False
            low, high = before[place], after[place]
            if low != _END:
                after[low] = high
            if high != _END:
                before[high] = low
        low = before[left] if out_left else left
        high = after[right] if out_right else right
        if low != _END and high != _END and asks[low] != asks[high] and at[high] - at[low] <= widest:
            heappush(heap, (at[high] - at[low], low, high))
    return pairs
