"""The tree of an expression, and the types that its nodes have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Type:
    """What an expression gives: `bool`, `number`, `day`, or `category` with its labels in order."""

    kind: str
    labels: tuple[str, ...] = ()

    def __str__(self) -> str:
        return {"bool": "true or false", "number": "a number", "day": "a day"}.get(self.kind, "a label")


BOOL, NUMBER, DAY = Type("bool"), Type("number"), Type("day")


@dataclass(frozen=True, slots=True)
class Expression:
    """One node of a parsed expression.

    `op` is `number` (value: float; booleans are 1.0 and 0.0, days are day numbers, resolved labels their index),
    `text` (value: str, a label that is not resolved yet), `name` (value: the parts of a dotted name, as a tuple),
    `and`, `or`, `not`, `negate`, `+ - * /`, `< <= > >= == !=`, `if` (condition, then, else), `call` (value: the
    function's name), or `broken` (a problem was told here; it has no type and comes in no program). `line` and
    `column` are its place in the module's file, or in `file` (what a submodule says, or is told by its caller). `type`
    is there after `resolve`, and on `true`, `false` and numbers from the beginning.
    """

    op: str
    args: tuple[Expression, ...] = ()
    value: float | str | tuple[str, ...] | None = None
    line: int = 0
    column: int = 0
    type: Type | None = None
    file: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of a dotted name; empty for everything else."""
        return self.value if type(self.value) is tuple else ()

    @property
    def figure(self) -> float:
        """The value of a number; 0 for everything else."""
        return self.value if isinstance(self.value, float) else 0.0

    def walk(self) -> Iterator[Expression]:
        """This node and all below it, parents first."""
        yield self
        for arg in self.args:
            yield from arg.walk()

    def names(self) -> Iterator[tuple[str, ...]]:
        """The dotted names that occur in it, as tuples of their parts."""
        for node in self.walk():
            if node.parts:
                yield node.parts

    def typed(self, type_: Type) -> Expression:  # without `replace`, which takes three times as long
        return Expression(self.op, self.args, self.value, self.line, self.column, type_, self.file)

    def with_args(self, args: tuple[Expression, ...]) -> Expression:
        """The same node over other nodes."""
        return Expression(self.op, args, self.value, self.line, self.column, self.type, self.file)


def expression_type(expression: Expression) -> Type:
    """The type of a resolved expression."""
    assert expression.type is not None, "resolve the expression first"
    return expression.type


def number(value: float, line: int = 0, column: int = 0, type_: Type = NUMBER) -> Expression:
    """A constant."""
    return Expression("number", value=float(value), line=line, column=column, type=type_)
