"""What the lives before the base date draw on: leaving home, unions, their ends and children, from their cards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.population.age_curves import AgeCurves
from abmsim.population.ages import AGES
from abmsim.population.rounding import on_grid
from abmsim.stats.catalogue import Catalogue
from abmsim.vocabulary import SEXES

GROUPS = 17
"""Age groups of the statistics of unions: 15-19, ... 90-94, 95 and older."""

SEPARATION, BEREAVEMENT = 1, 2
PASTS = ("never", "separation", "bereavement")
"""What became of the last union."""

NO_CHILDREN, OWN_CHILDREN, BROUGHT_CHILDREN = range(3)
CHILDREN_OF_COUPLES = ("none", "own", "brought")
"""Whose children live with a couple; `brought`: at least one was there before the union."""

MOST_CHILDREN = 6
LEAVING_AGES = 41


def age_group(age: np.ndarray) -> np.ndarray:
    """int64[n]: the row in the statistics of unions for ages in years."""
    return np.clip(np.asarray(age, dtype=np.int64) // 5 - 3, 0, GROUPS - 1)


@dataclass(frozen=True, slots=True)
class LifePatterns:
    """`assumed` the rows of `life_assumptions`; `leaving` two curves (by sex) of the age at leaving home;
    `past` float64[2, groups, 3] shares of PASTS among those without a partner; `ends` curves of the age at the end of
    the last union (table `end_table`), `starts` of the age at its start (table sex * groups + group); `first`
    float64[2, groups, ages] share of first unions by age at the start; `children` float64[ages, 7] shares by number of
    children at 50 for a woman of that age; `bearing` float64[ages of a woman now, ages at birth] weights of births;
    `at_home` float64[ages], share of children of an age who live at home; `together` curves of the years that couples
    are together (table `together_table`); `brought` float64[groups, 2], of couples with children at home by the woman's
    age and by marriage: the share to which one partner brought a child."""

    assumed: dict[str, float]
    leaving: AgeCurves
    past: np.ndarray
    ends: AgeCurves
    starts: AgeCurves
    first: np.ndarray
    children: np.ndarray
    bearing: np.ndarray
    at_home: np.ndarray
    spacing: np.ndarray
    together: AgeCurves
    brought: np.ndarray


def end_table(sex: np.ndarray, group: np.ndarray, past: np.ndarray) -> np.ndarray:
    """The curve of `ends` for sex, age group and kind of end."""
    return (sex.astype(np.int64) * GROUPS + group) * 2 + (past == BEREAVEMENT)


def start_table(sex: np.ndarray, group: np.ndarray) -> np.ndarray:
    """The curve of `starts` for sex and age group."""
    return sex.astype(np.int64) * GROUPS + group


def together_table(group: np.ndarray, married: np.ndarray, children: np.ndarray | int) -> np.ndarray:
    """The curve of `together` for the woman's age group, married or not, and index in CHILDREN_OF_COUPLES."""
    return (group * 2 + married) * len(CHILDREN_OF_COUPLES) + children


def read_life_patterns(catalogue: Catalogue) -> LifePatterns:
    """All patterns from their cards."""
    assumed = {row["assumption"]: float(row["value"]) for row in catalogue.rows("life_assumptions")}
    leaving = _leaving(catalogue)
    starts, first = _starts(catalogue)
    together, brought = _together(catalogue)
    return LifePatterns(
        assumed=assumed,
        leaving=AgeCurves(leaving),
        past=_past(catalogue),
        ends=_ends(catalogue),
        starts=starts,
        first=first,
        children=_children(catalogue),
        bearing=_bearing(catalogue),
        at_home=_at_home(leaving),
        spacing=_spacing(catalogue),
        together=together,
        brought=brought,
    )


def _leaving(catalogue: Catalogue) -> np.ndarray:
    """float64[sexes, ages]: share leaving at each age, from the stock at home at each age between 18 and 30.

    The stock of completed age a stands for the middle of that year; whoever is at home at 30 leaves evenly by 40.
    """
    cells = catalogue.table("living_with_parents_2021").cells
    by = catalogue.table("life_assumptions").value(assumption="grown_children_leave_by")
    weights = np.zeros((2, LEAVING_AGES))
    for row, sex in enumerate(SEXES):
        at_home = [1.0] + [cells[(str(age), sex)] / 100 for age in range(18, 31)] + [0.0]
        ages = [18.0] + [age + 0.5 for age in range(18, 31)] + [by]
        left = 1 - np.interp(np.arange(LEAVING_AGES + 1), ages, at_home)
        weights[row] = np.diff(left)
    return weights


