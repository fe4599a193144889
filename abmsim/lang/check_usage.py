"""Warnings: what a module assumes or keeps, and nothing reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from abmsim.expressions import Expression
from abmsim.lang.codes import NEVER_READ, UNUSED_ASSUMPTION
from abmsim.lang.module import Module
from abmsim.lang.walk import expressions_in
from abmsim.problems import Problem
from abmsim.stats.card import Card
from abmsim.stats.catalogue import Catalogue


def usage_warnings(
    written: Sequence[Module], resolved: Sequence[Module], submodules: Sequence[Module], catalogue: Catalogue
) -> Iterator[Problem]:
    """Unused assumptions of each module as it was read, and attributes that no resolved module reads.

    What a submodule keeps is read, or not, in the modules that call it.

    Says nothing about a module that has broken expressions, and nothing about attributes if any module has.
    """
    nodes = {module.name: expressions_in(module) for module in (*resolved, *submodules)}
    names = {name for name, found in nodes.items() if not any(node.op == "broken" for node in found)}
    whole = [module for module in resolved if module.name in names]
    for module in written:
        if module.name in names:
            yield from _unused_assumptions(module)
    if len(whole) == len(resolved):
        read = {name for module in whole for name in _reads(nodes[module.name], catalogue.cards)}
        yield from _never_read(whole, read)


def _unused_assumptions(module: Module) -> Iterator[Problem]:
    used = {node.parts[1] for node in expressions_in(module) if node.parts[:1] == ("assume",) and len(node.parts) == 2}
    for name, assumption in module.assumptions.items():
        if name not in used:
            text = f"nothing uses the assumption '{name}'"
            yield module.problem(assumption.spot, UNUSED_ASSUMPTION, text, "remove it")


def _never_read(modules: Sequence[Module], read: Collection[str]) -> Iterator[Problem]:
    for module in modules:
        unread = {name: spot for name, spot in module.attribute_spots.items() if name not in read}
        tested = _tests(module) if unread else ""
        for name, spot in unread.items():
            if not re.search(rf"\b{name}\b", tested):
                yield module.problem(spot, NEVER_READ, f"nothing reads the attribute '{name}'", "read it or remove it")


def _tests(module: Module) -> str:
    """The text of the module's own tests: what they look at is of use."""
    try:
        return module.path.with_suffix(".test.yaml").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _reads(nodes: Iterable[Expression], cards: Mapping[str, Card]) -> Iterator[str]:
    for node in nodes:
        if node.parts[:1] == ("stats",):
            yield from cards[node.parts[1]].by
        elif node.parts:
            yield node.parts[-1]
