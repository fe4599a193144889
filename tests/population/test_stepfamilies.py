"""Couples of the base date: since when they are together, and whose the children are who live with them."""

from __future__ import annotations

import numpy as np
import pytest

from abmsim.days import NEVER
from abmsim.population.people import Population
from abmsim.population.unions import UNION_ENDS
from abmsim.vocabulary import BASE_DATE, POSITIONS

CHILD = POSITIONS.index("child_at_home")
YEARS_TOGETHER = (5, 15, 25)
"""The bounds of the classes by which couples part."""


def four_standard_errors(share: float, n: int) -> float:
    return 4 * (share * (1 - share) / n) ** 0.5


def children_of_couples(population: Population) -> tuple[np.ndarray, ...]:
    """(child, lead) rows of children at home in couples, and bool: of both partners, of one of them."""
    people = population.people
    lead = np.full(len(population.households), -1)
    rows = np.flatnonzero(people.partner >= 0)
    lead[people.household[rows]] = rows
    child = np.flatnonzero((people.position == CHILD) & (lead[people.household] >= 0))
    links = np.stack([people.mother[child], people.father[child]])
    at_home = ((links >= 0) & (people.household[links] == people.household[child])).sum(axis=0)
    return child, lead[people.household[child]], at_home == 2, at_home == 1


def test_children_of_both_partners_were_born_in_their_union(country):
    population, _, story = country
    now = story.present()
    child, lead, of_both, _ = children_of_couples(population)
    since = now["union_date"][lead]
    assert (population.people.birth_day[child] >= since - 270)[of_both].all()


def test_children_of_one_partner_were_there_before_the_union(country):
    """Their parents parted when that partner's last union ended, if it did by separation."""
    population, _, story = country
    now = story.present()
    people = population.people
    child, lead, _, of_one = children_of_couples(population)
    mixed = people.sex[lead] != people.sex[people.partner[lead]]
    child, lead = child[of_one & mixed], lead[of_one & mixed]
    since = now["union_date"][lead]
    brought = people.birth_day[child] < since - 270
    # Somebody too old or too young to be the parent of a child too near to the base date is left as it is.
    assert brought.mean() > 0.97
    child, since = child[brought], since[brought]
    mother_here = (people.mother[child] >= 0) & (people.household[people.mother[child]] == people.household[child])
    parent = np.where(mother_here, people.mother[child], people.father[child])
    parted, apart = now["separation_date"], now["parents_separated"]
    assert ((parted[parent] < NEVER) == (apart[child] > 0)).all()
    known = parted[parent] < NEVER
    assert known.mean() > 0.6
    assert (parted[parent] < since)[known].all() and (parted[parent] >= people.birth_day[child] - 270)[known].all()
    step = people.partner[parent]
    assert (story.joined[parent] <= people.birth_day[child]).all()
    assert (story.joined[step] == since).all()


def test_as_many_minors_as_published_have_parents_who_live_apart(country, statistics):
    """727000 minors (2017); one point of leeway, as one in six with one parent is a rounded figure."""
    population, _, _ = country
    people = population.people
    minor = (people.position == CHILD) & (people.birth_day > BASE_DATE - 18 * 365.25)
    lone = np.zeros(len(population.households), dtype=bool)
    lone[people.household[people.position == POSITIONS.index("single_parent")]] = True
    child, _, _, of_one = children_of_couples(population)
    apart = lone[people.household]
    apart[child[of_one]] = True
    residents = statistics.table("residents_nl_2020_by_age")
    share = 727_000 / sum(residents.value(age=str(age)) for age in range(18))
    homes = len(np.unique(people.household[minor]))
    assert apart[minor].mean() == pytest.approx(share, abs=0.01 + four_standard_errors(share, homes))


@pytest.mark.parametrize("married", ["no", "yes"])
def test_couples_are_together_as_long_as_the_rates_make_them(country, statistics, married):
    """By the women's ages; six points of leeway, as children at home, who bind, stand in the way of some draws."""
    population, _, story = country
    people = population.people
    present = story.unions.ended_by == UNION_ENDS.index("none")
    lead = story.unions.person[present]
    some = np.array([POSITIONS[position].startswith("partner_married") for position in people.position[lead]])
    some = (some == (married == "yes")) & (people.sex[lead] == 0)
    years = ((BASE_DATE - story.unions.from_day[present]) / 365.25)[some]
    group = np.clip(((BASE_DATE - people.birth_day[lead[some]]) / 365.25 // 5 * 5).astype(int), 15, 90)
    expected = np.zeros(4)
    for (age, wed, _, together), share in statistics.table("years_together").cells.items():
        if wed == married:
            number = (group == int(age.split("-")[0].rstrip("+"))).sum()
            expected[np.searchsorted(YEARS_TOGETHER, int(together), side="right")] += share * number
    expected /= len(years)
    found = np.bincount(np.searchsorted(YEARS_TOGETHER, years, side="right"), minlength=4) / len(years)
    for share, wanted in zip(found, expected, strict=True):
        assert share == pytest.approx(wanted, abs=0.06 + four_standard_errors(wanted, len(years)))
