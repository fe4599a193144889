"""At full size every municipality has exactly the residents and households that were published."""

import numpy as np
import pytest

from abmsim.days import civil_day
from abmsim.population.margins import Margins, by_group
from abmsim.population.people import INSTITUTION, PRIVATE, Population
from abmsim.population.synthesis import each_municipality
from abmsim.vocabulary import BASE_DATE, POSITIONS, SEXES


def ages_of(population: Population) -> np.ndarray:
    """Completed years on the base date: on 1 January those born on that day have just completed one more."""
    first_days = np.array([civil_day(year, 1, 1) for year in range(1900, 2022)])
    years_begun = np.searchsorted(first_days, population.people.birth_day, side="left")
    return np.searchsorted(first_days, BASE_DATE) - years_begun


def check_margins(population: Population, margins: Margins, row: int) -> None:
    people, households = population.people, population.households
    table = np.zeros(margins.persons.shape[1:], dtype=int)
    np.add.at(table, (np.minimum(ages_of(population) // 5, 19), people.position), 1)
    assert (table == margins.persons[row]).all()
    assert (people.sex == SEXES.index("female")).sum() == margins.females[row]
    private = np.flatnonzero(households.kind == PRIVATE)
    sizes = np.bincount(np.minimum(households.size[private], 5), minlength=6)[1:]
    assert (sizes == margins.sizes[row]).all()
    assert (types_of(population, private) == margins.types[row]).all()


def types_of(population: Population, private: np.ndarray) -> list[int]:
    heads = population.people.position[population.households.first[private]]
    count = np.bincount(heads, minlength=len(POSITIONS))
    of = dict(zip(POSITIONS, count.tolist(), strict=True))
    unmarried = of["partner_unmarried_no_children"] + of["partner_unmarried_with_children"]
    married = of["partner_married_no_children"] + of["partner_married_with_children"]
    return [of["single"], unmarried, married, of["single_parent"], of["other_member"]]


@pytest.mark.parametrize("name", ["Leiden", "Urk", "Schiermonnikoog", "Rozendaal", "Rotterdam"])
def test_a_whole_municipality_meets_all_published_counts(name, people_of, margins):
    population = people_of(name)
    row = margins.places.index(population.places[0])
    assert len(population.people) == population.places[0].population
    check_margins(population, margins, row)


def test_all_355_municipalities_meet_all_published_counts(margins, catalogue):
    seen = 0
    for people, households in each_municipality(margins.places, None, 7, catalogue):
        row = int(people.municipality[0])
        check_margins(Population(margins.places, people, households), margins, row)
        seen += len(people)
    assert seen == 17_407_585


def test_institutions_by_age_add_up_to_the_country(margins, catalogue):
    institutions = margins.persons[:, :, POSITIONS.index("institution")]
    populations = np.array([place.population for place in margins.places])
    assert (institutions >= 0).all()
    assert (margins.persons.sum(axis=(1, 2)) == populations).all()
    assert (margins.persons.sum(axis=(0, 2)) == by_group(margins.ages)).all()


def test_institutions_are_kept_apart_from_households(people_of):
    population = people_of("Leiden")
    people, households = population.people, population.households
    in_institution = people.position == POSITIONS.index("institution")
    assert (households.kind[people.household] == INSTITUTION)[in_institution].all()
    assert (households.kind[people.household] == PRIVATE)[~in_institution].all()
    assert (people.partner[in_institution] == -1).all()
