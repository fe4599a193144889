"""Lives up to the base date lead to where residents live on it."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest

from abmsim.days import NEVER
from abmsim.population.attributes import attribute_columns, municipality_codes
from abmsim.population.backstory import Backstory, tell_backstory
from abmsim.population.kinship import link_relatives
from abmsim.population.past_moves import MOVE_KINDS
from abmsim.population.people import Population
from abmsim.population.places import find_places
from abmsim.population.synthesis import synthesise
from abmsim.population.unions import UNION_ENDS
from abmsim.stats.recipes_lives import cohort_fertility
from abmsim.vocabulary import BASE_DATE, ORIGINS, POSITIONS, SEXES

CHILD = POSITIONS.index("child_at_home")
LIVES_ON_THEIR_OWN = [
    number for number, name in enumerate(POSITIONS) if name == "single" or name.endswith("no_children")
]
"""Whoever has a child at home left before it was born, whatever the usual age."""

PLACES = [("Schiermonnikoog", None), ("Urk", 3000), ("Leiden", 3000)]


@pytest.fixture(scope="module", params=PLACES, ids=lambda place: place[0])
def told(request, people_of, tell):
    return tell(people_of(*request.param))


def four_standard_errors(share: float, n: int) -> float:
    return 4 * (share * (1 - share) / n) ** 0.5


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


def test_the_unions_of_the_present_are_those_that_lives_tell_of(told):
    population, _, story = told
    unions, people = story.unions, population.people
    now = unions.ended_by == UNION_ENDS.index("none")
    assert (people.partner[unions.person[now]] == unions.partner[now]).all()
    assert now.sum() * 2 == (people.partner >= 0).sum()
    assert (values_on(story, "union_date", BASE_DATE)[unions.person[now]] == unions.from_day[now]).all()
    assert (unions.to_day[~now] <= BASE_DATE).all() and (unions.from_day < unions.to_day).all()
    wed = unions.married_day < NEVER
    assert ((unions.married_day >= unions.from_day) & (unions.married_day <= unions.to_day))[wed].all()


def test_former_partners_tell_the_same_dates(told):
    population, _, story = told
    people, parted = population.people, values_on(story, "separation_date", BASE_DATE)
    some = np.flatnonzero(people.former_partner >= 0)
    assert (parted[some] < NEVER).all()
    assert (parted[some] == parted[people.former_partner[some]]).all()


def test_parents_have_at_least_the_children_that_are_known(told):
    population, _, story = told
    people, parity = population.people, values_on(story, "parity", BASE_DATE)
    for link in (people.mother, people.father):
        known = np.bincount(link[link >= 0], minlength=len(people))
        assert (parity >= known).all()
    youngest = values_on(story, "youngest_birth_date", BASE_DATE)
    assert ((youngest < NEVER) == (parity > 0)).all()


def test_moves_lie_in_the_life_before_the_base_date(told):
    population, _, story = told
    moves, people = story.moves, population.people
    assert (moves.day >= people.birth_day[moves.person]).all() and (moves.day < BASE_DATE).all()
    assert (np.diff(moves.person) >= 0).all()
    arrived = np.unique(moves.person[moves.kind == MOVE_KINDS.index("immigration")])
    assert (arrived == np.flatnonzero(values_on(story, "born_abroad", BASE_DATE))).all()


@pytest.mark.parametrize("sex", ["female", "male"])
@pytest.mark.parametrize("years_ago", [1, 3])
def test_young_people_left_home_at_the_published_ages(country, statistics, sex, years_ago):
    """Of the young who left home, as many lived with a parent some years ago as the published shares say."""
    population, _, story = country
    people = population.people
    then = BASE_DATE - round(years_ago * 365.25)
    table = statistics.table("living_with_parents_2021")
    ages = [18.0, *(age + 0.5 for age in range(18, 31))]
    left_by = [0.0, *(1 - table.value(age=str(age), sex=sex) / 100 for age in range(18, 31))]
    now, before = ((day - people.birth_day) / 365.25 for day in (BASE_DATE, then))
    position = values_on(story, "position", BASE_DATE)
    gone = np.isin(position, LIVES_ON_THEIR_OWN) & (before >= 18) & (now < 30) & (people.sex == SEXES.index(sex))
    expected = 1 - np.interp(before[gone], ages, left_by) / np.interp(now[gone], ages, left_by)
    found = values_on(story, "position", then)[gone] == CHILD
    error = 4 * (expected * (1 - expected)).sum() ** 0.5
    assert found.sum() == pytest.approx(expected.sum(), abs=error)


def test_women_have_the_children_that_the_rates_of_their_years_give(country, statistics):
    """Completed fertility of women born 1945-1969; 8 % of leeway, as children by unions are drawn, not fitted."""
    population, _, story = country
    people, parity = population.people, values_on(story, "parity", BASE_DATE)
    for cohort in (1945, 1950, 1955, 1960, 1965):
        year = 1970 + people.birth_day / 365.25
        some = (year >= cohort) & (year < cohort + 5) & (people.sex == 0) & (people.position != CHILD)
        expected = cohort_fertility(statistics, cohort)
        error = 4 * parity[some].std() / some.sum() ** 0.5
        assert parity[some].mean() == pytest.approx(expected, abs=0.08 * expected + error), cohort


def test_origins_come_out_as_published_for_each_municipality(statistics, people_of, tell):
    """Two points of leeway: the published shares are whole percents and the children's follow from their parents."""
    for place in ("Leiden", "Urk"):
        population, _, story = tell(people_of(place))
        origin = values_on(story, "origin", BASE_DATE)
        for label, name in enumerate(ORIGINS[1:], start=1):
            code = population.places[0].code
            share = statistics.table("origin_by_municipality_2020").value(municipality_code=code, origin=name) / 100
            assert (origin == label).mean() == pytest.approx(share, abs=0.02), (place, name)


