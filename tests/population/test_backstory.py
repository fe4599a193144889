"""Lives up to the base date lead to where residents live on it."""

from __future__ import annotations

import numpy as np
import pytest

from abmsim.days import NEVER
from abmsim.paths import PUBLIC_STATS
from abmsim.population.attributes import attribute_columns, municipality_codes
from abmsim.population.backstory import Backstory, tell_backstory
from abmsim.population.kinship import link_relatives
from abmsim.population.places import find_places
from abmsim.population.synthesis import synthesise
from abmsim.stats.catalogue import load
from abmsim.vocabulary import BASE_DATE

SEED = 42
PLACES = [("Schiermonnikoog", None), ("Urk", 3000), ("Leiden", 3000)]


@pytest.fixture(scope="module")
def statistics():
    return load([PUBLIC_STATS / "population", PUBLIC_STATS / "lifecourse"])


@pytest.fixture(scope="module", params=PLACES, ids=lambda place: place[0])
def told(request, statistics):
    place, size = request.param
    population = synthesise(find_places(place, statistics), size, SEED, statistics)
    link_relatives(population, statistics, SEED)
    attributes = attribute_columns(population, municipality_codes(statistics))
    return population, attributes, tell_backstory(population, attributes, statistics, SEED)


def values_on(story: Backstory, name: str, day: np.ndarray | int) -> np.ndarray:
    """float64[n]: the attribute of everybody on a day; what it was at birth for who is not yet born."""
    n = len(story.first) - 1
    person = np.repeat(np.arange(n), np.diff(story.first))
    rows = np.flatnonzero(story.attribute == story.names.index(name))
    late = story.day[rows] > np.broadcast_to(day, n)[person[rows]]
    first = np.searchsorted(rows, story.first[:-1])
    late[first] = False
    rows = rows[~late]
    return story.value[rows[np.searchsorted(rows, story.first[1:]) - 1]]


def test_replaying_every_life_gives_the_present(told):
    _, attributes, story = told
    for name in set(attributes) - {"youngest_birth_date"}:
        assert (values_on(story, name, BASE_DATE) == attributes[name]).all(), name
        assert (story.present()[name] == attributes[name]).all(), name


def test_every_life_begins_with_a_value_of_everything_on_the_day_of_birth(told):
    population, _, story = told
    for number, begin in enumerate(story.first[:-1]):
        at_birth = slice(begin, begin + len(story.names))
        assert sorted(story.attribute[at_birth]) == list(range(len(story.names)))
        assert (story.day[at_birth] == population.people.birth_day[number]).all()


def test_changes_come_in_the_order_of_days_and_before_the_base_date(told):
    population, _, story = told
    person = np.repeat(np.arange(len(population.people)), np.diff(story.first))
    assert (np.diff(story.day)[person[1:] == person[:-1]] >= 0).all()
    assert story.day.max() <= BASE_DATE
    assert (story.joined >= population.people.birth_day).all()
    assert (story.joined <= BASE_DATE).all()


def test_lives_do_not_run_over_with_changes(told):
    _, _, story = told
    assert len(np.flatnonzero(np.diff(story.day))) / (len(story.first) - 1) < 12


def test_whoever_has_a_partner_knows_since_when(told):
    _, _, story = told
    for day in (BASE_DATE, BASE_DATE - 3000, BASE_DATE - 9000):
        together, since = values_on(story, "has_partner", day), values_on(story, "union_date", day)
        assert ((since < NEVER) == (together > 0)).all()
        assert (values_on(story, "married", day) <= together).all()