def _at_home(leaving: np.ndarray) -> np.ndarray:
    left = np.cumsum(leaving.mean(axis=0))
    return np.concatenate([on_grid(1 - left), np.zeros(AGES - LEAVING_AGES)])


def _group_of(label: str) -> int:
    return int(label.rstrip("+").split("-")[0]) // 5 - 3


def _past(catalogue: Catalogue) -> np.ndarray:
    shares = np.zeros((2, GROUPS, 3))
    for (sex, age, past), share in catalogue.table("past_of_partnerless").cells.items():
        shares[SEXES.index(sex), _group_of(age), PASTS.index(past)] = share
    return shares


def _ends(catalogue: Catalogue) -> AgeCurves:
    weights = np.zeros((2, GROUPS, 2, AGES))
    for (sex, age, past, at), share in catalogue.table("age_at_end_of_union").cells.items():
        weights[SEXES.index(sex), _group_of(age), PASTS.index(past) - 1, int(at)] = share
    return AgeCurves(weights.reshape(-1, AGES))


def _starts(catalogue: Catalogue) -> tuple[AgeCurves, np.ndarray]:
    weights, first = np.zeros((2, GROUPS, AGES)), np.ones((2, GROUPS, AGES))
    known = np.zeros((2, GROUPS, AGES), dtype=np.int64)
    for row in catalogue.rows("age_at_start_of_union"):
        cell = SEXES.index(row["sex"]), _group_of(row["age"]), int(row["age_at_start"])
        weights[cell], first[cell], known[cell] = float(row["share"]), float(row["first"]), cell[2]
    # At ages too rare to be listed: as at the last listed one before.
    first = np.take_along_axis(first, np.maximum.accumulate(known, axis=2), axis=2)
    return AgeCurves(weights.reshape(-1, AGES)), first


def _together(catalogue: Catalogue) -> tuple[AgeCurves, np.ndarray]:
    weights = np.zeros((GROUPS, 2, len(CHILDREN_OF_COUPLES), AGES))
    for (age, married, children, years), share in catalogue.table("years_together").cells.items():
        kind = CHILDREN_OF_COUPLES.index(children)
        weights[_group_of(age), int(married == "yes"), kind, int(years)] = share
    weights[-1] = weights[-2]  # the last published group of this table is 90 and older
    sums = weights.sum(axis=3)
    parents = sums[..., OWN_CHILDREN] + sums[..., BROUGHT_CHILDREN]
    brought = np.divide(sums[..., BROUGHT_CHILDREN], parents, out=np.zeros(parents.shape), where=parents > 0)
    return AgeCurves(weights.reshape(-1, AGES)), on_grid(brought)


def _children(catalogue: Catalogue) -> np.ndarray:
    table = catalogue.table("children_ever_born")
    cohorts = np.array([int(label) for label in table.labels["born_from"]])
    shares = np.array([
        [table.value(born_from=label, children=str(number)) for number in range(MOST_CHILDREN + 1)]
        for label in table.labels["born_from"]
    ])  # fmt: skip
    born = 2019 - np.arange(AGES)
    return shares[np.clip(np.searchsorted(cohorts, born, side="right") - 1, 0, len(cohorts) - 1)]


def _bearing(catalogue: Catalogue) -> np.ndarray:
    """float64[ages now, ages at birth]: each woman's births by her age, as the published rates of those years say."""
    table = catalogue.table("fertility_by_age_1950_2023")
    periods = np.array([int(label[:4]) for label in table.labels["period"]])
    middles = [int(label.split("-")[0]) + 2.5 for label in table.labels["age"]]
    rates = np.array([[table.value(period=p, age=a) for a in table.labels["age"]] for p in table.labels["period"]])
    at = np.arange(AGES)
    curves = np.array([np.interp(at + 0.5, [12.5, *middles, 52.5], [0.0, *row, 0.0]) for row in rates])
    curves[:, :15] = curves[:, 50:] = 0.0
    year = 2019 - at[:, None] + at[None, :]
    period = np.clip(np.searchsorted(periods, year, side="right") - 1, 0, len(periods) - 1)
    return curves[period, at[None, :]]


def _spacing(catalogue: Catalogue) -> np.ndarray:
    """float64[years + 1]: cumulated shares of the years between brothers and sisters."""
    table = catalogue.table("sibling_spacing")
    shares = [table.cells[(label,)] for label in table.labels["years"]]
    return on_grid(np.concatenate([[0.0], np.cumsum(shares) / sum(shares)]))
