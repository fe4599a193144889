"""Knots of a graph: the sets of nodes that lead round to each other (Tarjan's strongly connected components)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping


def knots(starts: Iterable[str], ways: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """Each set of nodes from which a way leads back to them, in time that grows with nodes and ways only."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_: dict[str, None] = {}
    for start in starts:
        walk = [(start, iter(ways.get(start, [])))] if start not in number else []
        if walk:
            number[start] = lowest[start] = len(number)
            open_[start] = None
        while walk:
            here, onward = walk[-1]
            target = next(onward, None)
            if target is None:
                walk.pop()
                if walk:
                    above = walk[-1][0]
                    lowest[above] = min(lowest[above], lowest[here])
                if lowest[here] == number[here]:
                    knot = _close(open_, here)
                    if len(knot) > 1 or here in ways.get(here, []):
                        yield knot
            elif target not in number:
                number[target] = lowest[target] = len(number)
                open_[target] = None
                walk.append((target, iter(ways.get(target, []))))
            elif target in open_:
                lowest[here] = min(lowest[here], number[target])


def _close(open_: dict[str, None], first: str) -> list[str]:
    """Take `first` and all that was opened after it."""
    knot: list[str] = []
    while not knot or knot[-1] != first:
        knot.append(open_.popitem()[0])
    return knot[::-1]
