"""Which states, edges and branches of a module its tests reach, and which none does."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from abmsim.casework.ways import Choice, Way, choices
from abmsim.expressions import show
from abmsim.lang.module import Module, Spot

KINDS = ("states", "edges", "branches")


@dataclass(frozen=True, slots=True)
class Part:
    """A state, an edge or a branch: where it stands, what to call it, and whether a test reaches it.

    `told` says that another part that no test reaches tells of this one too.
    """

    spot: Spot
    text: str
    reached: bool
    told: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """The parts of one module, by KINDS.

    An edge leads from a state to a state through one exit; the branches are all exits, conditions (with their else)
    and shares.
    """

    module: Module
    parts: Mapping[str, tuple[Part, ...]]

    def count(self, kind: str) -> tuple[int, int]:
        """(how many are reached, how many there are)."""
        return sum(part.reached for part in self.parts[kind]), len(self.parts[kind])

    def share(self, kind: str) -> float:
        """The share that is reached; 1 of nothing."""
        reached, total = self.count(kind)
        return reached / total if total else 1.0

    def missing(self) -> list[str]:
        """A line with its place for all that no test reaches: states, edges out of others, branches of edges taken."""
        left = [part for kind in KINDS for part in self.parts[kind] if not part.reached and not part.told]
        return [f"{part.spot.file or self.module.file}:{part.spot.line} {part.text}" for part in left]


@dataclass(slots=True)
class Reached:
    """What the cases of one module have come through so far."""

    states: set[str] = field(default_factory=set)
    ways: set[Way] = field(default_factory=set)


def coverage(module: Module, reached: Reached) -> Coverage:
    """What of a module the cases have reached; its own graph counts, not what a case forces it to be."""
    ways = [choice for state in module.states.values() for choice in choices(state)]
    edges = _edges(ways, reached)
    taken = {edge for edge, part in edges.items() if part.reached}
    states = (
        Part(state.spot, f"state {state.name} is never entered", state.name in reached.states)
        for state in module.states.values()
    )
    branches = _branches(ways, reached.ways, taken)
    return Coverage(module, dict(zip(KINDS, (tuple(states), tuple(edges.values()), branches), strict=True)))


def in_common(found: Sequence[Coverage]) -> list[Coverage]:
    """The same where what a submodule says counts as reached for all callers once the cases of one have reached it."""
    reached = {
        key for one in found for kind in KINDS for part in one.parts[kind]
        if part.reached and (key := _of_submodule(kind, part))
    }  # fmt: skip
    return [
        Coverage(one.module, {
            kind: tuple(
                replace(part, reached=True) if _of_submodule(kind, part) in reached else part
                for part in one.parts[kind]
            )
            for kind in KINDS
        })
        for one in found
    ]  # fmt: skip


def _of_submodule(kind: str, part: Part) -> tuple[str, Spot, str] | None:
    """What a part is in the submodule that says it, whoever calls it; None for what the module itself says."""
    if not part.spot.file:
        return None
    return kind, part.spot, _CALLS.sub("", part.text) if kind == "edges" else ""


_CALLS = re.compile(r"\b(?:\w+\.)+(?=\w)")
"""Names of calls, in front of the states of submodules."""

_Edge = tuple[str, Spot, str]


def _edge(way: Way) -> _Edge:
    return way.source, way.exit_spot, way.target


def _edges(ways: Sequence[Choice], reached: Reached) -> dict[_Edge, Part]:
    """The edges; one out of a state that is never entered has been told of by that."""
    taken = {_edge(way) for way in reached.ways}
    edges: dict[_Edge, Part] = {}
    for choice in ways:
        way, exit_ = choice.way, choice.exit
        through = f" through {exit_.name}" if exit_ is not None and exit_.name not in ("", way.target) else ""
        text = f"edge {way.source} -> {way.target}{through} is never taken"
        edges.setdefault(_edge(way), Part(way.spot, text, _edge(way) in taken, way.source not in reached.states))
    return edges


def _branches(ways: Sequence[Choice], reached: Collection[Way], taken: Collection[_Edge]) -> tuple[Part, ...]:
    """The branches; one whose edges are all never taken has been told of by them.

    A case that forces a target against the conditions takes the edge and its exit, but no condition and no share.
    """
    exits = {(way.source, way.exit_spot) for way in reached}
    through: dict[tuple[str, Spot, Spot], list[Choice]] = {}
    texts: dict[tuple[str, Spot, Spot], str] = {}
    for choice in ways:
        for spot, text in _choices_of(choice):
            branch = (choice.way.source, choice.way.exit_spot, spot)
            through.setdefault(branch, []).append(choice)
            texts[branch] = text
    parts = []
    for branch, those in through.items():
        source, exit_spot, spot = branch
        is_exit = spot == exit_spot
        is_reached = (source, exit_spot) in exits if is_exit else any(choice.way in reached for choice in those)
        told = not any(_edge(choice.way) in taken for choice in those)
        parts.append(Part(spot, f"branch of {source}, {texts[branch]}, is never taken", is_reached, told))
    return tuple(parts)


def _choices_of(choice: Choice) -> Iterator[tuple[Spot, str]]:
    """The exit, the condition and the share of a way, each with its place and what to call it."""
    way = choice.way
    if choice.exit is not None or way.exit_spot == way.spot:
        name = choice.exit.name if choice.exit is not None else "schedule_over"
        yield way.exit_spot, f"exit {name}" if name else "its exit"
    if choice.condition is not None:
        asked = choice.condition.when
        yield choice.condition.spot, f"when {show(asked)}" if asked is not None else "else"
    if choice.share is not None:
        yield way.spot, f"share of {way.target}"


def report(found: Sequence[Coverage]) -> list[str]:
    """A table, one line a module, then all that no test reaches."""
    names = [coverage.module.name for coverage in found]
    width = max(map(len, ["module", *names]))
    lines = [f"{'module':{width}}" + "".join(f"  {kind:>14}" for kind in KINDS)]
    for one in found:
        cells = "".join(f"  {_cell(*one.count(kind), one.share(kind)):>14}" for kind in KINDS)
        lines.append(f"{one.module.name:{width}}{cells}")
    return [*lines, *(line for one in found for line in one.missing())]


def _cell(reached: int, total: int, share: float) -> str:
    """`19/20  95 %`: rounded down, so that only all of them are 100 %."""
    return f"{reached}/{total} {int(100 * share):>3} %"
