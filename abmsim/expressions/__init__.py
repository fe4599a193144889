"""Expressions of the module language: a subset of Python's syntax over a resident's attributes."""

from abmsim.expressions.node import BOOL, DAY, NUMBER, Expression, Type, expression_type, number
from abmsim.expressions.parse import FUNCTIONS, parse
from abmsim.expressions.resolve import Scope, resolve
from abmsim.expressions.show import show

__all__ = [
    "BOOL", "DAY", "FUNCTIONS", "NUMBER", "Expression", "Scope", "Type", "expression_type", "number", "parse",
    "resolve", "show",
]  # fmt: skip
