"""The areas of a run, with the figures of each."""

from __future__ import annotations

import pyarrow as pa
import pytest
from fake_log import CATALOGUE

from abmsim.areas import neighbourhood_codes
from abmsim.loading import load_catalogue
from abmsim.population.places import find_places
from abmsim.records.neighbourhoods import neighbourhoods_table
from abmsim.schema.schema import load_schema
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_neighbourhoods import HEALTH

FIVE = "Amsterdam+Rotterdam+Den Haag+Utrecht+Leiden"


@pytest.fixture(scope="module", name="catalogue")
def all_statistics() -> Catalogue:
    return load_catalogue()


def rows_of(places: str, catalogue: Catalogue) -> list[dict]:
    table: pa.Table = neighbourhoods_table(find_places(places, catalogue), catalogue, load_schema())
    return table.to_pylist()


def test_the_published_health_of_every_area_of_the_five_cities_is_there(catalogue: Catalogue) -> None:
    found = {row["neighbourhood_code"]: row for row in rows_of(FIVE, catalogue)}
    municipalities = {row["municipality_code"] for row in found.values()}
    published = [row for row in catalogue.rows("health_by_area_2020") if f"GM{row['area_code'][2:6]}" in municipalities]
    assert len(municipalities) == 5 and len(published) > 980
    for row in published:
        for name, column in HEALTH.items():
            assert found[row["area_code"]][name] == float(row[column])
            older = row[f"{column}_65_plus"]
            assert not older or found[row["area_code"]][f"{name}_65_plus"] == float(older)


def test_every_neighbourhood_that_residents_live_in_has_every_figure(catalogue: Catalogue) -> None:
    rows = {row["neighbourhood_code"]: row for row in rows_of("Amsterdam+Schiermonnikoog", catalogue)}
    lived_in = [code for code in neighbourhood_codes() if code.startswith("BU") or code == "GM0088"]
    empty = {name for code in lived_in for name, value in rows[code].items() if value is None}
    assert empty == {"district_code"}  # a municipality lies in none


def test_a_figure_says_of_which_area_it_is(catalogue: Catalogue) -> None:
    rows = {row["neighbourhood_code"]: row for row in rows_of("Amsterdam", catalogue)}
    borrowed = [row for row in rows.values() if row["health_of"] not in (None, row["neighbourhood_code"])]
    assert len(borrowed) == 25
    assert all(row["loneliness"] == rows[row["health_of"]]["loneliness"] for row in borrowed)


def test_without_figures_the_municipalities_stand_alone(catalogue: Catalogue) -> None:
    places = find_places("Leiden+Urk", catalogue)
    rows = neighbourhoods_table(places, CATALOGUE, load_schema()).to_pylist()  # type: ignore[arg-type]
    assert [(row["neighbourhood_code"], row["level"], row["loneliness"]) for row in rows] == [
        ("GM0184", "municipality", None), ("GM0546", "municipality", None),
    ]  # fmt: skip
