"""Where residents or their parents were born, by the published shares of each municipality."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.population.courses import Courses
from abmsim.population.people import Population
from abmsim.population.person_draws import PersonDraws
from abmsim.population.rounding import on_grid
from abmsim.stats.catalogue import Catalogue
from abmsim.vocabulary import ORIGINS

__all__ = ["ORIGINS", "Origins", "draw_origins"]


@dataclass(slots=True)
class Origins:
    """`origin` int8[n], index into ORIGINS; `born_abroad` bool[n]."""

    origin: np.ndarray
    born_abroad: np.ndarray


def draw_origins(population: Population, courses: Courses, catalogue: Catalogue, draws: PersonDraws) -> Origins:
    """Of each resident, by the shares of the municipality."""
    people = population.people
    cells = catalogue.table("origin_by_municipality_2020").cells
    shares = np.array([[cells[(place.code, origin)] / 100 for origin in ORIGINS[1:]] for place in population.places])
    shares = np.concatenate([1 - shares.sum(axis=1, keepdims=True), shares], axis=1).clip(0)
    cumulated = on_grid(np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1))
    origin = (draws.uniform("origin")[:, None] > cumulated[people.municipality, :-1]).sum(axis=1)
    return Origins(origin.astype(np.int8), (origin > 0) & (draws.uniform("born abroad") < 0.5))
