"""The parental homes of those who have left them: parents, their parting, brothers and sisters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.days import NEVER
from abmsim.population.age_curves import day_at
from abmsim.population.ages import AGES
from abmsim.population.families_now import CHILD
from abmsim.population.life_patterns import MOST_CHILDREN, SEPARATION, LifePatterns
from abmsim.population.offspring import Elsewhere
from abmsim.population.people import People
from abmsim.population.person_draws import PersonDraws
from abmsim.population.rounding import on_grid
from abmsim.population.unions import Spell
from abmsim.stats.catalogue import Catalogue

_MOTHER_AGE = 29
_PARENTING_YEARS = 18
_NINE_MONTHS = 270


@dataclass(frozen=True, slots=True)
class Childhood:
    """`parted` int64[n]: when the parents separated, NEVER if not; `sibling_of` int64[s], rows, with `birth_day` and
    `left_day` int64[s] of each brother and sister."""

    parted: np.ndarray
    sibling_of: np.ndarray
    birth_day: np.ndarray
    left_day: np.ndarray


def childhoods(
    people: People, elsewhere: Elsewhere, past: Spell, catalogue: Catalogue, patterns: LifePatterns, draws: PersonDraws
) -> Childhood:
    """Of everybody who does not live with a parent now; whose mother or father is known has that one's children as
    brothers and sisters, and that one's story of the parents' union."""
    told = _told_by_mother(people, elsewhere)
    drawn = _drawn(people, catalogue, patterns, draws)
    of = drawn.sibling_of
    kept = ~told[of]
    known = _known_siblings(people, elsewhere)
    parted = np.where(told, _parted_of(people, past), drawn.parted)
    return Childhood(
        parted, *(np.concatenate([old, new]) for old, new in zip(
            (of[kept], drawn.birth_day[kept], drawn.left_day[kept]), known, strict=True
        ))
    )  # fmt: skip


def _parent_of(people: People) -> np.ndarray:
    """int64[n]: the mother, or if she is not known the father, of those who left home; -1 for others."""
    parent = np.where(people.mother >= 0, people.mother, people.father)
    return np.where(people.position == CHILD, -1, parent).astype(np.int64)


def _told_by_mother(people: People, elsewhere: Elsewhere) -> np.ndarray:
    """bool[n]: a parent in town tells of this grown child."""
    told = np.zeros(len(people), dtype=bool)
    told[elsewhere.child[elsewhere.child >= 0]] = True
    return told & (people.position != CHILD)


def _parted_of(people: People, past: Spell) -> np.ndarray:
    """int64[n]: the separation of the known parent, if it was in this one's time at home or later."""
    parent = _parent_of(people)
    parted = (parent >= 0) & (past.by[parent] == SEPARATION) & (past.end[parent] > people.birth_day)
    return np.where(parted & (past.start[parent] <= people.birth_day + _NINE_MONTHS), past.end[parent], NEVER)


