"""A module as a picture: boxes for its states and arrows between them, in words, not yet laid out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from abmsim.expressions import show
from abmsim.lang.module import Branch, Module, State
from abmsim.lang.picture_counts import Pair, RunCounts
from abmsim.lang.picture_words import Words, ends, enters

TITLE, ABOUT, PLAIN, SOURCE, COUNT = "title", "about", "plain", "source", "count"
"""The styles of lines; what names a statistic is `source`, what a run counted is `count`."""

PLAIN_BOX, RECORD_BOX, UNKNOWN_BOX = "plain", "record", "unknown"
MANY_RETURNS = 5
"""So many plain arrows to one state are words in the boxes that they leave, or they would cover the picture."""

LEGEND = (
    "Blue: entering the state writes a record. Dashed: silent, entering it writes no row in `events`. "
    "Double border: the module is over. The dot leads to the first state."
)
LEGEND_OF_RETURNS = "'→' in a box: an arrow back to a state that many lead back to."


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said in a box or on an arrow; the layout breaks it where it is too long."""

    text: str
    style: str = PLAIN


@dataclass(frozen=True, slots=True)
class Box:
    """One state; `kind` is `plain`, `record` (it writes a row) or `unknown` (the file does not describe it)."""

    name: str
    lines: tuple[Line, ...]
    kind: str = PLAIN_BOX
    silent: bool = False
    final: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """All ways from one state to another, with what decides them; `back` if it closes a round of states."""

    source: str
    target: str
    lines: tuple[Line, ...]
    back: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn of a module; `notes` stand below."""

    title: str
    about: str
    start: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    notes: tuple[str, ...]


def picture(module: Module, words: Words, counts: RunCounts | None = None) -> Picture:
    """The picture of a module that was read; it need not be right, a state that is missing is drawn as unknown."""
    back = ways_back(module.start, graph(module))
    arrows = tuple(_arrows(module, words, counts, back))
    told = _told_in_boxes(arrow for arrow in arrows if arrow.back)
    boxes = [_box(state, words, counts, told) for state in module.states.values()]
    unknown = dict.fromkeys(
        name for name in (module.start, *(arrow.target for arrow in arrows)) if name not in module.states
    )
    boxes += [Box(name, (Line(name, TITLE), Line("this state is missing")), UNKNOWN_BOX) for name in unknown]
    drawn = tuple(arrow for arrow in arrows if arrow not in told)
    about = f"{module.about} ({module.law})" if module.law else module.about
    legend = f"{LEGEND} {LEGEND_OF_RETURNS}" if told else LEGEND
    notes = (legend, *(counts.notes() if counts else ()))
    return Picture(module.name, about, module.start, tuple(boxes), drawn, notes)


def _told_in_boxes(back: Iterable[Arrow]) -> tuple[Arrow, ...]:
    """The arrows back that say nothing but where they lead, to states where many such arrows lead."""
    plain = [arrow for arrow in back if all(line.style == COUNT for line in arrow.lines)]
    many = Counter(arrow.target for arrow in plain)
    return tuple(arrow for arrow in plain if many[arrow.target] >= MANY_RETURNS)


def _box(state: State, words: Words, counts: RunCounts | None, told: tuple[Arrow, ...]) -> Box:
    lines = [Line(state.name, TITLE)]
    if state.about:
        lines.append(Line(state.about, ABOUT))
    lines += [Line(text) for text in (*enters(state, words), *ends(state, words))]
    if counts:
        lines += [Line(text, COUNT) for text in counts.of_state(state.name)]
    for arrow in told:
        if arrow.source == state.name:
            lines += [Line(f"→ {arrow.target}"), *arrow.lines]
    kind = RECORD_BOX if state.record else PLAIN_BOX
    return Box(state.name, tuple(lines), kind, state.silent, state.final)


def _arrows(module: Module, words: Words, counts: RunCounts | None, back: Collection[Pair]) -> Iterator[Arrow]:
    """One arrow for each pair of states, in the order of the file."""
    for state in module.states.values():
        ways: dict[str, list[Line]] = {}
        for target, lines in _ways(state, words):
            ways.setdefault(target, []).extend(lines)
        for target, lines in ways.items():
            if counts:
                lines += [Line(text, COUNT) for text in counts.of_arrow(state.name, target)]
            yield Arrow(state.name, target, tuple(lines), (state.name, target) in back)


def _ways(state: State, words: Words) -> Iterator[tuple[str, tuple[Line, ...]]]:
    for exit_name, branch in state.next.items():
        yield from _branch(branch, (exit_name,) if exit_name not in ("", branch.to) else (), words)
    if state.schedule_over:
        yield state.schedule_over, (Line("no line is left"),)


def _branch(branch: Branch, said: tuple[str, ...], words: Words) -> Iterator[tuple[str, tuple[Line, ...]]]:
    """(target, lines) of every way out of a branch; `said` is what led to it."""
    if branch.to:
        yield branch.to, _labelled(said, ())
    for share in branch.shares:
        value, source = words.share(share.share)
        yield share.label, _labelled((*said, value), source)
    for number, condition in enumerate(branch.conditions, 1):
        reason = f"{number}. if {show(condition.when)}" if condition.when else f"{number}. else"
        yield from _branch(condition.to, (*said, reason), words)


def _labelled(said: tuple[str, ...], source: tuple[str, ...]) -> tuple[Line, ...]:
    return (*((Line(": ".join(said)),) if said else ()), *(Line(text, SOURCE) for text in source))


def silent_states(module: Module) -> frozenset[str]:
    return frozenset(state.name for state in module.states.values() if state.silent)


def graph(module: Module) -> Mapping[str, tuple[str, ...]]:
    """State -> the states that it can lead to, each once."""
    return {state.name: tuple(dict.fromkeys(name for name, _ in state.targets())) for state in module.states.values()}


def ways_back(start: str, ways: Mapping[str, tuple[str, ...]]) -> frozenset[Pair]:
    """The arrows that lead back to a state on the way to their own: without them no round is left.

    A walk in the order of the file from the first state, then from those that it does not reach.
    """
    back: set[Pair] = set()
    done: set[str] = set()
    for first in (start, *ways):
        on_the_way = {first: iter(ways.get(first, ()))} if first not in done else {}
        while on_the_way:
            state = next(reversed(on_the_way))
            target = next(on_the_way[state], None)
            if target is None:
                done.add(state)
                del on_the_way[state]
            elif target in on_the_way:
                back.add((state, target))
            elif target not in done:
                on_the_way[target] = iter(ways.get(target, ()))
    return frozenset(back)
