"""Samples are nested, repeatable and as large as asked."""

import os
import subprocess
import sys
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abmsim.paths import PACKAGE
from abmsim.population.people import PRIVATE, Population
from abmsim.population.places import find_places
from abmsim.population.synthesis import synthesise
from abmsim.problems import UsageError


def columns(population: Population) -> dict[str, bytes]:
    parts = (population.people, population.households)
    return {f"{type(part).__name__}.{f.name}": getattr(part, f.name).tobytes() for part in parts for f in fields(part)}


def rows_in(larger: Population, smaller: Population) -> np.ndarray:
    order = np.argsort(larger.people.key)
    rows = order[np.searchsorted(larger.people.key[order], smaller.people.key).clip(max=len(order) - 1)]
    assert (larger.people.key[rows] == smaller.people.key).all()
    return rows


def check_nested(smaller: Population, larger: Population) -> None:
    rows = rows_in(larger, smaller)
    for name in ("birth_day", "sex", "position", "municipality"):
        assert (getattr(larger.people, name)[rows] == getattr(smaller.people, name)).all()
    for name in ("partner", "mother", "father"):
        small, large = getattr(smaller.people, name), getattr(larger.people, name)[rows]
        linked = small >= 0
        assert (linked == (large >= 0)).all()
        assert (larger.people.key[large[linked]] == smaller.people.key[small[linked]]).all()


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**40), sizes=st.tuples(st.integers(1, 1500), st.integers(1, 1500)))
def test_a_smaller_sample_is_part_of_a_larger_one(catalogue, seed, sizes):
    places = find_places("Urk+Zandvoort", catalogue)
    smaller, larger = (synthesise(places, size, seed, catalogue) for size in sorted(sizes))
    check_nested(smaller, larger)


def test_a_sample_is_part_of_the_whole_town(people_of):
    check_nested(people_of("Leiden", 1000), people_of("Leiden"))


@pytest.mark.parametrize("size", [1, 7, 1000, 10_000])
def test_a_sample_has_the_size_asked_to_within_one_household(people_of, size):
    population = people_of("Leiden", size)
    largest = population.households.size[population.households.kind == PRIVATE].max()
    assert size <= len(population.people) < size + largest


def test_households_come_whole(people_of):
    sample, whole = people_of("Leiden", 1000), people_of("Leiden")
    private = np.flatnonzero(sample.households.kind == PRIVATE)
    order = np.argsort(whole.households.key)
    found = order[np.searchsorted(whole.households.key[order], sample.households.key[private])]
    assert (whole.households.key[found] == sample.households.key[private]).all()
    assert (whole.households.size[found] == sample.households.size[private]).all()


def test_the_same_seed_gives_the_same_bytes(catalogue, people_of):
    again = synthesise(find_places("Leiden", catalogue), 1000, 42, catalogue)
    assert columns(again) == columns(people_of("Leiden", 1000))


def test_a_fresh_process_with_another_hash_seed_gives_the_same_bytes(people_of):
    program = (
        "import sys; from abmsim.paths import PUBLIC_STATS; from abmsim.stats.catalogue import load;"
        "from abmsim.population.places import find_places; from abmsim.population.synthesis import synthesise;"
        "catalogue = load([PUBLIC_STATS / 'population']);"
        "people = synthesise(find_places('Leiden', catalogue), 1000, 42, catalogue).people;"
        "sys.stdout.buffer.write(people.key.tobytes() + people.birth_day.tobytes() + people.mother.tobytes())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "99", "PYTHONPATH": str(PACKAGE.parent)}
    found = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True).stdout
    people = people_of("Leiden", 1000).people
    assert found == people.key.tobytes() + people.birth_day.tobytes() + people.mother.tobytes()


def test_another_seed_gives_other_residents(people_of):
    one, other = people_of("Leiden", 1000, 1), people_of("Leiden", 1000, 2)
    assert set(one.people.key) != set(other.people.key)


def test_every_key_is_unique_over_a_sample_of_the_country(people_of):
    population = people_of("Nederland", 30_000)
    assert len(np.unique(population.people.key)) == len(population.people)
    assert len(np.unique(population.people.municipality)) > 300
    assert (np.diff(population.households.municipality) >= 0).all()


@pytest.mark.parametrize(("place", "size", "said"), [("Urk", 30_000, "21031"), ("Urk", 0, "at least 1")])
def test_a_size_that_cannot_be_is_one_clear_line(place, size, said, catalogue):
    with pytest.raises(UsageError) as error:
        synthesise(find_places(place, catalogue), size, 1, catalogue)
    assert said in str(error.value)


def test_the_largest_size_is_everybody(catalogue, people_of):
    everybody = synthesise(find_places("Urk", catalogue), 21_031, 42, catalogue)
    assert columns(everybody) == columns(people_of("Urk"))
