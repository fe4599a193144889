"""Partners found for each other: every partner of a municipality once, with the published gaps of age."""

from __future__ import annotations

import numpy as np

from abmsim.population.ages import AGES
from abmsim.population.draws import Draws, order_of
from abmsim.population.gaps import WIDEST, female_shares, women_by_age
from abmsim.population.patterns import Patterns
from abmsim.population.rounding import systematic


def pair(partners: np.ndarray, patterns: Patterns, draws: Draws) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each kind of couple the ages (int16[n], int16[n]) of woman and man.

    `partners` int64[4, ages]: partners of each kind by single age, an even number in each. Each woman wants a man
    of her age plus a drawn gap; the men there are go to these wishes in the order of age.
    """
    counts = partners.astype(np.float64)
    wanted = women_by_age(counts, np.stack([female_shares(row, patterns.gap_shares) for row in counts]))
    half = partners.sum(axis=1) // 2
    women = systematic(wanted, half, draws.uniform("women among partners", len(partners)))
    women = _within(women, partners)
    found = []
    for kind in range(len(partners)):
        found.append(_match(women[kind], partners[kind] - women[kind], patterns, draws, f"gap of ages {kind}"))
    return found


def _within(women: np.ndarray, partners: np.ndarray) -> np.ndarray:
    """No more women of an age than partners: what is over goes to the nearest ages with room."""
    over = np.maximum(women - partners, 0)
    women = women - over
    for kind, age in np.argwhere(over):
        for near in np.argsort(np.abs(np.arange(AGES) - age), kind="stable"):
            room = min(int(over[kind, age]), int(partners[kind, near] - women[kind, near]))
            women[kind, near] += room
            over[kind, age] -= room
    return women


def _match(
    women: np.ndarray, men: np.ndarray, patterns: Patterns, draws: Draws, topic: str
) -> tuple[np.ndarray, np.ndarray]:
    ages = np.arange(AGES, dtype=np.int16)
    woman_age, men_sorted = np.repeat(ages, women), np.repeat(ages, men)
    words = draws.words(topic, len(woman_age))
    wish = woman_age + patterns.gap_quantiles[words[:, 0]]
    order = order_of((wish + WIDEST).astype(np.uint16) * 256 + (words[:, 1] >> 8))
    man_age = np.empty_like(woman_age)
    man_age[order] = men_sorted
    return woman_age, man_age
