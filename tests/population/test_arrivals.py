"""Arrivals: whole households in the published numbers and ages, each with its own draws."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from abmsim.days import civil_day
from abmsim.engine.lives import ENTRIES
from abmsim.population.ages import CHILD, COUPLES, SINGLE, SINGLE_PARENT
from abmsim.population.arrival_patterns import ArrivalPatterns, read_arrivals
from abmsim.population.arrivals import ENTRY_OF_KIND, Arrivals, arriving, immigrants_expected, movers_expected
from abmsim.population.gaps import GAPS, gap_shares
from abmsim.population.margins import Margins
from abmsim.population.patterns import read_patterns
from abmsim.stats.catalogue import Catalogue
from abmsim.vocabulary import ORIGINS

AMSTERDAM, SCHIERMONNIKOOG = "GM0363", "GM0088"
IMMIGRATION, MOVE_IN = ENTRY_OF_KIND
DAY = civil_day(2021, 3, 1)


@pytest.fixture(scope="module")
def patterns(catalogue: Catalogue, margins: Margins) -> ArrivalPatterns:
    return read_arrivals(catalogue, margins, read_patterns(catalogue, margins))


def month(patterns: ArrivalPatterns, day: int = DAY, place: str = AMSTERDAM, movers: float = 4000.0) -> Arrivals:
    residents = patterns.residents[[patterns.place[place]]]
    return arriving([place], residents, day, np.array([movers]), patterns, seed=1)


def months(year: int) -> list[int]:
    return [civil_day(year, number, 1) for number in range(1, 13)]


@pytest.fixture(scope="module")
def arrivals(patterns: ArrivalPatterns) -> Arrivals:
    return month(patterns)


def age_on(day: int, birth_day: np.ndarray) -> np.ndarray:
    return (day - birth_day) / 365.2425


def test_the_kinds_are_the_engines():
    assert [ENTRIES[entry] for entry in ENTRY_OF_KIND] == ["immigration", "move_in"]


def test_every_household_is_whole_and_its_head_stands_first(arrivals):
    assert (np.diff(arrivals.household) >= 0).all()
    assert len(np.unique(arrivals.household)) == len(arrivals.household_key)
    heads = np.unique(arrivals.household, return_index=True)[1]
    assert (arrivals.position[heads] != CHILD).all()
    adults = np.bincount(arrivals.household, weights=arrivals.position != CHILD)
    assert set(adults) == {1, 2}
    couple = np.isin(arrivals.position, COUPLES)
    assert ((adults == 2) == np.isin(arrivals.position[heads], COUPLES)).all()
    assert (arrivals.partner[arrivals.partner[couple]] == np.flatnonzero(couple)).all()
    assert (arrivals.partner[~couple] == -1).all()


def test_positions_say_whether_there_are_children(arrivals):
    children = np.bincount(arrivals.household, weights=arrivals.position == CHILD)
    with_children = [*COUPLES[2:], SINGLE_PARENT]
    heads = arrivals.position != CHILD
    assert ((children[arrivals.household] > 0) == np.isin(arrivals.position, with_children))[heads].all()
    assert (arrivals.position == SINGLE).any()


def test_children_are_minors_of_a_parent_of_plausible_age(arrivals):
    child = np.flatnonzero(arrivals.position == CHILD)
    age = age_on(DAY, arrivals.birth_day)
    assert age[child].max() < 18.01
    assert ((arrivals.mother[child] >= 0) | (arrivals.father[child] >= 0)).mean() > 0.99
    for parent, sex, oldest in ((arrivals.mother, 0, 46), (arrivals.father, 1, 90)):
        known = child[parent[child] >= 0]
        at_birth = age[parent[known]] - age[known]
        assert 17 < at_birth.min() and at_birth.max() < oldest
        assert (arrivals.sex[parent[known]] == sex).all()
        assert (arrivals.household[parent[known]] == arrivals.household[known]).all()
    assert (arrivals.mother[arrivals.position != CHILD] == -1).all()


def test_brothers_and_sisters_are_twins_or_a_pregnancy_apart(patterns):
    for day in months(2022):
        arrivals = month(patterns, day)
        siblings = (np.diff(arrivals.household) == 0) & (arrivals.position[:-1] == CHILD)
        apart = np.diff(arrivals.birth_day)[siblings]
        assert ((apart == 0) | (apart >= 280)).all()


def test_partners_have_the_published_differences_in_age(patterns, catalogue):
    gaps = []
    for day in months(2021):
        arrivals = month(patterns, day)
        married = (arrivals.position == COUPLES[1]) & (arrivals.sex == 1)
        man = np.flatnonzero(married & (arrivals.sex[arrivals.partner] == 0))
        age = np.floor(age_on(day, arrivals.birth_day))
        gaps.append(age[man] - age[arrivals.partner[man]])
    found = np.concatenate(gaps)
    shares = gap_shares(catalogue, 30)
    mean = (GAPS * shares).sum()
    deviation = np.sqrt((GAPS**2 * shares).sum() - mean**2)
    # Women under 18 are taken for 18, which cuts off some of the largest differences.
    assert abs(found.mean() - mean) < 4 * deviation / np.sqrt(len(found)) + 0.1


def test_a_year_brings_the_expected_numbers(patterns):
    residents = patterns.residents[[patterns.place[AMSTERDAM]]]
    expected = sum(immigrants_expected([AMSTERDAM], residents, day, patterns)[0] for day in months(2021))
    found = [month(patterns, day).kind for day in months(2021)]
    # Households are rounded by one a month, persons by what their last households hold; few youngest are left out.
    assert abs(sum((kind == IMMIGRATION).sum() for kind in found) / expected - 1) < 0.005
    assert abs(sum((kind == MOVE_IN).sum() for kind in found) / 48000 - 1) < 0.005


def test_a_small_place_gets_its_few_in_the_long_run(patterns):
    found = sum((month(patterns, day, SCHIERMONNIKOOG, 0.4).kind == MOVE_IN).sum()
                for year in range(2020, 2050) for day in months(year))
    households = 360 * 0.4 / patterns.size[1]
    # Rounded by chance every month: the variance of a share times the square of a household's size, about 4.
    assert abs(found - 360 * 0.4) < 4 * np.sqrt(households * 4)


def test_the_country_gets_the_published_immigrants(patterns):
    codes = list(patterns.place)
    total = immigrants_expected(codes, patterns.residents, civil_day(2022, 5, 1), patterns).sum()
    assert total * 12 == pytest.approx(403108, rel=1e-6)
    sample = immigrants_expected(codes, patterns.residents // 100, civil_day(2022, 5, 1), patterns).sum()
    assert sample == pytest.approx(total / 100, rel=0.01)


@pytest.mark.parametrize("kind", [IMMIGRATION, MOVE_IN])
def test_ages_are_those_of_the_statistics(kind, patterns, catalogue):
    ages = []
    for day in months(2022):
        arrivals = month(patterns, day, movers=3000.0)
        ages.append(age_on(day, arrivals.birth_day[arrivals.kind == kind]))
    found = np.histogram(np.concatenate(ages), np.arange(0, 111, 10))[0]
    if kind == IMMIGRATION:
        shares = np.array(list(catalogue.table("immigrants_by_age").cells.values())).reshape(-1, 2).sum(axis=1)
    else:
        shares = patterns.move_rate * patterns.country.single_age.sum(axis=0)
    published = np.add.reduceat(shares / shares.sum(), np.arange(0, 106, 10))
    # Children get the ages that fit their mothers', which shifts them a little inside the minors.
    assert np.abs(found / found.sum() - published).max() < 0.012


def test_origins_of_immigrants_are_the_published_ones(patterns, catalogue):
    found = [month(patterns, day) for day in months(2022)]
    heads = [np.unique(a.household, return_index=True)[1] for a in found]
    origin = np.concatenate([a.origin[h][a.kind[h] == IMMIGRATION] for a, h in zip(found, heads, strict=True)])
    abroad = np.concatenate([a.born_abroad[h][a.kind[h] == IMMIGRATION] for a, h in zip(found, heads, strict=True)])
    for (label, birthplace), share in catalogue.table("immigrants_origin").cells.items():
        here = ((origin == ORIGINS.index(label)) & (abroad == (birthplace == "born_abroad"))).mean()
        assert abs(here - share) < 4 * np.sqrt(max(share, 1e-3) / len(origin))


def test_children_born_here_of_parents_born_here_are_of_dutch_origin(arrivals):
    child = (arrivals.position == CHILD) & (arrivals.kind == MOVE_IN)
    assert not arrivals.born_abroad[child].any()
    heads = np.unique(arrivals.household, return_index=True)[1][arrivals.household]
    parents_abroad = arrivals.born_abroad[heads]
    assert (arrivals.origin[child & ~parents_abroad] == ORIGINS.index("netherlands")).all()


def test_a_place_gets_the_same_people_whoever_else_is_in_the_run(patterns):
    places = [AMSTERDAM, SCHIERMONNIKOOG, "GM0546"]
    residents = patterns.residents[[patterns.place[code] for code in places]]
    movers = np.array([4000.0, 3.0, 500.0])
    together = arriving(places, residents, DAY, movers, patterns, seed=1)
    alone = arriving(places[2:], residents[2:], DAY, movers[2:], patterns, seed=1)
    rows = together.municipality == 2
    for field in fields(Arrivals):
        if field.name not in ("household", "partner", "mother", "father", "municipality", "household_key"):
            assert (getattr(together, field.name)[rows] == getattr(alone, field.name)).all(), field.name


def test_more_movers_leave_the_others_as_they_are(patterns):
    fewer, more = month(patterns, movers=100.0), month(patterns, movers=110.0)
    assert set(fewer.key) < set(more.key)
    both = np.isin(more.key, fewer.key)
    assert (more.birth_day[both] == fewer.birth_day).all() and (more.sex[both] == fewer.sex).all()


def test_nobody_arrives_twice(patterns):
    keys = np.concatenate([month(patterns, day).key for day in months(2020) + months(2021)])
    assert len(np.unique(keys)) == len(keys)


def test_nobody_may_come_at_all(patterns):
    nobody = arriving([AMSTERDAM], np.array([0]), DAY, np.array([0.0]), patterns, seed=1)
    assert len(nobody) == 0 and len(nobody.household_key) == 0


def test_the_published_rates_give_the_first_number_of_movers(patterns):
    age, municipality = np.array([24, 24, 70]), np.array([0, 1, 1])
    rates = patterns.move_rate[[24, 70]] / 12
    assert movers_expected(age, municipality, 3, patterns).tolist() == pytest.approx([rates[0], rates.sum(), 0.0])
