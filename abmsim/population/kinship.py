"""Relatives in different households: grown children and their parents, the other parent of a lone parent's children.

What each resident's own life says of children elsewhere and of the last union (see `courses`) is matched with other
residents of the municipality. A relative lives in town with an assumed chance, and in a sample is drawn with the share
of residents that are: a match is looked for with the product of both, so that a small sample does not invent kin.
"""

from __future__ import annotations

import numpy as np

from abmsim.days import NEVER
from abmsim.population.compositions import moment
from abmsim.population.courses import Courses, draw_courses
from abmsim.population.families_now import CHILD, SINGLE
from abmsim.population.gaps import gap_quantiles, gap_shares
from abmsim.population.life_patterns import SEPARATION
from abmsim.population.matching import matched
from abmsim.population.origins import ORIGINS, origin_of_children
from abmsim.population.patterns import assumptions
from abmsim.population.people import People, Population
from abmsim.population.person_draws import PersonDraws
from abmsim.population.sexes import ADULT_AGE, FEMALE
from abmsim.stats.catalogue import Catalogue

_NINE_MONTHS = 270
_DAYS_PER_YEAR = 365.25
_ROUNDS = 8
_TURNS = 4
"""How often lone parents look on when the one found does not fit."""


def link_relatives(population: Population, catalogue: Catalogue, seed: int) -> Courses:
    """The dates of all lives, and in `population` the mother, father and former partner who live in other households.

    Nobody of the same household is linked; who has a mother or father there keeps them, save the partner's children
    of an earlier union (see `courses`). A mother was 15 to 50 at the
    birth, a father 15 to 65, and no two of her children are nearer to each other than a pregnancy.
    """
    courses = draw_courses(population, catalogue, seed)
    draws = PersonDraws(seed, population.people.key)
    limits = courses.patterns.assumed | assumptions(catalogue)
    drawn = _share_drawn(population)
    widest = gap_quantiles(gap_shares(catalogue, int(limits["widest_age_gap"])))
    _link_former_partners(population.people, courses, limits, drawn, draws, widest)
    _link_grown_children(population.people, courses, limits, drawn, draws)
    return courses


def _share_drawn(population: Population) -> np.ndarray:
    """float64[n]: the share of residents of each one's municipality that are in the population."""
    numbers = np.bincount(population.people.municipality, minlength=len(population.places))
    shares = numbers / np.array([place.population for place in population.places])
    return shares[population.people.municipality]


def _year(day: np.ndarray) -> np.ndarray:
    return np.floor(1970 + np.asarray(day) / _DAYS_PER_YEAR).astype(np.int64)


def _class(
    people: People, rows: np.ndarray, year: np.ndarray, origin: np.ndarray, sex: np.ndarray | int = 0
) -> np.ndarray:
    """int64: one number for municipality, origin, sex and year of birth."""
    place = people.municipality[rows].astype(np.int64) * len(ORIGINS) + origin
    return (place * 2 + sex << 12) + year


def _link_former_partners(
    people: People, courses: Courses, limits: dict[str, float], drawn: np.ndarray, draws: PersonDraws,
    gaps: np.ndarray,
) -> None:  # fmt: skip
    """The other parent of children whose parents separated: a single, or somebody with a new partner, of fitting age
    and origin whose own last union ended by separation too."""
    past, families = courses.past, courses.families
    separated = past.by == SEPARATION
    looking = separated & courses.raising.parent
    looking &= draws.uniform("other parent in town") < limits["other_parent_in_town"] * drawn
    free = separated & ((people.position == SINGLE) | ~families.is_lead) & ~courses.raising.parent
    wish = gaps[(draws.keys("age of the other parent") >> np.uint64(48)).astype(np.int64)]
    wanted = _year(people.birth_day) + np.where(people.sex == FEMALE, -wish, wish)
    for turn in range(_TURNS):
        lone, others = _meeting(people, courses, np.flatnonzero(looking), np.flatnonzero(free), wanted, draws, turn)
        fits = _could_be_parents(people, courses, lone, others, limits)
        lone, others = lone[fits], others[fits]
        people.former_partner[lone], people.former_partner[others] = others, lone
        looking[lone] = free[others] = False
    _link_other_parents(people, courses)


