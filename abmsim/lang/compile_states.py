"""States as words: what entering does, how the time in them ends, and where they lead."""

from __future__ import annotations

from collections.abc import Sequence

from abmsim.expressions import Expression
from abmsim.lang import layout
from abmsim.lang.compile_expressions import Coder, Reads
from abmsim.lang.compile_schedule import compile_schedule
from abmsim.lang.compile_tables import constant_hazard, hazard_lookup
from abmsim.lang.module import Branch, Closing, ColumnValue, Exit, Quantity, Record, Share, Spot, State
from abmsim.lang.program import ColumnSource
from abmsim.lang.scope import CompileScope
from abmsim.schema.schema import Column, TableSchema

_EXIT_KINDS = {
    "condition": layout.CONDITION, "wait": layout.WAIT, "ends": layout.ENDS, "hazard": layout.HAZARD,
    "schedule": layout.SCHEDULE,
}  # fmt: skip


class StateCompiler:
    """Compiles one state; `reads` says what wakes it."""

    def __init__(self, scope: CompileScope, state: State) -> None:
        self.scope = scope
        self.state = state
        self.reads = Reads()
        self.read_of_relatives: set[int] = set()
        self.columns: list[ColumnSource] = []
        self._draws = layout.DRAW_COLUMN

    def compile(self, number: int) -> None:
        """Fills the record of state `number`."""
        scope, state = self.scope, self.state
        self._find_schedule()
        actions = self._actions()
        exits = self._exits()
        over = 0
        if state.schedule_over_spot is not None:
            over = self._branch(Branch(state.schedule_over_spot, to=state.schedule_over), "")
        starts = state.name == scope.module.start
        flags = layout.SILENT * state.silent | layout.FINAL * state.final | layout.STARTS * starts
        for field, value in (
            (layout.STATE_MODULE, scope.module_number), (layout.STATE_FLAGS, flags), (layout.STATE_ACTIONS, actions),
            (layout.STATE_EXITS, exits), (layout.STATE_EXIT_COUNT, len(self._all_exits())),
            (layout.STATE_SCHEDULE_OVER, over),
            (layout.STATE_OWN, scope.assembler.add_list(sorted(self.reads.own))),
            (layout.STATE_RELATIVES, scope.assembler.add_list(sorted(self.reads.relatives))),
        ):  # fmt: skip
            scope.assembler.set_state(number, field, value)

    def _find_schedule(self) -> None:
        """`schedule.<column>` anywhere in a module means the module's one schedule."""
        for state in self.scope.module.states.values():
            for exit_ in state.exits:
                if exit_.kind == "schedule":
                    self.scope.schedule = exit_.schedule
                    compile_schedule(self.scope, exit_.schedule)

    # --- code ----------------------------------------------------------------------------------------------------
    def _value(self, expression: Expression) -> int:
        return self._code(expression, Coder.value)

    def _condition(self, expression: Expression) -> int:
        return self._code(expression, Coder.condition)

    def _code(self, expression: Expression, method, waking: bool = False) -> int:
        coder = Coder(self.scope)
        place = method(coder, expression)
        self._last_reads = coder.reads
        self.read_of_relatives |= coder.reads.relatives
        if waking:
            self.reads.take(coder.reads)
        return place

    def _duration(self, quantity: Quantity) -> int:
        """duration: kind, expression, expression, unit."""
        quantity = self._resolved(quantity)
        places = [self._value(parameter) for parameter in quantity.parameters]
        places += [0] * (2 - len(places))
        return self.scope.assembler.add([layout.DURATIONS[quantity.kind], *places, layout.UNITS.index(quantity.unit)])

    def _resolved(self, quantity: Quantity) -> Quantity:
        """An `assume.x` used as a duration stands for the assumption's own quantity."""
        if quantity.kind == "value" and len(quantity.parameters) == 1:
            parameter = quantity.parameters[0]
            if parameter.parts[:1] == ("assume",):
                return self.scope.module.assumptions[parameter.parts[1]].quantity
        return quantity

    def _shares(self, shares: Sequence[Share], heads: Sequence[Sequence[int]]) -> list[int]:
        """n, then per share its head (target, why | label) and the place of its expression; the rest comes last."""
        pairs = list(zip(shares, heads, strict=True))
        pairs.sort(key=lambda pair: pair[0].share is None)
        words = [len(pairs)]
        for share, head in pairs:
            place = self._value(share.share.parameters[0]) if share.share is not None else 0
            words += [*head, place]
        return words

    # --- actions -------------------------------------------------------------------------------------------------
    def _actions(self) -> int:
        words: list[int] = []
        for closing in self.state.closings:
            words += self._closing(closing)
        if self.state.record is not None:
            words += self._record(self.state.record)
        for number, setting in enumerate(self.state.settings):
            index, _ = self.scope.stored(setting.attribute)
            if setting.uniform is not None:
                bounds = self.scope.assembler.add_numbers(setting.uniform)
                value = [layout.VALUE_UNIFORM, bounds, layout.DRAW_SET + number]
            else:
                assert setting.expression is not None
                value = [layout.VALUE_EXPRESSION, self._value(setting.expression), 0]
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
            pair = (self.scope.module.name, parent.name)
            self.columns.append(ColumnSource(column.name, "parent", number))
            if pair in self.scope.verbs:
                words += [layout.ACTION_PARENT, number, self.scope.verbs.index(pair)]
        words += self._record_columns(record, table, verb)
        if self.state.term is not None:
            words += [layout.ACTION_TERM, self._duration(self.state.term)]
        return words

    def _record_columns(self, record: Record, table: TableSchema, verb: int) -> list[int]:
        words: list[int] = []
        slot = 0
        for name, value in record.columns.items():
            column = table.column(name)
            if column.role == "planned_end":
                assert value.quantity is not None
                words += [layout.ACTION_PLAN, verb, self._duration(value.quantity), self._draw()]
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
            words = self._shares(value.shares, [[codes.index(share.label)] for share in value.shares])
            return [layout.VALUE_SHARES, self.scope.assembler.add(words), self._draw()]
        if value.kind == "schedule" and codes is not None:
            schedule = self.scope.schedules[self.scope.schedule]
            index = schedule.columns.index(value.schedule_column)
            labels = [codes.index(label) for label in schedule.labels[value.schedule_column]]
            return [layout.VALUE_MAPPED, self.scope.assembler.add([index, len(labels), *labels]), 0]
        expression = value.expression or Expression("name", value=("schedule", value.schedule_column))
        return [layout.VALUE_EXPRESSION, self._value(expression), 0]

    # --- exits ---------------------------------------------------------------------------------------------------
    def _all_exits(self) -> tuple[Exit, ...]:
        """A state without time leaves at once: as if it waited for what is always true."""
        if self.state.exits or self.state.final:
            return self.state.exits
        return (Exit("", "condition", self.state.spot, Expression("number", value=1.0)),)

    def _exits(self) -> int:
        words: list[int] = []
        hazards = 0
        for exit_ in self._all_exits():
            expression = operand = wake = 0
            source = exit_.quantity.source if exit_.quantity is not None else ""
            before = Reads()
            if exit_.expression is not None:
                expression = self._code(exit_.expression, Coder.condition, waking=True)
                before = self._last_reads
            if exit_.kind == "wait":
                assert exit_.quantity is not None
                operand = self._duration(exit_.quantity)
            elif exit_.kind == "ends":
                operand = self.scope.verb(exit_.verb)
            elif exit_.kind == "hazard":
                operand, hazard_reads = self._hazard(exit_)
                before.take(hazard_reads)
            elif exit_.kind == "schedule":
                operand, source = self.scope.schedules[exit_.schedule].place, f"stats.{exit_.schedule}"
            if before.ages or before.flags:
                ages = sorted(before.ages)
                wake = self.scope.assembler.add([before.flags, len(ages), *ages])
            branch = self.state.next.get(exit_.name) or self.state.next[""]
            words += [_EXIT_KINDS[exit_.kind], self._branch(branch, source), expression, operand, wake, hazards]
            hazards += exit_.kind == "hazard"
        if hazards > layout.MOST_HAZARDS:
            raise ValueError(f"{self.state.name}: more than {layout.MOST_HAZARDS} hazards in one state")
        return self.scope.assembler.add(words) if words else 0

    def _hazard(self, exit_: Exit) -> tuple[int, Reads]:
        """hazard: lookup of the cumulated rate of the one statistic at its core, what multiplies it, renewal flags."""
        assert exit_.quantity is not None
        core, factors = _split(exit_.quantity.parameters[0])
        if exit_.times is not None:
            factors.append(exit_.times)
        reads = Reads()
        if core is None:
            table = constant_hazard(self.scope, 1.0)
        else:
            table = hazard_lookup(self.scope, core)
            for dimension in self.scope.catalogue.table(core).by:
                if dimension == "year":
                    reads.flags |= layout.WAKE_EVERY_YEAR
                elif dimension != "age":
                    reads.own.add(self.scope.stored(dimension)[0])
        times = 0
        if factors:
            product = factors[0]
            for factor in factors[1:]:
                product = Expression("*", (product, factor))
            coder = Coder(self.scope)
            times = coder.value(product)
            reads.take(coder.reads)
            self.read_of_relatives |= coder.reads.relatives
        self.reads.take(reads)
        return self.scope.assembler.add([table, times, reads.flags]), reads

    # --- branches ------------------------------------------------------------------------------------------------
    def _target(self, name: str, spot: Spot, source: str) -> list[int]:
        return [self.scope.state_numbers[(self.scope.module.name, name)], self.scope.why(spot.line, source)]

    def _branch(self, branch: Branch, source: str) -> int:
        if branch.to:
            return self.scope.assembler.add([layout.DIRECT, *self._target(branch.to, branch.spot, source)])
        if branch.shares:
            sources = [share.share.source for share in branch.shares if share.share is not None]
            heads = [
                self._target(share.label, share.spot, share.share.source if share.share else (sources or [source])[0])
                for share in branch.shares
            ]
            words = self._shares(branch.shares, heads)
            return self.scope.assembler.add([layout.SHARES, *words])
        words = [layout.CONDITIONS, len(branch.conditions)]
        for condition in branch.conditions:
            asked = self._condition(condition.when) if condition.when is not None else 0
            words += [asked, self._branch(condition.to, source)]
        return self.scope.assembler.add(words)


def _split(expression: Expression) -> tuple[str | None, list[Expression]]:
    """A rate as one statistic and the factors that multiply it; without a statistic all is a factor."""
    if expression.parts[:1] == ("stats",):
        return expression.parts[1], []
    if expression.op == "*":
        for one, other in (expression.args, expression.args[::-1]):
            core, factors = _split(one)
            if core is not None:
                return core, [*factors, other]
    return None, [expression]
