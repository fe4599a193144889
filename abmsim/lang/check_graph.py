"""The graph of a module's states: every way leads somewhere, takes time, and opens what it closes."""

from __future__ import annotations

import itertools
from collections import ChainMap
from collections.abc import Collection, Iterable, Iterator, Mapping

from abmsim.expressions import Expression, show
from abmsim.lang.check_quantity import Checking
from abmsim.lang.codes import (
    EXITS_AND_NEXT,
    FINAL_AND_MORE,
    LOOP,
    NEVER_OPENED,
    NO_NEXT,
    NO_SCHEDULE_BEFORE,
    SCHEDULE_OVER,
    TWO_SCHEDULES,
    UNKNOWN_TARGET,
    UNREACHABLE,
)
from abmsim.lang.knots import knots
from abmsim.lang.module import Branch, Exit, Module, Spot, State, place_of
from abmsim.lang.walk import expressions_in
from abmsim.problems import suggestion

SCHEDULE = "schedule"
_MOST_HINTS = 100
"""Nobody reads the nearest name of the hundred-and-first mistake, and looking for it takes time."""

_MOST_ROUNDS = 10
"""Rounds told of one knot of states: who mends some of them mends the rest."""


def check_graph(checking: Checking, verbs: Collection[str], nodes: Mapping[str, list[Expression]]) -> None:
    """Tell all problems of the module's graph.

    `verbs` are the record verbs of the schema, `nodes` those of each state's expressions.
    """
    module = checking.module
    if module.states and module.start not in module.states:
        _unknown_target(checking, module.start, module.start_spot)
    for state in module.states.values():
        _check_state(checking, state)
    _check_one_schedule(checking)
    _check_loops(checking)
    if _is_connected(module):
        opened = _opened_on_the_way(module)
        for state in module.states.values():
            if state.name not in opened:
                text = f"no way leads from '{module.start}' to state '{state.name}'"
                checking.tell(state.spot, UNREACHABLE, text, "name it in a `next`, or remove it")
            else:
                _check_opened(checking, state, opened[state.name], verbs, nodes[state.name])


def _unknown_target(checking: Checking, name: str, spot: Spot) -> None:
    few = len(checking.problems) < _MOST_HINTS
    hint = suggestion(name, checking.module.states, "states") if few else ""
    checking.tell(spot, UNKNOWN_TARGET, f"there is no state '{name}'", hint)


def _check_state(checking: Checking, state: State) -> None:
    for name, spot in state.targets():
        if name not in checking.module.states:
            _unknown_target(checking, name, spot)
    if state.final and (state.next or state.exits):
        checking.tell(state.spot, FINAL_AND_MORE, f"the final state '{state.name}' has time or a next state",
                      "drop `final`, or what follows it")  # fmt: skip
    if not state.final and not state.next:
        checking.tell(state.spot, NO_NEXT, f"state '{state.name}' leads nowhere", "add `next: name` or `final: true`")
    for exit_ in state.exits if state.next and "" not in state.next else ():
        if exit_.name not in state.next:
            text = f"`next` does not say where the exit '{exit_.name}' leads"
            checking.tell(exit_.spot, EXITS_AND_NEXT, text, f"add `{exit_.name}: name` to `next`")
    has_schedule = any(exit_.kind == SCHEDULE for exit_ in state.exits)
    if has_schedule and not state.schedule_over:
        text = f"state '{state.name}' does not say where it leads when the schedule is over"
        checking.tell(state.spot, SCHEDULE_OVER, text, "add `schedule_over: name`")
    if state.schedule_over_spot and not has_schedule:
        text = f"`schedule_over` in state '{state.name}', which follows no schedule"
        checking.tell(state.schedule_over_spot, SCHEDULE_OVER, text, "add `schedule: stats.name`")


def _check_one_schedule(checking: Checking) -> None:
    first = ""
    for state in checking.module.states.values():
        for exit_ in state.exits:
            first = first or exit_.schedule
            if exit_.schedule not in ("", first):
                text = f"a second schedule, stats.{exit_.schedule} beside stats.{first}"
                checking.tell(exit_.spot, TWO_SCHEDULES, text, "a module follows one schedule: make two modules")


def _is_connected(module: Module) -> bool:
    """Whether all ways are known: else every state behind a mistake would be told to be out of reach."""
    states = module.states
    targets = (name for state in states.values() for name in _targets(state))
    known = module.start in states and all(name in states for name in targets)
    return known and not any(_is_broken(state) for state in states.values())


def _is_broken(state: State) -> bool:
    """Whether it leads nowhere, or a branch of it could not be read."""
    leads_nowhere = not state.final and not state.next
    return leads_nowhere or any(_is_broken_branch(branch) for branch in state.next.values())


def _is_broken_branch(branch: Branch) -> bool:
    nothing = not (branch.to or branch.shares or branch.conditions)
    return nothing or any(_is_broken_branch(condition.to) for condition in branch.conditions)


# --- loops -----------------------------------------------------------------------------------------------------
def _check_loops(checking: Checking) -> None:
    """A round without time never ends; nor does one in which a single condition stays true."""
    states = checking.module.states
    at_once = {name: _targets(state) if _is_timeless(state) else [] for name, state in states.items()}
    in_a_round: set[str] = set()
    for round_ in _rounds(states, at_once, in_a_round):
        text = f"these states lead round without any time: {_way(round_)}"
        checking.tell(states[round_[0]].spot, LOOP, text, "give one of them a wait or a hazard")
    for condition, asking in _asking(states).items():
        ways = ChainMap({name: _ways_when(states[name], condition) for name in asking if not at_once[name]}, at_once)
        for round_ in _rounds(asking, ways, in_a_round):
            if not _can_end([states[name] for name in round_]):
                text = f"while {condition}, these states lead round without any time: {_way(round_)}"
                checking.tell(states[round_[0]].spot, LOOP, text, "give one of them a wait or a hazard")