def test_the_same_seed_tells_the_same_lives(statistics, tell):
    urk = find_places("Urk", statistics)
    one, other = (tell(synthesise(urk, 2000, 42, statistics))[2] for _ in range(2))
    for name in ("first", "day", "attribute", "value", "joined"):
        assert (getattr(one, name) == getattr(other, name)).all()


def test_a_resident_with_the_same_relatives_has_the_same_past_in_a_sample(people_of, tell):
    whole, sample = (tell(people_of("Leiden", size)) for size in (40_000, 3000))
    order = np.argsort(whole[0].people.key)
    rows = order[np.searchsorted(whole[0].people.key[order], sample[0].people.key)]
    assert (whole[0].people.key[rows] == sample[0].people.key).all()
    alike = without_kin_elsewhere(whole[0])[rows] & without_kin_elsewhere(sample[0])
    assert alike.mean() > 0.5
    for row in np.flatnonzero(alike):
        assert story_of(sample[2], int(row)) == story_of(whole[2], int(rows[row]))


def story_of(story: Backstory, row: int) -> list[tuple]:
    some = slice(story.first[row], story.first[row + 1])
    named = [story.names[attribute] for attribute in story.attribute[some]]
    return list(zip(story.day[some], named, story.value[some], strict=True))


def without_kin_elsewhere(population: Population) -> np.ndarray:
    """bool[n]: nobody of the household has a relative in another one, and no one elsewhere has one in it."""
    people = population.people
    touched = np.zeros(len(population.households), dtype=bool)
    for link in (people.mother, people.father, people.former_partner):
        some = np.flatnonzero(link >= 0)
        some = some[people.household[link[some]] != people.household[some]]
        touched[people.household[some]] = touched[people.household[link[some]]] = True
    return ~touched[people.household]


def test_no_household_of_the_past_is_empty_or_overfull(told):
    population, _, story = told
    names = ("household_size", "n_children")
    size, children = (story.value[story.attribute == story.names.index(name)] for name in names)
    assert size.min() >= 0 and size.max() <= 25
    assert children.min() >= 0 and children.max() <= 20
    for day in range(BASE_DATE - 25_000, BASE_DATE, 2500):
        born = population.people.birth_day <= day
        home = values_on(story, "in_institution", day) == 0
        persons, own = values_on(story, "household_size", day), values_on(story, "n_children", day)
        assert (persons >= 1)[born & home].all()
        assert (own < persons)[born & home].all()
        assert ((persons == 1) == (values_on(story, "lives_alone", day) > 0))[born & home].all()


def test_only_who_is_of_age_lives_without_parents(told):
    """Save other members and residents of institutions, and mothers under age."""
    population, _, story = told
    for day in range(BASE_DATE - 25_000, BASE_DATE, 2500):
        age = (day - population.people.birth_day) / 365.25
        minor = (age >= 0) & (age < 17)
        position = values_on(story, "position", day)[minor]
        alone = np.isin(position, [POSITIONS.index("single"), POSITIONS.index("partner_unmarried_no_children")])
        assert alone.mean() < 0.01


def test_nobody_has_moved_before_birth(people_of, statistics):
    population = deepcopy(people_of("Urk", 3000))
    courses = link_relatives(population, statistics, 42)
    born = population.people.birth_day
    youngest = int(np.argmax(born))
    courses.left_home[youngest] = courses.moved_in[youngest] = born[youngest] - 1
    attributes = attribute_columns(population, municipality_codes(statistics))
    moves = tell_backstory(population, attributes, statistics, 42, courses).moves
    assert len(moves.person) > 3000
    assert (moves.day >= born[moves.person]).all()
