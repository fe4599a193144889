"""What entering a state does, as words: rows closed and opened, their columns, attributes set."""

from __future__ import annotations

from abmsim.days import NEVER
from abmsim.expressions import Expression
from abmsim.lang import layout
from abmsim.lang.compile_expressions import Coder
from abmsim.lang.compile_quantities import compile_duration, shares_words
from abmsim.lang.module import Closing, ColumnValue, Record, State
from abmsim.lang.program import ColumnSource
from abmsim.lang.scope import CompileScope
from abmsim.schema.schema import Column, TableSchema


class ActionCompiler:
    """Compiles the actions of one state; `columns` says afterwards where the columns of its record come from."""

    def __init__(self, scope: CompileScope, state: State) -> None:
        self.scope = scope
        self.state = state
        self.columns: list[ColumnSource] = []
        self._draws = layout.DRAW_COLUMN

    def compile(self) -> int:
        """Place of the actions in the order closings, record, settings; 0 if there are none."""
        words: list[int] = []
        for closing in self.state.closings:
            words += self._closing(closing)
        if self.state.record is not None:
            words += self._record(self.state.record)
        for number, setting in enumerate(self.state.settings):
            index, attribute = self.scope.stored(setting.attribute)
            if setting.distribution is not None:
                drawn = compile_duration(self.scope, setting.distribution)
                value = [layout.VALUE_DRAWN, drawn, layout.DRAW_SET + number]
            else:
                assert setting.expression is not None
                expression = setting.expression
                if attribute.is_date:  # an empty date with days added to it is an empty date
                    expression = Expression("call", (expression, Expression("number", value=float(NEVER))), "min")
                value = [layout.VALUE_EXPRESSION, Coder(self.scope).value(expression), 0]
            words += [layout.ACTION_SET, index, *value]
        return self.scope.assembler.add([*words, layout.ACTION_STOP]) if words else 0

    def _closing(self, closing: Closing) -> list[int]:
        table = self.scope.schema.verbs[closing.verb]
        column = table.by_role("end_reason")
        value = [layout.VALUE_LABEL, -1, 0]
        if closing.reason is not None and column is not None:
            value = self._column_value(closing.reason, column)
        return [layout.ACTION_CLOSE, self.scope.verb(closing.verb), *value]

    def _record(self, record: Record) -> list[int]:
        table = self.scope.schema.verbs[record.verb]
        verb = self.scope.verb(record.verb)
        words = [layout.ACTION_OPEN, verb]
        for number, column in enumerate(table.parents):
            parent = self.scope.schema.tables[column.refers]
            pair = (self.scope.module.writer_of(parent.verb), parent.name)
            self.columns.append(ColumnSource(column.name, "parent", number))
            if pair in self.scope.verbs:
                words += [layout.ACTION_PARENT, number, self.scope.verbs.index(pair)]
        words += self._record_columns(record, table, verb)
        if self.state.term is not None:
            words += [layout.ACTION_TERM, compile_duration(self.scope, self.state.term)]
        return words

    def _record_columns(self, record: Record, table: TableSchema, verb: int) -> list[int]:
        words: list[int] = []
        slot = 0
        for name, value in record.columns.items():
            column = table.column(name)
            if column.role == "planned_end":
                assert value.quantity is not None
                words += [layout.ACTION_PLAN, verb, compile_duration(self.scope, value.quantity), self._draw()]
            elif value.kind == "label":
                codes = self.scope.schema.codes_of(column)
                assert codes is not None
                self.columns.append(ColumnSource(name, "label", codes.index(value.label)))
            else:
                self.columns.append(ColumnSource(name, "slot", slot))
                words += [layout.ACTION_SLOT, slot, *self._column_value(value, column)]
                slot += 1
        if slot > layout.MOST_VALUES:
            raise ValueError(f"{table.name}: more than {layout.MOST_VALUES} columns with a drawn value")
        return words

    def _draw(self) -> int:
        self._draws += 1
        return self._draws - 1

    def _column_value(self, value: ColumnValue, column: Column) -> list[int]:
        codes = self.scope.schema.codes_of(column)
        if value.kind == "label":
            assert codes is not None
            return [layout.VALUE_LABEL, codes.index(value.label), 0]
        if value.kind == "shares":
            assert codes is not None
            words = shares_words(self.scope, value.shares, [[codes.index(share.label)] for share in value.shares])
            return [layout.VALUE_SHARES, self.scope.assembler.add(words), self._draw()]
        if value.kind == "schedule" and codes is not None:
            schedule = self.scope.schedules[self.scope.schedule]
            index = schedule.columns.index(value.schedule_column)
            labels = [codes.index(label) for label in schedule.labels[value.schedule_column]]
            return [layout.VALUE_MAPPED, self.scope.assembler.add([index, len(labels), *labels]), 0]
        expression = value.expression or Expression("name", value=("schedule", value.schedule_column))
        if column.type == "number":
            parts = Expression("number", value=float(layout.PARTS_OF_NUMBERS))
            expression = Expression("*", (expression, parts))
        return [layout.VALUE_EXPRESSION, Coder(self.scope).value(expression), 0]
