"""Residents live in the neighbourhoods that are published, as many of each age as are published."""

import numpy as np
import pytest

from abmsim.areas import municipality_of, neighbourhood_codes, open_labels
from abmsim.days import age_on
from abmsim.paths import PUBLIC_STATS
from abmsim.population.attributes import attribute_columns, municipality_codes
from abmsim.population.customs import read_customs
from abmsim.population.neighbourhoods import neighbourhood_column, newcomers, read_neighbourhoods
from abmsim.population.people import Population
from abmsim.population.places import find_places
from abmsim.population.synthesis import synthesise
from abmsim.randomness import keys
from abmsim.stats.catalogue import Catalogue, load
from abmsim.vocabulary import BASE_DATE

AMSTERDAM = "GM0363"
SEED = 42
MOST_PERSONS_OFF = 5.0
"""What whole households leave over or short in one age group of one neighbourhood; the figures are rounded to 5."""

FIRST_AGES = (15, 25, 45, 65)


@pytest.fixture(scope="module", name="catalogue")
def all_statistics() -> Catalogue:
    return load([PUBLIC_STATS])


@pytest.fixture(scope="module")
def amsterdam(catalogue: Catalogue) -> Population:
    return synthesise(find_places("Amsterdam", catalogue), None, SEED, catalogue)


def by_neighbourhood_and_age(population: Population) -> np.ndarray:
    """int64[labels, 5]: residents."""
    birth = population.people.birth_day
    days, inverse = np.unique(birth, return_inverse=True)
    age = np.array([age_on(int(day), BASE_DATE) for day in days])[inverse]
    group = np.searchsorted(FIRST_AGES, age, side="right")
    labels = len(neighbourhood_codes())
    column = neighbourhood_column(population)
    return np.bincount(column * 5 + group, minlength=labels * 5).reshape(labels, 5)


def test_the_list_begins_with_the_municipalities(catalogue):
    codes = neighbourhood_codes()
    assert codes[:355] == municipality_codes(catalogue) == open_labels("municipality_code", codes[:355])
    assert len(codes) == 824 and {municipality_of(code) for code in codes[355:]} == {AMSTERDAM}


def test_every_neighbourhood_of_amsterdam_has_its_residents_by_age(amsterdam, catalogue):
    published = read_neighbourhoods(catalogue)[AMSTERDAM]
    found = by_neighbourhood_and_age(amsterdam)
    assert found.sum() == found[published.label].sum() == 872_757
    expected = published.persons * (found.sum(axis=0) / published.persons.sum(axis=0))
    assert np.abs(found[published.label] - expected).max() <= MOST_PERSONS_OFF


def test_a_household_lives_in_one_neighbourhood_whatever_the_sample(amsterdam, catalogue):
    smaller = synthesise(find_places("Amsterdam", catalogue), 2000, SEED, catalogue).households
    larger = amsterdam.households
    order = np.argsort(larger.key)
    rows = order[np.searchsorted(larger.key, smaller.key, sorter=order)]
    assert (larger.neighbourhood[rows] == smaller.neighbourhood).all()


def test_elsewhere_the_municipality_is_the_neighbourhood(catalogue):
    population = synthesise(find_places("Urk+Noordoostpolder", catalogue), 2000, SEED, catalogue)
    columns = attribute_columns(population, municipality_codes(catalogue))
    assert (columns["neighbourhood_code"] == columns["municipality_code"]).all()


def test_who_moves_to_where_nobody_was_drawn_lives_in_that_municipality(catalogue):
    population = synthesise(find_places("Vlieland+Amsterdam", catalogue), 60, SEED, catalogue)
    place = [one.name for one in population.places].index("Vlieland")
    assert not (population.households.municipality == place).any()
    customs = read_customs(catalogue, population, municipality_codes(catalogue))
    (found,) = customs.neighbourhood(np.array([place]), np.array([0.5]))
    assert neighbourhood_codes()[int(found)] == population.places[place].code


def test_newcomers_settle_where_their_age_lives_whoever_else_comes(catalogue):
    published = read_neighbourhoods(catalogue)
    n, age = 20_000, 30
    key = keys(9, np.arange(n))
    found = newcomers(published, AMSTERDAM, np.full(n, age), key)
    again = newcomers(published, AMSTERDAM, np.full(n // 2, age), key[::-2])
    assert (again == found[::-2]).all()
    here = published[AMSTERDAM]
    share = here.persons[:, 2] / here.persons[:, 2].sum()
    counts = np.bincount(found, minlength=len(neighbourhood_codes()))[here.label]
    error = np.sqrt(n * share * (1 - share))
    assert (np.abs(counts - n * share) <= 5 * error + 1).all()
    elsewhere = newcomers(published, "GM0546", np.full(3, age), key[:3])
    assert {neighbourhood_codes()[label] for label in elsewhere} == {"GM0546"}


@pytest.mark.parametrize(("code", "municipality"), [("BU03630000", AMSTERDAM), ("GM0546", "GM0546")])
def test_the_municipality_follows_from_the_code(code, municipality):
    assert municipality_of(code) == municipality
