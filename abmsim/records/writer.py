"""Takes the engine's log chunk by chunk and leaves all tables of a run, as Parquet."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from abmsim.engine.institution_records import InstitutionRecords
from abmsim.engine.lives import Lives
from abmsim.export.parquet import ParquetTables
from abmsim.records.institutions import InstitutionTables
from abmsim.records.neighbourhoods import neighbourhoods_table
from abmsim.records.people import PlanDates, people_tables
from abmsim.records.providers import ProvidersOfHelp
from abmsim.records.references import code_lists_table, municipalities_table, sources_table
from abmsim.records.residence import Responsible
from abmsim.records.rowgroups import ROW_GROUP, Columns, RowGroups
from abmsim.records.tables import EVENTS, EventTable, VerbTable, event_columns
from abmsim.schema.schema import MUNICIPALITIES, NEIGHBOURHOODS, Schema

_LOG = ("person", "day", "state", "ordinal", "end_day", "end_reason", "planned_end", "carried_over", "on_time",
        "values", "parents")  # fmt: skip


class RecordWriter:
    """Writes the records of one run into `folder`; memory does not grow with the number of people.

    `person_keys` uint64[n] are those of everybody whom the log and the lives speak of: residents of the base date, then
    newcomers. `add` takes log chunks in that order, `finish` closes all files and returns the rows of each table.
    Without `events` that table, the largest, stays empty.
    """

    def __init__(
        self, folder: Path, person_keys: np.ndarray, program, schema: Schema, catalogue, dates: PlanDates,
        row_group: int = ROW_GROUP, events: bool = True,
        providers: ProvidersOfHelp | None = None, responsible: Responsible | None = None,
    ) -> None:  # fmt: skip
        self.folder = folder
        self.schema = schema
        self.catalogue = catalogue
        self.dates = dates
        self.row_group = row_group
        self.events = events
        self._parquet = ParquetTables(folder / "tables", schema)
        self._events = EventTable(schema.tables[EVENTS], schema, program, person_keys)
        self._event_groups = RowGroups(row_group)
        written = {state.table for state in program.states if state.table}
        self._program = program
        self._verbs = [VerbTable(table, schema, program.states, person_keys, providers, responsible)
                       for name, table in schema.tables.items() if name in written]  # fmt: skip
        self._verb_groups = [RowGroups(row_group) for _ in self._verbs]
        self._verb_of_state = np.array(
            [next((i for i, verb in enumerate(self._verbs) if verb.table.name == state.table), -1)
             for state in program.states], dtype=np.int16)  # fmt: skip

    def add(self, chunk) -> None:
        """Take a chunk of the log: whole persons, rows sorted by person, day and sequence."""
        if self.events:
            self._add_events(chunk)
        verb_of_row = np.where(chunk.ordinal >= 0, self._verb_of_state[chunk.state], -1)
        written: dict[str, Columns] = {}
        for index, (verb, groups) in enumerate(zip(self._verbs, self._verb_groups, strict=True)):
            rows = np.flatnonzero(verb_of_row == index)
            if len(rows):
                log = {name: getattr(chunk, name)[rows] for name in _LOG}
                written[verb.table.name] = verb.columns(log, written)
                for group in groups.add(written[verb.table.name]):
                    self._parquet.write(verb.table.name, verb.batch(group))

    def _add_events(self, chunk) -> None:
        for group in self._event_groups.add(event_columns(chunk)):
            self._parquet.write(EVENTS, self._events.batch(group))

    def finish(self, lives: Lives) -> dict[str, int]:
        """Write what is left and the tables about people; the rows of each table."""
        self._write_rests()
        self._parquet.write(MUNICIPALITIES, municipalities_table(lives.places, self.schema))
        areas = neighbourhoods_table(lives.places, self.catalogue, self.schema)
        self._parquet.write(NEIGHBOURHOODS, areas)
        for name, rows in people_tables(lives, self.schema, self.dates, self.row_group):
            self._parquet.write(name, rows)
        told = lives.institutions or InstitutionRecords.none()
        for name, rows in InstitutionTables(told, self._program, lives.people.key, self.schema).tables():
            self._parquet.write(name, rows)
        self._parquet.write("sources", sources_table(self.catalogue.cards, self.schema))
        self._parquet.write("code_lists", code_lists_table(self.schema))
        self._parquet.close()
        return dict(self._parquet.rows)

    def close(self) -> None:
        """Let go of the files if the run ended before `finish`."""
        self._parquet.abandon()

    def _write_rests(self) -> None:
        for group in self._event_groups.rest():
            self._parquet.write(EVENTS, self._events.batch(group))
        for verb, groups in zip(self._verbs, self._verb_groups, strict=True):
            for group in groups.rest():
                self._parquet.write(verb.table.name, verb.batch(group))
