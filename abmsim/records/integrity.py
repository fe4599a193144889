"""Proves the keys, codes and dates of a run from its Parquet files: what the database declares, and the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from abmsim.problems import Problem
from abmsim.records.faults import (
    BACKWARDS,
    EMPTY,
    MISSING_TABLE,
    NO_CODE,
    NO_DEATH,
    ORPHAN,
    OTHER_PERSON,
    OUT_OF_LIFE,
    TWICE,
    Check,
)
from abmsim.records.integrity_care import care_checks
from abmsim.records.integrity_ends import ends_checks
from abmsim.records.integrity_home_support import home_support_checks
from abmsim.records.integrity_institutions import institutions_checks
from abmsim.records.integrity_lives import lives_checks
from abmsim.records.integrity_long_term_care import long_term_care_checks
from abmsim.records.integrity_support import support_checks
from abmsim.schema.schema import PERSONS, Column, Schema, TableSchema

EVENTS = "events"
_HINT = "the records contradict their schema: please report this run's run.yaml as a fault"


def check_run(folder: Path, schema: Schema) -> list[Problem]:
    """All that is wrong with the tables of a run folder; an empty list is the proof that its keys hold."""
    tables = folder / "tables"
    problems = [problem for table in schema.tables.values() for problem in _columns_problems(table, tables)]
    if problems:
        return problems
    return prove(tables, schema, checks(schema))


def prove(tables: Path, schema: Schema, promises: Iterable[Check]) -> list[Problem]:
    """What breaks these promises in a folder of sound Parquet files."""
    problems: list[Problem] = []
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        for name in schema.tables:
            source = str(tables / f"{name}.parquet").replace("'", "''")
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{source}')")
        for check in promises:
            problems += broken(connection, check, tables)
    return problems


def _columns_problems(table: TableSchema, tables: Path) -> Iterator[Problem]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tables / f"{table.name}.parquet"
    try:
        found = pq.read_schema(path).names
    except (OSError, pa.ArrowInvalid) as error:
        yield Problem(str(path), 1, 1, MISSING_TABLE, f"cannot be read: {str(error).splitlines()[0]}", _HINT)
        return
    if found != [column.name for column in table.columns]:
        yield Problem(str(path), 1, 1, MISSING_TABLE, f"has the columns {', '.join(found)}", _HINT)


def broken(connection: duckdb.DuckDBPyConnection, check: Check, tables: Path) -> Iterator[Problem]:
    """The problem of one promise, if it is broken in the tables of a database."""
    query = f"SELECT count(*), min(example::VARCHAR) FROM ({check.faults}) AS faults(example)"
    found = connection.execute(query).fetchone()
    if found and found[0]:
        path = str(tables / f"{check.table}.parquet")
        yield Problem(path, 1, 1, check.code, f"{check.text}: {found[0]} rows, such as {found[1]}", _HINT)


def checks(schema: Schema) -> Iterator[Check]:
    """Everything that the schema promises of the rows."""
    for table in schema.tables.values():
        for column in table.columns:
            yield from _column_checks(table, column, schema)
        yield from _key_checks(table)
        yield from _date_checks(table)
        if table.kills:
            yield from _death_checks(table)
    yield from lives_checks()
    yield from institutions_checks()
    yield from care_checks()
    yield from ends_checks(schema)
    yield from support_checks()
    yield from home_support_checks()
    yield from long_term_care_checks()


def _key_checks(table: TableSchema) -> Iterator[Check]:
    if table.key:
        key = ", ".join(table.key)
        faults = f"SELECT min({table.key[0]}) FROM {table.name} GROUP BY {key} HAVING count(*) > 1"
        yield Check(table.name, TWICE, f"the key ({key}) stands there more than once", faults)


def _column_checks(table: TableSchema, column: Column, schema: Schema) -> Iterator[Check]:
    name, first = column.name, table.columns[0].name
    if not column.nullable:
        faults = f"SELECT {first} FROM {table.name} WHERE {name} IS NULL"
        yield Check(table.name, EMPTY, f"'{name}' is empty", faults)
    if column.codes:
        labels = ", ".join(f"'{label}'" for label in schema.codes[column.codes].labels)
        faults = f"SELECT {name} FROM {table.name} WHERE {name} NOT IN ({labels})"
        yield Check(table.name, NO_CODE, f"'{name}' is no code of {column.codes}", faults)
    if column.refers:
        parent = schema.tables[column.refers]
        yield _orphans(table, column, parent, "true")
    if column.refers_by:
        for parent in schema.tables.values():
            if parent.verb:
                yield _orphans(table, column, parent, f"{column.refers_by} = '{parent.name}'")
    yield from _owner_checks(table, column, schema)


def _orphans(table: TableSchema, column: Column, parent: TableSchema, where: str) -> Check:
    faults = (
        f"SELECT {column.name} FROM {table.name} ANTI JOIN {parent.name}"
        f" ON {table.name}.{column.name} = {parent.name}.{parent.key[0]}"
        f" WHERE {table.name}.{column.name} IS NOT NULL AND {where}"
    )
    return Check(table.name, ORPHAN, f"'{column.name}' is in no row of {parent.name}", faults)


def _owner_checks(table: TableSchema, column: Column, schema: Schema) -> Iterator[Check]:
    """The key of a verb's row begins with that of its person, so a row never refers to another person's."""
    points = column.refers_by or (column.refers and schema.tables[column.refers].verb) or column.type == "id"
    if _has_person(table) and points:
        name = column.name
        faults = f"SELECT {name} FROM {table.name} WHERE NOT starts_with({name}, person_id || '-')"
        yield Check(table.name, OTHER_PERSON, f"'{name}' is of another person", faults)


def _has_person(table: TableSchema) -> bool:
    return any(column.refers == PERSONS and column.name == "person_id" for column in table.columns)


def _date_checks(table: TableSchema) -> Iterator[Check]:
    """No period ends before it starts, and none starts outside the life of its person; no record outside the stay."""
    first, start = table.columns[0].name, table.by_role("start")
    if start is None:
        return
    for end in (table.by_role("end"), table.by_role("planned_end")):
        if end is not None:
            faults = f"SELECT {first} FROM {table.name} WHERE {end.name} < {start.name}"
            yield Check(table.name, BACKWARDS, f"'{end.name}' is before '{start.name}'", faults)
    if _has_person(table):
        day = f"{table.name}.{start.name}"
        text, outside = "before birth or after death", f"{day} < birth_date OR {day} > death_date"
        if table.verb or table.name == EVENTS:
            text = "before birth or arrival, or after death or departure"
            outside = f"{day} < birth_date OR {day} > left_date OR (entered_by <> 'base_date' AND {day} < entered_date)"
        faults = f"SELECT {table.name}.{first} FROM {table.name} JOIN {PERSONS} USING (person_id) WHERE {outside}"
        yield Check(table.name, OUT_OF_LIFE, f"'{start.name}' is {text}", faults)


def _death_checks(table: TableSchema) -> Iterator[Check]:
    """Persons' deaths and the rows of the verb that kills are the same."""
    day = table.by_role("start")
    assert day is not None
    faults = (
        f"SELECT coalesce({table.name}.person_id, {PERSONS}.person_id) FROM {table.name}"
        f" FULL JOIN (SELECT * FROM {PERSONS} WHERE death_date IS NOT NULL) AS {PERSONS}"
        f" ON {table.name}.person_id = {PERSONS}.person_id AND {day.name} = death_date"
        f" WHERE {table.name}.person_id IS NULL OR {PERSONS}.person_id IS NULL"
    )
    yield Check(table.name, NO_DEATH, f"deaths and persons.death_date differ from '{day.name}'", faults)
