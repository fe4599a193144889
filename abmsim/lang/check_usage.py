"""What a module reads, and which of its assumptions nothing uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from abmsim.expressions import Expression
from abmsim.lang.codes import UNUSED_ASSUMPTION
from abmsim.lang.module import Module
from abmsim.lang.walk import expressions_in
from abmsim.problems import Problem
from abmsim.stats.card import Card


def unused_assumptions(module: Module, nodes: Iterable[Expression] | None = None) -> Iterator[Problem]:
    """The assumptions that nothing uses in a module as it was read: a resolved one has durations in their place.

    `nodes` are those that may use them, by default all of the module.
    """
    if nodes is None:
        nodes = expressions_in(module) if module.assumptions else []
    used = {node.parts[1] for node in nodes if node.parts[:1] == ("assume",) and len(node.parts) == 2}
    for name, assumption in module.assumptions.items():
        if name not in used:
            text = f"nothing uses the assumption '{name}'"
            yield module.problem(assumption.spot, UNUSED_ASSUMPTION, text, "remove it")


def names_read(nodes: Iterable[Expression], cards: Mapping[str, Card]) -> frozenset[str] | None:
    """The names that the expressions of a resolved module read, those of a statistic's dimensions among them.

    None if an expression is broken.
    """
    read: set[str] = set()
    for node in nodes:
        if node.op == "broken":
            return None
        if node.op == "name":
            head, *_, last = ("", *node.parts) if len(node.parts) == 1 else node.parts
            read.update(cards[last].by if head == "stats" and last in cards else (last,))
    return frozenset(read)
