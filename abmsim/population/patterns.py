"""The country's patterns that fill in what no municipality publishes: single ages, gaps, births, sex."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.population.gaps import female_shares, gap_quantiles, gap_shares, women_by_age
from abmsim.population.margins import AGE_GROUPS, Margins, age_totals
from abmsim.population.people import POSITIONS
from abmsim.population.rounding import fitted, on_grid
from abmsim.stats.catalogue import Catalogue

AGES = 106
"""Single years of age 0..105; the last one holds everybody of 105 and older."""

GROUP_OF_AGE = np.minimum(np.arange(AGES) // 5, AGE_GROUPS - 1)
CHILD, SINGLE, SINGLE_PARENT, OTHER, INSTITUTION = (
    POSITIONS.index(name) for name in ("child_at_home", "single", "single_parent", "other_member", "institution")
)
COUPLES = tuple(position for position, name in enumerate(POSITIONS) if name.startswith("partner_"))
ON_THEIR_OWN = (SINGLE, *COUPLES, SINGLE_PARENT)


@dataclass(frozen=True, slots=True)
class Patterns:
    """What the synthesis of any municipality draws on.

    `single_age` float64[positions, ages]: weights inside each age group. `gap_shares` float64[gaps] and
    `gap_quantiles` int8[65536]: man's age less woman's. `child_age` int16[ages, 1024]: quantiles of the age of a
    child at home by age of the mother. `children` float64[2, ages, 3]: shares of families with 1, 2, 3+ children
    for couples and single parents by the parent's age. `spacing` int8[65536]: quantiles of years between
    siblings. `female` float64[positions, ages]: share of women. `assumed`: the rows of `population_assumptions`.
    """

    single_age: np.ndarray
    gap_shares: np.ndarray
    gap_quantiles: np.ndarray
    child_age: np.ndarray
    children: np.ndarray
    spacing: np.ndarray
    female: np.ndarray
    same_sex: np.ndarray
    same_sex_women: np.ndarray
    fathers_older_years: int
    assumed: dict[str, float]


def assumptions(catalogue: Catalogue) -> dict[str, float]:
    """The assumed numbers by name."""
    return {row["assumption"]: float(row["value"]) for row in catalogue.rows("population_assumptions")}


def read_patterns(catalogue: Catalogue, margins: Margins) -> Patterns:
    """All patterns from their cards."""
    assumed = assumptions(catalogue)
    national = margins.persons.sum(axis=0)
    single_age = _single_ages(catalogue, national, int(assumed["youngest_age_on_ones_own"]))
    shares = gap_shares(catalogue, int(assumed["widest_age_gap"]))
    counts = _national_counts(national, single_age)
    same_sex, women = _same_sex(catalogue, assumed)
    ages = catalogue.table("age_at_birth_of_child_2017")
    return Patterns(
        single_age=single_age,
        gap_shares=shares,
        gap_quantiles=gap_quantiles(shares),
        child_age=_child_ages(catalogue, counts, assumed),
        children=_numbers_of_children(catalogue),
        spacing=_spacing(catalogue),
        female=_female_shares(catalogue, counts, shares),
        same_sex=same_sex,
        same_sex_women=women,
        fathers_older_years=round(ages.value(parent="father") - ages.value(parent="mother")),
        assumed=assumed,
    )


def quantile_table(weights: np.ndarray, values: np.ndarray, steps: int) -> np.ndarray:
    """values[steps]: the value at each of `steps` equal steps of the distribution with these weights."""
    cumulated = on_grid(np.cumsum(weights) / weights.sum())
    cumulated[-1] = 1.0
    return values[np.searchsorted(cumulated, (np.arange(steps) + 0.5) / steps)]


def _at_single_ages(by_group: np.ndarray) -> np.ndarray:
    """float64[ages] from float64[age groups]: straight lines between the middles of the groups."""
    return np.interp(np.arange(AGES) + 0.5, np.arange(AGE_GROUPS) * 5 + 2.5, by_group)


def _single_ages(catalogue: Catalogue, national: np.ndarray, on_ones_own: int) -> np.ndarray:
    """Residents of a single age in a position: those of the age, times the position's share of its age group.

    Between 18 and 30 the published share at home by single age decides; minors do not live on their own. Then
    fitted to the country's residents of each age and to each position's of the age group.
    """
    totals = age_totals(catalogue).astype(np.float64)
    group_sums = national.sum(axis=1)
    weights = np.stack([totals * _at_single_ages(national[:, p] / group_sums) for p in range(len(POSITIONS))])
    at_home = np.ones(AGES)
    for (age, sex), percent in catalogue.table("living_with_parents_2021").cells.items():
        if sex == "total":
            at_home[int(age)] = percent / 100
    young = slice(15, 30)
    weights[CHILD, young] = (totals * at_home)[young]
    for position in ON_THEIR_OWN:
        weights[position, 18:25] = (weights[position] / (1 - weights[CHILD] / totals).clip(0.05))[18:25]
        weights[position, 18:30] *= (1 - at_home)[18:30]
        weights[position, :on_ones_own] = 0.0
    for group in range(AGE_GROUPS):
        inside = np.flatnonzero(GROUP_OF_AGE == group)
        weights[:, inside] = fitted(weights[:, inside], national[group], totals[inside])
    return weights


def _national_counts(national: np.ndarray, single_age: np.ndarray) -> np.ndarray:
    """float64[positions, ages]: the country's residents by position and single age."""
    sums = np.zeros((len(POSITIONS), AGE_GROUPS))
    for position in range(len(POSITIONS)):
        sums[position] = np.bincount(GROUP_OF_AGE, weights=single_age[position], minlength=AGE_GROUPS)
    scale = np.divide(national.T, sums, out=np.zeros_like(sums), where=sums > 0)
    return single_age * scale[:, GROUP_OF_AGE]


