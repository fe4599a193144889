"""A whole small municipality, run once, and toys of a country of which we know the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest

from abmsim.loading import load_catalogue
from abmsim.plan import RunPlan
from abmsim.randomness import keys, uniform
from abmsim.runner import carry_out
from abmsim.stats.catalogue import Catalogue
from abmsim.validate.opened import OpenRun

COUNTRY = 17_407_585

SETTINGS = {"place": "Nederland", "seed": 1, "from": "2020-01-01", "to": "2025-01-01", "modules": {}}


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def whole_village(village: Path) -> Path:
    return village


@pytest.fixture(scope="session")
def small_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A thousand residents of Leiden."""
    folder = tmp_path_factory.mktemp("runs") / "leiden"
    carry_out(RunPlan("Leiden", 1000, seed=42, folder=folder))
    return folder


@pytest.fixture
def toy(catalogue: Catalogue) -> Iterator[Callable[..., OpenRun]]:
    """`toy(residents, share, seed)`: a country of which each resident had help in 2020 with that probability."""
    tables = duckdb.connect()

    def build(residents: int, share: float, seed: int) -> OpenRun:
        helped = uniform(keys(seed, np.arange(residents, dtype=np.uint64))) < share
        tables.execute(f"create or replace table persons as select range as person_id from range({residents})")
        tables.execute("""create or replace table wmo_deliveries (
            person_id bigint, product text, delivery_start date, delivery_end date)""")
        tables.register("helped", {"person_id": np.flatnonzero(helped)})
        tables.execute("insert into wmo_deliveries select person_id, 'household_help', '2020-03-01', null from helped")
        return OpenRun(tables, SETTINGS, catalogue, (), residents, COUNTRY, is_country=True)

    yield build
    tables.close()
