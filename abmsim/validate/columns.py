"""Columns that a target may speak of: those of its table, of the person, and of the rows that the table refers to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from abmsim.schema.definition import PERSONS, Column, Schema, TableSchema

COUNTED = "counted"
"""What the counted table is called in a query."""


@dataclass(frozen=True, slots=True)
class Found:
    """A column and the name that its table has in a query; `is_personal` if it says what the person is."""

    alias: str
    column: Column
    is_personal: bool

    @property
    def sql(self) -> str:
        return f"{self.alias}.{self.column.name}"


def person_column(table: TableSchema, named: str = "") -> str:
    """The column that names whose row it is: the one named, else the first; empty if a row is of nobody."""
    if named:
        return named
    if table.name == PERSONS:
        return table.key[0]
    return next((column.name for column in table.columns if column.refers == PERSONS), "")


def period_columns(table: TableSchema, start: str = "", end: str = "") -> tuple[str, str]:
    """The columns of a row's first day and of the first day after it, "" if there is none; other ones may be named."""
    begins, ends = table.by_role("start"), table.by_role("end") or table.by_role("planned_end")
    return start or (begins.name if begins else ""), end or (ends.name if ends and not start else "")


def parents(schema: Schema, table: TableSchema) -> Iterator[tuple[Column, TableSchema]]:
    """The references of a table to rows of another one, beside the person."""
    for column in table.columns:
        if column.refers and column.refers != PERSONS and column.refers != table.name:
            yield column, schema.tables[column.refers]


def find(schema: Schema, table: TableSchema, name: str) -> Found | None:
    """The column of a name or `table.column`: of the table itself, else of the person, else of a row it refers to."""
    of, _, plain = name.rpartition(".")
    is_person = table.name == PERSONS
    for alias, other in _reachable(schema, table):
        own = next((column for column in other.columns if column.name == plain), None)
        if own is not None and of in ("", other.name):
            return Found(alias, own, other.name == PERSONS or (is_person and alias == COUNTED))
    return None


def names(schema: Schema, table: TableSchema) -> list[str]:
    """Every column that `find` finds by its plain name."""
    return [column.name for _, other in _reachable(schema, table) for column in other.columns]


def _reachable(schema: Schema, table: TableSchema) -> Iterator[tuple[str, TableSchema]]:
    yield COUNTED, table
    if table.name != PERSONS and person_column(table):
        yield PERSONS, schema.tables[PERSONS]
    for _, parent in parents(schema, table):
        yield parent.name, parent
