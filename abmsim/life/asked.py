"""Who asked for a change of a household, and where it says so: a module of the resident or of a housemate."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from abmsim.life.rows import Row, read_rows

if TYPE_CHECKING:
    import duckdb

    from abmsim.lang.module import Module

AskingStates = Mapping[tuple[str, str], str]
"""(module, state) -> the kind of happening that entering the state asks for."""

_AROUND = """
    select distinct e.person_id, e.date, e.module, e.state, e.why from events as e
    where e.person_id in (select unnest($people::varchar[])) and e.module || ' ' || e.state in (
        select unnest($states::varchar[])
    )
    order by e.date, e.person_id
"""

_HOUSEMATES = """
    select distinct other.person_id from household_members as mine
    join household_members as other using (household_id)
    where mine.person_id = ? and other.from_date < coalesce(mine.to_date, date '9999-12-31')
    and mine.from_date < coalesce(other.to_date, date '9999-12-31')
"""


def asking_states() -> AskingStates:
    """The states of today's modules that ask for something."""
    from abmsim.loading import load_modules, read_catalogue

    return asking_of(load_modules(read_catalogue()[0]).modules)


def asking_of(modules: Iterable[Module]) -> AskingStates:
    """The states of these modules that ask for something."""
    return {
        (module.name, state.name): state.happens
        for module in modules
        for state in module.states.values()
        if state.happens
    }


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a resident (`own`) and those around asked for, in order of date."""

    own: str
    rows: tuple[Row, ...]
    states: AskingStates

    def on(self, kind: str, date: datetime.date, people: Iterable[str | None]) -> Row | None:
        """What one of these asked for on a day, if anything."""
        return next(iter(self._of(kind, date, date + datetime.timedelta(1), people)), None)

    def before(self, kind: str, date: datetime.date) -> Row | None:
        """What was asked for in the month that ended on `date`, by the resident rather than by a housemate."""
        month = (date - datetime.timedelta(1)).replace(day=1)
        found = self._of(kind, month, date, None)
        return max(found, key=lambda row: row["person_id"] == self.own, default=None)

    def last(self, kind: str, date: datetime.date, person: str | None) -> Row | None:
        """The last time that somebody asked for it before `date`."""
        found = self._of(kind, datetime.date.min, date, [person])
        return found[-1] if found else None

    def _of(
        self, kind: str, begin: datetime.date, end: datetime.date, people: Iterable[str | None] | None
    ) -> list[Row]:
        these = None if people is None else set(people)
        return [
            row
            for row in self.rows
            if begin <= row["date"] < end
            and self.states[row["module"], row["state"]] == kind
            and (these is None or row["person_id"] in these)
        ]


def wishes(tables: duckdb.DuckDBPyConnection, person_id: str, others: Iterable[str], states: AskingStates) -> Wishes:
    """What a resident, those who ever lived with them and `others` asked for."""
    housemates = [row["person_id"] for row in read_rows(tables, _HOUSEMATES, person_id)]
    people = sorted({person_id, *housemates, *others})
    found = tables.execute(_AROUND, {"people": people, "states": [f"{module} {state}" for module, state in states]})
    names = [column[0] for column in found.description or ()]
    rows = tuple(dict(zip(names, row, strict=True)) for row in found.fetchall())
    return Wishes(person_id, rows, states)
