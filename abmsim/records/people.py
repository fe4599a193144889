"""The tables that do not come from the log: who there is, where they live, how long they are seen, and the sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa

from abmsim.days import NEVER
from abmsim.records import columns as arrow
from abmsim.records.keys import HOUSEHOLD_PREFIX, PERSON_PREFIX, KeyRuns, fixed_width_texts, key_bytes
from abmsim.records.rowgroups import ROW_GROUP
from abmsim.schema.schema import Schema
from abmsim.vocabulary import BASE_DATE


@dataclass(frozen=True, slots=True)
class PlanDates:
    """The days of a run: live years in [from_day, to_day); with `history` also the lives before the base date."""

    from_day: int
    to_day: int
    history: bool = True


class Spells(Protocol):
    """Who lived where in which position: one row a spell, equal lengths, `to_day` NEVER while it lasts."""

    person: np.ndarray
    household: np.ndarray
    position: np.ndarray
    from_day: np.ndarray
    to_day: np.ndarray


Tables = Iterator[tuple[str, pa.Table]]


class PeopleTables:
    """Makes persons, households, members, observation periods and places, a row group at a time."""

    def __init__(self, population, schema: Schema, dates: PlanDates, row_group: int = ROW_GROUP) -> None:
        self.people = population.people
        self.households = population.households
        self.places = population.places
        self.schema = schema
        self.dates = dates
        self.row_group = row_group
        self._codes = [place.code for place in population.places]

    def all(self, death_day: np.ndarray, spells: Spells) -> Tables:
        """All tables about people, in row groups; death_day int32[n], NEVER = alive at the end."""
        places = {"municipality_code": self._codes, "name": [place.name for place in self.places]}
        yield "municipalities", _small_table("municipalities", places, self.schema)
        persons = len(self.people.key)
        yield from self._sliced("persons", persons, lambda rows: self._persons(rows, death_day))
        yield from self._sliced("households", len(self.households.key), self._households)
        yield from self._members(spells)
        periods = self._periods(death_day)
        count = len(periods["person"])
        yield from self._sliced("observation_periods", count, lambda rows: self._observed(periods, rows))

    def _sliced(self, name: str, rows: int, make: Callable[[slice], dict[str, pa.Array]]) -> Tables:
        table_schema = arrow.arrow_schema(self.schema.tables[name], self.schema)
        for first in range(0, rows, self.row_group):
            made = make(slice(first, min(first + self.row_group, rows)))
            yield name, pa.Table.from_arrays([made[field.name] for field in table_schema], schema=table_schema)

    def _persons(self, rows: slice, death_day: np.ndarray) -> dict[str, pa.Array]:
        people = self.people
        return {
            "person_id": fixed_width_texts(key_bytes(people.key[rows], PERSON_PREFIX)),
            "birth_date": arrow.dates(people.birth_day[rows]),
            "death_date": arrow.dates(death_day[rows]),
            "sex": arrow.labels(people.sex[rows], self.schema.codes["sex"].labels),
            "municipality_code": arrow.labels(people.municipality[rows], self._codes),
        }

    def _households(self, rows: slice) -> dict[str, pa.Array]:
        households = self.households
        return {
            "household_id": fixed_width_texts(key_bytes(households.key[rows], HOUSEHOLD_PREFIX)),
            "kind": arrow.labels(households.kind[rows], self.schema.codes["household_kind"].labels),
            "municipality_code": arrow.labels(households.municipality[rows], self._codes),
            "size": arrow.numbers(households.size[rows], pa.int32()),
        }

    def _members(self, spells: Spells) -> Tables:
        order = np.lexsort((spells.from_day, spells.person))
        order = order[spells.from_day[order] < spells.to_day[order]]
        positions = self.schema.codes["household_position"].labels

        def make(rows: slice) -> dict[str, pa.Array]:
            at = order[rows]
            return {
                "person_id": KeyRuns.of(spells.person[at], self.people.key, PERSON_PREFIX).array(),
                "household_id": KeyRuns.of(spells.household[at], self.households.key, HOUSEHOLD_PREFIX).array(),
                "position": arrow.labels(spells.position[at], positions),
                "from_date": arrow.dates(spells.from_day[at]),
                "to_date": arrow.dates(spells.to_day[at]),
            }

        yield from self._sliced("household_members", len(order), make)

    def _periods(self, death_day: np.ndarray) -> dict[str, np.ndarray]:
        """The observation periods as numbers: history (not complete) and live years (complete), none of them empty."""
        birth = self.people.birth_day.astype(np.int32)
        live_from = np.maximum(np.int32(BASE_DATE if self.dates.history else self.dates.from_day), birth)
        last = np.minimum(np.where(death_day == NEVER, self.dates.to_day, death_day), self.dates.to_day)
        from_day = np.stack([birth if self.dates.history else live_from, live_from], axis=1).ravel()
        to_day = np.stack([live_from, last], axis=1).ravel().astype(np.int32)
        complete = np.tile(np.array([0, 1], dtype=np.int8), len(birth))
        person = np.repeat(np.arange(len(birth), dtype=np.int32), 2)
        kept = from_day < to_day
        return {"person": person[kept], "from": from_day[kept], "to": to_day[kept], "complete": complete[kept]}

    def _observed(self, periods: dict[str, np.ndarray], rows: slice) -> dict[str, pa.Array]:
        return {
            "person_id": KeyRuns.of(periods["person"][rows], self.people.key, PERSON_PREFIX).array(),
            "from_date": arrow.dates(periods["from"][rows]),
            "to_date": arrow.dates(periods["to"][rows]),
            "complete": arrow.flags(periods["complete"][rows]),
        }


def sources_table(cards: Mapping, schema: Schema) -> pa.Table:
    """The statistics of a run with their publishers; `cards` maps names to cards."""
    names = sorted(cards)
    columns: dict[str, list[str | None]] = {"statistic": list(names)}
    for key in ("title", "publisher", "table_id", "url", "period", "licence", "verified"):
        columns[key] = [str(getattr(cards[name], key) or "") or None for name in names]
    return _small_table("sources", columns, schema)


def code_lists_table(schema: Schema) -> pa.Table:
    """All code lists of the schema, a row a label."""
    rows = [(codes, code) for codes in schema.codes.values() for code in codes.codes]
    columns = {
        "code_list": [codes.name for codes, _ in rows],
        "label": [code.label for _, code in rows],
        "about": [code.about for _, code in rows],
        "dutch": [code.dutch or None for _, code in rows],
        "standard": [codes.standard or None for codes, _ in rows],
        "standard_code": [code.standard_code or None for _, code in rows],
    }
    return _small_table("code_lists", columns, schema)


def _small_table(name: str, columns: Mapping[str, Sequence[str | None]], schema: Schema) -> pa.Table:
    """A table of a few texts."""
    table_schema = arrow.arrow_schema(schema.tables[name], schema)
    arrays = [arrow.texts(columns[field.name], field.type) for field in table_schema]
    return pa.Table.from_arrays(arrays, schema=table_schema)
