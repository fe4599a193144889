"""Expression -> text, for pictures and reports: the inverse of `parse`, with the brackets that are needed."""

from __future__ import annotations

from abmsim.days import NEVER, day_date
from abmsim.expressions.node import DAY, Expression

_STRENGTH = {
    "if": 0, "or": 1, "and": 2, "not": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "==": 4, "!=": 4, "+": 5, "-": 5, "*": 6,
    "/": 6, "negate": 7,
}  # fmt: skip
_ATOM = 8


def show(expression: Expression) -> str:
    """The text of an expression, parsed or resolved; `parse(show(x))` is x but for places."""
    return _show(expression, 0)


def _show(node: Expression, outer: int) -> str:
    strength = _ATOM if _asks_known(node) else _STRENGTH.get(node.op, _ATOM)
    text = _text(node, strength)
    return f"({text})" if strength < outer else text


def _text(node: Expression, strength: int) -> str:
    args = node.args
    if _asks_known(node):
        return f"known({_show(args[0], 0)})"
    if node.op == "number":
        return _constant(node)
    if node.op == "broken":
        return "?"
    if node.op == "text":
        return repr(node.value)
    if node.op == "name":
        return ".".join(node.parts)
    if node.op == "call":
        return f"{node.value}({', '.join(_show(arg, 0) for arg in args)})"
    if node.op == "not":
        return f"not {_show(args[0], strength)}"
    if node.op == "negate":
        return f"-{_show(args[0], strength)}"
    if node.op == "if":
        return f"{_show(args[1], 1)} if {_show(args[0], 1)} else {_show(args[2], 0)}"
    if node.op in ("and", "or"):
        return f" {node.op} ".join(_show(arg, strength + 1) for arg in args)
    left = strength + 1 if strength == 4 else strength  # a < b < c would read as a chain
    return f"{_show(args[0], left)} {node.op} {_show(args[1], strength + 1)}"


def _asks_known(node: Expression) -> bool:
    """`resolve` makes of `known(x)` that x lies before a day beyond all days."""
    limit = node.args[1] if node.op == "<" else node
    return limit.op == "number" and limit.type == DAY and node.op == "<" and limit.value == float(NEVER // 2)


def _constant(node: Expression) -> str:
    value = node.value if isinstance(node.value, float) else 0.0
    kind = node.type.kind if node.type else "number"
    if kind == "bool":
        return "true" if value else "false"
    if kind == "day":
        return "none" if value >= NEVER // 2 else f"'{day_date(int(value)).isoformat()}'"
    if kind == "category" and node.type:
        return node.type.labels[int(value)]
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
