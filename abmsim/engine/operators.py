"""The operators of expressions."""

from __future__ import annotations

from abmsim.engine.compiled import helper, inlined
from abmsim.engine.draws import exp, log
from abmsim.lang import layout as at


@inlined
def compare(comparison, left, right):
    if comparison == 0:
        return left < right
    if comparison == 1:
        return left <= right
    if comparison == 2:
        return left > right
    if comparison == 3:
        return left >= right
    if comparison == 4:
        return left == right
    return left != right


@helper
def unary(op, value):
    if op == at.NOT:
        return 1.0 if value == 0.0 else 0.0
    if op == at.NEGATE:
        return -value
    if op == at.ABSOLUTE:
        return abs(value)
    if op == at.EXP:
        return exp(value)
    if op == at.LOG:
        return log(value)
    if op == at.LOGIT:
        return log(value) - log(1.0 - value)
    return 1.0 / (1.0 + exp(-value))


@helper
def binary(op, left, right):
    if op == at.ADD:
        return left + right
    if op == at.SUBTRACT:
        return left - right
    if op == at.MULTIPLY:
        return left * right
    if op == at.DIVIDE:
        return left / right
    if op == at.MINIMUM:
        return min(left, right)
    if op == at.MAXIMUM:
        return max(left, right)
    return 1.0 if compare(op - at.LESS, left, right) else 0.0
