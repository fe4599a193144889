"""How much of a module is assumed: which of its shares, rates and durations nobody has published."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from abmsim.expressions import Expression
from abmsim.lang.institution import awaited_by
from abmsim.lang.module import (
    Branch,
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
from abmsim.stats.card import Card

_PARTS: dict[type, tuple[str, ...]] = {
    State: ("closings", "record", "settings", "exits", "next"),
    Closing: ("reason",),
    Record: ("columns",),
    ColumnValue: ("shares", "quantity"),
    Setting: ("distribution",),
    Branch: ("shares", "conditions"),
    Condition: ("to",),
    Share: ("share",),
}
"""Where a state keeps numbers that decide something: its `term` is the law's, and decides nothing that happens."""

_HEADS = ("stats", "assume", "schedule")
_INSTITUTION = "institutions."
_NAMED = re.compile(rf"\b({'|'.join(_HEADS)})\.(\w+)")


def origins(module: Module, cards: Mapping[str, Card]) -> Counter[str]:
    """How many numbers of a resolved module come from where; each use of a number counts."""
    return Counter(origin_of(source, module, cards, names) for source, names in _numbers(module.states))


def origin_of(source: str, module: Module, cards: Mapping[str, Card], names: Iterable[tuple[str, str]] = ()) -> str:
    """Where a number comes from: `source` as a row's `why` tells it, `names` what its expressions name besides.

    A column of a schedule is as sure as the schedule's card, and a turn as the published waiting time.
    """
    if source.startswith(_INSTITUTION):
        institution = awaited_by(module, source.removeprefix(_INSTITUTION))
        if institution is None:
            return "other"
        return origin_of(institution.wait.source, module, cards, _names(institution.wait.parameters))
    named = {*names, *((head, name) for head, name in _NAMED.findall(source))}
    statistics = {name for head, name in named if head == "stats"}
    if any(head == "schedule" for head, _ in named):
        statistics |= {exit_.schedule for state in module.states.values() for exit_ in state.exits}
    verified = {cards[name].verified for name in statistics if name in cards}
    if "assumption" in verified or any(head == "assume" for head, _ in named):
        return "assumed"
    return "derived" if "derived" in verified else "seen" if verified else "other"


def _numbers(thing: object) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """(source, names) of every share, rate and duration that decides something."""
    if isinstance(thing, Quantity):
        yield thing.source, _names(thing.parameters)
    elif isinstance(thing, Exit) and thing.quantity is not None:
        factor = (thing.times,) if thing.times is not None else ()
        yield thing.quantity.source, _names((*thing.quantity.parameters, *factor))
    elif isinstance(thing, Exit) and thing.turn is not None:
        yield f"{_INSTITUTION}{thing.turn.at}", []
    elif isinstance(thing, Exit) and thing.schedule:
        yield f"stats.{thing.schedule}", []
    elif isinstance(thing, dict | tuple):
        for item in thing.values() if isinstance(thing, dict) else thing:
            yield from _numbers(item)
    else:
        for name in _PARTS.get(type(thing), ()):
            yield from _numbers(getattr(thing, name))


def _names(expressions: Iterable[Expression]) -> list[tuple[str, str]]:
    nodes = [node for expression in expressions for node in expression.walk()]
    return [(node.parts[0], node.parts[1]) for node in nodes if len(node.parts) == 2 and node.parts[0] in _HEADS]
