"""Types of households that a place has, but a small sample of it has not."""

from __future__ import annotations

import numpy as np

from abmsim.population.fit import ROWS, type_counts
from abmsim.population.margins import Margins
from abmsim.population.people import POSITIONS, PRIVATE, Population

_OF_POSITION = {POSITIONS.index(name): row for row, name in enumerate(ROWS) if name in POSITIONS}


def vanished_types(population: Population, margins: Margins) -> dict[str, float]:
    """The types of households of two and more that nobody lives in: name -> how many the sample should have had.

    A type is that of the reference person's position; one that the places themselves have not is left out.
    """
    households, position = population.households, population.people.position
    private = (households.kind == PRIVATE) & (households.size > 1)
    heads = position[households.first[private]]
    drawn = np.bincount([_OF_POSITION.get(int(head), len(ROWS) - 1) for head in heads], minlength=len(ROWS))
    codes = {place.code for place in population.places}
    rows = np.array([row for row, place in enumerate(margins.places) if place.code in codes])
    there = type_counts(margins, rows).sum(axis=0)
    share = len(population.people) / margins.persons[rows].sum()
    return {name: float(there[row] * share) for row, name in enumerate(ROWS) if there[row] and not drawn[row]}
