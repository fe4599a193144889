"""The statistics and some towns, read and built once for all tests of the population."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from abmsim.paths import PUBLIC_STATS
from abmsim.population.margins import Margins, read_margins
from abmsim.population.people import Population
from abmsim.population.places import find_places
from abmsim.population.synthesis import synthesise
from abmsim.stats.catalogue import Catalogue, load


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
    def build(place: str, size: int | None = None, seed: int = 42) -> Population:
        return synthesise(find_places(place, catalogue), size, seed, catalogue)

    return build
