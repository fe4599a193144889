"""Quantities as words: durations with their parameters, and lists of shares."""

from __future__ import annotations

from collections.abc import Sequence

from abmsim.lang import layout
from abmsim.lang.compile_expressions import Coder
from abmsim.lang.module import Quantity, Share
from abmsim.lang.scope import CompileScope


def compile_duration(scope: CompileScope, quantity: Quantity) -> int:
    """Place of a duration: kind, expression, expression, unit."""
    places = [Coder(scope).value(parameter) for parameter in quantity.parameters]
    places += [0] * (2 - len(places))
    return scope.assembler.add([layout.DURATIONS[quantity.kind], *places, layout.UNITS.index(quantity.unit)])


def shares_words(scope: CompileScope, shares: Sequence[Share], heads: Sequence[Sequence[int]]) -> list[int]:
    """n, then per share its head (target, why | label) and the place of its expression; the rest comes last.

    The order in the file is the order of the cumulated shares, so that equal draws pick alike in two scenarios.
    """
    pairs = sorted(zip(shares, heads, strict=True), key=lambda pair: pair[0].share is None)
    words = [len(pairs)]
    for share, head in pairs:
        words += [*head, Coder(scope).value(share.share.parameters[0]) if share.share is not None else 0]
    return words
