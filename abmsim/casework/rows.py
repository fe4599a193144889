"""The records of a case's resident as texts, column by column, as a test writes them."""

from __future__ import annotations

from abmsim.casework.staging import Outcome
from abmsim.days import NEVER
from abmsim.engine.eventlog import LogChunk
from abmsim.lang.layout import PARTS_OF_NUMBERS
from abmsim.lang.program import StateInfo
from abmsim.lang.read_expect import NOTHING, day_text
from abmsim.schema.schema import Column, Schema, TableSchema

_OF_THE_TOWN = ("provider", "municipality")
"""Roles of columns that need a town: a single resident of a test has neither provider nor place."""


def record_rows(outcome: Outcome, schema: Schema, verb: str) -> list[dict[str, str]]:
    """The rows that the first resident has in the verb's table, in order."""
    table, log = schema.verbs[verb], outcome.records
    found = []
    for row in range(len(log)):
        info = outcome.program.states[log.state[row]]
        if info.table == table.name and log.ordinal[row] >= 0:
            found.append(_row(log, row, info, table, schema))
    return found


def _row(log: LogChunk, row: int, info: StateInfo, table: TableSchema, schema: Schema) -> dict[str, str]:
    texts = {}
    sources = {source.column: source for source in info.columns}
    for column in table.columns:
        if column.role != "none":
            texts[column.name] = _role_text(log, row, column, table, schema)
        elif column.name in sources and sources[column.name].kind != "parent":
            source = sources[column.name]
            value = source.value if source.kind == "label" else int(log.values[row, source.value])
            texts[column.name] = _text(value, column, schema)
        else:
            texts[column.name] = NOTHING
    return texts


def _role_text(log: LogChunk, row: int, column: Column, table: TableSchema, schema: Schema) -> str:
    if column.role == "planned_end" and table.by_role("end") is None:  # as the table is written: closed or planned
        return day_text(int(min(log.end_day[row], log.planned_end[row])))
    days = {"start": log.day, "end": log.end_day, "planned_end": log.planned_end}
    if column.role in days:
        return day_text(int(days[column.role][row]))
    if column.role == "end_reason":
        return _text(int(log.end_reason[row]), column, schema)
    if column.role in _OF_THE_TOWN:
        return NOTHING
    value = int(log.on_time[row]) if column.role == "on_time" else int(log.carried_over[row])
    return NOTHING if value < 0 else "true" if value else "false"


def _text(value: int, column: Column, schema: Schema) -> str:
    codes = schema.codes_of(column)
    if codes is not None:
        return codes.labels[value] if value >= 0 else NOTHING
    if column.type == "bool":
        return "true" if value else "false"
    if column.type == "number":
        return f"{value / PARTS_OF_NUMBERS:.10g}"
    return day_text(value) if column.type == "date" and value != NEVER else str(value)
