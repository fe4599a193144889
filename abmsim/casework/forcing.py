"""A module as a case wants it: chance forced, every state told, and begun where the case begins.

Only the description of the module is rewritten, before it is compiled: the kernel is the one that runs towns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from abmsim.expressions import BOOL, Expression
from abmsim.lang.cases import Case, Forced
from abmsim.lang.module import Branch, Condition, Exit, Module, Spot, State
from abmsim.vocabulary import Attribute

GOES_ON = "(goes on)"
"""The attribute that tells the resident of the case (1) from the others of the household, whose modules stand still.
No name of a module can look like this."""

READY = " (ready)"
"""Ends the name of the state behind one whose time is forced, in which a condition must still come to hold."""

_BEGIN, _STILL = "(begin)", "(stands still)"


def staged(module: Module, case: Case) -> Module:
    """The module of a case, ready to be compiled."""
    states: dict[str, State] = {}
    forced = {draw.state: draw for draw in case.draw}
    for name, state in module.states.items():
        told = replace(state, silent=False)
        for rewritten in forced_states(told, forced[name]) if name in forced else [told]:
            states[rewritten.name] = rewritten
    goes_on = Expression("name", value=(GOES_ON,), type=BOOL)
    spot = module.spot
    ways = (Condition(goes_on, Branch(spot, to=case.begin), spot), Condition(None, Branch(spot, to=_STILL), spot))
    states[_BEGIN] = State(_BEGIN, spot, silent=True, next={"": Branch(spot, conditions=ways)})
    states[_STILL] = State(_STILL, spot, silent=True, final=True)
    attributes = {**module.attributes, GOES_ON: Attribute(GOES_ON, "bool", "the case is about this resident")}
    begins = "birth" if case.from_birth else "base_date"
    return replace(module, states=states, start=_BEGIN, begins=begins, attributes=attributes)


def still(module: Module) -> Module:
    """A module that another one reads: its attributes keep the values that the case gives."""
    return replace(
        module, states={_STILL: State(_STILL, module.spot, silent=True, final=True)}, start=_STILL, begins="birth"
    )


def forced_states(state: State, forced: Forced) -> list[State]:
    """The state with its chance forced, and a silent one behind it where a condition must hold after the time.

    Conditions are not chance: they go on to hold or not, whatever the case forces.
    """
    leading = [exit_ for exit_ in state.exits if _leads(state, exit_, forced.to)]
    if not state.exits and forced.after is None:
        return [replace(state, next={"": _branch(state, None, forced)})]
    conditions = [exit_ for exit_ in state.exits if exit_.kind == "condition"]
    chance = [exit_ for exit_ in leading if exit_.kind != "condition"]
    if forced.after is None:
        kept = [exit_ for exit_ in state.exits if exit_ in leading or exit_ in conditions]
        return [_with_exits(state, [(exit_, _branch(state, exit_, forced)) for exit_ in kept])]
    racing = [(exit_, _branch(state, exit_, forced)) for exit_ in conditions if chance or exit_ not in leading]
    free = [exit_ for exit_ in chance if exit_.expression is None]
    if free or not state.exits:
        branch = _branch(state, free[0] if free else None, forced)
        wait = _wait(forced, free[0].spot if free else state.spot)
        return [_with_exits(state, [*racing, (wait, branch)])]
    ready = f"{state.name}{READY}"
    gates = [(_gate(exit_), _branch(state, exit_, forced)) for exit_ in leading]
    gates += [pair for pair in racing if pair not in gates]
    behind = State(ready, state.spot, silent=True)
    return [
        _with_exits(state, [*racing, (_wait(forced, forced.spot), Branch(forced.spot, to=ready))]),
        _with_exits(behind, gates),
    ]


def _leads(state: State, exit_: Exit, to: str) -> bool:
    branch = state.next.get(exit_.name) or state.next[""]
    return not to or any(name == to for name, _ in branch.targets())


def _wait(forced: Forced, spot: Spot) -> Exit:
    """The forced time; it stands where the exit stands that it takes the place of."""
    return Exit("", "wait", spot, quantity=forced.after)


def _branch(state: State, exit_: Exit | None, forced: Forced) -> Branch:
    """Where an exit leads: to what is forced if it can lead there, else as the module says."""
    branch = state.next.get(exit_.name if exit_ is not None else "") or state.next[""]
    if forced.to and any(name == forced.to for name, _ in branch.targets()):
        return _towards(branch, forced.to)
    return branch


def _towards(branch: Branch, to: str) -> Branch:
    """A branch that leads to one state whatever chance and conditions say, by the way that it names if it does."""
    spot = next((spot for name, spot in branch.targets() if name == to), branch.spot)
    if not branch.conditions:
        return Branch(spot, to=to)
    return replace(
        branch, conditions=tuple(replace(condition, to=_towards(condition.to, to)) for condition in branch.conditions)
    )


def _gate(exit_: Exit) -> Exit:
    """What must hold before a guarded hazard can fire, or the condition itself."""
    return Exit("", "condition", exit_.spot, exit_.expression)


def _with_exits(state: State, ways: Sequence[tuple[Exit, Branch]]) -> State:
    exits = tuple(replace(exit_, name=str(number)) for number, (exit_, _) in enumerate(ways))
    branches = {str(number): branch for number, (_, branch) in enumerate(ways)}
    return replace(state, exits=exits, next=branches)
