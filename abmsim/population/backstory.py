"""The lives of the residents up to the base date, as dated changes of the attributes that modules read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from abmsim.population.childhood import childhoods
from abmsim.population.courses import Courses
from abmsim.population.kin_dates import fit_relatives
from abmsim.population.past_homes import past_homes
from abmsim.population.past_moves import PastMoves, past_moves
from abmsim.population.people import Population
from abmsim.population.person_draws import PersonDraws
from abmsim.population.replay import Story, told
from abmsim.population.unions import Unions, union_rows
from abmsim.stats.catalogue import Catalogue

__all__ = ["Backstory", "tell_backstory"]


@dataclass(slots=True)
class Backstory:
    """What happened to n residents before the base date, consistent with how they live on it.

    `names` the attributes; `first` int64[n + 1]: the changes of person i are those from first[i] to first[i + 1];
    `day` int32[e], `attribute` int16[e] (index into `names`), `value` float64[e], by person and day. A person's first
    changes lie on the day of birth and give the value at birth of every name. `joined` int32[n]: since when each lives
    with the present household. `unions` couples, ended or not; `moves` dated moves.
    """

    names: tuple[str, ...]
    first: np.ndarray
    day: np.ndarray
    attribute: np.ndarray
    value: np.ndarray
    joined: np.ndarray
    unions: Unions
    moves: PastMoves

    def present(self) -> dict[str, np.ndarray]:
        """float64[n] of every name: what the changes leave on the base date."""
        return {name: self._last(number) for number, name in enumerate(self.names)}

    def _last(self, number: int) -> np.ndarray:
        at = np.flatnonzero(self.attribute == number)
        # Each person has one on the day of birth, so the last before the next person's is theirs.
        return self.value[at[np.searchsorted(at, self.first[1:], side="left") - 1]]


def tell_backstory(
    population: Population, attributes: Mapping[str, np.ndarray], catalogue: Catalogue, seed: int, courses: Courses
) -> Backstory:
    """The past of every resident; `attributes` are the present (float64[n] each, see `attributes`).

    `courses` and the relatives in the columns of `population` are those of `kinship.link_relatives`. The same resident
    with the same relatives has the same past in every sample.
    """
    people = population.people
    fit_relatives(population, courses)
    draws = PersonDraws(seed, people.key)
    childhood = childhoods(people, courses.elsewhere, courses.past, catalogue, courses.patterns, draws)
    origins = courses.origins
    homes, spells = past_homes(population, courses, childhood)
    story: Story = told(population, attributes, courses, childhood, origins, homes, spells)
    return Backstory(
        story.names, story.first, story.day, story.attribute, story.value, spells.joined.astype(np.int32),
        union_rows(people, courses.families, courses.present, courses.past),
        past_moves(population, courses, spells, catalogue, seed),
    )  # fmt: skip