def _known_siblings(people: People, elsewhere: Elsewhere) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(of whom, birth day, day of leaving) of the other children of the known parents, at home or elsewhere."""
    at_home = np.flatnonzero((people.position == CHILD) & ((people.mother >= 0) | (people.father >= 0)))
    theirs = np.where(people.mother[at_home] >= 0, people.mother[at_home], people.father[at_home])
    parent = np.concatenate([elsewhere.parent, theirs])
    birth = np.concatenate([elsewhere.birth_day, people.birth_day[at_home]])
    left = np.concatenate([elsewhere.left_day, np.full(len(at_home), NEVER, dtype=np.int64)])
    row = np.concatenate([elsewhere.child.astype(np.int64), at_home])
    order = np.argsort(parent, kind="stable")
    parent, birth, left, row = parent[order], birth[order], left[order], row[order]
    child = np.flatnonzero(_told_by_mother(people, elsewhere))
    first = np.searchsorted(parent, _parent_of(people)[child])
    number = np.searchsorted(parent, _parent_of(people)[child], side="right") - first
    of = np.repeat(child, number)
    at = np.repeat(first - (np.cumsum(number) - number), number) + np.arange(len(of))
    others = row[at] != of
    return of[others], birth[at][others], left[at][others]


def _drawn(people: People, catalogue: Catalogue, patterns: LifePatterns, draws: PersonDraws) -> Childhood:
    """What the published figures say of the childhood of people of these ages."""
    rows = np.flatnonzero(people.position != CHILD)
    parted = np.full(len(people), NEVER, dtype=np.int64)
    parted[rows] = _parting(people.birth_day[rows].astype(np.int64), catalogue, draws[rows])
    number, rank = _siblings(people, rows, patterns, draws[rows])
    owner = np.repeat(np.arange(len(rows)), number)
    place = np.arange(len(owner)) - (np.cumsum(number) - number)[owner]
    # Places above the own rank are older brothers and sisters, those below it younger ones, each a step further off.
    older = place < rank[owner]
    steps = np.where(older, place + 1, place - rank[owner] + 1)
    some = draws[rows[owner]]
    distance = np.zeros(len(owner), dtype=np.int64)
    for step in range(1, MOST_CHILDREN):
        far = np.flatnonzero(steps >= step)
        number_of = np.where(older[far], step, MOST_CHILDREN + step)
        years = _years(patterns, some[far].uniform("years between brothers and sisters", number_of))
        distance[far] += np.floor(years * 365.25).astype(np.int64)
    own = people.birth_day[rows[owner]].astype(np.int64)
    birth = np.where(older, own - distance, own + distance)
    sex = (some.uniform("sex of a sibling", place) < 0.5).astype(np.int64)
    u = some.uniform("sibling leaves", place)
    age = patterns.leaving.draw(sex, np.zeros(len(owner)), np.full(len(owner), 41.0), u)
    return Childhood(parted, rows[owner], birth, day_at(birth, age))


def _years(patterns: LifePatterns, u: np.ndarray) -> np.ndarray:
    """float64: years to the next brother or sister, at least a pregnancy; twins are left to the households of now."""
    whole = np.searchsorted(patterns.spacing, u, side="right") - 1
    width = patterns.spacing[whole + 1] - patterns.spacing[whole]
    inside = np.divide(u - patterns.spacing[whole], width, out=np.zeros_like(u), where=width > 0)
    return np.maximum(whole + inside - 0.5, 0.9)


def _siblings(
    people: People, rows: np.ndarray, patterns: LifePatterns, draws: PersonDraws
) -> tuple[np.ndarray, np.ndarray]:
    """(brothers and sisters, how many of them are older): a child of a large family is met more often."""
    weights = patterns.children * np.arange(MOST_CHILDREN + 1)
    shares = on_grid(np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1))
    age = (2020 - people.birth_day[rows] / 365.25 - 1970).astype(np.int64)
    mother = np.clip(age + _MOTHER_AGE, 0, AGES - 1)
    number = (draws.uniform("brothers and sisters")[:, None] > shares[mother][:, :-1]).sum(axis=1)
    number = np.maximum(number, 1)
    rank = np.minimum(np.floor(draws.uniform("rank among them") * number).astype(np.int64), number - 1)
    return number - 1, rank


def _parting(birth: np.ndarray, catalogue: Catalogue, draws: PersonDraws) -> np.ndarray:
    """int64: by the published shares of 15-year-olds of 1997 and 2017 who live with one parent, drawn on from none."""
    facts = catalogue.table("union_and_family_facts")
    fact = "children of 15 not living with both parents"
    shares = [facts.value(fact=fact, group=year) / 100 for year in ("1997", "2017")]
    assumed = catalogue.table("life_assumptions").value(assumption="parents_parted_born_before_1950")
    born = 1970 + birth / 365.25
    at_15 = np.interp(born, [1950, 1982, 2002], [assumed, *shares])
    when = draws.uniform("parents part") / at_15 * 15
    return np.where(when < _PARENTING_YEARS, birth + np.floor(on_grid(when) * 365.25).astype(np.int64) + 1, NEVER)
