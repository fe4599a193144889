"""From the engine's log to tables: each entered state is an event, and a row of its verb's table if it has one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pyarrow as pa

from abmsim.records import columns as arrow
from abmsim.records.keys import PERSON_PREFIX, KeyRuns
from abmsim.records.orders import of_the_same_right
from abmsim.records.providers import ProvidersOfHelp, no_providers
from abmsim.records.residence import BY_THE_CENTRE, Responsible
from abmsim.records.rowgroups import Columns
from abmsim.schema.schema import PERSONS, PROVIDERS, Column, Schema, TableSchema

_STATISTIC = re.compile(r"\bstats\.(\w+)")
EVENTS = "events"
ORDERS = "wmo_allocations"
"""The table of orders to providers."""

_EVENT = ("person", "day", "state", "why", "ordinal")
_NONE, _CONSTANT, _SLOT, _PARENT = range(4)
_SOURCES = {"slot": _SLOT, "parent": _PARENT}


class VerbTable:
    """One table that modules write to: which rows of the log are its own, and what its columns hold."""

    def __init__(
        self, table: TableSchema, schema: Schema, states: Sequence, person_keys: np.ndarray,
        providers: ProvidersOfHelp | None = None, responsible: Responsible | None = None,
    ) -> None:  # fmt: skip
        self.table = table
        self._providers = providers
        self._responsible = responsible
        self.schema = schema
        self.person_keys = person_keys
        self.arrow_schema = arrow.arrow_schema(table, schema)
        self._sources = {column.name: _sources(column, table, states) for column in (*table.written, *table.parents)}

    def columns(self, log: Mapping[str, np.ndarray], written: Mapping[str, Columns] = MappingProxyType({})) -> Columns:
        """The columns as numbers (int32, MISSING where empty) from the log's rows of this table; `written` are those
        of the tables before, of the same persons."""
        found: Columns = {"person": log["person"], "ordinal": log["ordinal"]}
        for column in self.table.columns:
            if column.name in self._sources:
                found[column.name] = _from_sources(self._sources[column.name], log)
                if column.refers in written:
                    found[column.name] = of_the_same_right(column, found, self.table, written, self.schema)
            elif column.role == "provider":
                found[column.name] = self._provider(log, found)
            elif column.role == "municipality":
                found[column.name] = self._municipality(log, found)
            elif column.role != "none":
                found[column.name] = self._from_role(column.role, log)
        return found

    def _provider(self, log: Mapping[str, np.ndarray], found: Columns) -> np.ndarray:
        """Who delivers; nobody where a row could refer to an order to a provider and does not, as for a budget."""
        if self._providers is None:
            return np.full(len(log["person"]), -1, dtype=np.int32)
        provider = self._providers.provider(log["person"], log["day"], log["state"])
        for column in self.table.parents:
            if column.refers == ORDERS:
                provider = np.where(found[column.name] < 0, -1, provider)
        return provider

    def _municipality(self, log: Mapping[str, np.ndarray], found: Columns) -> np.ndarray:
        if self._responsible is None:
            return np.full(len(log["person"]), -1, dtype=np.int32)
        products = self.schema.codes[self.table.column("product").codes]
        by_the_centre = np.isin(found["product"], [products.index(label) for label in BY_THE_CENTRE])
        return self._responsible.municipality(log["person"], log["day"], by_the_centre)

    def _from_role(self, role: str, log: Mapping[str, np.ndarray]) -> np.ndarray:
        if role == "planned_end" and self.table.by_role("end") is None:
            # One column for both: a right that was closed early ended on that day.
            return np.minimum(log["end_day"], log["planned_end"])
        if role == "end_reason" and self.table.by_role("planned_end") and self.table.by_role("end") is None:
            # What was closed after its planned end had run out before: nobody ended it.
            return np.where(log["end_day"] > log["planned_end"], -1, log["end_reason"]).astype(np.int32)
        names = {"start": "day", "end": "end_day"}
        return log[names.get(role, role)].astype(np.int32)

    def batch(self, group: Columns) -> pa.Table:
        """The Arrow table of a group of rows."""
        runs = KeyRuns.of(group["person"], self.person_keys, PERSON_PREFIX)
        arrays = [self._array(column, group, runs) for column in self.table.columns]
        return pa.Table.from_arrays(arrays, schema=self.arrow_schema)

    def _array(self, column: Column, group: Columns, runs: KeyRuns) -> pa.Array:
        if column.type == "id":
            return runs.numbered(group["ordinal"])
        if column.refers == PERSONS:
            return runs.array()
        values = group[column.name]
        if column.refers == PROVIDERS:
            return no_providers(len(values)) if self._providers is None else self._providers.providers.labels(values)
        if column.role == "municipality":
            return arrow.labels(values, () if self._responsible is None else self._responsible.codes)
        if column.type == "ref":
            return runs.numbered(values)
        if column.type == "date":
            return arrow.dates(values)
        if column.type == "code":
            return arrow.labels(values, self.schema.codes[column.codes].labels)
        if column.type == "bool":
            return arrow.flags(values)
        return arrow.numbers(values, arrow.arrow_type(column, self.schema))


def _sources(column: Column, table: TableSchema, states: Sequence) -> tuple[np.ndarray, np.ndarray]:
    """Where each state takes a column from: (kind int8[states], operand int32[states])."""
    kinds = np.full(len(states), _NONE, dtype=np.int8)
    operands = np.full(len(states), arrow.MISSING, dtype=np.int32)
    for index, state in enumerate(states):
        if state.table != table.name:
            continue
        given = {source.column: source for source in state.columns}
        if column.name in given:
            source = given[column.name]
            kinds[index], operands[index] = _SOURCES.get(source.kind, _CONSTANT), source.value
        elif column in table.parents and not any(source.kind == "parent" for source in state.columns):
            kinds[index], operands[index] = _PARENT, table.parents.index(column)
    return kinds, operands


def _from_sources(sources: tuple[np.ndarray, np.ndarray], log: Mapping[str, np.ndarray]) -> np.ndarray:
    """The values of a column: a constant of the state, or one of the row's values or parents."""
    kinds, operands = sources
    kind, operand = kinds[log["state"]], operands[log["state"]]
    found = operand.copy()
    for source, name in ((_SLOT, "values"), (_PARENT, "parents")):
        rows = np.flatnonzero(kind == source)
        if len(rows):
            found[rows] = log[name][rows, operand[rows]]
    return found


