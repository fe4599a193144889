"""Single years of age: how the country spreads each age group and position over them."""

from __future__ import annotations

import numpy as np

from abmsim.population.margins import AGE_GROUPS
from abmsim.population.people import POSITIONS
from abmsim.population.rounding import fitted
from abmsim.stats.catalogue import Catalogue

AGES = 106
"""Single years of age 0..105; the last one holds everybody of 105 and older."""

GROUP_OF_AGE = np.minimum(np.arange(AGES) // 5, AGE_GROUPS - 1)
CHILD, SINGLE, SINGLE_PARENT, OTHER, INSTITUTION = (
    POSITIONS.index(name) for name in ("child_at_home", "single", "single_parent", "other_member", "institution")
)
COUPLES = tuple(position for position, name in enumerate(POSITIONS) if name.startswith("partner_"))
ON_THEIR_OWN = (SINGLE, *COUPLES, SINGLE_PARENT)

LEAST_SHARE = 0.05
"""Guards shares that are what other figures leave: no position and age is of one sex only."""


def residents_by_age(catalogue: Catalogue, national: np.ndarray, ages: np.ndarray, on_ones_own: int) -> np.ndarray:
    """float64[positions, ages]: the country's residents by position and single age.

    Those of the age (`ages` int64[ages]), times the position's share of its age group (`national` int64[age groups,
    positions]).

    Between 18 and 30 the published share at home by single age decides; minors do not live on their own. Then
    fitted to the country's residents of each age and to each position's of the age group.
    """
    totals = ages.astype(np.float64)
    group_sums = national.sum(axis=1)
    weights = np.stack([totals * _at_single_ages(national[:, p] / group_sums) for p in range(len(POSITIONS))])
    at_home = np.ones(AGES)
    for (age, sex), percent in catalogue.table("living_with_parents_2021").cells.items():
        if sex == "total":
            at_home[int(age)] = percent / 100
    young = slice(15, 30)
    weights[CHILD, young] = (totals * at_home)[young]
    for position in ON_THEIR_OWN:
        weights[position, 18:25] = (weights[position] / (1 - weights[CHILD] / totals).clip(LEAST_SHARE))[18:25]
        weights[position, 18:30] *= (1 - at_home)[18:30]
        weights[position, :on_ones_own] = 0.0
    for group in range(AGE_GROUPS):
        inside = np.flatnonzero(GROUP_OF_AGE == group)
        weights[:, inside] = fitted(weights[:, inside], national[group], totals[inside])
    return weights


def _at_single_ages(by_group: np.ndarray) -> np.ndarray:
    """float64[ages] from float64[age groups]: straight lines between the middles of the groups."""
    return np.interp(np.arange(AGES) + 0.5, np.arange(AGE_GROUPS) * 5 + 2.5, by_group)
