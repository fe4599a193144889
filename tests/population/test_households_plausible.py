"""The households look like real ones: partners, parents and siblings of plausible ages."""

import numpy as np
import pytest
from test_exact_margins import ages_of

from abmsim.population.people import PRIVATE
from abmsim.vocabulary import POSITIONS

CHILD = POSITIONS.index("child_at_home")
FEMALE = 0


def four_standard_errors(share: float, n: int) -> float:
    return 4 * (share * (1 - share) / n) ** 0.5


@pytest.fixture(scope="module")
def town(people_of):
    return people_of("Leiden")


def mixed_couples(town):
    """(row of the woman, row of the man) of every couple of both sexes."""
    people = town.people
    women = np.flatnonzero((people.partner >= 0) & (people.sex == FEMALE))
    women = women[people.sex[people.partner[women]] != FEMALE]
    return women, people.partner[women]


def test_households_stand_together_in_order(town):
    people, households = town.people, town.households
    assert (np.diff(people.household) >= 0).all()
    assert (households.first == np.searchsorted(people.household, np.arange(len(households)))).all()
    assert (households.size == np.bincount(people.household)).all()


def test_partners_are_each_others_in_one_household_and_nobody_else_has_one(town):
    people = town.people
    partnered = np.flatnonzero(people.partner >= 0)
    assert (people.partner[people.partner[partnered]] == partnered).all()
    assert (people.household[people.partner[partnered]] == people.household[partnered]).all()
    is_partner = np.array([name.startswith("partner") for name in POSITIONS])[people.position]
    assert (is_partner == (people.partner >= 0)).all()
    assert ages_of(town)[partnered].min() >= 18


def test_gaps_of_age_between_partners_are_those_published(town, catalogue):
    women, men = mixed_couples(town)
    gap = ages_of(town)[men] - ages_of(town)[women]
    for (direction, label), percent in catalogue.table("spouse_age_gap_2017").cells.items():
        ends = label.replace("+", "-99").split("-")
        low, high = int(ends[0]), int(ends[-1])
        sign = -1 if direction == "woman_older" else 1
        share = float(((sign * gap >= low) & (sign * gap <= high)).mean())
        # Two points of leeway: men's ages are given, so wishes are met in order and not to the year.
        assert share == pytest.approx(percent / 100, abs=0.02 + four_standard_errors(percent / 100, len(gap)))


def test_few_couples_are_of_one_sex_and_more_of_them_unmarried(town):
    people = town.people
    partnered = np.flatnonzero(people.partner >= 0)
    same = people.sex[partnered] == people.sex[people.partner[partnered]]
    married = np.char.startswith(np.array(POSITIONS)[people.position[partnered]], "partner_married")
    assert 0 < same[married].mean() < same[~married].mean() < 0.05


def test_mothers_bear_children_at_plausible_ages(town):
    people, age = town.people, ages_of(town)
    children = np.flatnonzero(people.mother >= 0)
    at_birth = age[people.mother[children]] - age[children]
    assert at_birth.min() >= 15 and at_birth.max() <= 50
    assert at_birth.mean() == pytest.approx(31.3, abs=1.5)  # published for the country, 2017; a town may differ
    assert (at_birth < 20).mean() < 0.04
    assert (at_birth >= 45).mean() < 0.03


def test_nearly_every_child_has_a_parent_here_and_parents_are_not_children(town):
    people = town.people
    children = np.flatnonzero(people.position == CHILD)
    has_parent = (people.mother[children] >= 0) | (people.father[children] >= 0)
    assert has_parent.mean() > 0.995
    for link in (people.mother, people.father):
        linked = np.flatnonzero(link >= 0)
        assert (people.position[linked] == CHILD).all()
        assert (people.position[link[linked]] != CHILD).all()
        assert (people.household[link[linked]] == people.household[linked]).all()
    assert (people.sex[people.mother[people.mother >= 0]] == FEMALE).all()
    assert (people.sex[people.father[people.father >= 0]] != FEMALE).all()


def test_brothers_and_sisters_are_twins_or_keep_the_length_of_a_pregnancy(town):
    people = town.people
    children = np.flatnonzero(people.position == CHILD)
    neighbours = people.household[children][1:] == people.household[children][:-1]
    days = np.diff(people.birth_day[children])[neighbours]
    assert (days >= 0).all()
    assert ((days == 0) | (days >= 280)).all()
    assert 0.005 < (days == 0).mean() < 0.06


def test_most_single_parents_are_women(people_of, catalogue):
    people = people_of("Rotterdam").people
    parents = people.position == POSITIONS.index("single_parent")
    cells = catalogue.table("single_parents_by_sex_2020").cells
    share = cells[("female",)] / sum(cells.values())
    found = (people.sex[parents] == FEMALE).mean()
    assert found == pytest.approx(share, abs=four_standard_errors(share, int(parents.sum())))


def test_no_household_is_led_by_a_minor(town):
    heads = town.households.first[town.households.kind == PRIVATE]
    assert ages_of(town)[heads].min() >= 18


def test_days_of_birth_spread_over_the_year(town):
    birth = town.people.birth_day.astype("datetime64[D]")
    months = birth.astype("datetime64[M]").astype(int) % 12
    shares = np.bincount(months, minlength=12) / len(months)
    assert np.abs(shares - 1 / 12).max() < 0.01
