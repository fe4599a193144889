"""Couples of the past and the present: since when, married since when, and how the last one ended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.days import NEVER
from abmsim.population.age_curves import day_at, years_between
from abmsim.population.families_now import CHILD, FamiliesNow
from abmsim.population.life_patterns import (
    BEREAVEMENT,
    BROUGHT_CHILDREN,
    NO_CHILDREN,
    OWN_CHILDREN,
    SEPARATION,
    LifePatterns,
    age_group,
    end_table,
    start_table,
    together_table,
)
from abmsim.population.people import People
from abmsim.population.person_draws import PersonDraws
from abmsim.population.rounding import on_grid
from abmsim.population.stepfamilies import Raising, StepCouples, is_married
from abmsim.vocabulary import BASE_DATE

UNION_ENDS = ("none", "separation", "bereavement", "departure")
"""How unions end, under the names of the table `unions`; `departure`: one of the couple left without the other."""

_YEAR = 365
_MONTH = 30
_LEAST_UNION_DAYS = 90
_LONE_PARENT_AGE = 60


@dataclass(slots=True)
class Unions:
    """Couples up to the base date, one row each.

    `person`, `partner` int32[u], rows (`partner` -1: somebody who is not simulated); `from_day`, `married_day`,
    `to_day` int32[u], NEVER if not; `ended_by` int8[u], index into UNION_ENDS.
    """

    person: np.ndarray
    partner: np.ndarray
    from_day: np.ndarray
    married_day: np.ndarray
    to_day: np.ndarray
    ended_by: np.ndarray


@dataclass(slots=True)
class Spell:
    """One union of each resident, int64[n]: `start`, `married`, `end` days (NEVER without); `by` int8[n], 0 none."""

    start: np.ndarray
    married: np.ndarray
    end: np.ndarray
    by: np.ndarray

    @classmethod
    def none(cls, n: int) -> Spell:
        never = np.full(n, NEVER, dtype=np.int64)
        return cls(never, never.copy(), never.copy(), np.zeros(n, dtype=np.int8))


def present_unions(
    people: People, families: FamiliesNow, steps: StepCouples, left_home: np.ndarray, patterns: LifePatterns,
    draws: PersonDraws,
) -> tuple[Spell, np.ndarray]:  # fmt: skip
    """(the unions of the base date, bool[n]: it is not the first one of this partner).

    Together after both left home (`left_home` int64[n]), and before the first child at home is born, or after the birth
    of those whom one brought. For so many years as couples of this age, marriage and children are.
    """
    lead, other = families.lead, families.other
    spell, wed = Spell.none(len(people)), is_married(people, lead)
    start = _start_of_present(people, families, steps, left_home, patterns, draws)
    married = _wedding(start, np.full(len(lead), families.base_day), patterns, draws[lead])
    for rows in (lead, other):
        spell.start[rows] = start
        spell.married[rows] = np.where(wed, married, NEVER)
    return spell, _not_the_first(people, families, spell.start, patterns, draws)


def _start_of_present(
    people: People, families: FamiliesNow, steps: StepCouples, left_home: np.ndarray, patterns: LifePatterns,
    draws: PersonDraws,
) -> np.ndarray:  # fmt: skip
    """int64: the day, of each lead of a couple."""
    lead, other = families.lead, families.other
    first_birth = families.first_birth[people.household[lead]]
    after = np.full(len(people), -NEVER, dtype=np.int64)
    after[steps.parent] = after[steps.partner] = steps.after
    brought = after[lead] > -NEVER
    latest = np.where(brought, families.base_day - 1, np.minimum(first_birth, families.base_day - 1))
    earliest = np.minimum(np.maximum(np.maximum(left_home[lead], left_home[other]), after[lead] + 1), latest)
    children = np.where(brought, BROUGHT_CHILDREN, np.where(first_birth < NEVER, OWN_CHILDREN, NO_CHILDREN))
    curve = together_table(age_group(families.age[lead]), is_married(people, lead).astype(np.int64), children)
    least, most = (years_between(day, np.full(len(lead), families.base_day)) for day in (latest, earliest))
    years = patterns.together.draw(curve, least, most, draws[lead].uniform("years together"))
    return np.clip(families.base_day - np.floor(years * 365.25).astype(np.int64), earliest, latest)


def _not_the_first(
    people: People, families: FamiliesNow, start: np.ndarray, patterns: LifePatterns, draws: PersonDraws
) -> np.ndarray:
    later = np.zeros(len(people), dtype=bool)
    rows = np.concatenate([families.lead, families.other])
    at = np.clip(years_between(people.birth_day[rows], start[rows]), 0, patterns.first.shape[2] - 1).astype(np.int64)
    first = patterns.first[people.sex[rows], age_group(families.age[rows]), at]
    later[rows] = draws[rows].uniform("first union") > first
    return later


def _wedding(start: np.ndarray, until: np.ndarray, patterns: LifePatterns, draws: PersonDraws) -> np.ndarray:
    """int64[n]: when those who marry before `until` do; at once or some years later, as usual in the year they met."""
    assumed = patterns.assumed
    year = 1970 + start / 365.25
    levels = [assumed[f"married_at_once_{when}"] for when in ("before_1965", "1985", "from_2000")]
    at_once = draws.uniform("married at once") < np.interp(year, [1965, 1985, 2000], levels)
    mean = assumed["years_from_union_to_marriage"] * 365.25
    cut = -np.expm1(-np.maximum(until - start, 1) / mean)
    wait = on_grid(-mean * np.log1p(-draws.uniform("wedding") * cut))
    return np.where(at_once, start, np.minimum(start + np.floor(wait).astype(np.int64), until - 1))


def past_unions(
    people: People, families: FamiliesNow, raising: Raising, left_home: np.ndarray, until: np.ndarray,
    later: np.ndarray, patterns: LifePatterns, draws: PersonDraws,
) -> Spell:  # fmt: skip
    """The last union that ended: of those without a partner, and of those for whom the present one is not the first.

    `until` int64[n]: the day before which it ended (the next union, moving in elsewhere, the base date).
    """
    spell = Spell.none(len(people))
    lone = (people.partner < 0) & (people.position != CHILD)
    could = (left_home < NEVER) & (until - left_home > 2 * _LEAST_UNION_DAYS)
    rows = np.flatnonzero((lone | later | raising.brought) & could)
    by = _kind_of_end(people, families, raising, rows, until, patterns, draws)
    rows, by = rows[by > 0], by[by > 0]
    end = _end(people, raising, rows, by, left_home, until, patterns, draws)
    start = _start(people, raising, rows, end, left_home, patterns, draws)
    spell.start[rows], spell.end[rows], spell.by[rows] = start, end, by
    spell.married[rows] = _past_wedding(start, end, patterns, draws[rows])
    return spell


def _kind_of_end(
    people: People, families: FamiliesNow, raising: Raising, rows: np.ndarray, until: np.ndarray,
    patterns: LifePatterns, draws: PersonDraws,
) -> np.ndarray:  # fmt: skip
    """int8: how the last union ended, 0 where there was none."""
    sex = people.sex[rows]
    shares = patterns.past[sex, age_group(years_between(people.birth_day[rows], until[rows]))].copy()
    parent = raising.parent[rows]
    ever = (people.partner[rows] >= 0) & ~parent
    ended = shares[:, 1:].sum(axis=1)
    bereaved = np.divide(shares[:, 2], ended, out=np.zeros(len(rows)), where=ended > 0)
    young = families.age[rows] < _LONE_PARENT_AGE
    bereaved = np.where(parent & young, patterns.assumed["lone_parents_bereaved_below_60"], bereaved)
    never = np.where(parent, patterns.assumed["lone_parents_who_never_lived_together"], shares[:, 0])
    never = np.where(ever, 0.0, np.where((ended > 0) | parent, never, 1.0))
    u = draws[rows].uniform("end of the last union")
    by = np.where(u < never, 0, np.where(u < never + (1 - never) * bereaved, BEREAVEMENT, SEPARATION))
    return by.astype(np.int8)


def _end(
    people: People, raising: Raising, rows: np.ndarray, by: np.ndarray, left_home: np.ndarray,
    until: np.ndarray, patterns: LifePatterns, draws: PersonDraws,
) -> np.ndarray:  # fmt: skip
    """int64: the day; of lone parents after the youngest child was conceived."""
    birth = people.birth_day[rows].astype(np.int64)
    latest = until[rows] - 1
    conceived = np.where(raising.parent[rows], raising.last_birth[rows] - 9 * _MONTH, -NEVER)
    earliest = np.maximum(left_home[rows] + _LEAST_UNION_DAYS, conceived)
    earliest = np.minimum(earliest, latest)
    curve = end_table(people.sex[rows], age_group(years_between(birth, until[rows])), by)
    ages = years_between(birth, earliest), years_between(birth, latest)
    end = day_at(birth, patterns.ends.draw(curve, *ages, draws[rows].uniform("day of the end of the last union")))
    return np.clip(end, earliest, latest)


def _start(
    people: People, raising: Raising, rows: np.ndarray, end: np.ndarray, left_home: np.ndarray,
    patterns: LifePatterns, draws: PersonDraws,
) -> np.ndarray:  # fmt: skip
    """int64: the day; of lone parents before the oldest child at home was born."""
    birth = people.birth_day[rows].astype(np.int64)
    latest = np.minimum(end - _MONTH, raising.first_birth[rows])
    earliest = np.minimum(left_home[rows], latest)
    curve = start_table(people.sex[rows], age_group(years_between(birth, end)))
    ages = years_between(birth, earliest), years_between(birth, latest)
    start = day_at(birth, patterns.starts.draw(curve, *ages, draws[rows].uniform("start of the last union")))
    return np.clip(start, earliest, latest)


def _past_wedding(start: np.ndarray, end: np.ndarray, patterns: LifePatterns, draws: PersonDraws) -> np.ndarray:
    """int64: the day of the wedding, NEVER for those who had none before the end."""
    free = np.full(len(start), BASE_DATE + 40 * _YEAR)
    married = _wedding(start, free, patterns, draws)
    marries = (married == start) | (draws.uniform("marries later") < patterns.assumed["marry_later_at_all"])
    return np.where(marries & (married < end), married, NEVER)


def union_rows(people: People, families: FamiliesNow, present: Spell, past: Spell) -> Unions:
    """Every couple once: those of the base date, then those that ended, under the one who tells of it."""
    ended = np.flatnonzero(past.by > 0)
    # Two former partners tell of one couple: the first of them does.
    former = people.former_partner[ended]
    twice = (former >= 0) & (former < ended) & (past.end[former] == past.end[ended])
    ended = ended[~twice]
    lead = families.lead
    return Unions(
        person=np.concatenate([lead, ended]).astype(np.int32),
        partner=np.concatenate([families.other, people.former_partner[ended]]).astype(np.int32),
        from_day=np.concatenate([present.start[lead], past.start[ended]]).astype(np.int32),
        married_day=np.concatenate([present.married[lead], past.married[ended]]).astype(np.int32),
        to_day=np.concatenate([present.end[lead], past.end[ended]]).astype(np.int32),
        ended_by=np.concatenate([np.zeros(len(lead)), past.by[ended]]).astype(np.int8),
    )
