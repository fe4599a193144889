"""The ways out of the states of a module, one by one, and how the kernel's log is made to say which one was taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from abmsim.casework.forcing import READY
from abmsim.expressions import Expression
from abmsim.lang.module import Branch, Condition, Exit, Module, Share, Spot, State


@dataclass(frozen=True, slots=True)
class Way:
    """One way from a state to another: through an exit, and there by a condition or a share if there are any.

    `exit_spot` is where the exit stands (the state itself if no time passes there), `spot` where the target is named.
    """

    source: str
    exit_spot: Spot
    spot: Spot
    target: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A way with the choices that it takes: the exit, the condition and the share it comes through, in that order."""

    way: Way
    exit: Exit | None
    condition: Condition | None
    share: Share | None


def choices(state: State) -> Iterator[Choice]:
    """All ways out of a state, in the order of the file; one each for the end of a schedule and for its lines."""
    for exit_ in state.exits or (() if state.final else (None,)):
        branch = state.next.get(exit_.name if exit_ is not None else "") or state.next[""]
        place = exit_.spot if exit_ is not None else state.spot
        for condition in branch.conditions or (None,):
            inner = condition.to if condition is not None else branch
            for share in inner.shares or (None,):
                spot, target = (share.spot, share.label) if share is not None else (inner.spot, inner.to)
                yield Choice(Way(state.name, place, spot, target), exit_, condition, share)
    if state.schedule_over_spot is not None:
        over = state.schedule_over_spot
        yield Choice(Way(state.name, over, over, state.schedule_over), None, None, None)


def marked(module: Module) -> tuple[Module, list[Way]]:
    """The module of a case with each way out marked, and the ways by number.

    The log gives the line that decided; in a marked module this is `line_of(number)`, that no file has.
    """
    ways: list[Way] = []
    states = {name: _marked_state(state, ways) for name, state in module.states.items()}
    return replace(module, states=states), ways


def line_of(number: int) -> int:
    """The line that stands for a way."""
    return -1 - number


def ways_of_lines(lines: Sequence[int], ways: Sequence[Way]) -> frozenset[Way]:
    """The ways that lines of the log stand for; lines of files stand for none."""
    return frozenset(ways[-1 - line] for line in lines if line < 0)


def _marked_state(state: State, ways: list[Way]) -> State:
    """A state without time gets an exit that always holds, so that the log gives its line and no earlier one."""
    if state.final:
        return state
    exits = state.exits or (Exit("", "condition", state.spot, Expression("number", value=1.0)),)
    branches = {}
    for number, exit_ in enumerate(exits):
        branch = state.next.get(exit_.name) or state.next[""]
        branches[str(number)] = _marked_branch(branch, state.name.removesuffix(READY), exit_.spot, ways)
    over = state.schedule_over_spot
    if over is not None:
        over = _mark(Way(state.name, over, over, state.schedule_over), ways)
    named = tuple(replace(exit_, name=str(number)) for number, exit_ in enumerate(exits))
    return replace(state, exits=named, next=branches, schedule_over_spot=over)


def _marked_branch(branch: Branch, source: str, exit_spot: Spot, ways: list[Way]) -> Branch:
    if branch.to:
        return replace(branch, spot=_mark(Way(source, exit_spot, branch.spot, branch.to), ways))
    shares = tuple(
        replace(share, spot=_mark(Way(source, exit_spot, share.spot, share.label), ways)) for share in branch.shares
    )
    conditions = tuple(
        replace(condition, to=_marked_branch(condition.to, source, exit_spot, ways)) for condition in branch.conditions
    )
    return replace(branch, shares=shares, conditions=conditions)


def _mark(way: Way, ways: list[Way]) -> Spot:
    ways.append(way)
    return Spot(line_of(len(ways) - 1), 1)
