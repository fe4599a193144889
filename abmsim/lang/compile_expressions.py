"""Expressions as byte-code: values on a small stack, conditions as fused compare-and-jump."""

from __future__ import annotations

from abmsim.days import NEVER
from abmsim.expressions import Expression
from abmsim.expressions.node import number
from abmsim.expressions.resolve import AGGREGATES, MEMBERS
from abmsim.lang import layout
from abmsim.lang.compile_reads import (
    COMPUTED,
    FIRST_YEAR,
    LAST_YEAR,
    Reads,
    day_compared,
    is_calendar,
    is_years_since,
    new_year,
    since_of,
    years_since,
)  # fmt: skip
from abmsim.lang.compile_tables import lookups, spans_in_order, years_in
from abmsim.lang.layout import COMPARISONS, NEGATED, OP
from abmsim.lang.scope import CompileScope
from abmsim.vocabulary import RELATIVES

_ARITHMETIC = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}
_FUNCTIONS = {
    "min": "minimum", "max": "maximum", "abs": "absolute", "exp": "exp", "log": "log", "logit": "logit",
    "logistic": "logistic",
}  # fmt: skip
_OF_OTHERS = {"age": layout.AGE_OF, "birth_date": layout.BIRTH_OF}
"""What is computed of others too; nobody reads the calendar of somebody else."""
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def _is_calendar(name: tuple[str, ...]) -> bool:
    """`partner.year` is the year of everybody."""
    return len(name) > 1 and name[-1] in ("today", "year")


