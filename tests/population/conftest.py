"""The statistics and some towns, read and built once for all tests of the population."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import cache

import numpy as np
import pytest

from abmsim.paths import PUBLIC_STATS
from abmsim.population.attributes import attribute_columns, municipality_codes
from abmsim.population.backstory import Backstory, tell_backstory
from abmsim.population.kinship import link_relatives
from abmsim.population.margins import Margins, read_margins
from abmsim.population.people import Population
from abmsim.population.places import find_places
from abmsim.population.synthesis import synthesise
from abmsim.stats.catalogue import Catalogue, load

SEED = 42
COUNTRY = 30_000
"""Residents of the sample of the country: building the 355 municipalities that it is drawn from takes most time."""

Lives = tuple[Population, dict[str, np.ndarray], Backstory]
"""(residents, their attributes on the base date, their lives before it)."""


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load([PUBLIC_STATS / "population"])


@pytest.fixture(scope="session")
def margins(catalogue: Catalogue) -> Margins:
    return read_margins(catalogue)


@pytest.fixture(scope="session")
def people_of(catalogue: Catalogue) -> Callable[..., Population]:
    """`people_of("Leiden", 1000, seed=3)`: that population, built once."""

    @cache
    def build(place: str, size: int | None = None, seed: int = SEED) -> Population:
        return synthesise(find_places(place, catalogue), size, seed, catalogue)

    return build


@pytest.fixture(scope="session")
def statistics() -> Catalogue:
    return load([PUBLIC_STATS / "population", PUBLIC_STATS / "lifecourse"])


@pytest.fixture(scope="session")
def tell(statistics: Catalogue) -> Callable[[Population], Lives]:
    """`tell(population)`: these residents with their relatives and their past; the population stays as it is."""

    def lives(population: Population) -> Lives:
        population = deepcopy(population)
        courses = link_relatives(population, statistics, SEED)
        attributes = attribute_columns(population, municipality_codes(statistics))
        return population, attributes, tell_backstory(population, attributes, statistics, SEED, courses)

    return lives


@pytest.fixture(scope="session")
def country(people_of: Callable[..., Population], tell: Callable[[Population], Lives]) -> Lives:
    """The lives of a sample of the country."""
    return tell(people_of("Nederland", COUNTRY))
