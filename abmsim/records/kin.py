"""Births, couples, moves, relatives and who cares for whom in a run, as columns of numbers (see `encoding`)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from abmsim.days import NEVER
from abmsim.engine.lives import UNION_ENDS, UNKNOWN, Lives
from abmsim.records.encoding import Numbers

_MOTHER, _FATHER, _PARTNER, _FORMER_PARTNER = range(4)
"""The places in the code list `relation_kind`."""


def births(lives: Lives) -> Numbers:
    """The children born in the live years, in the order of people."""
    born = lives.births
    order = np.argsort(born.child, kind="stable")
    _, delivery, children = np.unique(
        np.stack([born.mother, born.day]), axis=1, return_inverse=True, return_counts=True
    )
    return {
        "person_id": born.child[order],
        "date": born.day[order],
        "mother_id": born.mother[order],
        "father_id": born.father[order],
        "multiple": (children[delivery.ravel()] > 1)[order].astype(np.int8),
    }


def unions(lives: Lives, history_from: int) -> Numbers:
    """The couples that lasted until after `history_from`, in the order of people and days."""
    couples = lives.unions
    order = np.lexsort((couples.from_day, couples.a))
    order = order[(couples.to_day > np.maximum(couples.from_day, np.int64(history_from)))[order]]
    return {
        "person_id": couples.a[order],
        "partner_id": couples.b[order],
        "from_date": couples.from_day[order],
        "married_date": couples.married_day[order],
        "to_date": couples.to_day[order],
        "ended_by": couples.ended_by[order] + np.int8(UNKNOWN),  # the code list begins after `none`
    }


def moves(lives: Lives, history_from: int) -> Numbers:
    """The moves from `history_from` on, in the order of people and days."""
    made = lives.moves
    order = np.lexsort((made.kind, made.day, made.person))
    order = order[made.day[order] >= history_from]
    return {
        "person_id": made.person[order],
        "date": made.day[order],
        "kind": made.kind[order],
        "from_municipality_code": made.from_municipality[order],
        "to_municipality_code": made.to_municipality[order],
    }


def informal_care(lives: Lives) -> Numbers:
    """Who cares for whom, in the order of the people cared for and days."""
    care = lives.care
    order = np.lexsort((care.carer, care.from_day, care.person))
    return {
        "person_id": care.person[order],
        "carer_id": care.carer[order],
        "kind": care.kind[order],
        "hours_per_week": care.hours[order].astype(np.int32),
        "from_date": care.from_day[order],
        "to_date": care.to_day[order],
        "ended_by": care.ended_by[order] + np.int8(UNKNOWN),  # the code list begins after `none`
        "carried_over": care.carried_over[order],
    }


def relations(lives: Lives) -> Numbers:
    """Parents, partners and former partners of everybody, as far as both are in the run, in the order of people.

    Parents are so from birth and for ever. Partners are those of a union while it lasts; a couple that parted are
    former partners from that day on.
    """
    names = ("person_id", "relative_id", "kind", "from_date", "to_date")
    parts = list(_relations(lives))
    columns = [np.concatenate([part[place] for part in parts]).astype(np.int32) for place in range(len(names))]
    person, relative, kind, from_day, _ = columns
    order = np.lexsort((relative, from_day, kind, person))
    return {name: column[order] for name, column in zip(names, columns, strict=True)}


_Part = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _relations(lives: Lives) -> Iterator[_Part]:
    people, couples = lives.people, lives.unions
    for kind, parent in ((_MOTHER, people.mother), (_FATHER, people.father)):
        child = np.flatnonzero(parent >= 0)
        yield _part(child, parent[child], kind, people.birth_day[child], np.full(len(child), NEVER))
    known = (couples.b >= 0) & (couples.from_day < couples.to_day)
    parted = known & (couples.ended_by == UNION_ENDS.index("separation"))
    for one, other in ((couples.a, couples.b), (couples.b, couples.a)):
        yield _part(one[known], other[known], _PARTNER, couples.from_day[known], couples.to_day[known])
        ever = np.full(int(parted.sum()), NEVER)
        yield _part(one[parted], other[parted], _FORMER_PARTNER, couples.to_day[parted], ever)


def _part(person: np.ndarray, relative: np.ndarray, kind: int, from_day: np.ndarray, to_day: np.ndarray) -> _Part:
    return person, relative, np.full(len(person), kind), from_day, to_day
