"""The events of one episode: back from a record to where its module began anew."""

from __future__ import annotations

from collections.abc import Sequence

from abmsim.lang.module import Module
from abmsim.life import Row


def since_the_start(events: Sequence[Row], module: Module | None) -> list[Row]:
    """The last events of a resident in a module, from the start of the episode on; `events` are in order.

    A start state that is silent leaves no event: the episode begins where only the start can have led. All events if
    the module is not known any more.
    """
    chain = list(events[-1:])
    if module is None:
        return list(events)
    after_start = _next_told(module, module.start, through_start=True)
    for event in reversed(events[:-1]):
        first = chain[0]["state"]
        if first == module.start:
            break
        state = event["state"]
        leads = state in module.states and first in _next_told(module, state, through_start=False)
        if first in after_start and not leads:
            break
        chain.insert(0, event)
    return chain


def _next_told(module: Module, state: str, through_start: bool) -> set[str]:
    """The states that tell an event and can follow a state with only silent ones between; of those not the start."""
    found: set[str] = set()
    passed: set[str] = set()
    waiting = [state]
    while waiting:
        one = waiting.pop()
        for name, _ in module.states[one].targets():
            if name not in module.states or name in passed or (name == module.start and not through_start):
                continue
            passed.add(name)
            if module.states[name].silent:
                waiting.append(name)
            else:
                found.add(name)
    return found
