"""Expressions of the module language: a subset of Python's syntax over a resident's attributes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expression:
    """One node of a parsed expression.

    `op` is `number` (value: float; booleans are 1.0 and 0.0, days are day numbers, resolved labels their index),
    `text` (value: str, a label that is not resolved yet), `name` (value: the parts of a dotted name, as a tuple),
    `and`, `or`, `not`, `negate`, `+ - * /`, `< <= > >= == !=`, `if` (condition, then, else), or `call` (value: the
    function's name). `line` and `column` are its place in the module's file.
    """

    op: str
    args: tuple[Expression, ...] = ()
    value: float | str | tuple[str, ...] | None = None
    line: int = 0
    column: int = 0
