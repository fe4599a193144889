"""The tables that do not come from the log: who there is, where they live, how long they are seen, who is whose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from abmsim.days import NEVER
from abmsim.engine.lives import DEPARTURES, ENTRIES, UNKNOWN, Lives
from abmsim.population.neighbourhoods import neighbourhood_column
from abmsim.population.people import Population
from abmsim.records.encoding import Encoder, Numbers, Tables
from abmsim.records.kin import births, informal_care, moves, relations, unions
from abmsim.records.rowgroups import ROW_GROUP
from abmsim.schema.schema import Schema

_FROM_BIRTH = ENTRIES.index("birth")
_HISTORY_BEGIN, _HISTORY_END = len(ENTRIES), len(DEPARTURES)
"""What the code lists of observation periods hold beside entries and departures stands after those."""


@dataclass(frozen=True, slots=True)
class PlanDates:
    """The days of a run: live years in [from_day, to_day), and what is told of the years before from `history_from`."""

    from_day: int
    to_day: int
    history_from: int = -NEVER


def people_tables(lives: Lives, schema: Schema, dates: PlanDates, row_group: int = ROW_GROUP) -> Tables:
    """All tables about people, parents first, in row groups."""
    encoder = Encoder.of_lives(lives, schema, row_group)
    made: Mapping[str, Numbers] = {
        "persons": _persons(lives),
        "households": _households(lives),
        "household_members": _members(lives),
        "observation_periods": _periods(lives, dates),
        "births": births(lives),
        "unions": unions(lives, dates.history_from),
        "moves": moves(lives, dates.history_from),
        "relations": relations(lives),
        "informal_care": informal_care(lives),
    }
    for name, numbers in made.items():
        yield from encoder.tables(name, numbers)


def _persons(lives: Lives) -> Numbers:
    people = lives.people
    return {
        "person_id": np.arange(len(lives), dtype=np.int32),
        "birth_date": people.birth_day,
        "death_date": lives.death_day,
        "sex": people.sex,
        "municipality_code": people.municipality,
        "neighbourhood_code": neighbourhood_column(Population(lives.places, people, lives.households)),
        "origin": lives.origin,
        "born_abroad": lives.born_abroad,
        "entered_by": lives.entered_by,
        "entered_date": lives.entered_day,
        "left_by": lives.left_by + np.int8(UNKNOWN),  # the code list begins after `none`
        "left_date": lives.left_day,
    }


def _households(lives: Lives) -> Numbers:
    """Each household from its first day with members to the first without; those that nobody lived in are left out."""
    spells, households = lives.membership, lives.households
    lived = spells.from_day < spells.to_day
    household, first, last = spells.household[lived], spells.from_day[lived], spells.to_day[lived]
    from_day = np.full(len(households), NEVER, dtype=np.int32)
    to_day = np.full(len(households), -NEVER, dtype=np.int32)
    np.minimum.at(from_day, household, first)
    np.maximum.at(to_day, household, last)
    size = np.bincount(household[first == from_day[household]], minlength=len(households)).astype(np.int32)
    kept = np.flatnonzero(size)
    return {
        "household_id": kept.astype(np.int32),
        "kind": households.kind[kept],
        "municipality_code": households.municipality[kept],
        "size": size[kept],
        "from_date": from_day[kept],
        "to_date": to_day[kept],
    }


def _members(lives: Lives) -> Numbers:
    spells = lives.membership
    order = np.lexsort((spells.from_day, spells.person))
    order = order[spells.from_day[order] < spells.to_day[order]]
    return {
        "person_id": spells.person[order],
        "household_id": spells.household[order],
        "position": spells.position[order],
        "from_date": spells.from_day[order],
        "to_date": spells.to_day[order],
    }


def _periods(lives: Lives, dates: PlanDates) -> Numbers:
    """Two periods a person, as far as they hold a day: the history (not complete) of the residents of the base date up
    to that day, and the live years (complete) from entry to death, departure or the horizon."""
    birth, entered = lives.people.birth_day, lives.entered_day
    told = np.maximum(birth, np.int64(dates.history_from)).astype(np.int32)
    from_resident = lives.entered_by == ENTRIES.index("base_date")
    begin = np.stack([np.where(from_resident, told, entered), entered], axis=1).ravel()
    end = np.stack([entered, np.minimum(lives.left_day, dates.to_day)], axis=1).ravel()
    begins_by = np.stack([np.where(told == birth, _FROM_BIRTH, _HISTORY_BEGIN), lives.entered_by], axis=1).ravel()
    ends_by = np.stack([np.full(len(lives), _HISTORY_END), lives.left_by], axis=1).ravel()
    kept = np.flatnonzero(begin < end)
    return {
        "person_id": (kept // 2).astype(np.int32),
        "from_date": begin[kept],
        "to_date": end[kept],
        "complete": kept % 2,
        "begins_by": begins_by[kept].astype(np.int32),
        "ends_by": ends_by[kept].astype(np.int32),
    }
