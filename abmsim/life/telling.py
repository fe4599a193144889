"""A resident's life from the tables of a run: relatives, homes, and moments in order."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from abmsim.life.asked import AskingStates, asking_states, wishes
from abmsim.life.course import Change, course_of
from abmsim.life.relatives import relative_lines, relatives
from abmsim.life.rows import Row, open_run, read_rows
from abmsim.life.words import age_at, came_and_left, sentence, words
from abmsim.problems import UsageError
from abmsim.schema.schema import TableSchema, load_schema

if TYPE_CHECKING:
    import duckdb

EVENTFUL = """
    select person_id from events where record_id is not null
    group by person_id order by count(distinct table_name) desc, count(*) desc, person_id limit ?
"""
"""Lives that show most: many kinds of records first, then many records."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One event of a life; `age` in completed years, `text` a plain sentence."""

    date: datetime.date
    age: int
    text: str
    module: str
    why: str


@dataclass(frozen=True, slots=True)
class Life:
    """A resident and what happened to them, in order."""

    person_id: str
    headline: str
    relatives: tuple[str, ...]
    homes: tuple[str, ...]
    moments: tuple[Moment, ...]


def life_of(folder: Path, person_id: str | None, states: AskingStates | None = None) -> Life:
    """The life of a resident of a run, or of an eventful one if none is named.

    `states` are those that ask for changes, if they are known already.

    Raises UsageError for an id that the run does not hold; it names some that it does.
    """
    with open_run(folder) as tables:
        if person_id is None:
            person_id = (eventful(tables, 1) or _any_person(tables))[0]
        persons = read_rows(tables, "select * from persons where person_id = ?", person_id)
        if not persons:
            known = ", ".join(eventful(tables, 3) or _any_person(tables))
            raise UsageError(f"there is no person '{person_id}' in this run (some that are: {known})")
        return _tell(tables, persons[0], asking_states() if states is None else states)


def lives_in(tables: duckdb.DuckDBPyConnection, people: Sequence[str], states: AskingStates) -> list[Life]:
    """The lives of residents of a run that is open; `states` are those that ask for changes."""
    query = "select * from persons where person_id = ?"
    return [_tell(tables, person, states) for one in people for person in read_rows(tables, query, one)]


def eventful(tables: duckdb.DuckDBPyConnection, most: int) -> list[str]:
    """Ids of the residents whose lives show most."""
    return [row[0] for row in tables.execute(EVENTFUL, [most]).fetchall()]


def _any_person(tables: duckdb.DuckDBPyConnection) -> list[str]:
    return [row[0] for row in tables.execute("select min(person_id) from persons").fetchall()]


def _tell(tables: duckdb.DuckDBPyConnection, person: Row, states: AskingStates) -> Life:
    person_id = person["person_id"]
    kin = relatives(tables, person_id)
    children = [row for row in kin if row["kind"] == "child"]
    around = partial(wishes, tables, person_id, states=states)
    changes = course_of(tables, person, children, lambda others: around(others=others)).changes()
    return Life(
        person_id,
        _headline(tables, person),
        tuple(relative_lines(kin)),
        tuple(_homes(tables, person_id)),
        tuple(_moments(tables, person, changes)),
    )


def _moments(tables: duckdb.DuckDBPyConnection, person: Row, changes: Sequence[Change]) -> list[Moment]:
    """What the modules recorded and what changed the household, in order of date."""
    birth, schema = person["birth_date"], load_schema()
    events = read_rows(tables, "select * from events where person_id = ?", person["person_id"])
    records = {
        name: _records(tables, schema.tables[name], person["person_id"])
        for name in sorted({event["table_name"] for event in events if event["table_name"]})
    }
    told = {_address(change.asked) for change in changes if change.same_day and change.asked is not None}
    moments = [_changed(change, person) for change in changes]
    moments += [_moment(event, birth, schema.tables, records) for event in events if _address(event) not in told]
    return sorted(moments, key=lambda moment: moment.date)


def _address(event: Row) -> tuple[str, str, datetime.date]:
    return event["module"], event["state"], event["date"]


def _changed(change: Change, person: Row) -> Moment:
    """A change of the household; who asked for it and when, if it was another one or on another day."""
    module, why, asked = "", change.why, change.asked
    if asked is not None:
        module, why = asked["module"], asked["why"]
        other = "" if asked["person_id"] == person["person_id"] else asked["person_id"]
        if asked["date"] != change.date:
            why += f", asked for{f' by {other}' if other else ''} on {asked['date']}"
        elif other:
            why += f", of {other}"
    return Moment(change.date, age_at(person["birth_date"], change.date), change.text, module, why)


def _records(tables: duckdb.DuckDBPyConnection, table: TableSchema, person_id: str) -> dict[str, Row]:
    """The person's rows of one table by their key."""
    rows = read_rows(tables, f"select * from {table.name} where person_id = ?", person_id)
    return {row[table.key[0]]: row for row in rows}


def _headline(tables: duckdb.DuckDBPyConnection, person: Row) -> str:
    query = "select name from municipalities where municipality_code = ?"
    place = read_rows(tables, query, person["municipality_code"])
    town = place[0]["name"] if place else person["municipality_code"]
    text = f"{person['person_id']}: {person['sex']}, born {person['birth_date']}, {town}"
    return text + came_and_left(person)


def _homes(tables: duckdb.DuckDBPyConnection, person_id: str) -> Iterator[str]:
    query = """
        select position, from_date, to_date, (
            select count(*) - 1 from household_members as other
            where other.household_id = mine.household_id and other.from_date <= mine.from_date
            and (other.to_date is null or other.to_date > mine.from_date)
        ) as housemates
        from household_members as mine where person_id = ? order by from_date
    """
    for row in read_rows(tables, query, person_id):
        until = f" until {row['to_date']}" if row["to_date"] else ""
        mates = f" with {row['housemates']} other{'s' * (row['housemates'] > 1)}" if row["housemates"] > 0 else ""
        yield f"{words(row['position'])}{mates}, from {row['from_date']}{until}"


def _moment(
    event: Row, birth: datetime.date, tables: Mapping[str, TableSchema], records: Mapping[str, Mapping[str, Row]]
) -> Moment:
    name = event["table_name"]
    row = records[name].get(event["record_id"]) if name else None
    text = sentence(tables[name], row, event["date"]) if row is not None else words(event["state"])
    return Moment(event["date"], age_at(birth, event["date"]), text, event["module"], event["why"])
