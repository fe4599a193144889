"""Relatives who live in different households."""

from __future__ import annotations

from abmsim.population.courses import Courses
from abmsim.population.people import Population
from abmsim.stats.catalogue import Catalogue


def link_relatives(population: Population, catalogue: Catalogue, seed: int) -> None:
    """Fill in mother, father and former partner of those whose relatives live in other households of the population."""


def fit_relatives(population: Population, courses: Courses) -> None:
    """Let relatives tell the same dates: the children of a mother, the end of a union."""
