"""Who is a woman and who a man: the country's shares by position and age, and each municipality's exact number."""

from __future__ import annotations

import numpy as np

from abmsim.population.ages import AGES, CHILD, COUPLES, INSTITUTION, LEAST_SHARE, OTHER, SINGLE, SINGLE_PARENT
from abmsim.population.draws import order_of
from abmsim.population.gaps import female_shares, women_by_age
from abmsim.population.people import POSITIONS
from abmsim.population.rounding import on_grid
from abmsim.stats.catalogue import Catalogue
from abmsim.vocabulary import SEXES

FEMALE, MALE = SEXES.index("female"), SEXES.index("male")
UNDECIDED = -1
ADULT_AGE = 18
"""Majority in Dutch law (Burgerlijk Wetboek, book 1, article 233)."""


def same_sex_couples(catalogue: Catalogue, assumed: dict[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """(share of couples of one sex, share of two women among them), float64[positions]."""
    married = catalogue.table("married_couples_by_sex_2021").cells
    women, men = married[("two_women",)], married[("two_men",)]
    share = (women + men) / sum(married.values())
    shares, of_women = np.zeros(len(POSITIONS)), np.zeros(len(POSITIONS))
    for position in COUPLES:
        name = POSITIONS[position]
        with_children = name.endswith("with_children")
        shares[position] = share * (1 if "_married_" in name else assumed["same_sex_share_unmarried_to_married"])
        shares[position] *= assumed["same_sex_share_with_to_without_children"] if with_children else 1
        both_women = assumed["women_among_same_sex_couples_with_children"] if with_children else women / (women + men)
        of_women[position] = both_women
    return shares, of_women


def women_by_position(catalogue: Catalogue, counts: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Share of women by position and age, so that the country's sexes by age come out.

    Partners follow from the gaps, single parents and children from their published sexes; the other positions
    share what is left of each age.
    """
    everybody = _female_by_age(catalogue)
    female = np.tile(everybody, (len(POSITIONS), 1))
    for position in COUPLES:
        share = female_shares(counts[position], shares)
        women = women_by_age(counts[position][None, :], share[None, :])[0]
        female[position] = np.divide(women, counts[position], out=share, where=counts[position] > 0)
    parents = catalogue.table("single_parents_by_sex_2020").cells
    female[SINGLE_PARENT] = parents[("female",)] / sum(parents.values())
    female[CHILD] = _female_children(catalogue, counts[CHILD], everybody)
    known = [CHILD, SINGLE_PARENT, *COUPLES]
    left = [SINGLE, OTHER, INSTITUTION]
    rest = everybody * counts.sum(axis=0) - (female[known] * counts[known]).sum(axis=0)
    share = np.divide(rest, counts[left].sum(axis=0), out=everybody.copy(), where=counts[left].sum(axis=0) > 0)
    female[left] = share.clip(LEAST_SHARE, 1 - LEAST_SHARE)
    return on_grid(female)


def _female_by_age(catalogue: Catalogue) -> np.ndarray:
    cells = catalogue.table("population_by_age_sex_2021").cells
    last = max(int(age) for age, _ in cells)
    ages = [str(min(age, last)) for age in range(AGES)]
    return np.array([cells[(a, "female")] / (cells[(a, "female")] + cells[(a, "male")]) for a in ages])


def _female_children(catalogue: Catalogue, children: np.ndarray, everybody: np.ndarray) -> np.ndarray:
    """As everybody below 18; by the published shares at home of 18-30; above, what the published total leaves."""
    at_home = catalogue.table("living_with_parents_2021").cells
    female = everybody.copy()
    for age in range(18, 31):
        women = everybody[age] * at_home[(str(age), "female")]
        female[age] = women / (women + (1 - everybody[age]) * at_home[(str(age), "male")])
    total = catalogue.table("children_at_home_by_sex_2020").value(sex="female")
    older = children[31:].sum()
    female[31:] = ((total - (female * children)[:31].sum()) / older).clip(LEAST_SHARE, 1 - LEAST_SHARE)
    return female


def decide_sexes(
    sex: np.ndarray, position: np.ndarray, age: np.ndarray, females: int, shares: np.ndarray, words: np.ndarray
) -> None:
    """Fill in the UNDECIDED of `sex` int8[n], so that the municipality's number of women is exact.

    `position`, `age` int16[n]; `shares` float64[positions, ages] of women; `words` uint16[n], a draw for each.

    Each has a draw against the share of women of position and age; as many adults as it takes to the published
    number turn, those nearest to the border first, and minors only if the adults do not suffice.
    """
    free = np.flatnonzero(sex == UNDECIDED)
    # Under the border a woman. In units of 1/32768, so that equal numbers come from every processor.
    threshold = np.round(shares[position[free], age[free]] * 32768).astype(np.int32)
    distance = (words[free].astype(np.int32) >> 1) - threshold
    found = np.where(distance < 0, FEMALE, MALE).astype(np.int8)
    missing = females - int((sex == FEMALE).sum()) - int((found == FEMALE).sum())
    for group in (age[free] >= ADULT_AGE, age[free] < ADULT_AGE):
        missing = _turn(found, distance, group, missing)
    if missing:
        raise ArithmeticError("the published number of women cannot be met")
    sex[free] = found


def _turn(sex: np.ndarray, distance: np.ndarray, group: np.ndarray, missing: int) -> int:
    """Turn up to |missing| of the group into women (missing > 0) or men, nearest first; returns what still misses."""
    before, after = (MALE, FEMALE) if missing > 0 else (FEMALE, MALE)
    rows = np.flatnonzero(group & (sex == before))
    rows = rows[order_of(np.abs(distance[rows]))][: abs(missing)]
    sex[rows] = after
    return missing - len(rows) if missing > 0 else missing + len(rows)
