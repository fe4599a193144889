"""Who could care for somebody: partner, children, parents and housemates first, then neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.areas import neighbourhood_codes
from abmsim.days import add_months, civil_date
from abmsim.engine.month import ADULT_YEARS, FATHER, MOTHER, Month
from abmsim.population.care_patterns import CARE_KINDS, CHILD, HOUSEMATE, NEIGHBOUR, PARENT, PARTNER, CarePatterns
from abmsim.randomness import mix, name_key, uniform
from abmsim.vocabulary import LIMITATIONS

_NONE, _SEVERE = LIMITATIONS.index("none"), LIMITATIONS.index("severe")
_TRIES = 8
"""Residents of the neighbourhood who are looked at for each neighbour that is sought."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Who is sought for: `rows` int32[k] in order, `missing` int64[k], how many carers each still lacks."""

    rows: np.ndarray
    missing: np.ndarray


@dataclass(frozen=True, slots=True)
class Ties:
    """Those who are asked: `seeker` int64[t], places in `Sought.rows`; `carer` int32[t]; `kind` int8[t]."""

    seeker: np.ndarray
    carer: np.ndarray
    kind: np.ndarray

    @classmethod
    def together(cls, parts: list[tuple[np.ndarray, np.ndarray, int]]) -> Ties:
        """Ties of several kinds, the first of several between the same two."""
        seeker = np.concatenate([part[0] for part in parts]).astype(np.int64)
        carer = np.concatenate([part[1] for part in parts]).astype(np.int32)
        kind = np.concatenate([np.full(len(part[0]), part[2], dtype=np.int8) for part in parts])
        _, first = np.unique(pair_number(seeker, carer), return_index=True)
        return cls(seeker[first], carer[first], kind[first])

    def where(self, kept: np.ndarray) -> Ties:
        return Ties(self.seeker[kept], self.carer[kept], self.kind[kept])


@dataclass(frozen=True, slots=True)
class Free:
    """Who can be asked at all: `resting` bool[n] are those who stopped because it was too much, `met` int64[m] the
    pairs (person, carer) of the care that goes on, in order."""

    month: Month
    resting: np.ndarray
    met: np.ndarray

    def having_met(self, pairs: np.ndarray) -> Free:
        """The same with the pairs of more care. What is in order already is sorted in no time by a stable sort."""
        return Free(self.month, self.resting, np.sort(np.concatenate([self.met, np.sort(pairs)]), kind="stable"))

    def among(self, person: np.ndarray, carer: np.ndarray, kind: np.ndarray) -> np.ndarray:
        """bool[t]: whether a carer is grown up, able, at home and not caring for the person already.

        A partner who has difficulty with the household alone cares nevertheless.
        """
        month = self.month
        able = month.is_there(carer) & (carer != person) & ~self.resting[carer]
        grown_up_since = add_months(month.start, -12 * ADULT_YEARS)
        able &= (month.columns.column("BIRTH")[carer] <= grown_up_since) & (month.value("in_institution", carer) == 0)
        limits = month.value("limitations", carer)
        able &= np.where(kind == PARTNER, limits < _SEVERE, limits == _NONE)
        pair = pair_number(person, carer)
        place = np.searchsorted(self.met, pair)
        return able & (np.append(self.met, -1)[place] != pair)


def pair_number(person: np.ndarray, carer: np.ndarray) -> np.ndarray:
    """int64[k]: one number for each pair of rows."""
    return (person.astype(np.int64) << 32) | carer.astype(np.int64)


def pair_draw(month: Month, purpose: str, person: np.ndarray, carer: np.ndarray) -> np.ndarray:
    """float64[k] in (0, 1), addressed by both residents, purpose and month."""
    keys = month.columns.column("PERSON_KEY")
    word = np.full(len(person), name_key(f"barrier: {purpose}"), dtype=np.uint64)
    when = np.full(len(person), month.end, dtype=np.uint64)
    return uniform(mix(mix(mix(keys[person], word), keys[carer]), when))


def kin(month: Month, sought: Sought, patterns: CarePatterns, free: Free, children: Children) -> Ties:
    """Partner, children anywhere in the run, parents, housemates: those who agree, as many as each lacks."""
    ties = Ties.together([
        _partners(month, sought.rows), _children(month, sought.rows, children), *_parents(month, sought.rows),
        _housemates(month, sought.rows),
    ])  # fmt: skip
    ties = ties.where(free.among(sought.rows[ties.seeker], ties.carer, ties.kind))
    u = pair_draw(month, "agrees to care", sought.rows[ties.seeker], ties.carer)
    agrees = u < patterns.agrees[ties.kind, month.value("sex", ties.carer).astype(np.int8)]
    ties, u = ties.where(agrees), u[agrees]
    order = np.lexsort((ties.carer, u, ties.kind, ties.seeker))
    ties = ties.where(order)
    place = np.arange(len(order)) - np.searchsorted(ties.seeker, ties.seeker)
    return ties.where(place < sought.missing[ties.seeker])


