"""All expressions of a module, wherever they stand in it."""

from __future__ import annotations

from abmsim.expressions import Expression
from abmsim.lang.module import (
    Argument,
    Assumption,
    Branch,
    Call,
    Closing,
    ColumnValue,
    Condition,
    Exit,
    Module,
    Quantity,
    Record,
    Setting,
    Share,
    State,
)

_PARTS: dict[type, tuple[str, ...]] = {
    Quantity: ("parameters",),
    Share: ("share",),
    Condition: ("when", "to"),
    Branch: ("shares", "conditions"),
    Exit: ("expression", "quantity", "times"),
    ColumnValue: ("shares", "expression", "quantity"),
    Record: ("columns",),
    Setting: ("expression", "distribution"),
    Closing: ("reason",),
    Argument: ("quantity",),
    Call: ("arguments",),
    State: ("closings", "record", "settings", "exits", "term", "next", "call"),
    Assumption: ("quantity",),
    Module: ("assumptions", "states"),
}
"""Where the parts of a module keep expressions."""


def expressions_in(thing: object) -> list[Expression]:
    """Every node of every expression of a module, or of a part of one; parents first, in the order of the file."""
    found: list[Expression] = []
    _collect(thing, found)
    return found


def _collect(thing: object, found: list[Expression]) -> None:
    if isinstance(thing, Expression):
        found.append(thing)
        for arg in thing.args:
            _collect(arg, found)
        return
    if isinstance(thing, tuple | dict):
        for item in thing.values() if isinstance(thing, dict) else thing:
            _collect(item, found)
        return
    for name in _PARTS.get(type(thing), ()):
        part = getattr(thing, name)
        if part:
            _collect(part, found)
