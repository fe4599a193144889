"""The country's patterns that fill in what no municipality publishes: single ages, gaps, births, sex."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.population.ages import AGES, CHILD, residents_by_age
from abmsim.population.gaps import gap_quantiles, gap_shares
from abmsim.population.margins import Margins
from abmsim.population.rounding import on_grid
from abmsim.population.sexes import same_sex_couples, women_by_position
from abmsim.stats.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Patterns:
    """What the synthesis of any municipality draws on.

    `single_age` float64[positions, ages]: the country's residents, weights inside each age group.
    `gap_shares` float64[gaps], `gap_quantiles` int8[65536]: man's age less woman's. `child_age` int16[ages, 1024]:
    quantiles of the age of a child at home by age of the mother. `children` float64[2, ages, 3]: shares of families
    with 1, 2, 3+ children for couples and single parents by the parent's age. `spacing` int8[65536]: quantiles of
    years between siblings. `female` float64[positions, ages]: share of women. `same_sex`, `same_sex_women`
    float64[positions]: share of couples of one sex, and of two women among them. `assumed`: the rows of
    `population_assumptions`.
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


def patterns_of(catalogue: Catalogue, margins: Margins) -> Patterns:
    """All patterns for the margins of a year, which are those of the catalogue; read once."""
    return catalogue.once(f"patterns of {margins.year}", lambda figures: read_patterns(figures, margins))


def read_patterns(catalogue: Catalogue, margins: Margins) -> Patterns:
    """All patterns from their cards."""
    assumed = assumptions(catalogue)
    national = margins.persons.sum(axis=0)
    single_age = residents_by_age(catalogue, national, margins.ages, int(assumed["youngest_age_on_ones_own"]))
    shares = gap_shares(catalogue, int(assumed["widest_age_gap"]))
    same_sex, women = same_sex_couples(catalogue, assumed)
    ages = catalogue.table("age_at_birth_of_child_2017")
    return Patterns(
        single_age=single_age,
        gap_shares=shares,
        gap_quantiles=gap_quantiles(shares),
        child_age=_child_ages(catalogue, single_age, assumed, margins.year),
        children=_numbers_of_children(catalogue),
        spacing=_spacing(catalogue),
        female=women_by_position(catalogue, single_age, shares),
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


def _child_ages(catalogue: Catalogue, counts: np.ndarray, assumed: dict[str, float], year: int) -> np.ndarray:
    """How old a child at home is if its mother is A: births at each age of hers, times the share still at home."""
    at_home = counts[CHILD] / counts.sum(axis=0)
    rates = _birth_rates(catalogue)
    youngest, oldest = int(assumed["youngest_mother"]), int(assumed["oldest_mother"])
    table = np.zeros((AGES, 1024), dtype=np.int16)
    for age in range(AGES):
        children = np.arange(max(0, age - oldest), max(0, age - youngest) + 1)
        # A child of that age on 1 January was born in the year before, less its age.
        weights = np.array([rates(year - 1 - child, age - child) for child in children]) * at_home[children]
        table[age] = quantile_table(weights + 1e-12, children, 1024)
    return table


def _birth_rates(catalogue: Catalogue):
    """A function of calendar year and age of the mother: births per woman and year, straight between age groups."""
    table = catalogue.table("fertility_by_age_1950_2023")
    periods = [int(label[:4]) for label in table.labels["period"]]
    middles = [int(label.split("-")[0]) + 2.5 for label in table.labels["age"]]
    by_age = np.array([[table.value(period=p, age=a) for a in table.labels["age"]] for p in table.labels["period"]])
    # Nobody bears under 15 or over 50: the line reaches zero half a group beyond the first and last middle.
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



