"""Positions follow the deaths of housemates."""

import numpy as np
import pytest

from abmsim.days import NEVER
from abmsim.population.membership import membership_spells
from abmsim.population.people import Population
from abmsim.randomness import mix, name_key, uniform
from abmsim.vocabulary import BASE_DATE, POSITIONS

HORIZON = BASE_DATE + 5 * 365
IS_PARTNER = np.array([name.startswith("partner_") for name in POSITIONS])


@pytest.fixture(scope="module")
def town(people_of) -> Population:
    return people_of("Urk")


def positions_of(town: Population, person: int, deaths: dict[int, int]) -> list[tuple[str, int]]:
    death_day = np.full(len(town.people), NEVER, dtype=np.int32)
    for who, day in deaths.items():
        death_day[who] = day
    spells = membership_spells(town, death_day, BASE_DATE, HORIZON)
    mine = np.flatnonzero(spells.person == person)
    return [(POSITIONS[spells.position[row]], int(spells.from_day[row])) for row in mine]


def couple(town: Population, position: str, size: int) -> int:
    """The first resident of that position, first in a household of that size."""
    heads = town.households.first[town.households.size == size]
    return int(heads[town.people.position[heads] == POSITIONS.index(position)][0])


def test_a_widow_without_others_lives_alone(town):
    head = couple(town, "partner_married_no_children", 2)
    day = BASE_DATE + 100
    assert positions_of(town, head + 1, {head: day})[1:] == [("single", day)]


def test_a_widow_with_children_is_a_single_parent_and_alone_when_they_die(town):
    head = couple(town, "partner_married_with_children", 3)
    day = BASE_DATE + 100
    found = positions_of(town, head + 1, {head: day, head + 2: day + 50})
    assert found == [("partner_married_with_children", BASE_DATE), ("single_parent", day), ("single", day + 50)]


def test_parents_whose_only_child_dies_are_a_couple_without_children(town):
    head = couple(town, "partner_married_with_children", 3)
    found = positions_of(town, head, {head + 2: BASE_DATE + 9})
    assert found[1:] == [("partner_married_no_children", BASE_DATE + 9)]


def test_children_whose_parents_died_on_one_day_are_other_members(town):
    head = couple(town, "partner_married_with_children", 4)
    day = BASE_DATE + 30
    assert positions_of(town, head + 2, {head: day, head + 1: day})[1:] == [("other_member", day)]


def test_deaths_from_the_horizon_on_are_not_seen(town):
    head = couple(town, "partner_married_no_children", 2)
    assert len(positions_of(town, head + 1, {head: HORIZON})) == 1


def test_every_resident_is_always_in_one_household_and_no_partner_without_a_partner(town):
    people = town.people
    draw = uniform(mix(np.full(len(people), name_key("a test"), dtype=np.uint64), people.key))
    death_day = np.where(draw < 0.2, BASE_DATE + 1 + (draw * 5 * 1800).astype(int), NEVER).astype(np.int32)
    spells = membership_spells(town, death_day, BASE_DATE, HORIZON)
    first, last = np.unique(spells.person, return_index=True)[1], np.append(
        np.unique(spells.person, return_index=True)[1][1:] - 1, len(spells.person) - 1
    )
    assert len(first) == len(people)
    assert (spells.from_day[first] == BASE_DATE).all()
    seen = np.where(death_day < HORIZON, death_day, NEVER)
    assert (spells.to_day[last] == seen).all()
    inner = np.flatnonzero(np.diff(spells.person) == 0)
    assert (spells.to_day[inner] == spells.from_day[inner + 1]).all()
    assert (spells.position[inner] != spells.position[inner + 1]).all()
    assert (spells.from_day < spells.to_day).all()
    paired = IS_PARTNER[spells.position]
    assert (seen[people.partner[spells.person[paired]]] >= spells.to_day[paired]).all()
