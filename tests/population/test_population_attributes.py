"""The vocabulary's stored attributes agree with the households."""

import numpy as np
import pytest

from abmsim.days import NEVER
from abmsim.population.attributes import attribute_columns, municipality_codes
from abmsim.vocabulary import POSITIONS, VOCABULARY


@pytest.fixture(scope="module")
def columns(people_of, catalogue):
    return attribute_columns(people_of("Urk+Noordoostpolder", 5000), municipality_codes(catalogue))


def test_every_column_is_a_stored_attribute(columns):
    assert all(not VOCABULARY[name].computed for name in columns)
    assert all(column.dtype == np.float64 and len(column) == len(columns["sex"]) for column in columns.values())


def test_codes_are_those_of_the_places(columns, catalogue):
    codes = municipality_codes(catalogue)
    assert len(codes) == 355
    assert {codes[int(index)] for index in columns["municipality_code"]} == {"GM0171", "GM0184"}


def test_who_lives_alone_is_the_single_person(columns):
    assert ((columns["position"] == POSITIONS.index("single")) == (columns["lives_alone"] == 1)).all()


def test_parents_have_children_at_home(columns):
    assert (columns["n_children"][columns["is_parent"] == 1] >= 1).all()
    assert (columns["is_parent"][columns["single_parent"] == 1] == 1).all()


def test_every_private_household_has_one_head(columns, people_of):
    population = people_of("Urk+Noordoostpolder", 5000)
    assert columns["is_household_head"].sum() == (population.households.kind == 0).sum()


def test_institutions_have_no_private_household(columns):
    inside = columns["in_institution"] == 1
    assert inside.any()
    assert (columns["household_size"][inside] == 0).all()


def test_who_is_married_lives_with_a_partner(columns):
    married = columns["married"] == 1
    assert married.any() and (columns["has_partner"][married] == 1).all()


def test_parents_know_when_their_youngest_was_born(columns, people_of):
    people = people_of("Urk+Noordoostpolder", 5000).people
    known = columns["youngest_birth_date"] < NEVER
    assert known.any()
    for parent in np.flatnonzero(known)[:20]:
        children = (people.mother == parent) | (people.father == parent)
        assert columns["youngest_birth_date"][parent] == people.birth_day[children].max()
