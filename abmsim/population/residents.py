"""The chosen residents of a municipality: keys, days of birth, partners and parents."""

from __future__ import annotations

import numpy as np

from abmsim.days import civil_day
from abmsim.population.ages import AGES, CHILD, COUPLES
from abmsim.population.draws import key_of
from abmsim.population.fit import ROWS
from abmsim.population.patterns import Patterns
from abmsim.population.people import INSTITUTION, PRIVATE, Households, People
from abmsim.population.sample import SamplingUnits
from abmsim.population.sexes import FEMALE
from abmsim.population.town import Town
from abmsim.randomness import keys, mix, name_key, uniform


def chosen_residents(
    town: Town, units: SamplingUnits, chosen: np.ndarray, place: int, patterns: Patterns, seed: int,
    neighbourhood: np.ndarray, year: int,
) -> tuple[People, Households]:
    """Rows of one municipality, counted from 0; `chosen` bool[households + residents of institutions].

    Ages are those of 1 January of `year`.
    """
    private = np.flatnonzero(chosen[: len(units.households.size)])
    in_units = np.flatnonzero(chosen[len(units.households.size) :])
    size = town.households.size[private].astype(np.int64)
    unit_ordinals, unit_sizes = np.unique(units.unit[in_units], return_counts=True)
    ordinals = np.concatenate([private, unit_ordinals])
    sizes = np.concatenate([size, unit_sizes])
    first = np.cumsum(sizes) - sizes
    household = np.repeat(np.arange(len(sizes)), sizes)
    inside = np.arange(len(household)) - first[household]
    member = np.concatenate([inside[: int(size.sum())], units.member[in_units]])
    rows = np.concatenate([
        town.start[private][household[: int(size.sum())]] + inside[: int(size.sum())], town.residents + in_units
    ])  # fmt: skip
    households = Households(
        key=keys(int(name_key(units.municipality_code)), ordinals),
        municipality=np.full(len(sizes), place, dtype=np.int16),
        kind=np.repeat(np.array([PRIVATE, INSTITUTION], dtype=np.int8), [len(private), len(unit_ordinals)]),
        first=first.astype(np.int32),
        size=sizes.astype(np.int32),
        neighbourhood=neighbourhood[ordinals],
    )
    key = mix(households.key[household], member.astype(np.uint64))
    age, sex, position = town.age[rows], town.sex[rows], town.position[rows]
    partner, mother, father = _relatives(town.households.row[private], first, household, age, sex, position, patterns)
    interval = int(patterns.assumed["days_between_births"])
    people = People(
        key, _birth_days(key, age, household, position, seed, interval, year), sex,
        np.full(len(key), place, dtype=np.int16), household.astype(np.int32), position, partner, mother, father,
    )  # fmt: skip
    return people, households


def _relatives(
    row: np.ndarray, first: np.ndarray, household: np.ndarray, age: np.ndarray, sex: np.ndarray,
    position: np.ndarray, patterns: Patterns,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """(partner, mother, father) int32[n]; an adult too near in age to the child, or too far, is a step-parent: -1."""
    n = len(household)
    partner, mother, father = (np.full(n, -1, dtype=np.int32) for _ in range(3))
    couple = first[: len(row)][(row >= 0) & (row < len(COUPLES))]
    partner[couple], partner[couple + 1] = couple + 1, couple
    children = np.flatnonzero(position == CHILD)
    single = row[household[children]] == ROWS.index("single_parent")
    # The second of a couple last: of two women or two men the younger counts as the parent where both could be.
    for place in (0, 1):
        some = children[~single] if place else children
        adult = first[household[some]] + place
        years = age[adult] - age[some]
        for link, of_sex, kind in ((mother, sex[adult] == FEMALE, "mother"), (father, sex[adult] != FEMALE, "father")):
            fits = of_sex & (years >= patterns.assumed[f"youngest_{kind}"])
            if kind == "mother":
                fits &= years <= patterns.assumed["oldest_mother"]
            link[some[fits]] = adult[fits]
    return partner, mother, father


def _birth_days(
    key: np.ndarray, age: np.ndarray, household: np.ndarray, position: np.ndarray, seed: int, interval: int, year: int
) -> np.ndarray:
    """int32[n]: a day in the year of age; children of a household of the same age are twins, others keep distance.

    Children stand from the oldest on; `interval` is the least number of days between two births.
    """
    address = np.full(len(key), key_of(name_key("birth day"), seed), dtype=np.uint64)
    draw = uniform(mix(address, key))
    # The first possible day of birth of each age on 1 January; the last is 1 January a year later.
    begins = np.array([civil_day(year - completed, 1, 2) for completed in range(AGES + 1)])
    first, length = begins[age + 1], begins[age] - begins[age + 1]
    day = first + np.floor(draw * length).astype(np.int64)
    child = position == CHILD
    follows = np.zeros(len(key), dtype=bool)
    follows[1:] = child[1:] & child[:-1] & (household[1:] == household[:-1])
    near = follows.copy()
    near[1:] &= age[:-1] - age[1:] <= 1
    waiting = np.flatnonzero(near)
    # A row can be settled when the one before it is: from the oldest of each run of near siblings on.
    while len(waiting):
        ready = waiting[~np.isin(waiting - 1, waiting)]
        twin = age[ready] == age[ready - 1]
        earliest = np.maximum(first[ready], day[ready - 1] + interval)
        left = first[ready] + length[ready] - earliest
        apart = earliest + np.floor(draw[ready] * left).astype(np.int64)
        day[ready] = np.where(twin, day[ready - 1], apart)
        waiting = np.setdiff1d(waiting, ready)
    return day.astype(np.int32)
