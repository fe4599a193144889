"""The level of mortality by year: published to 2023, after that as the United Nations project it."""

from __future__ import annotations

import pytest

from abmsim.paths import PUBLIC_STATS
from abmsim.stats.catalogue import Catalogue, load
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES, life_expectancy
from abmsim.stats.table import Table


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load([PUBLIC_STATS])


def expectancy(catalogue: Catalogue, year: str, sex: str) -> float:
    ratios, rates = catalogue.table("death_rate_year_ratio"), catalogue.table("death_rate")
    cells = {
        (str(age), sex): rates.value(age=str(age), sex=sex) * ratios.value(year=year, age=group(ratios, age), sex=sex)
        for age in range(LAST_AGE + 1)
    }
    return life_expectancy(cells, sex)


def group(ratios: Table, age: int) -> str:
    lowest = {int(label.split("-")[0].rstrip("+")): label for label in ratios.labels["age"]}
    return lowest[max(low for low in lowest if low <= age)]


def test_the_level_of_2023_gives_the_published_life_expectancy(catalogue):
    published = catalogue.table("life_expectancy_nl_2023")
    difference = sum(expectancy(catalogue, "2023", sex) - published.value(sex=sex) for sex in SEXES) / 2
    assert abs(difference) < 0.01


@pytest.mark.parametrize("sex", SEXES)
def test_life_gets_longer_by_what_the_united_nations_project(catalogue, sex):
    """From the middle of 2025-2030 to that of 2045-2050 both tables of rates gain alike, to a fifth of a year."""
    projected = catalogue.table("death_rates_un")
    years = {}
    for period in ("2025-2030", "2045-2050"):
        rates = {
            (str(age), sex): projected.value(period=period, age=group(projected, age), sex=sex)
            for age in range(LAST_AGE + 1)
        }
        years[period] = life_expectancy(rates, sex)
    gained = expectancy(catalogue, "2047", sex) - expectancy(catalogue, "2027", sex)
    assert gained == pytest.approx(years["2045-2050"] - years["2025-2030"], abs=0.2)


def test_rates_fall_year_after_year_at_every_age_and_reach_2100(catalogue):
    table = catalogue.table("death_rate_year_ratio")
    years = [str(year) for year in range(2023, 2101)]
    for age in table.labels["age"]:
        for sex in SEXES:
            ratios = [table.value(year=year, age=age, sex=sex) for year in years]
            assert all(later <= earlier for earlier, later in zip(ratios, ratios[1:], strict=False)), (age, sex)


def test_years_with_published_deaths_have_one_level_for_everybody(catalogue):
    table = catalogue.table("death_rate_year_ratio")
    for year in ("2017-2019", "2020", "2021", "2022", "2023"):
        assert len({ratio for (at, _, _), ratio in table.cells.items() if at == year}) == 1
