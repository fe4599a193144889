"""The turn at an institution: what is asked of it, and how long one who asks alone waits."""

from __future__ import annotations

from abmsim.days import day_date
from abmsim.explain.chance import duration_end
from abmsim.explain.here import Here
from abmsim.expressions import show
from abmsim.lang.changed import changed
from abmsim.lang.module import Await


def turn_of(here: Here, turn: Await, u: float) -> tuple[int, list[str]]:
    """(the day of the turn, how it came about): at once for a crisis, else after the published waiting time.

    Who is traced asks alone: the queue of a town is not there.
    """
    assert turn.institution is not None
    name, lines = turn.institution.title or turn.at, []
    if turn.priority is not None:
        here.reads.clear()
        lines.append(f"priority {here.value(turn.priority):.6g} = `{show(turn.priority)}`{here.taken()}")
    here.reads.clear()
    published = changed(turn.institution.wait, source=f"institutions.{turn.at}")
    end, text = duration_end(here, published, u)
    if turn.crisis is not None:
        here.reads.clear()
        is_crisis = bool(here.value(turn.crisis))
        lines.append(f"crisis `{show(turn.crisis)}` is {str(is_crisis).lower()}{here.taken()}")
        if is_crisis:
            return here.day, [*lines, f"a crisis has its turn at once -> {day_date(here.day)}"]
    return end, [*lines, f"awaits {name}: published waiting time {text}"]
