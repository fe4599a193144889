"""What entering a state does to the resident: rows closed and opened, attributes set; each told in a line."""

from __future__ import annotations

import math

from abmsim.days import NEVER, day_date
from abmsim.explain.chance import drawn, duration_end, pick
from abmsim.explain.here import Here
from abmsim.explain.person import Row
from abmsim.expressions import show
from abmsim.lang import layout as at
from abmsim.lang.module import ColumnValue, Record, State
from abmsim.schema.schema import Column, TableSchema


class Entering:
    """Carries out the actions of one state; `changes` are the attributes that got another value, in order."""

    def __init__(self, here: Here, state: State, row: Row, base_day: int) -> None:
        self.here, self.state, self.row = here, state, row
        self.base_day = base_day
        self.changes: list[str] = []
        self._slot = int(at.DRAW_COLUMN)

    def act(self) -> None:
        """Closings, then the record, then the settings, then what is asked for."""
        here = self.here
        for closing in self.state.closings:
            table = here.books.schema.verbs[closing.verb]
            column = table.by_role("end_reason")
            reason, text = -1, ""
            if closing.reason is not None and column is not None:
                reason, text = self._column(closing.reason, column)
            self._close(table, int(reason), f": {text}" if text else "")
        if self.state.record is not None:
            self._record(self.state.record)
        for number, setting in enumerate(self.state.settings):
            here.reads.clear()
            if setting.distribution is not None:
                value, text = drawn(here, setting.distribution, here.draw(int(at.DRAW_SET) + number))
                text = f" ({text})"
            else:
                assert setting.expression is not None
                value = here.value(setting.expression)
                text = f" = `{show(setting.expression)}`{here.taken()}" if setting.expression.op != "number" else ""
            here.standing.note(f"sets {setting.attribute}: {here.said(setting.attribute, value)}{text}")
            if here.person.values[setting.attribute] != value:
                here.person.values[setting.attribute] = value
                self.changes.append(setting.attribute)
        if self.state.happens:
            here.standing.note(f"asks: {self.state.happens} (in a town it is carried out at the end of the month)")

    def _close(self, table: TableSchema, reason: int, text: str) -> None:
        row = self.here.person.open.pop((self.here.module.name, table.name), None)
        if row is None:
            if text:
                self.here.standing.note(f"closes no {table.verb}: none is open")
            return
        row.end, row.end_reason = self.here.day, reason
        self.here.person.planned.pop((self.here.module.name, table.name), None)
        self.here.standing.note(f"closes {table.verb} {row.ordinal + 1}{text}{_on_time(row)}")

    def _record(self, record: Record) -> None:
        here = self.here
        table, person = here.books.schema.verbs[record.verb], here.person
        if table.kills and person.immortal and here.day <= self.base_day:
            return
        self._close(table, -1, "")
        key = (here.module.name, table.name)
        self.row.ordinal = person.ordinals[table.name]
        person.ordinals[table.name] += 1
        person.last[key] = self.row.ordinal
        person.planned.pop(key, None)
        here.standing.note(f"opens {record.verb} {self.row.ordinal + 1}{self._parents(table)}")
        if table.ends:
            person.open[key] = self.row
        if table.kills:
            self._die()
        self._columns(record, table)
        if self.state.term is not None:
            self.row.term, text = duration_end(here, self.state.term, 0.5)
            here.standing.note(f"legal term: {text}")

    def _die(self) -> None:
        """Ends the life: every open row is closed with its table's code for a death."""
        here, schema = self.here, self.here.books.schema
        here.person.death = here.day
        for module, name in list(here.person.open):
            column = schema.tables[name].by_role("end_reason")
            codes = schema.codes_of(column) if column is not None else None
            label = column.on_death if column is not None else ""
            reason = codes.index(label) if codes is not None and label else -1
            row = here.person.open.pop((module, name))
            row.end, row.end_reason = here.day, reason
            here.person.planned.pop((module, name), None)
            here.standing.note(f"the death closes {schema.tables[name].verb} {row.ordinal + 1}{_on_time(row)}")

    def _parents(self, table: TableSchema) -> str:
        told = []
        for number, column in enumerate(table.parents):
            verb = self.here.books.schema.tables[column.refers].verb
            ordinal = self.here.person.last.get((self.here.module.writer_of(verb), column.refers), -1)
            self.row.parents[number] = ordinal
            told += [f"{verb} {ordinal + 1}"] if ordinal >= 0 else []
        return f", that refers to {', '.join(told)}" if told else ""

    def _columns(self, record: Record, table: TableSchema) -> None:
        here, slot = self.here, 0
        for name, value in record.columns.items():
            column = table.column(name)
            if column.role == "planned_end":
                assert value.quantity is not None
                end, text = duration_end(here, value.quantity, here.draw(self._next_slot()))
                self.row.planned_end = here.person.planned[(here.module.name, table.name)] = end
            elif value.kind == "label":
                text = value.label
            else:
                number, text = self._column(value, column)
                parts = float(at.PARTS_OF_NUMBERS) if column.type == "number" else 1.0
                self.row.values[slot] = math.floor(number * parts + 0.5)
                slot += 1
            here.standing.note(f"  {name}: {text}")

    def _next_slot(self) -> int:
        self._slot += 1
        return self._slot - 1

    def _column(self, value: ColumnValue, column: Column) -> tuple[float, str]:
        """(a column's number, how it came about)."""
        here = self.here
        codes = here.books.schema.codes_of(column)
        if value.kind == "label":
            assert codes is not None
            return codes.index(value.label), value.label
        if value.kind == "shares":
            assert codes is not None
            label, text = pick(here, value.shares, self._next_slot())
            return codes.index(label), text
        here.reads.clear()
        if value.kind == "schedule":
            number, text = here.scheduled(value.schedule_column)
            return (codes.index(text) if codes is not None else number), f"{text} (schedule.{value.schedule_column})"
        assert value.expression is not None
        number = here.value(value.expression)
        said = codes.labels[int(number)] if codes is not None else _plain(number, column)
        return number, f"{said} = `{show(value.expression)}`{here.taken()}"


def _on_time(row: Row) -> str:
    if row.term == NEVER:
        return ""
    return f", {'on time' if row.end <= row.term else 'late'} (the term ended on {day_date(row.term)})"


def _plain(number: float, column: Column) -> str:
    if column.type == "bool":
        return "true" if number else "false"
    return str(day_date(int(number))) if column.type == "date" else f"{number:.6g}"
