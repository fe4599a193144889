"""Pairs on a line against the plain way: all distances, the smallest first."""

from __future__ import annotations

import numpy as np
import pytest

from abmsim.population.line_matching import nearest_pairs
from abmsim.randomness import keys, uniform


def by_all_distances(position: np.ndarray, asks: np.ndarray, reach: np.ndarray) -> set[tuple[int, int]]:
    rank = np.argsort(np.argsort(position, kind="stable"), kind="stable")
    candidates = sorted(
        (abs(int(position[a] - position[b])), min(rank[a], rank[b]), a, b)
        for a in np.flatnonzero(asks) for b in np.flatnonzero(~asks)
        if abs(position[a] - position[b]) <= min(reach[a], reach[b])
    )  # fmt: skip
    taken = set()
    pairs = set()
    for _, _, a, b in candidates:
        if not taken & {a, b}:
            taken |= {a, b}
            pairs.add((int(a), int(b)))
    return pairs


@pytest.mark.parametrize("n", [0, 1, 2, 7, 40, 90, 150])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.7])
@pytest.mark.parametrize("widest", [1e9, 8e10, 4e11])
def test_pairs_are_those_of_the_smallest_distances(n, share, widest):
    position = (uniform(keys(n + 1, np.arange(n))) * 1e12).astype(np.int64)
    asks = uniform(keys(n + 2, np.arange(n))) < share
    reach = (uniform(keys(n + 3, np.arange(n))) * widest).astype(np.int64)
    assert {(a, b) for a, b in nearest_pairs(position, asks, reach).tolist()} == by_all_distances(position, asks, reach)


def test_who_stand_at_one_place_pair_all_the_same():
    asks = np.arange(10) % 2 == 0
    pairs = nearest_pairs(np.zeros(10, dtype=np.int64), asks, np.ones(10, dtype=np.int64))
    assert len(np.unique(pairs)) == 10 and asks[pairs[:, 0]].all()


def test_growing_distances_are_no_trouble():
    position = np.cumsum(np.arange(3000, dtype=np.int64))
    asks = np.arange(3000) % 2 == 0
    assert len(nearest_pairs(position, asks, np.full(3000, 10_000, dtype=np.int64))) == 1500


def test_who_may_not_pair_does_not():
    position, asks = np.array([0, 1, 5], dtype=np.int64), np.array([True, False, False])
    reach = np.full(3, 10, dtype=np.int64)
    assert nearest_pairs(position, asks, reach).tolist() == [[0, 1]]
    assert nearest_pairs(position, asks, reach, lambda asker, asked: False).tolist() == []