def _asking(states: Mapping[str, State]) -> dict[str, list[str]]:
    """The conditions that states wait for, by their text, with the names of these states."""
    asking: dict[str, list[str]] = {}
    for state in states.values():
        for condition in _conditions(state):
            asking.setdefault(condition, []).append(state.name)
    return asking


def _way(round_: list[str]) -> str:
    return " > ".join([*round_, round_[0]])


def _rounds(starts: Iterable[str], ways: Mapping[str, list[str]], told: set[str]) -> Iterator[list[str]]:
    """Rounds that can be reached from `starts`, of states that have not been told yet; one for each knot of rounds."""
    for knot in knots(starts, ways):
        untold = (name for name in knot if name not in told)
        for name in itertools.islice(untold, _MOST_ROUNDS):
            round_ = _round(name, ways)
            told.update(round_)
            yield round_


def _conditions(state: State) -> dict[str, Exit]:
    """The conditions that a state waits for, and the crisis that it asks about, by their text."""
    asked = ((at_once_if(exit_), exit_) for exit_ in state.exits)
    return {show(expression): exit_ for expression, exit_ in asked if expression is not None}


def at_once_if(exit_: Exit) -> Expression | None:
    """What makes an exit take no time: a condition that holds, or a crisis that has its turn at once."""
    if exit_.kind == "condition":
        return exit_.expression
    return exit_.turn.crisis if exit_.turn is not None else None


def _ways_when(state: State, condition: str) -> list[str]:
    """Where a state leads at once while the condition holds."""
    exit_ = _conditions(state).get(condition)
    branch = (state.next.get(exit_.name) or state.next.get("")) if exit_ else None
    return [name for name, _ in branch.targets()] if branch else []


def _can_end(states: list[State]) -> bool:
    """Whether chance, or what the states of a round set or write, may lead out of it."""
    changed = {setting.attribute for state in states for setting in state.settings}
    if any(branch.shares for state in states for branch in _branches(state.next.values())):
        return True
    names = [node.parts for state in states for node in expressions_in((state.exits, dict(state.next))) if node.parts]
    return any(parts[-1] in changed or parts[-1] in ("open", "ends") for parts in names)


def _is_timeless(state: State) -> bool:
    return not state.exits or any(_is_always(exit_) for exit_ in state.exits)


def _is_always(exit_: Exit) -> bool:
    expression = at_once_if(exit_)
    return expression is not None and expression.op == "number" and bool(expression.value)


def _targets(state: State) -> list[str]:
    return [name for name, _ in state.targets()]


def _branches(branches: Iterable[Branch]) -> Iterator[Branch]:
    for branch in branches:
        yield branch
        yield from _branches(condition.to for condition in branch.conditions)


def _round(start: str, ways: Mapping[str, list[str]]) -> list[str]:
    """The shortest way from a state back to itself, [] if there is none."""
    came_from: dict[str, str] = {}
    front = [start]
    while front:
        here = front.pop(0)
        for target in ways.get(here, []):
            if target == start:
                way = [here]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if target not in came_from:
                came_from[target] = here
                front.append(target)
    return []


# --- what is opened on the way ---------------------------------------------------------------------------------
def _opened_on_the_way(module: Module) -> dict[str, set[str]]:
    """For each reachable state the verbs that some way to it has opened (`schedule`: a line has been reached)."""
    opened: dict[str, set[str]] = {module.start: set()}
    front = [module.start]
    while front:
        state = module.states[front.pop()]
        after = opened[state.name] | set(_opens(state))
        for target in _targets(state):
            if target in module.states and not (target in opened and after <= opened[target]):
                opened[target] = opened.get(target, set()) | after
                front.append(target)
    return opened


def _opens(state: State) -> Iterator[str]:
    if state.record is not None:
        yield state.record.verb
    for exit_ in state.exits:
        if exit_.kind == SCHEDULE:
            yield SCHEDULE


def _check_opened(
    checking: Checking, state: State, before: set[str], verbs: Collection[str], nodes: list[Expression]
) -> None:
    for closing in state.closings:
        if closing.verb in verbs and closing.verb not in before:
            text = f"no state on the way to '{state.name}' opens '{closing.verb}'"
            checking.tell(closing.spot, NEVER_OPENED, text, "close it where it can be open")
    opened = before | set(_opens(state))
    for exit_ in state.exits:
        if exit_.kind == "ends" and exit_.verb in verbs and exit_.verb not in opened:
            _never_opened(checking, state, exit_.verb, exit_.spot)
    for node in nodes:
        parts = node.parts
        head = parts[0] if parts else ""
        if head == SCHEDULE and SCHEDULE not in opened:
            text = f"state '{state.name}' reads {'.'.join(parts)} before any line of a schedule is reached"
            checking.tell(place_of(node), NO_SCHEDULE_BEFORE, text, "read it after a state with `schedule:`")
        if len(parts) == 2 and head in verbs and head not in opened:
            _never_opened(checking, state, head, place_of(node))


def _never_opened(checking: Checking, state: State, verb: str, spot: Spot) -> None:
    text = f"neither '{state.name}' nor a state on the way to it opens '{verb}'"
    checking.tell(spot, NEVER_OPENED, text, f"write {verb} in a state before it")
