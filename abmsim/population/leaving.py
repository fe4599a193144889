"""Days on which residents left the parental home, or moved in where they live with others now."""

from __future__ import annotations

import numpy as np

from abmsim.days import NEVER
from abmsim.population.age_curves import day_at, years_between
from abmsim.population.families_now import CHILD, INSTITUTION, OTHER, FamiliesNow
from abmsim.population.life_patterns import LifePatterns
from abmsim.population.people import People
from abmsim.population.person_draws import PersonDraws
from abmsim.population.rounding import on_grid

_PENSION_AGE = 65
_EARLIEST_AGE = 18.0
"""The first age in the published shares of young people at home; who has a child earlier leaves then."""


def leaving_days(
    people: People, families: FamiliesNow, moved_in: np.ndarray, before: np.ndarray, patterns: LifePatterns,
    draws: PersonDraws,
) -> np.ndarray:  # fmt: skip
    """int64[n]: the day of leaving home by the published ages; NEVER for children at home, and for those who went
    from their parents straight to where they live now (`moved_in` int64[n]).

    Nobody leaves after the day `before` (int64[n]), as that of the birth of the first child at home.
    """
    left = np.full(len(people), NEVER, dtype=np.int64)
    rows = np.flatnonzero(people.position != CHILD)
    birth = people.birth_day[rows].astype(np.int64)
    latest = np.minimum(before[rows], families.base_day - 1)
    high = years_between(birth, latest)
    sex, u = people.sex[rows].astype(np.int64), draws[rows].uniform("leaving home")
    age = patterns.leaving.draw(sex, np.minimum(high, _EARLIEST_AGE), high, u)
    day = np.minimum(day_at(birth, age), latest)
    left[rows] = np.where(day < moved_in[rows], day, NEVER)
    return left


def moving_in_days(
    people: People, families: FamiliesNow, household_key: np.ndarray, patterns: LifePatterns, seed: int,
    draws: PersonDraws,
) -> np.ndarray:  # fmt: skip
    """int64[n]: since when residents of institutions and other members live where they do; NEVER for all others.

    Where nobody is a parent, child or partner, all members moved in on one day.
    """
    moved = np.full(len(people), NEVER, dtype=np.int64)
    assumed = patterns.assumed
    rows = np.flatnonzero(people.position == INSTITUTION)
    old = families.age[rows] >= _PENSION_AGE
    mean = np.where(old, assumed["years_in_institution_from_65"], assumed["years_in_institution_below_65"])
    moved[rows] = _before(families.base_day, mean, draws[rows].uniform("moved in"))
    rows = np.flatnonzero(people.position == OTHER)
    u = draws[rows].uniform("moved in")
    shared = families.is_shared[people.household[rows]]
    u = np.where(shared, PersonDraws(seed, household_key[people.household[rows]]).uniform("moved in"), u)
    moved[rows] = _before(families.base_day, assumed["years_in_other_household"], u)
    return np.where(moved < NEVER, np.maximum(moved, people.birth_day), NEVER)


def _before(base_day: int, mean_years: np.ndarray | float, u: np.ndarray) -> np.ndarray:
    return base_day - 1 + np.floor(on_grid(mean_years * 365.25 * np.log1p(-u))).astype(np.int64)
