"""The figures of neighbourhoods: published ones as they are, the next larger area's where there are none."""

from __future__ import annotations

import re

import pytest

from abmsim.areas import FIGURE
from abmsim.paths import MODULES, PUBLIC_STATS
from abmsim.stats.catalogue import Catalogue, load

PAGE = MODULES.parent / "docs" / "neighbourhoods.md"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load([PUBLIC_STATS])


def value(catalogue: Catalogue, figure: str, code: str) -> float:
    return catalogue.table(f"{FIGURE}{figure}").value(neighbourhood_code=code)


@pytest.mark.parametrize(
    ("figure", "code", "published"),
    [
        ("loneliness", "GM0546", 50.2),
        ("urbanity", "GM0546", 1),
        ("income", "GM0546", 29_400),
        ("population", "BU03630001", 705),
        ("aged_65_plus", "BU03630001", 100 * 60 / 715),
    ],
)
def test_a_figure_is_what_is_published(catalogue: Catalogue, figure: str, code: str, published: float) -> None:
    assert value(catalogue, figure, code) == pytest.approx(published, abs=0.05)


def test_an_area_without_a_figure_has_that_of_its_district(catalogue: Catalogue) -> None:
    health = {row["area_code"]: row for row in catalogue.rows("health_by_area_2020")}
    without = [code for code in catalogue.table("neighbourhood").labels["neighbourhood_code"] if code not in health]
    districts = {row["area_code"]: row["district_code"] for row in catalogue.rows("areas_2020")}
    assert len(without) == 25
    for code in without:
        assert value(catalogue, "smoking", code) == float(health[districts[code]]["smoker"])


def test_the_page_has_every_figure(catalogue: Catalogue) -> None:
    figures = {name.removeprefix(FIGURE) for name in catalogue.cards if name.startswith(FIGURE)}
    on_page = set(re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert {name.removesuffix("_65_plus") if name != "aged_65_plus" else name for name in figures} == on_page
