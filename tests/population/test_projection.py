"""The margins of a later base date: the country's newest totals, in whole numbers that agree with each other."""

from __future__ import annotations

import numpy as np
import pytest

from abmsim.days import civil_date, parse_day
from abmsim.paths import PUBLIC_STATS
from abmsim.population.contradictions import contradictions
from abmsim.population.margins import Margins, by_group
from abmsim.population.places import find_places
from abmsim.population.projection import (
    POSITIONS_YEAR,
    RESIDENTS,
    TOTALS,
    base_years,
    margins_of,
    places_of,
    projected_tables,
)
from abmsim.population.synthesis import each_municipality, synthesise
from abmsim.stats.catalogue import Catalogue, load
from abmsim.vocabulary import POSITIONS

YEARS = (2021, 2024, 2030)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """All statistics: what is projected rests on those of the life course."""
    return load([PUBLIC_STATS])


@pytest.fixture(scope="module")
def projected(catalogue: Catalogue) -> dict[int, Margins]:
    return {year: margins_of(catalogue, year) for year in YEARS}


def test_a_run_can_begin_on_each_of_these_new_years_days(catalogue):
    assert base_years(catalogue) == tuple(range(2020, 2031))


def test_nothing_is_projected_to_2020(catalogue):
    places = find_places("Urk", catalogue)
    assert projected_tables(2020) == {}
    assert places_of(catalogue, places, 2020) == places


@pytest.mark.parametrize("year", YEARS)
def test_the_country_has_its_residents_by_age_and_sex(catalogue, projected, year):
    margins = projected[year]
    cells = catalogue.table(RESIDENTS).cells
    ages = np.zeros(106)
    for (at, age, _), persons in cells.items():
        ages[int(age)] += persons if at == str(year) else 0
    assert (margins.ages == ages).all()
    assert (margins.persons.sum(axis=(0, 2)) == by_group(ages)).all()
    women = sum(persons for (at, _, sex), persons in cells.items() if (at, sex) == (str(year), "female"))
    assert margins.females.sum() == women
    assert [place.population for place in margins.places] == margins.persons.sum(axis=(1, 2)).tolist()


def test_the_country_has_its_published_positions_of_2024_but_for_partners_made_pairs(catalogue, projected):
    """A municipality moves at most one person of each kind of partner, to another kind or to the other members."""
    margins = projected[POSITIONS_YEAR]
    published = np.array([catalogue.table(TOTALS).value(position=name) for name in POSITIONS])
    difference = np.abs(margins.persons.sum(axis=(0, 1)) - published)
    assert difference.max() <= len(margins.places)
    kept = [POSITIONS.index(name) for name in ("child_at_home", "single", "single_parent", "institution")]
    assert (difference[kept] == 0).all()


@pytest.mark.parametrize("year", YEARS)
def test_no_two_projected_margins_disagree_anywhere(catalogue, projected, year):
    margins = projected[year]
    assert contradictions(margins, np.arange(len(margins.places)), catalogue) == []


def test_cells_grow_as_in_the_country_to_the_rounding(catalogue, projected):
    """Roundings are carried on from the smallest municipality to the largest, which takes what is left."""
    before, after = margins_of(catalogue, 2020), projected[2024]
    growth = after.persons.sum(axis=0) / np.maximum(before.persons.sum(axis=0), 1)
    for name, most in (("Leiden", 3), ("Amsterdam", 20)):
        row = next(row for row, place in enumerate(before.places) if place.name == name)
        assert np.abs(after.persons[row] - before.persons[row] * growth).max() <= most


@pytest.mark.parametrize("year", [2021, 2024, 2030])
def test_a_town_of_a_later_day_is_put_together_exactly(catalogue, projected, year):
    places = find_places("Schiermonnikoog+Rozendaal", catalogue)
    day = parse_day(f"{year}-01-01")
    margins = projected[year]
    rows = [row for row, place in enumerate(margins.places) if place.code in {one.code for one in places}]
    made = list(each_municipality(places, None, 5, catalogue, day))
    for row, (people, _) in zip(sorted(rows, key=lambda row: margins.places[row].name != places[0].name), made,
                                strict=True):  # fmt: skip
        positions = np.bincount(people.position, minlength=len(POSITIONS))
        assert (positions == margins.persons[row].sum(axis=0)).all()
        assert (people.sex == 0).sum() == margins.females[row]
        ages = np.array([year - 1 - civil_date(int(birth) - 1)[0] for birth in people.birth_day])
        assert (np.bincount(np.minimum(ages // 5, 19), minlength=20) == margins.persons[row].sum(axis=1)).all()


def test_a_population_knows_its_day_and_the_residents_of_its_places(catalogue):
    day = parse_day("2024-01-01")
    population = synthesise(find_places("Schiermonnikoog", catalogue), 300, 1, catalogue, day)
    assert population.base_day == day
    assert population.people.birth_day.max() <= day
    assert population.places[0].population > find_places("Schiermonnikoog", catalogue)[0].population


def test_each_table_of_2020_says_what_it_was_projected_by(catalogue):
    told = projected_tables(2024)
    assert set(told) == {
        "population_by_age_2020", "household_positions_2020", "households_type_size_2020", "municipalities_2020"
    }  # fmt: skip
    assert all(name in catalogue.cards for name in told)
    assert RESIDENTS in told["population_by_age_2020"] and TOTALS in told["household_positions_2020"]
    assert "forecast" in projected_tables(2026)["population_by_age_2020"]
