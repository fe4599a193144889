"""Moves before the base date: leaving home, moving together, into an institution, the last one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.days import NEVER
from abmsim.population.ages import AGES
from abmsim.population.compositions import moment, person_and_day
from abmsim.population.courses import Courses
from abmsim.population.families_now import INSTITUTION
from abmsim.population.life_patterns import SEPARATION
from abmsim.population.past_homes import HomeSpells
from abmsim.population.people import PRIVATE, Population
from abmsim.population.person_draws import PersonDraws
from abmsim.population.rounding import on_grid
from abmsim.stats.catalogue import Catalogue

MOVE_KINDS = (
    "within", "in", "out", "immigration", "emigration", "leaving_home", "union", "separation", "institution",
    "other_parent",
)  # fmt: skip
"""Why residents changed their address, under the names of the table `moves`."""

_KIND_BITS = 4


@dataclass(slots=True)
class PastMoves:
    """`person`, `day` int32[m]; `kind` int8[m], index into MOVE_KINDS; by person and day."""

    person: np.ndarray
    day: np.ndarray
    kind: np.ndarray


def past_moves(
    population: Population, courses: Courses, spells: HomeSpells, catalogue: Catalogue, seed: int
) -> PastMoves:
    """Leaving home, coming together, separations, moving to an institution, arrivals from abroad, and the last move of
    the present household."""
    people, past = population.people, courses.past
    lives_in = people.position == INSTITUTION
    days = {
        "leaving_home": np.minimum(courses.left_home, np.where(lives_in, NEVER, courses.moved_in)),
        "union": courses.present.start,
        "separation": np.where(past.by == SEPARATION, past.end, NEVER),
        "institution": np.where(lives_in, courses.moved_in, NEVER),
        "immigration": courses.origins.arrived,
    }
    last, within = _last_moves(population, courses, spells, catalogue, seed)
    days["within"], days["in"] = np.where(within, last, NEVER), np.where(within, NEVER, last)
    # Person, day and kind in one number each: sorted at once.
    codes = []
    for kind, day in days.items():
        moved = np.flatnonzero((day < NEVER) & (day >= people.birth_day))  # a newborn has not moved before birth
        codes.append((moment(moved, day[moved]) << _KIND_BITS) + MOVE_KINDS.index(kind))
    code = np.sort(np.concatenate(codes))
    person, day = person_and_day(code >> _KIND_BITS)
    kind = code & ((1 << _KIND_BITS) - 1)
    return PastMoves(person.astype(np.int32), day.astype(np.int32), kind.astype(np.int8))


def _last_moves(
    population: Population, courses: Courses, spells: HomeSpells, catalogue: Catalogue, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """(int64[n] day of the last move together with the present private household, NEVER if they did not move since it
    was formed; bool[n] it stayed inside the municipality).

    As long ago as the published share of movers at the age of the reference person makes it; the rate stays that of
    the present age, as moves of the past by age then are not published.
    """
    people, households = population.people, population.households
    cells = catalogue.table("moves_by_age_2017").cells
    oldest = max(int(age) for age, kind in cells if kind == "between")
    kinds = ("within", "between")
    rates = np.array([[cells[(str(min(age, oldest)), kind)] / 100 for kind in kinds] for age in range(AGES)])
    head = households.first
    rate = rates[np.minimum(courses.families.age[head], AGES - 1).astype(np.int64)]
    draws = PersonDraws(seed, households.key)
    years = on_grid(-np.log1p(-draws.uniform("last move")) / rate.sum(axis=1))
    day = population.base_day - 1 - np.floor(years * 365.25).astype(np.int64)
    inside = draws.uniform("last move within town") < on_grid(rate[:, 0] / rate.sum(axis=1))
    private = households.kind == PRIVATE
    last = np.where(private[people.household], day[people.household], NEVER)
    return np.where(last > spells.joined, last, NEVER), inside[people.household]
