"""Children who do not live with a parent of the base date: grown up and gone, or with the other parent."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np

from abmsim.days import NEVER
from abmsim.population.age_curves import AgeCurves, day_at, years_between
from abmsim.population.ages import AGES
from abmsim.population.families_now import INSTITUTION, OTHER, FamiliesNow
from abmsim.population.life_patterns import MOST_CHILDREN, SEPARATION, LifePatterns
from abmsim.population.people import People
from abmsim.population.person_draws import PersonDraws
from abmsim.population.rounding import on_grid
from abmsim.population.sexes import FEMALE
from abmsim.population.unions import Spell

GROWN, SOME, MOST = range(3)
"""Which minors live elsewhere: none, those of a separated mother who do not stay with her, those of a separated man."""

_WITHOUT_OWN = (OTHER, INSTITUTION)
_EARLIEST_LEAVING = 18.0
_LEAST_SHARE = 1e-6


@dataclass(slots=True)
class Elsewhere:
    """Children not living with `parent`, sorted by parent and birth day: `parent` int64[k], rows; `birth_day`,
    `left_day` int64[k], when the child moved out of the parent's household; `child` int32[k], row or -1."""

    parent: np.ndarray
    birth_day: np.ndarray
    left_day: np.ndarray
    child: np.ndarray

    def __len__(self) -> int:
        return len(self.parent)


def children_elsewhere(
    people: People, families: FamiliesNow, present: Spell, past: Spell, patterns: LifePatterns, draws: PersonDraws
) -> Elsewhere:
    """Of every lead of a couple, of everybody without a partner, and of partners from an earlier union.

    A number by parity of the cohort, given the children at home; each is born by the published rates of those years
    inside a union, keeps the distance of a pregnancy to the others, and leaves home by the published ages or with the
    other parent.
    """
    rows = np.flatnonzero(families.is_lead & (present.start < NEVER) | (past.by > 0))
    variant = _variant(people, rows, present, past)
    ages = _woman_age(people, families, rows, patterns)
    number = _number(people, families, rows, variant, ages, patterns, draws)
    owner = np.repeat(np.arange(len(rows)), number)
    order = np.arange(len(owner)) - (np.cumsum(number) - number)[owner]
    parent = rows[owner]
    table = variant[owner] * AGES + ages[owner]
    birth = _births(people, families, parent, table, (order, number[owner]), present, past, patterns, draws)
    kept = np.flatnonzero(birth < NEVER)
    parent, birth, order = parent[kept], birth[kept], order[kept]
    left = _leaving(parent, birth, order, past, people, families.base_day, patterns, draws)
    kept = left < families.base_day
    child = np.full(int(kept.sum()), -1, dtype=np.int32)
    return Elsewhere(parent[kept], birth[kept], left[kept], child)


def _variant(people: People, rows: np.ndarray, present: Spell, past: Spell) -> np.ndarray:
    separated = past.by[rows] == SEPARATION
    return np.where(separated, np.where(people.sex[rows] == FEMALE, SOME, MOST), GROWN)


def _woman_age(people: People, families: FamiliesNow, rows: np.ndarray, patterns: LifePatterns) -> np.ndarray:
    """int64: the age whose rates of fertility apply; men follow those of younger women."""
    less = np.where(people.sex[rows] == FEMALE, 0, patterns.assumed["men_later_than_women"])
    return np.clip(families.age[rows] - less, 0, AGES - 1).astype(np.int64)


def _minors_elsewhere(patterns: LifePatterns) -> np.ndarray:
    """float64[variants]: the share of minors who live elsewhere."""
    stay = patterns.assumed["children_staying_with_mother"]
    return np.array([0.0, 1 - stay, stay])


def _elsewhere_weights(patterns: LifePatterns, share: float) -> np.ndarray:
    """float64[ages now, ages at birth]: weights of births of children who live elsewhere now."""
    age, at = np.arange(AGES)[:, None], np.arange(AGES)[None, :]
    years = np.clip(age - at, 0, AGES - 1)
    gone = np.where(years < 18, share, 1 - patterns.at_home[years])
    return np.where(age >= at, patterns.bearing * gone, 0.0)


def _number_table(patterns: LifePatterns) -> np.ndarray:
    """float64[variants, ages, children at home 0-6, children elsewhere 0-6]: cumulated shares of the latter."""
    table = np.zeros((3, AGES, MOST_CHILDREN + 1, MOST_CHILDREN + 1))
    total = patterns.bearing.sum(axis=1)
    born = np.where(np.arange(AGES)[None, :] <= np.arange(AGES)[:, None], patterns.bearing, 0.0).sum(axis=1)
    for variant, share in enumerate(_minors_elsewhere(patterns)):
        gone = _elsewhere_weights(patterns, share).sum(axis=1) / total
        here, unborn = born / total - gone, 1 - born / total
        for home in range(MOST_CHILDREN + 1):
            for away in range(MOST_CHILDREN + 1 - home):
                for number in range(home + away, MOST_CHILDREN + 1):
                    ways = comb(number, home) * comb(number - home, away)
                    chance = gone**away * here**home * np.maximum(unborn, 0.0) ** (number - home - away)
                    table[variant, :, home, away] += patterns.children[:, number] * ways * chance
    sums = table.sum(axis=3, keepdims=True)
    # Where so many at home cannot be at that age (unions of a woman with a much younger man), none live elsewhere.
    table[..., 0] = np.where(sums[..., 0] > 0, table[..., 0], 1.0)
    return on_grid(np.cumsum(table / table.sum(axis=3, keepdims=True), axis=3))