def _partners(month: Month, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    partner = month.partner(rows)
    return np.flatnonzero(partner >= 0), partner[partner >= 0], PARTNER


@dataclass(frozen=True, slots=True)
class Children:
    """Those among the first `count` residents who have a parent in the run, `child` int32[k], in the order of `parent`
    int32[k]; who has both stands there twice. Parents do not change, so it serves until there are many newcomers."""

    count: int
    parent: np.ndarray
    child: np.ndarray

    @classmethod
    def of(cls, month: Month, first: int = 0) -> Children:
        """Of all who are there, from a row on."""
        parents = month.columns.matrix("RELATIVES")[first:, [MOTHER, FATHER]].T.ravel()
        child = np.tile(np.arange(first, month.columns.count, dtype=np.int32), 2)
        known = parents >= 0
        parents, child = parents[known], child[known]
        order = np.argsort(parents, kind="stable")
        return cls(month.columns.count, parents[order], child[order])

    def of_rows(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(place in `rows`, child) of every child of these residents."""
        begin = np.searchsorted(self.parent, rows, side="left")
        number = np.searchsorted(self.parent, rows, side="right") - begin
        first = np.repeat(np.cumsum(number) - number, number)
        place = np.repeat(np.arange(len(rows)), number)
        return place, self.child[np.repeat(begin, number) + np.arange(number.sum()) - first]


def _children(month: Month, rows: np.ndarray, known: Children) -> tuple[np.ndarray, np.ndarray, int]:
    parts = [known.of_rows(rows), Children.of(month, known.count).of_rows(rows)]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts]), CHILD


def _parents(month: Month, rows: np.ndarray) -> list[tuple[np.ndarray, np.ndarray, int]]:
    found = [month.relative(rows, parent) for parent in (MOTHER, FATHER)]
    return [(np.flatnonzero(parent >= 0), parent[parent >= 0], PARENT) for parent in found]


def _housemates(month: Month, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Everybody who lives with a seeker, for each seeker of the household."""
    group = month.columns.column("GROUP")
    members = month.members(rows)
    order = np.argsort(group[rows], kind="stable")
    groups = group[rows][order]
    begin = np.searchsorted(groups, group[members], side="left")
    count = np.searchsorted(groups, group[members], side="right") - begin
    first = np.repeat(np.cumsum(count) - count, count)
    seeker = order[np.repeat(begin, count) + np.arange(count.sum()) - first]
    return seeker, np.repeat(members, count), HOUSEMATE


@dataclass(frozen=True, slots=True)
class Neighbourhoods:
    """Residents by neighbourhood: `rows` int32[n], those of neighbourhood c from `begin[c]` to `begin[c + 1]`.

    Made once a `year`: who came since then is asked from the next January on, who left is not.
    """

    year: int
    rows: np.ndarray
    begin: np.ndarray

    @classmethod
    def of(cls, month: Month) -> Neighbourhoods:
        """Of all who live in the town; a municipality whose neighbourhoods are not told apart is one."""
        there = np.flatnonzero(month.columns.column("GROUP") >= 0).astype(np.int32)
        code = _area(month, there)
        order = np.argsort(code, kind="stable")
        begin = np.searchsorted(code[order], np.arange(len(neighbourhood_codes()) + 1))
        return cls(civil_date(month.start)[0], there[order], begin)

    def drawn(self, area: np.ndarray, u: np.ndarray) -> np.ndarray:
        """int32[k, tries]: residents of these areas by draws float64[k, tries]."""
        first, number = self.begin[area][:, None], (self.begin[area + 1] - self.begin[area])[:, None]
        place = first + np.minimum((u * number).astype(np.int64), number - 1)
        return self.rows[np.clip(place, 0, len(self.rows) - 1)]


def _area(month: Month, rows: np.ndarray) -> np.ndarray:
    """int16[k]: the code of the neighbourhood in which somebody lives."""
    return month.value("neighbourhood_code", rows).astype(np.int16)


def near_by(
    month: Month, sought: Sought, number: int, patterns: CarePatterns, homes: Neighbourhoods, free: Free
) -> Ties:
    """A neighbour for each carer that somebody lacks: the first who is able and agrees, of some drawn by chance."""
    seeker = np.repeat(np.arange(len(sought.rows)), np.maximum(sought.missing, 0))
    slot = np.arange(len(seeker)) - np.searchsorted(seeker, seeker)
    person = sought.rows[seeker]
    draws = _draws(month, person, number * 64 + slot)
    carer = homes.drawn(_area(month, person), draws[0])
    sex = month.value("sex", carer.ravel()).astype(np.int8)
    age = np.clip(month.age(carer.ravel()), 0, len(patterns.neighbours) - 1).astype(np.int64)
    agrees = draws[1].ravel() < patterns.neighbours[age, sex]
    tries = np.flatnonzero(agrees)
    who, asked = np.repeat(person, _TRIES)[tries], carer.ravel()[tries]
    kind = np.full(len(tries), NEIGHBOUR, dtype=np.int8)
    able = free.among(who, asked, kind)
    group = month.columns.column("GROUP")
    tries = tries[able & (group[who] != group[asked]) & (_area(month, who) == _area(month, asked))]
    # The first of each slot that is left.
    slots, first = np.unique(tries // _TRIES, return_index=True)
    return Ties.together([(seeker[slots], carer.ravel()[tries[first]], NEIGHBOUR)])


def _draws(month: Month, person: np.ndarray, slot: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """float64[k, tries] twice: who is drawn, and whether they agree."""
    keys = month.columns.column("PERSON_KEY")[person]
    word = np.full(len(person), name_key("barrier: a neighbour"), dtype=np.uint64)
    when = np.full(len(person), month.end * 1024, dtype=np.uint64) + slot.astype(np.uint64)
    key = np.repeat(mix(mix(keys, word), when), _TRIES)
    tries = np.tile(np.arange(_TRIES, dtype=np.uint64), len(person))
    shape = (len(person), _TRIES)
    return uniform(mix(key, 2 * tries)).reshape(shape), uniform(mix(key, 2 * tries + np.uint64(1))).reshape(shape)


assert len(CARE_KINDS) == NEIGHBOUR + 1