def _meeting(
    people: People, courses: Courses, lone: np.ndarray, others: np.ndarray, wanted: np.ndarray, draws: PersonDraws,
    turn: int,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Rows of lone parents and of others of the wanted year of birth, sex and origin."""
    origins = courses.origins
    born = _year(people.birth_day[others])
    a, b = matched(
        _class(people, lone, wanted[lone], origins.other_origin[lone], 1 - people.sex[lone]),
        draws[lone].keys("meets", turn),
        _class(people, others, born, origins.origin[others], people.sex[others]),
        draws[others].keys("met", turn),
    )
    return lone[a], others[b]


def _link_other_parents(people: People, courses: Courses) -> None:
    """The former partner of who raises children is their other parent."""
    who = courses.raising
    lone = np.flatnonzero(who.parent & (people.former_partner >= 0))
    others = np.full(int(people.household.max(initial=-1)) + 1, -1, dtype=np.int64)
    others[people.household[lone]] = people.former_partner[lone]
    mixed = np.zeros(len(others), dtype=bool)
    mixed[people.household[lone[who.brought[lone]]]] = True
    child = np.flatnonzero((people.position == CHILD) & (others[people.household] >= 0))
    child = child[who.child[child] | ~mixed[people.household[child]]]
    for link, known in ((people.father, people.mother), (people.mother, people.father)):
        some = child[(link[child] < 0) & (known[child] >= 0)]
        link[some] = others[people.household[some]]


def _could_be_parents(
    people: People, courses: Courses, lone: np.ndarray, others: np.ndarray, limits: dict[str, float]
) -> np.ndarray:
    """bool: the lone parent's union fits into the other one's life, and the other one's age to all children."""
    past, families = courses.past, courses.families
    until = np.minimum(np.minimum(courses.present.start[others], courses.moved_in[others]), families.base_day)
    in_time = (courses.left_home[others] <= past.start[lone]) & (past.end[lone] < until)
    woman = people.sex[others] == FEMALE
    youngest = np.where(woman, limits["youngest_mother"], limits["youngest_father"])
    oldest = np.where(woman, limits["oldest_mother"], limits["oldest_father"])
    home = people.household[lone]
    first = courses.raising.first_birth[lone] - people.birth_day[others]
    last = courses.raising.last_birth[lone] - people.birth_day[others]
    of_age = (first >= youngest * _DAYS_PER_YEAR + 1) & (last <= oldest * _DAYS_PER_YEAR)
    return in_time & of_age & (people.household[others] != home)


def _link_grown_children(
    people: People, courses: Courses, limits: dict[str, float], drawn: np.ndarray, draws: PersonDraws
) -> None:
    """Grown children elsewhere of a mother (of a man without her: his) found among the adults born in that year."""
    elsewhere = courses.elsewhere
    owner = elsewhere.parent
    told_by_lone = (people.former_partner[owner] >= 0) & ~courses.raising.parent[owner]
    order = np.arange(len(owner)) - np.searchsorted(owner, owner)
    u = draws[owner].uniform("grown child in town", order)
    looking = (u < limits["adult_child_in_town"] * drawn[owner]) & ~told_by_lone
    looking &= elsewhere.birth_day < courses.families.base_day - int((ADULT_AGE + 1) * _DAYS_PER_YEAR)
    slots = np.flatnonzero(looking)
    adult = courses.families.age >= ADULT_AGE
    found = np.flatnonzero(adult & (people.position != CHILD) & (people.mother < 0) & (people.father < 0))
    of, origins = owner[slots], courses.origins
    inherited = origin_of_children(origins, of, people.sex[of] == FEMALE)
    a, b = matched(
        _class(people, of, _year(elsewhere.birth_day[slots]), inherited), draws[of].keys("looks", order[slots]),
        _class(people, found, _year(people.birth_day[found]), origins.origin[found]), draws[found].keys("found"),
    )  # fmt: skip
    slots, child = slots[a], found[b]
    parent = owner[slots]
    fits = _could_be_child(people, courses, child, parent, limits)
    slots, child, parent = slots[fits], child[fits], parent[fits]
    apart = _far_enough(people, courses, slots, child, int(limits["least_days_between_births"]))
    _set_parents(people, courses, child[apart], parent[apart], limits)


def _could_be_child(
    people: People, courses: Courses, child: np.ndarray, parent: np.ndarray, limits: dict[str, float]
) -> np.ndarray:
    """bool: of another household and of fitting age, born before the union ended, and no partner of the parent."""
    woman = people.sex[parent] == FEMALE
    youngest = np.where(woman, limits["youngest_mother"], limits["youngest_father"])
    oldest = np.where(woman, limits["oldest_mother"], limits["oldest_father"])
    days = people.birth_day[child].astype(np.int64) - people.birth_day[parent]
    fits = (days >= youngest * _DAYS_PER_YEAR + 1) & (days <= oldest * _DAYS_PER_YEAR)
    fits &= people.household[child] != people.household[parent]
    fits &= courses.origins.born_abroad[parent] | ~courses.origins.born_abroad[child]
    fits &= (people.former_partner[child] != parent) | (people.former_partner[child] < 0)
    past = courses.past
    ended = (past.by[parent] > 0) & (courses.present.start[parent] == NEVER)
    fits &= ~ended | (people.birth_day[child] <= past.end[parent] + _NINE_MONTHS)
    return fits & (people.partner[parent] != child)


def _far_enough(people: People, courses: Courses, slots: np.ndarray, child: np.ndarray, least: int) -> np.ndarray:
    """Positions of the matches to keep: each a pregnancy away from all brothers and sisters."""
    elsewhere = courses.elsewhere
    at_home = np.flatnonzero((people.position == CHILD) & ((people.mother >= 0) | (people.father >= 0)))
    mother = np.where(people.mother[at_home] >= 0, people.mother[at_home], people.father[at_home])
    parent = np.concatenate([elsewhere.parent, mother])
    kept = np.ones(len(slots), dtype=bool)
    for _ in range(_ROUNDS):
        days = elsewhere.birth_day.copy()
        days[slots[kept]] = people.birth_day[child[kept]]
        match = np.full(len(parent), -1, dtype=np.int64)
        match[slots[kept]] = np.flatnonzero(kept)
        day = np.concatenate([days, people.birth_day[at_home]])
        order = np.argsort(moment(parent, day), kind="stable")
        near = (parent[order][1:] == parent[order][:-1]) & (day[order][1:] - day[order][:-1] < least)
        later, earlier = match[order][1:][near], match[order][:-1][near]
        dropped = np.where(later >= 0, later, earlier)
        dropped = dropped[dropped >= 0]
        if len(dropped) == 0:
            break
        kept[dropped] = False
    return np.flatnonzero(kept)


def _set_parents(
    people: People, courses: Courses, child: np.ndarray, parent: np.ndarray, limits: dict[str, float]
) -> None:
    """The parent found, and the one that parent lived with at the birth, if known and of fitting age."""
    born = people.birth_day[child].astype(np.int64)
    partner, former = people.partner[parent], people.former_partner[parent]
    other = np.where(born >= courses.present.start[parent] - _NINE_MONTHS, partner, former)
    years = (born - people.birth_day[other]) / _DAYS_PER_YEAR
    differs = people.sex[other] != people.sex[parent]
    fits = (other >= 0) & differs & (years >= limits["youngest_father"] + 0.01)
    fits &= years <= np.where(people.sex[other] == FEMALE, limits["oldest_mother"], limits["oldest_father"])
    fits &= (people.household[other] != people.household[child]) & (other != people.former_partner[child])
    for rows, parents in ((child, parent), (child[fits], other[fits])):
        women = people.sex[parents] == FEMALE
        people.mother[rows[women]] = parents[women]
        people.father[rows[~women]] = parents[~women]
    _part_siblings(people, child)


def _part_siblings(people: People, child: np.ndarray) -> None:
    """Brothers and sisters are no couple: where two partners found the same parents, one of them loses the link."""
    for other in (people.partner[child], people.former_partner[child]):
        for link in (people.mother, people.father):
            same = (other >= 0) & (link[child] >= 0) & (link[child] == link[other]) & (child < other)
            people.mother[child[same]] = people.father[child[same]] = -1