def _number(
    people: People, families: FamiliesNow, rows: np.ndarray, variant: np.ndarray, ages: np.ndarray,
    patterns: LifePatterns, draws: PersonDraws,
) -> np.ndarray:  # fmt: skip
    home = np.minimum(families.children[people.household[rows]], MOST_CHILDREN)
    home = np.where(np.isin(people.position[rows], _WITHOUT_OWN), 0, home)
    shares = _number_table(patterns)[variant, ages, home]
    u = draws[rows].uniform("children elsewhere")
    return (u[:, None] > shares[:, :-1]).sum(axis=1)


def _births(
    people: People, families: FamiliesNow, parent: np.ndarray, table: np.ndarray, place: tuple[np.ndarray, np.ndarray],
    present: Spell, past: Spell, patterns: LifePatterns, draws: PersonDraws,
) -> np.ndarray:  # fmt: skip
    """int64: birth days in rising order; NEVER for those who would fall outside every union.

    `table` the curve of each, `place` (int64, int64): the how manieth of how many children elsewhere.
    """
    shares = _minors_elsewhere(patterns)
    curves = AgeCurves(np.concatenate([_elsewhere_weights(patterns, share) for share in shares]))
    birth = people.birth_day[parent].astype(np.int64)
    later = np.where(people.sex[parent] == FEMALE, 0.0, patterns.assumed["men_later_than_women"])
    low, high = _window(people, families, parent, present, past, patterns)
    youngest, oldest = (np.maximum(years_between(birth, day) - later, 0.0) for day in (low, high))
    order, number = place
    # A stratum for each child: the oldest is born in the first part of the curve, and so on.
    u = (order + draws[parent].uniform("birth of a child elsewhere", order)) / number
    day = day_at(birth, curves.draw(table, youngest, oldest, u) + later)
    whole = curves.reached(table, oldest) - curves.reached(table, youngest)
    # A union that ended by separation holds only its part of the children of a whole life.
    scaled = np.minimum(1.0, on_grid(whole * patterns.assumed["children_of_ended_unions"]))
    part = np.where(past.by[parent] == SEPARATION, scaled, 1.0)
    kept = (whole > _LEAST_SHARE) & (draws[parent].uniform("child of the union", order) < part)
    return _spaced(parent, np.where(kept & (day > low), day, NEVER), high, patterns)


def _spaced(parent: np.ndarray, day: np.ndarray, high: np.ndarray, patterns: LifePatterns) -> np.ndarray:
    """Each born at least a pregnancy after the one before, as long as that is before `high`."""
    least = int(patterns.assumed["least_days_between_births"])
    rows = np.flatnonzero(day < NEVER)
    of, spaced, last = parent[rows], day[rows], high[rows]
    for _ in range(MOST_CHILDREN):
        early = np.flatnonzero((of[1:] == of[:-1]) & (spaced[1:] < spaced[:-1] + least)) + 1
        if len(early) == 0:
            break
        spaced[early] = spaced[early - 1] + least
    result = np.full(len(day), NEVER, dtype=np.int64)
    fits = spaced < last
    result[rows[fits]] = spaced[fits]
    return result


def _window(
    people: People, families: FamiliesNow, parent: np.ndarray, present: Spell, past: Spell, patterns: LifePatterns
) -> tuple[np.ndarray, np.ndarray]:
    """Days between which children elsewhere were born: from the first union known to the end of the last, before the
    oldest child at home."""
    gap = int(patterns.assumed["least_days_between_births"])
    low = np.where(past.by[parent] > 0, past.start[parent], present.start[parent])
    together = present.start[parent] < NEVER
    high = np.where(together & families.is_lead[parent], families.base_day - 1, past.end[parent])
    without = np.isin(people.position[parent], _WITHOUT_OWN)
    at_home = np.where(without, NEVER, families.first_birth[people.household[parent]])
    return low, np.maximum(np.minimum(high, at_home - gap), low)


def _leaving(
    parent: np.ndarray, birth: np.ndarray, order: np.ndarray, past: Spell, people: People, base_day: int,
    patterns: LifePatterns, draws: PersonDraws,
) -> np.ndarray:  # fmt: skip
    """int64: the day on which each left the parent's household."""
    some = draws[parent]
    sex = (some.uniform("sex of a child elsewhere", order) < 0.5).astype(np.int64)
    age = years_between(birth, np.full(len(birth), base_day - 1))
    grown = age > _EARLIEST_LEAVING
    low = np.minimum(age, _EARLIEST_LEAVING)
    left = day_at(birth, patterns.leaving.draw(sex, low, age, some.uniform("child leaves", order)))
    left = np.where(grown, left, NEVER)
    stay = patterns.assumed["children_staying_with_mother"]
    stays = some.uniform("child stays") < np.where(people.sex[parent] == FEMALE, stay, 1 - stay)
    parted = (past.by[parent] == SEPARATION) & (birth <= past.end[parent] + 270)
    with_other = parted & (~stays | ~grown) & (past.end[parent] < left)
    return np.where(with_other, np.maximum(past.end[parent], birth), left)