class Coder:
    """Writes one expression into the program; `reads` collects what it depends on."""

    def __init__(self, scope: CompileScope) -> None:
        self.scope = scope
        self.words = scope.assembler.words
        self.reads = Reads()

    def value(self, expression: Expression) -> int:
        """Place of code that leaves the expression's value."""
        self._prepare(expression)
        place = len(self.words)
        self._push(expression)
        self._emit("stop")
        return place

    def condition(self, expression: Expression) -> int:
        """Place of code that stops with true or false."""
        self._prepare(expression)
        place = len(self.words)
        patches: list[int] = []
        self._jump(expression, False, patches)
        self._emit("stop_true")
        self._land(patches)
        self._emit("stop_false")
        return place

    def _emit(self, op: str, *operands: int) -> None:
        self.words.append(OP[op])
        self.words.extend(operands)

    def _land(self, patches: list[int]) -> None:
        for patch in patches:
            self.words[patch] = len(self.words)

    def _prepare(self, expression: Expression) -> None:
        """Look-ups and assumptions add their own words first, so that the code itself stays in one piece."""
        for node in expression.walk():
            if node.op != "name":
                continue
            if node.parts[0] == "stats":
                lookups(self.scope, node.parts[1])
            elif node.parts[0] == "assume":
                for parameter in self.scope.module.assumptions[node.parts[1]].quantity.parameters:
                    self._prepare(parameter)

    # --- values --------------------------------------------------------------------------------------------------
    def _push(self, node: Expression) -> None:
        if node.op == "number":
            self._emit("constant", self.scope.assembler.constant(node.figure))
        elif node.op == "name":
            self._push_name(node.parts)
        elif node.op in _ARITHMETIC:
            self._push_all(node, _ARITHMETIC[node.op])
        elif node.op == "negate":
            self._push_all(node, "negate")
        elif node.op == "call":
            self._push_call(node)
        elif node.op == "if":
            self._push_choice(node.args[0], node.args[1], node.args[2])
        else:
            self._push_choice(node, Expression("number", value=1.0), Expression("number", value=0.0))

    def _push_all(self, node: Expression, op: str) -> None:
        for arg in node.args:
            self._push(arg)
        self._emit(op)

    def _push_call(self, node: Expression) -> None:
        self._push(node.args[0])
        for arg in node.args[1:]:
            self._push(arg)
            self._emit(_FUNCTIONS[str(node.value)])
        if len(node.args) == 1 and node.value not in ("min", "max"):
            self._emit(_FUNCTIONS[str(node.value)])

    def _push_choice(self, condition: Expression, then: Expression, otherwise: Expression) -> None:
        patches: list[int] = []
        self._jump(condition, False, patches)
        self._push(then)
        self._emit("jump", 0)
        end = len(self.words) - 1
        self._land(patches)
        self._push(otherwise)
        self.words[end] = len(self.words)

    def _push_name(self, name: tuple[str, ...]) -> None:
        head = name[0]
        if head == "stats":
            self._push_statistic(name[1])
        elif is_years_since(name):
            self._push_years(name)
        elif head == "assume":
            self.reads.note_source(name)
            self._push(self.scope.module.assumptions[name[1]].quantity.parameters[0])
        elif _is_calendar(name):
            self._push_name((name[-1],))
        elif head in RELATIVES:
            self._push_relative("relative", name[1], RELATIVES.index(head))
        elif head in MEMBERS:
            self._push_relative("aggregate", name[2], MEMBERS.index(head), AGGREGATES.index(name[1]))
            if head == "household" and name[2] == "age":
                self.reads.flags |= layout.WAKE_EVERY_BIRTHDAY
            elif head == "household" and name[2] not in _OF_OTHERS:
                self.reads.own.add(self.scope.stored(name[2])[0])
        elif head == "schedule":
            schedule = self.scope.schedules[self.scope.schedule]
            self.reads.note_source(("stats", self.scope.schedule))
            self._emit("line", schedule.columns.index(name[1]))
        elif len(name) == 2:
            self._emit("planned_end" if name[1] == "ends" else "is_open", self.scope.verb(head))
        elif head in COMPUTED:
            self.reads.flags |= {"age": layout.WAKE_EVERY_BIRTHDAY, "year": layout.WAKE_EVERY_YEAR,
                                 "today": layout.WAKE_EVERY_DAY}.get(head, 0)  # fmt: skip
            self._emit(COMPUTED[head])
        else:
            index, _ = self.scope.stored(head)
            self.reads.own.add(index)
            self._emit("attribute", index)

    def _push_years(self, name: tuple[str, ...]) -> None:
        """Years since a date are looked at once a month: they change on every day."""
        before = self.reads.flags
        self._push(years_since(name))
        self.reads.flags = before | layout.WAKE_EVERY_MONTH

    def _push_relative(self, op: str, attribute: str, *operands: int) -> None:
        if attribute in _OF_OTHERS:
            self.reads.flags |= layout.WAKE_EVERY_MONTH if attribute == "age" else 0
            nobody = float(NEVER) if attribute == "birth_date" else 0.0
            self._emit(op, *operands, _OF_OTHERS[attribute], self.scope.assembler.constant(nobody))
            return
        index, described = self.scope.stored(attribute)
        nobody = float(NEVER) if described.is_date else 0.0
        self.reads.relatives.add(index)
        self.scope.public.add(index)
        self._emit(op, *operands, index, self.scope.assembler.constant(nobody))

    def _push_statistic(self, name: str) -> None:
        self.reads.note_source(("stats", name))
        for dimension in self.scope.catalogue.table(name).by:
            if dimension in ("age", "year"):
                self.reads.note_dimension(dimension, self.scope.catalogue.table(name).labels[dimension])
            elif not since_of(dimension):
                self.reads.own.add(self.scope.stored(dimension)[0])
        self._push_lookup(name, years_in(self.scope.catalogue, name), ())

    def _push_lookup(self, name: str, years: tuple[str, ...], chosen: tuple[int, ...]) -> None:
        """The figure of a statistic; `chosen` are the places of the spans of years in which the resident is."""
        if len(chosen) == len(years):
            self._emit("lookup", lookups(self.scope, name)[chosen])
            return
        dimension, ends = years[len(chosen)], []
        *earlier, (_, last) = spans_in_order(self.scope.catalogue.table(name).labels[dimension])
        for end, position in earlier:
            patches: list[int] = []
            self._jump(Expression("<", (Expression("name", value=(dimension,)), number(end))), False, patches)
            self._push_lookup(name, years, (*chosen, position))
            self._emit("jump", 0)
            ends.append(len(self.words) - 1)
            self._land(patches)
        self._push_lookup(name, years, (*chosen, last))
        self._land(ends)

    # --- conditions ----------------------------------------------------------------------------------------------
    def _jump(self, node: Expression, sense: bool, patches: list[int]) -> None:
        """Code that jumps to the patches if the node's truth is `sense`, and runs on otherwise."""
        if node.op == "not":
            self._jump(node.args[0], not sense, patches)
        elif node.op in ("and", "or"):
            self._jump_several(node, sense, patches)
        elif node.op in COMPARISONS:
            self._jump_comparison(node, sense, patches)
        elif node.op == "name" and len(node.parts) == 1 and node.parts[0] not in COMPUTED:
            index, _ = self.scope.stored(node.parts[0])
            self.reads.own.add(index)
            self._fused("jump_attribute", "!=" if sense else "==", 0.0, patches, index)
        else:
            self._push(node)
            self._jump_on_top(sense, patches)

    def _jump_several(self, node: Expression, sense: bool, patches: list[int]) -> None:
        decides = node.op == "or"
        if sense == decides:
            for arg in node.args:
                self._jump(arg, sense, patches)
            return
        past: list[int] = []
        for arg in node.args[:-1]:
            self._jump(arg, decides, past)
        self._jump(node.args[-1], sense, patches)
        self._land(past)

    def _jump_comparison(self, node: Expression, sense: bool, patches: list[int]) -> None:
        left, right, op = node.args[0], node.args[1], node.op
        if self._figure(left) is not None:
            left, right, op = right, left, _MIRRORED[op]
        constant = self._figure(right)
        if constant is not None and left.op == "name" and len(left.parts) == 1:
            name = left.parts[0]
            if name == "age":
                self.reads.note_source(right.parts)
                self.reads.note_age(op, constant)
                return self._fused("jump_age", self._sensed(op, sense), constant, patches)
            if name not in COMPUTED and not since_of(name):
                self.reads.note_source(right.parts)
                index, _ = self.scope.stored(name)
                self.reads.own.add(index)
                return self._fused("jump_attribute", self._sensed(op, sense), constant, patches, index)
        before = self.reads.flags
        self._push(left)
        self._push(right)
        self._note_calendar(left, right, before)
        self._emit(layout.OPS[OP["less"] + COMPARISONS.index(op)])
        self._jump_on_top(sense, patches)

    def _sensed(self, op: str, sense: bool) -> str:
        return op if sense else COMPARISONS[NEGATED[COMPARISONS.index(op)]]

    def _fused(self, op: str, comparison: str, constant: float, patches: list[int], *attribute: int) -> None:
        self._emit(op, COMPARISONS.index(comparison), *attribute, self.scope.assembler.constant(constant), 0)
        patches.append(len(self.words) - 1)

    def _jump_on_top(self, sense: bool, patches: list[int]) -> None:
        if sense:
            self._emit("not")
        self._emit("jump_if_false", 0)
        patches.append(len(self.words) - 1)

    def _note_calendar(self, left: Expression, right: Expression, before: int) -> None:
        """A comparison of today or the year changes on days that are known, in place of being looked at every day."""
        for one, other in ((left, right), (right, left)):
            day = day_compared(one, other)
            if day is not None:
                self.reads.only_on(before, [day])
                return
            year = self._figure(other) if is_calendar(one, "year") else None
            if year is not None and FIRST_YEAR < year < LAST_YEAR:
                self.reads.only_on(before, [new_year(int(year)), new_year(int(year) + 1)])
                return

    def _figure(self, node: Expression) -> float | None:
        """The number that an expression is or assumes, if it is one."""
        if node.parts[:1] == ("assume",):
            parameters = self.scope.module.assumptions[node.parts[1]].quantity.parameters
            node = parameters[0] if len(parameters) == 1 else node
        return node.figure if node.op == "number" else None
