"""The stored attributes of the vocabulary as columns, as the population stands on the base date."""

from __future__ import annotations

import numpy as np

from abmsim.days import NEVER
from abmsim.population.neighbourhoods import neighbourhood_column
from abmsim.population.people import PRIVATE, People, Population
from abmsim.population.places import all_places
from abmsim.stats.catalogue import Catalogue
from abmsim.vocabulary import POSITIONS

_WITH_CHILDREN = [name == "single_parent" or name.endswith("_with_children") for name in POSITIONS]

_MARRIED = [name.startswith("partner_married") for name in POSITIONS]


def municipality_codes(catalogue: Catalogue) -> tuple[str, ...]:
    """The labels of the attribute `municipality_code`: all 355 codes, sorted."""
    return tuple(place.code for place in all_places(catalogue))


def attribute_columns(population: Population, codes: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Columns float64[n] of sex, municipality_code (index into `codes`), neighbourhood_code (into
    `areas.neighbourhood_codes`), position, household_size, lives_alone, has_partner, is_parent, single_parent,
    n_children, in_institution, is_household_head, married, and youngest_birth_date (of the children whose parent is
    known; NEVER without).

    Residents of institutions have no private household: household_size and n_children are 0 for them. What else the
    vocabulary has is a matter of the past, or of the modules that write it.
    """
    people, households = population.people, population.households
    household = people.household
    private = households.kind[household] == PRIVATE
    is_child = people.position == POSITIONS.index("child_at_home")
    children = np.bincount(household, weights=is_child, minlength=len(households))
    code_of = np.array([codes.index(place.code) for place in population.places], dtype=np.float64)
    columns = {
        "sex": people.sex,
        "municipality_code": code_of[people.municipality],
        "neighbourhood_code": neighbourhood_column(population),
        "position": people.position,
        "household_size": np.where(private, households.size[household], 0),
        "lives_alone": private & (households.size[household] == 1),
        "has_partner": people.partner >= 0,
        "is_parent": np.array(_WITH_CHILDREN)[people.position],
        "single_parent": people.position == POSITIONS.index("single_parent"),
        "n_children": np.where(private, children[household], 0),
        "in_institution": people.position == POSITIONS.index("institution"),
        "is_household_head": private & (households.first[household] == np.arange(len(people))),
        "married": np.array(_MARRIED)[people.position],
        "youngest_birth_date": _youngest(people),
    }
    return {name: column.astype(np.float64) for name, column in columns.items()}


def _youngest(people: People) -> np.ndarray:
    """int64[n]: the day of birth of each one's youngest child."""
    never = np.iinfo(np.int64).min
    youngest = np.full(len(people), never)
    for parent in (people.mother, people.father):
        child = np.flatnonzero(parent >= 0)
        np.maximum.at(youngest, parent[child], people.birth_day[child])
    return np.where(youngest == never, NEVER, youngest)
