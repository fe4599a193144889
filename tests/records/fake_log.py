"""A made-up log in the form that the engine gives it, for testing the records alone and measuring them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np

from abmsim.days import NEVER
from abmsim.engine.lives import Lives
from abmsim.schema.schema import load_schema
from abmsim.vocabulary import BASE_DATE

SCHEMA = load_schema()


@dataclass(frozen=True)
class Source:
    column: str
    kind: str
    value: int


@dataclass(frozen=True)
class State:
    module: str
    name: str
    table: str | None = None
    columns: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Program:
    states: tuple[State, ...]
    whys: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    title: str = "a table"
    publisher: str = "CBS"
    table_id: str = "12345NED"
    url: str = ""
    period: str = "2019"
    licence: str = "CC BY 4.0"
    verified: str = "seen"


@dataclass(frozen=True)
class Catalogue:
    cards: dict[str, Card]


@dataclass
class LogChunk:
    """Rows of the log, sorted by person, day and sequence."""

    person: np.ndarray
    day: np.ndarray
    state: np.ndarray
    why: np.ndarray
    ordinal: np.ndarray
    end_day: np.ndarray
    end_reason: np.ndarray
    planned_end: np.ndarray
    carried_over: np.ndarray
    on_time: np.ndarray
    silent: np.ndarray
    values: np.ndarray
    parents: np.ndarray

    def rows(self, rows) -> LogChunk:
        return LogChunk(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def _label(codes: str, label: str) -> int:
    return SCHEMA.codes[codes].index(label)


HOUSEHOLD_HELP = Source("product", "label", _label("wmo_product", "household_help"))
PROGRAM = Program(
    states=(
        State("lifecourse/mortality", "dead", "deaths"),
        State("ggd/vaccination", "vaccinated", "vaccinations",
              (Source("vaccine", "slot", 0), Source("dose", "slot", 1))),
        State("wmo/household_help", "independent"),
        State("wmo/household_help", "report", "wmo_requests", (Source("reporter", "slot", 0),)),
        State("wmo/household_help", "decided", "wmo_decisions", (Source("request_id", "parent", 0),)),
        State("wmo/household_help", "granted", "wmo_provisions",
              (HOUSEHOLD_HELP, Source("financing_form", "slot", 0), Source("decision_id", "parent", 0))),
        State("wmo/household_help", "helped", "wmo_deliveries", (HOUSEHOLD_HELP, Source("provision_id", "parent", 1))),
        State("youth/youth_help", "referred", "youth_referrals", (Source("referrer", "slot", 3),)),
        State("youth/youth_help", "helped", "youth_help", (Source("help_form", "slot", 2),)),
        State("youth/youth_help", "waiting"),
    ),
    whys=(
        "modules/lifecourse/mortality.yaml:9 stats.life_table",
        "modules/ggd/vaccination.yaml:14 stats.rvp_schedule",
        "modules/wmo/household_help.yaml:23 stats.wmo_start * assume.more",
        "modules/wmo/household_help.yaml:31 assume.inquiry",
    ),
)  # fmt: skip
CATALOGUE = Catalogue({"life_table": Card(), "rvp_schedule": Card(publisher="RIVM"), "wmo_start": Card()})


class _Rows:
    """Rows being gathered, column by column."""

    def __init__(self) -> None:
        self.parts: list[LogChunk] = []

    def add(self, person: np.ndarray, **given) -> None:
        rows = len(person)
        plain = {"day": 0, "state": 0, "why": 0, "ordinal": -1, "end_day": NEVER, "end_reason": -1,
                 "planned_end": NEVER, "carried_over": False, "on_time": -1, "silent": False}  # fmt: skip
        types = {"carried_over": bool, "silent": bool, "on_time": np.int8}
        columns = {}
        for name, default in plain.items():
            values = np.broadcast_to(np.asarray(given.get(name, default)), (rows,))
            columns[name] = values.astype(types.get(name, np.int32))
        values, parents = np.zeros((rows, 4), np.int32), np.full((rows, 2), -1, np.int32)
        for slot, value in given.get("values", {}).items():
            values[:, slot] = value
        for slot, value in given.get("parents", {}).items():
            parents[:, slot] = value
        self.parts.append(LogChunk(person=person.astype(np.int32), values=values, parents=parents, **columns))

    def sorted(self) -> LogChunk:
        joined = LogChunk(**{field.name: np.concatenate([getattr(part, field.name) for part in self.parts])
                             for field in fields(LogChunk)})  # fmt: skip
        return joined.rows(np.lexsort((joined.state, joined.day, joined.person)))


def whole_log(lives: Lives, first: int = 0, last: int | None = None) -> LogChunk:
    """The log of people first..last, with rows in every table: vaccinations for all, a Wmo chain for some residents of
    the base date, youth help for others."""
    rows = _Rows()
    people = np.arange(len(lives))[first:last]
    birth, entered, death_day = lives.people.birth_day, lives.entered_day, lives.death_day
    from_day = np.where(lives.entered_by == 0, birth, entered)
    for dose in range(8):
        values = {0: dose % 5, 1: 1 + dose % 3}
        rows.add(people, day=from_day[people] + dose // 3, state=1, why=1, ordinal=dose, values=values)
    rows.add(people, day=from_day[people], state=2, why=3)
    rows.add(people, day=from_day[people], state=9, why=3, silent=True)
    residents = people[lives.entered_by[people] == 0]
    key = lives.people.key[residents]
    _add_wmo(rows, residents[key % np.uint64(4) == 0], lives)
    _add_youth(rows, residents[(key % np.uint64(5) == 0) & (birth[residents] < 0)], birth)
    dead = people[death_day[people] != NEVER]
    rows.add(dead, day=death_day[dead], state=0, why=0, ordinal=0)
    return rows.sorted()


def _add_wmo(rows: _Rows, people: np.ndarray, lives: Lives) -> None:
    asked = np.full(len(people), BASE_DATE)
    left = lives.left_day[people]
    ended, gone = np.minimum(left, asked + 900), left <= asked + 900
    died, moved = (_label("wmo_end_reason", end) for end in ("deceased", "moved"))
    leaving = np.where(lives.death_day[people] == left, died, moved)
    reason = np.where(gone, leaving, _label("wmo_end_reason", "as_planned"))
    early = np.minimum(asked + 30, ended)
    rows.add(people, day=asked, state=3, why=2, ordinal=0, end_day=early, end_reason=0, on_time=1, values={0: 1})
    rows.add(people, day=early, state=4, why=3, ordinal=0, end_day=early, end_reason=0, on_time=0, parents={0: 0})
    rows.add(people, day=early, state=5, why=3, ordinal=0, planned_end=asked + 1500, parents={0: 0}, values={0: 0},
             end_day=np.where(left < asked + 1500, left, NEVER), end_reason=leaving)  # fmt: skip
    rows.add(people, day=early, state=6, why=3, ordinal=0, end_day=ended, end_reason=reason, parents={1: 0})


def _add_youth(rows: _Rows, people: np.ndarray, birth: np.ndarray) -> None:
    for episode in range(11):
        day = birth[people] + 200 * episode
        rows.add(people, day=day, state=7, why=3, ordinal=episode, values={3: episode % 7})
        values, parents = {2: episode % 8}, {0: episode if episode else -1}
        rows.add(people, day=day, state=8, why=3, ordinal=episode, end_day=day + 90, end_reason=2,
                 carried_over=episode == 0, values=values, parents=parents)  # fmt: skip


def split(log: LogChunk, first_people: Sequence[int]) -> Iterator[LogChunk]:
    """The log in chunks that begin at these people (0 first); whole persons, in order."""
    bounds = np.searchsorted(log.person, [*sorted({0, *first_people}), np.iinfo(np.int32).max])
    for first, last in zip(bounds[:-1], bounds[1:], strict=True):
        yield log.rows(slice(first, last))
