"""Records and stays in plain words."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from abmsim.days import age_on, day_number
from abmsim.life.rows import Row
from abmsim.schema.schema import TableSchema

ARRIVALS = {"immigration": "immigrated", "move_in": "moved here"}
DEPARTURES = {"death": "died", "emigration": "emigrated", "move_out": "moved away"}
_NOT_TOLD = ("id", "ref")
_YES_NO = {"on_time": ("on time", "late"), "carried_over": ("carried over from before the law", "")}


def came_and_left(person: Row) -> str:
    """How a person came into the run and left it: `, immigrated 2021-03-04, died 2023-01-02 at 71`."""
    text = ""
    if person["entered_by"] in ARRIVALS:
        text = f", {ARRIVALS[person['entered_by']]} {person['entered_date']}"
    if person["left_by"] is None:
        return text
    age = age_at(person["birth_date"], person["left_date"])
    return f"{text}, {DEPARTURES[person['left_by']]} {person['left_date']} at {age}"


def sentence(table: TableSchema, row: Row, date: datetime.date) -> str:
    """A record in words: `Wmo provision: household help, in kind, right end 2023-04-01`."""
    title = words(table.verb or table.name)
    details = ", ".join(_details(table, row, date))
    return f"{title[:1].upper()}{title[1:]}{': ' if details else ''}{details}"


def _details(table: TableSchema, row: Row, date: datetime.date) -> Iterator[str]:
    for column in table.columns:
        value = row[column.name]
        if column.type in _NOT_TOLD or value is None or (column.role == "start" and value == date):
            continue
        if column.type == "bool":
            yes, no = _YES_NO.get(column.role, (words(column.name), f"no {words(column.name)}"))
            text = yes if value else no
        elif column.type == "code":
            text = f"end: {words(value)}" if column.name == "end_reason" else words(value)
        else:
            unit = f" {column.unit}" if column.unit not in ("", f"{column.name}s") else ""
            text = f"{words(column.name)} {value}{unit}"
        if text:
            yield text


def age_at(birth: datetime.date, date: datetime.date) -> int:
    """Completed years of age on a date."""
    return age_on(day_number(birth), day_number(date))


def words(name: str) -> str:
    """A name of the tables as people say it."""
    return name.replace("_", " ")
