"""Moves before the base date: leaving home, moving together, into an institution, the last one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.days import NEVER
from abmsim.population.compositions import moment, person_and_day
from abmsim.population.courses import Courses
from abmsim.population.families_now import INSTITUTION
from abmsim.population.origins import Origins
from abmsim.population.past_homes import HomeSpells
from abmsim.population.people import Population
from abmsim.population.person_draws import PersonDraws
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
    population: Population, courses: Courses, origins: Origins, spells: HomeSpells, draws: PersonDraws,
    catalogue: Catalogue,
) -> PastMoves:  # fmt: skip
    """All of them."""
    people, past = population.people, courses.past
    rows = np.arange(len(people))
    lives_in = people.position == INSTITUTION
    days = {
        "leaving_home": np.minimum(courses.left_home, np.where(lives_in, NEVER, courses.moved_in)),
        "union": courses.present.start,
        "separation": np.where(past.by == 1, past.end, NEVER),
        "institution": np.where(lives_in, courses.moved_in, NEVER),
    }
    # Person, day and kind in one number each: sorted at once.
    codes = []
    for kind, day in days.items():
        moved = np.flatnonzero(day < NEVER)
        codes.append((moment(rows[moved], day[moved]) << _KIND_BITS) + MOVE_KINDS.index(kind))
    code = np.sort(np.concatenate(codes))
    person, day = person_and_day(code >> _KIND_BITS)
    kind = code & ((1 << _KIND_BITS) - 1)
    return PastMoves(person.astype(np.int32), day.astype(np.int32), kind.astype(np.int8))
