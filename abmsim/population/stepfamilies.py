"""Children whom one partner brought into the present union: who raises them, and who is not their parent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.days import NEVER
from abmsim.population.families_now import CHILD, SINGLE_PARENT, FamiliesNow
from abmsim.population.life_patterns import LifePatterns, age_group
from abmsim.population.people import People
from abmsim.population.person_draws import PersonDraws
from abmsim.vocabulary import POSITIONS

_NINE_MONTHS = 270
_MARRIED = np.array([name.startswith("partner_married") for name in POSITIONS])


@dataclass(frozen=True, slots=True)
class StepCouples:
    """Couples that began with children of one of them: `parent`, `partner` int64[s], rows; `after` int64[s], the day
    after which the union began; `is_partner` bool[n], the latter as a column."""

    parent: np.ndarray
    partner: np.ndarray
    after: np.ndarray
    is_partner: np.ndarray


@dataclass(frozen=True, slots=True)
class Raising:
    """Who raises children of an earlier union at home: lone parents and those who brought them into the present one.

    `parent`, `brought` bool[n]: all of them, those of the second kind; `child` bool[n]: the children brought;
    `first_birth`, `last_birth` int64[n]: when the first and last of a parent's were born, NEVER and -NEVER without.
    """

    parent: np.ndarray
    brought: np.ndarray
    child: np.ndarray
    first_birth: np.ndarray
    last_birth: np.ndarray


def is_married(people: People, rows: np.ndarray) -> np.ndarray:
    """bool: who lives with a spouse or registered partner."""
    return _MARRIED[people.position[rows]]


def step_couples(people: People, families: FamiliesNow, patterns: LifePatterns, draws: PersonDraws) -> StepCouples:
    """By the share of couples of that age, if the oldest child is old enough; and where only one is linked to a child.

    The parent is the woman as often as children stay with their mother. Couples of one sex are left as they are, since
    a child has one mother and one father.
    """
    lead, other = families.lead, families.other
    home = people.household[lead]
    number = families.children[home]
    of_lead, of_other = (_children_of(people, rows, home) for rows in (lead, other))
    mixed = (number > 0) & (people.sex[lead] != people.sex[other])
    only_one = mixed & ((of_lead == number) != (of_other == number))
    shares = patterns.brought[age_group(families.age[lead]), is_married(people, lead).astype(np.int64)]
    youngest = int(patterns.assumed["youngest_child_brought_into_a_union"] * 365.25)
    old_enough = families.first_birth[home] + youngest < families.base_day
    drawn = mixed & (of_lead == number) & (of_other == number) & old_enough
    drawn &= draws[lead].uniform("brings children") < shares
    after = np.where(only_one, _last_of_one(people, len(families.children))[home], families.first_birth[home])
    some = np.flatnonzero((only_one | drawn) & (after + _NINE_MONTHS + 1 < families.base_day - 1))
    hers = draws[lead].uniform("whose children") < patterns.assumed["children_staying_with_mother"]
    hers = np.where(only_one, of_lead == number, hers)[some]
    parent, partner = np.where(hers, lead[some], other[some]), np.where(hers, other[some], lead[some])
    is_partner = np.zeros(len(people), dtype=bool)
    is_partner[partner] = True
    return StepCouples(parent, partner, after[some] + _NINE_MONTHS, is_partner)


def _children_of(people: People, rows: np.ndarray, home: np.ndarray) -> np.ndarray:
    """int64: how many children of their own live with each."""
    number = np.zeros(len(people), dtype=np.int64)
    child = np.flatnonzero(people.position == CHILD)
    for link in (people.mother, people.father):
        known = child[link[child] >= 0]
        known = known[people.household[link[known]] == people.household[known]]
        np.add.at(number, link[known], 1)
    return number[rows]


def _last_of_one(people: People, households: int) -> np.ndarray:
    """int64[households]: birth of the last child at home who lacks a mother or a father."""
    last = np.full(households, -NEVER, dtype=np.int64)
    child = np.flatnonzero((people.position == CHILD) & ((people.mother < 0) | (people.father < 0)))
    np.maximum.at(last, people.household[child], people.birth_day[child])
    return last


def raising(people: People, families: FamiliesNow, steps: StepCouples, start: np.ndarray) -> Raising:
    """`start` int64[n]: of the present unions; children born nine months before it or earlier were brought."""
    n, households = len(people), len(families.children)
    lone = people.position == SINGLE_PARENT
    brought = np.zeros(n, dtype=bool)
    brought[steps.parent] = True
    since = np.full(households, -NEVER, dtype=np.int64)
    since[people.household[steps.parent]] = start[steps.parent] - _NINE_MONTHS
    child = (people.position == CHILD) & (people.birth_day < since[people.household])
    rows = np.flatnonzero(child)
    last = families.last_birth.copy()
    last[people.household[rows]] = -NEVER
    np.maximum.at(last, people.household[rows], people.birth_day[rows])
    parent = lone | brought
    return Raising(
        parent, brought, child,
        np.where(parent, families.first_birth[people.household], NEVER),
        np.where(parent, last[people.household], -NEVER),
    )  # fmt: skip


def part_from_step_parents(people: People, who: Raising) -> None:
    """Children brought into a union are those of one partner only: the link to the other one goes."""
    child = np.flatnonzero(who.child)
    for link in (people.mother, people.father):
        known = child[link[child] >= 0]
        link[known[~who.brought[link[known]]]] = -1
