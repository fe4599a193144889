"""How much of a module is assumed: which of its shares, rates and durations nobody has published."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

from abmsim.expressions import Expression
from abmsim.lang.module import Exit, Module, Quantity
from abmsim.stats.card import Card

ORIGINS = ("seen", "derived", "other", "assumed")
"""Read in a publication, derived from such, a literal with a source of its own, assumed. The last that fits counts."""

_LAW = "term"
"""The key of a state whose number is the law's: it decides nothing that happens."""

_HEADS = ("stats", "assume", "schedule")
_NAMED = re.compile(rf"\b({'|'.join(_HEADS)})\.(\w+)")


def origins(module: Module, cards: Mapping[str, Card]) -> Counter[str]:
    """How many numbers of a resolved module come from where; each use of a number counts."""
    return Counter(origin_of(source, module, cards, names) for source, names in _numbers(module.states))


def origin_of(source: str, module: Module, cards: Mapping[str, Card], names: Iterable[tuple[str, str]] = ()) -> str:
    """Where a number comes from: `source` as a row's `why` tells it, `names` what its expressions name besides.

    A column of a schedule is as sure as the schedule's card.
    """
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
    if isinstance(thing, Exit) and thing.quantity is not None:
        factor = (thing.times,) if thing.times is not None else ()
        yield thing.quantity.source, _names((*thing.quantity.parameters, *factor))
    elif isinstance(thing, Exit) and thing.schedule:
        yield f"stats.{thing.schedule}", []
    elif isinstance(thing, Quantity):
        yield thing.source, _names(thing.parameters)
    elif isinstance(thing, Mapping):
        for value in thing.values():
            yield from _numbers(value)
    elif isinstance(thing, tuple):
        for item in thing:
            yield from _numbers(item)
    elif is_dataclass(thing) and not isinstance(thing, Expression):
        for field in fields(thing):
            if field.name != _LAW:
                yield from _numbers(getattr(thing, field.name))


def _names(expressions: Iterable[Expression]) -> list[tuple[str, str]]:
    nodes = [node for expression in expressions for node in expression.walk()]
    return [(node.parts[0], node.parts[1]) for node in nodes if len(node.parts) == 2 and node.parts[0] in _HEADS]
