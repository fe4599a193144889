"""The difference in age between partners, and which partners of an age are women."""

from __future__ import annotations

import numpy as np

from abmsim.population.rounding import on_grid
from abmsim.stats.catalogue import Catalogue

WIDEST = 40
"""Gaps stand in arrays from -WIDEST to +WIDEST: room for the assumed `widest_age_gap`."""

GAPS = np.arange(-WIDEST, WIDEST + 1)

_NEIGHBOURS = 5
"""Years averaged, as wide as the published age groups: finer detail is not in the figures."""


def gap_shares(catalogue: Catalogue, widest: int) -> np.ndarray:
    """float64[81]: share of couples by man's age less woman's in years, equal inside each published class."""
    shares = np.zeros(len(GAPS))
    for (direction, label), percent in catalogue.table("spouse_age_gap_2017").cells.items():
        ends = label.rstrip("+").split("-")
        low, high = int(ends[0]), widest if label.endswith("+") else int(ends[-1])
        sign = -1 if direction == "woman_older" else 1
        for gap in range(low, high + 1):
            shares[WIDEST + sign * gap] += percent / (high - low + 1)
    return on_grid(shares / shares.sum())


def gap_quantiles(shares: np.ndarray) -> np.ndarray:
    """int8[65536]: the gap at each 16-bit draw."""
    cumulated = on_grid(np.cumsum(shares) / shares.sum())
    cumulated[-1] = 1.0
    return GAPS[np.searchsorted(cumulated, (np.arange(65536) + 0.5) / 65536)].astype(np.int8)


def female_shares(partners: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """float64[ages]: share of women among the partners (float64[ages]) of one kind.

    Women's ages are those of all partners half the mean gap earlier, men's half of it later: at ages where couples
    grow common most partners are women, where they end most are men. Neighbouring years are averaged first, so that
    a large birth cohort does not look like a beginning.
    """
    ages = np.arange(len(partners))
    half = float((GAPS * shares).sum()) / 2
    smooth = np.convolve(partners, np.ones(_NEIGHBOURS) / _NEIGHBOURS, mode="same")
    women = np.interp(ages + half, ages, smooth, right=0.0)
    men = np.interp(ages - half, ages, smooth, left=0.0)
    return on_grid(np.divide(women, women + men, out=np.full(len(ages), 0.5), where=women + men > 0))


def women_by_age(partners: np.ndarray, female: np.ndarray) -> np.ndarray:
    """float64[k, ages]: how many of the partners of each kind and age are women; half of each kind."""
    return on_grid(_halved(partners, partners * female))


def _halved(partners: np.ndarray, women: np.ndarray) -> np.ndarray:
    """Women scaled (or men, where women are too few) so that there are as many of both."""
    half = partners.sum(axis=1, keepdims=True) / 2
    total = women.sum(axis=1, keepdims=True)
    fewer = women * np.divide(half, total, out=np.ones_like(half), where=total > 0)
    men = partners - women
    men_total = men.sum(axis=1, keepdims=True)
    more = partners - men * np.divide(half, men_total, out=np.ones_like(half), where=men_total > 0)
    return np.where(total > half, fewer, more)
