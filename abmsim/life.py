"""One resident's story: what happened when, in plain words, each line with its why."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abmsim.days import age_on, day_number
from abmsim.problems import UsageError
from abmsim.schema.schema import TableSchema, load_schema

if TYPE_CHECKING:
    import duckdb

Row = Mapping[str, Any]

EVENTFUL = """
    select person_id from events where record_id is not null
    group by person_id order by count(distinct table_name) desc, count(*) desc, person_id limit ?
"""
"""Lives that show most: many kinds of records first, then many records."""

_ARRIVALS = {"immigration": "immigrated", "move_in": "moved here"}
_DEPARTURES = {"death": "died", "emigration": "emigrated", "move_out": "moved away"}
_NOT_TOLD = ("id", "ref")
_YES_NO = {"on_time": ("on time", "late"), "carried_over": ("carried over from before the law", "")}


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
    homes: tuple[str, ...]
    moments: tuple[Moment, ...]


def life_of(folder: Path, person_id: str | None) -> Life:
    """The life of a resident of a run, or of an eventful one if none is named.

    Raises UsageError for an id that the run does not hold; it names some that it does.
    """
    with open_run(folder) as tables:
        if person_id is None:
            person_id = (eventful(tables, 1) or _any_person(tables))[0]
        persons = read_rows(tables, "select * from persons where person_id = ?", person_id)
        if not persons:
            known = ", ".join(eventful(tables, 3) or _any_person(tables))
            raise UsageError(f"there is no person '{person_id}' in this run (some that are: {known})")
        return _tell(tables, persons[0])


def open_run(folder: Path) -> duckdb.DuckDBPyConnection:
    """The run's database, to be read only."""
    import duckdb

    tables = duckdb.connect(str(folder / "abmsim.duckdb"), read_only=True)
    tables.execute("SET enable_progress_bar = false")
    return tables


def eventful(tables: duckdb.DuckDBPyConnection, most: int) -> list[str]:
    """Ids of the residents whose lives show most."""
    return [row[0] for row in tables.execute(EVENTFUL, [most]).fetchall()]


def _any_person(tables: duckdb.DuckDBPyConnection) -> list[str]:
    return [row[0] for row in tables.execute("select min(person_id) from persons").fetchall()]


def read_rows(tables: duckdb.DuckDBPyConnection, query: str, *values: object) -> list[Row]:
    """The rows of a query, by the names of their columns."""
    found = tables.execute(query, list(values))
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _tell(tables: duckdb.DuckDBPyConnection, person: Row) -> Life:
    person_id, birth = person["person_id"], person["birth_date"]
    schema = load_schema()
    events = read_rows(tables, "select * from events where person_id = ?", person_id)
    records = {
        name: _records(tables, schema.tables[name], person_id)
        for name in sorted({event["table_name"] for event in events if event["table_name"]})
    }
    moments = tuple(_moment(event, birth, schema.tables, records) for event in events)
    return Life(person_id, _headline(tables, person), tuple(_homes(tables, person_id)), moments)


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


def came_and_left(person: Row) -> str:
    """How a person came into the run and left it: `, immigrated 2021-03-04, died 2023-01-02 at 71`."""
    text = ""
    if person["entered_by"] in _ARRIVALS:
        text = f", {_ARRIVALS[person['entered_by']]} {person['entered_date']}"
    if person["left_by"] is None:
        return text
    age = _age(person["birth_date"], person["left_date"])
    return f"{text}, {_DEPARTURES[person['left_by']]} {person['left_date']} at {age}"


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
        yield f"{_words(row['position'])}{mates}, from {row['from_date']}{until}"


def _moment(
    event: Row, birth: datetime.date, tables: Mapping[str, TableSchema], records: Mapping[str, Mapping[str, Row]]
) -> Moment:
    name = event["table_name"]
    row = records[name].get(event["record_id"]) if name else None
    text = sentence(tables[name], row, event["date"]) if row is not None else _words(event["state"])
    return Moment(event["date"], _age(birth, event["date"]), text, event["module"], event["why"])


def sentence(table: TableSchema, row: Row, date: datetime.date) -> str:
    """A record in words: `Wmo provision: household help, in kind, right end 2023-04-01`."""
    title = _words(table.verb or table.name)
    details = ", ".join(_details(table, row, date))
    return f"{title[:1].upper()}{title[1:]}{': ' if details else ''}{details}"


def _details(table: TableSchema, row: Row, date: datetime.date) -> Iterator[str]:
    for column in table.columns:
        value = row[column.name]
        if column.type in _NOT_TOLD or value is None or (column.role == "start" and value == date):
            continue
        if column.type == "bool":
            yes, no = _YES_NO.get(column.role, (_words(column.name), f"no {_words(column.name)}"))
            text = yes if value else no
        elif column.type == "code":
            text = f"end: {_words(value)}" if column.name == "end_reason" else _words(value)
        else:
            unit = f" {column.unit}" if column.unit not in ("", f"{column.name}s") else ""
            text = f"{_words(column.name)} {value}{unit}"
        if text:
            yield text


def _age(birth: datetime.date, date: datetime.date) -> int:
    return age_on(day_number(birth), day_number(date))


def _words(name: str) -> str:
    return name.replace("_", " ")
