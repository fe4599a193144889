"""All expressions of a module, wherever they stand in it."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from abmsim.expressions import Expression
from abmsim.lang.module import (
    Argument,
    Assumption,
    Await,
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

_PARTS: dict[type, attrgetter[Any]] = {
    Quantity: attrgetter("parameters"),
    Share: attrgetter("share"),
    Condition: attrgetter("when", "to"),
    Branch: attrgetter("shares", "conditions"),
    Await: attrgetter("priority", "crisis"),
    Exit: attrgetter("expression", "quantity", "times", "turn"),
    ColumnValue: attrgetter("shares", "expression", "quantity"),
    Record: attrgetter("columns"),
    Setting: attrgetter("expression", "distribution"),
    Closing: attrgetter("reason"),
    Argument: attrgetter("quantity"),
    Call: attrgetter("arguments"),
    State: attrgetter("closings", "record", "settings", "exits", "term", "next", "call"),
    Assumption: attrgetter("quantity"),
    Module: attrgetter("assumptions", "states"),
}
"""Where the parts of a module keep expressions."""


def expressions_in(thing: object) -> list[Expression]:
    """Every node of every expression of a module, or of a part of one; parents first, in the order of the file."""
    found: list[Expression] = []
    _collect(thing, found)
    return found


def _collect(thing: Any, found: list[Expression]) -> None:
    kind = type(thing)
    if kind is Expression:
        found.append(thing)
        for arg in thing.args:
            _collect(arg, found)
    elif kind is tuple:
        for item in thing:
            if item:
                _collect(item, found)
    elif kind is dict:
        for item in thing.values():
            _collect(item, found)
    elif kind in _PARTS:
        part = _PARTS[kind](thing)
        if part:
            _collect(part, found)
