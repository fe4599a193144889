"""Quantities as words: durations with their parameters, and lists of shares."""

from __future__ import annotations

from collections.abc import Sequence

from abmsim.lang import layout
from abmsim.lang.compile_expressions import Coder
from abmsim.lang.empirical import duration_spans
from abmsim.lang.module import Quantity, Share
from abmsim.lang.scope import CompileScope


def compile_duration(scope: CompileScope, quantity: Quantity) -> int:
    """Place of a duration: kind, two operands, unit; of a drawn number too, whose unit is ""."""
    if quantity.kind == "empirical":
        places = [_spans(scope, quantity.card)]
    else:
        places = [Coder(scope).value(parameter) for parameter in quantity.parameters]
    places += [0] * (2 - len(places))
    unit = layout.UNITS.index(quantity.unit) if quantity.unit else 0
    return scope.assembler.add([layout.DURATIONS[quantity.kind], *places, unit])


def _spans(scope: CompileScope, card: str) -> int:
    """Place of the spans of an empirical distribution: n, index of n * (from, to, cumulated weight)."""
    scope.statistics.add(card)
    numbers, cumulated = [], 0.0
    for begin, end, weight in duration_spans(scope.catalogue.table(card)):
        cumulated += weight
        numbers += [begin, end, cumulated]
    return scope.assembler.add([len(numbers) // 3, scope.assembler.add_numbers(numbers)])


def shares_words(scope: CompileScope, shares: Sequence[Share], heads: Sequence[Sequence[int]]) -> list[int]:
    """n, then per share its head (target, why | label) and the place of its expression; the rest comes last.

    The order in the file is the order of the cumulated shares, so that equal draws pick alike in two scenarios.
    """
    pairs = sorted(zip(shares, heads, strict=True), key=lambda pair: pair[0].share is None)
    words = [len(pairs)]
    for share, head in pairs:
        words += [*head, Coder(scope).value(share.share.parameters[0]) if share.share is not None else 0]
    return words