class EventTable:
    """The table of events: one row for each entered state that is not silent, with what led there."""

    def __init__(self, table: TableSchema, schema: Schema, program, person_keys: np.ndarray) -> None:
        self.table = table
        self.person_keys = person_keys
        self.arrow_schema = arrow.arrow_schema(table, schema)
        states, whys = program.states, [str(why) for why in program.whys]
        self._by_state = {
            "module": _Texts([state.module for state in states]),
            "state": _Texts([state.name for state in states]),
        }
        self._tables = _Texts([state.table for state in states])
        self._by_why = {"why": _Texts(whys), "statistic": _Texts([statistic_of(why) for why in whys])}

    def batch(self, group: Columns) -> pa.Table:
        """The Arrow table of a group of rows (person, day, state, why, ordinal)."""
        runs = KeyRuns.of(group["person"], self.person_keys, PERSON_PREFIX)
        arrays = {"person_id": runs.array(), "date": arrow.dates(group["day"])}
        arrays["record_id"] = runs.numbered(group["ordinal"])
        state = group["state"]
        arrays.update((name, texts.array(state)) for name, texts in self._by_state.items())
        arrays["table_name"] = self._tables.array(state, missing=group["ordinal"] < 0)
        arrays.update((name, texts.array(group["why"])) for name, texts in self._by_why.items())
        ordered = [arrays[column.name] for column in self.table.columns]
        return pa.Table.from_arrays(ordered, schema=self.arrow_schema)


def event_columns(chunk) -> Columns:
    """What the table of events takes from a chunk of the log: the rows that are not silent."""
    shown = ~np.asarray(chunk.silent, dtype=bool)
    return {name: getattr(chunk, name)[shown] for name in _EVENT}


def statistic_of(why: str) -> str | None:
    """The first statistic that a `why` names, or None where an assumption decided."""
    found = _STATISTIC.search(why)
    return found[1] if found else None


class _Texts:
    """A text for each index of something, each different one kept once."""

    def __init__(self, texts: Sequence[str | None]) -> None:
        self.texts = list(dict.fromkeys(text for text in texts if text is not None))
        place = {text: index for index, text in enumerate(self.texts)}
        self.index = np.array([-1 if text is None else place[text] for text in texts], dtype=np.int32)

    def array(self, indices: np.ndarray, missing: np.ndarray | None = None) -> pa.DictionaryArray:
        found = self.index[indices]
        return arrow.labels(found if missing is None else np.where(missing, -1, found), self.texts)
