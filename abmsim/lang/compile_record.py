"""What the kernel keeps of a resident's standing in a module: a record of its own, as large as the module needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from abmsim.lang import layout
from abmsim.lang.module import Module, State
from abmsim.vocabulary import POPULATION, VOCABULARY

if TYPE_CHECKING:
    from abmsim.lang.compile_states import StateCompiler
    from abmsim.lang.scope import CompileScope

_WAITING = ("wait", "schedule", "await")


@dataclass(frozen=True, slots=True)
class Record:
    """How a module's record lies (see `layout`): in cells its hazards and what it awaits, then in words waits, lines of
    the schedule, verbs, counts of visits (of the states `visited`).

    `first_hazards` are those of the start state if that has nothing else to remember, None otherwise.
    """

    waits: int = 0
    hazards: int = 0
    first_hazards: int | None = None
    has_schedule: bool = False
    verbs: int = 0
    visited: tuple[str, ...] = ()
    awaits: bool = False

    @property
    def await_level(self) -> int:
        return _end_of(self.hazards)

    @property
    def first_wait(self) -> int:
        return 2 * (self.await_level + int(layout.AWAIT_LEVELS) * self.awaits)

    @property
    def lines(self) -> int:
        return self.first_wait + self.waits

    @property
    def first_verb(self) -> int:
        return self.lines + 2 * self.has_schedule

    @property
    def visits(self) -> int:
        """The first half of a word that counts visits."""
        return 2 * self.verb_rows(self.verbs)

    @property
    def cells(self) -> int:
        return (self.visits + len(self.visited) + 3) // 4

    @property
    def first_cells(self) -> int:
        """Cells that are enough for the first stay in the start state."""
        if self.first_hazards is None:
            return self.cells
        return _end_of(self.first_hazards)

    @property
    def most_cells(self) -> int:
        """Cells that a resident's records take: the short one is given back, but perhaps to nobody."""
        return self.cells if self.first_hazards is None else self.first_cells + self.cells

    def verb_rows(self, place: int) -> int:
        """The first word of what is kept of the verb at a place among the module's."""
        return self.first_verb + int(layout.VERB_PARTS) * place

    def visits_of(self, state: str) -> int:
        """The half of a word that counts the visits of a state, 0 if none does."""
        return self.visits + self.visited.index(state) if state in self.visited else 0

    @property
    def words(self) -> tuple[int, ...]:
        """The words of the module's description, in the order of `layout`."""
        return (
            self.cells, self.first_cells, self.first_wait, self.lines, self.first_verb, self.verbs, self.visits,
            len(self.visited),
        )  # fmt: skip


def _end_of(hazards: int) -> int:
    """The cell behind so many hazards."""
    return int(layout.FIRST_LEVEL) + int(layout.LEVEL_PARTS) * hazards


def record_of(module: Module, verbs: Sequence[tuple[str, str]]) -> Record:
    """The record of a module that writes these verbs."""
    return Record(
        waits=_most_exits(module, _WAITING),
        hazards=_most_exits(module, ("hazard",)),
        first_hazards=_hazards_alone(module),
        has_schedule=_most_exits(module, ("schedule",)) > 0,
        verbs=len(verbs),
        visited=visited_again(module),
        awaits=_most_exits(module, ("await",)) > 0,
    )


def _most_exits(module: Module, kinds: tuple[str, ...]) -> int:
    """The most exits of these kinds that a state of the module has."""
    return max(sum(exit_.kind in kinds for exit_ in state.exits) for state in module.states.values())


def _hazards_alone(module: Module) -> int | None:
    """How many hazards the start state has if a resident in it for the first time has nothing else to remember: no
    wait, no row that is open, no line of a schedule."""
    start = module.states[module.start]
    kinds = [exit_.kind for exit_ in start.exits]
    if start.record is not None or set(kinds) - {"condition", "hazard"} or _most_exits(module, ("schedule",)):
        return None
    return kinds.count("hazard")


def visited_again(module: Module) -> tuple[str, ...]:
    """The states that one episode can lead to more than once: those on a way round that avoids the start state, and
    those between two such ways."""
    ways = {
        name: {to for to in _targets(state) if to != module.start and to in module.states}
        for name, state in module.states.items()
        if name != module.start
    }
    while True:
        reached = {to for targets in ways.values() for to in targets}
        kept = {name: targets & ways.keys() for name, targets in ways.items() if name in reached}
        kept = {name: targets & kept.keys() for name, targets in kept.items() if targets & kept.keys()}
        if len(kept) == len(ways):
            return tuple(name for name in module.states if name in ways)
        ways = kept


def _targets(state: State) -> set[str]:
    branches = state.next.values()
    targets = {target for branch in branches for target, _ in branch.targets()}
    return targets | ({state.schedule_over} if state.schedule_over else set())


def rest_of(scope: CompileScope, start: StateCompiler) -> int:
    """Whether somebody who stands in the start state for the first time needs a record (REST_* of `layout`)."""
    state, reads = start.state, start.reads
    if not state.silent or state.happens or start.does_something:
        return int(layout.REST_NEVER)
    kinds = [exit_.kind for exit_ in start.all_exits()]
    if any(kind not in ("condition", "hazard") for kind in kinds):
        return int(layout.REST_NEVER)
    changes = {index for index in reads.own if not _is_fixed(scope, index)}
    if kinds == ["hazard"] and not (changes or reads.relatives or reads.ages or reads.flags or reads.days):
        return int(layout.REST_CERTAIN)
    return int(layout.REST_DORMANT)


def _is_fixed(scope: CompileScope, index: int) -> bool:
    """Whether a resident has a stored attribute once and for all."""
    known = VOCABULARY.get(scope.attributes[index].name)
    return known is not None and known.source == POPULATION