def _child_ages(catalogue: Catalogue, counts: np.ndarray, assumed: dict[str, float]) -> np.ndarray:
    """How old a child at home is if its mother is A: births at each age of hers, times the share still at home."""
    at_home = counts[CHILD] / counts.sum(axis=0)
    rates = _birth_rates(catalogue)
    youngest, oldest = int(assumed["youngest_mother"]), int(assumed["oldest_mother"])
    table = np.zeros((AGES, 1024), dtype=np.int16)
    for age in range(AGES):
        children = np.arange(max(0, age - oldest), max(0, age - youngest) + 1)
        weights = np.array([rates(2019 - child, age - child) for child in children]) * at_home[children]
        table[age] = quantile_table(weights + 1e-12, children, 1024)
    return table


def _birth_rates(catalogue: Catalogue):
    """A function of calendar year and age of the mother: births per woman and year, straight between age groups."""
    table = catalogue.table("fertility_by_age_1950_2023")
    periods = [int(label[:4]) for label in table.labels["period"]]
    middles = [int(label.split("-")[0]) + 2.5 for label in table.labels["age"]]
    by_age = np.array([[table.value(period=p, age=a) for a in table.labels["age"]] for p in table.labels["period"]])
    curves = [np.interp(np.arange(AGES) + 0.5, [12.5, *middles, 52.5], [0.0, *row, 0.0]) for row in by_age]
    return lambda year, age: curves[max(0, int(np.searchsorted(periods, year, side="right")) - 1)][age]


def _numbers_of_children(catalogue: Catalogue) -> np.ndarray:
    table = catalogue.table("children_by_age_of_parent_the_hague_2019")
    groups = table.labels["age"]
    shares = np.zeros((2, AGES, 3))
    for row, kind in enumerate(("couple", "single_parent")):
        for column, number in enumerate(("1", "2", "3+")):
            # One household more in each cell: few old parents were counted, and none must be impossible.
            counts = np.array([table.value(age=group, household_type=kind, children=number) + 1 for group in groups])
            middles = [int(group.split("-")[0].rstrip("+")) + 2.5 for group in groups]
            shares[row, :, column] = np.interp(np.arange(AGES) + 0.5, middles, counts)
    return on_grid(shares / shares.sum(axis=2, keepdims=True))


def _spacing(catalogue: Catalogue) -> np.ndarray:
    """Quantiles of the years between siblings; twins come with the published share of multiple deliveries."""
    deliveries = catalogue.table("deliveries_2020")
    multiple, single = deliveries.value(kind="multiple"), deliveries.value(kind="single")
    table = catalogue.table("sibling_spacing")
    years = np.array([int(label) for label in table.labels["years"]])
    weights = np.array([table.cells[(label,)] for label in table.labels["years"]])
    # A multiple delivery gives one pair of neighbours with no years between; about every second birth gives a pair.
    weights[years == 0] += 2 * multiple / (single + multiple)
    return quantile_table(weights, years, 65536).astype(np.int8)


def _same_sex(catalogue: Catalogue, assumed: dict[str, float]) -> tuple[np.ndarray, np.ndarray]:
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


def _female_shares(catalogue: Catalogue, counts: np.ndarray, shares: np.ndarray) -> np.ndarray:
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
    female[left] = share.clip(0.05, 0.95)
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
    female[31:] = ((total - (female * children)[:31].sum()) / older).clip(0.05, 0.95)
    return female
