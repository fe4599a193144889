"""Published figures that cannot all be true: two of the same thing that differ, and strata that are not their total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from abmsim.problems import Problem
from abmsim.schema.definition import Schema
from abmsim.schema.schema import load_schema
from abmsim.stats.card import Card
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.target import SHARES, TOTAL, Counts
from abmsim.validate.columns import find
from abmsim.validate.questions import Question, stratum_of

TWO_FIGURES, NOT_THE_SUM = "S160", "S161"


def conflicts(catalogue: Catalogue, asked: Mapping[str, Sequence[Question]]) -> Iterator[Problem]:
    """Questions that ask the same and are answered differently, and totals that their strata do not add up to."""
    first: dict[tuple[object, ...], tuple[Card, Question]] = {}
    schema = load_schema()
    for name, found in asked.items():
        card = catalogue.card(name)
        for question in found:
            before = first.setdefault(question.key, (card, question))
            if before[1] is not question:
                yield from _same(card, question, *before)
        yield from _totals(schema, card, catalogue.table(name).cells)


def _same(card: Card, question: Question, other: Card, before: Question) -> Iterator[Problem]:
    """Two figures of the same thing may differ by half of what each is rounded to."""
    allowed = (question.target.rounding.to + before.target.rounding.to) / 2
    apart = abs(question.published - before.published)
    if apart > allowed * (1 + 1e-9):
        where = other.name if other.name != card.name else "this card"
        text = (
            f"'{question.label}' is {question.published:.10g} here and {before.published:.10g} in {where}"
            f" ('{before.label}'): {apart:.10g} apart, of which rounding explains {allowed:.10g}"
        )
        yield card.problem("target", TWO_FIGURES, text, "keep one, or say what they count differently")


def _totals(schema: Schema, card: Card, cells: Mapping[tuple[str, ...], float]) -> Iterator[Problem]:
    """Totals of a dimension, for each label of the others."""
    target = card.target
    if target is None or target.counts is None or card.unit in SHARES or not cells:
        return
    for number, dimension in enumerate(card.by):
        groups: dict[tuple[str, ...], dict[str, float]] = {}
        for labels, value in cells.items():
            groups.setdefault((*labels[:number], *labels[number + 1 :]), {})[labels[number]] = value
        for rest, values in groups.items():
            if TOTAL in values and len(values) > 1:
                yield from _total(schema, card, target.counts, dimension, rest, values)


def _total(
    schema: Schema, card: Card, counts: Counts, dimension: str, rest: tuple[str, ...], values: Mapping[str, float]
) -> Iterator[Problem]:
    target = card.target
    assert target is not None
    parts = [value for label, value in values.items() if label != TOTAL]
    allowed = target.rounding.to * (len(parts) + 1) / 2 * (1 + 1e-9)
    apart = values[TOTAL] - sum(parts) - target.strata_lack
    if apart < -allowed and _in_several(schema, card, counts, dimension):
        return  # a person in two strata is once in the total
    if abs(apart) <= allowed:
        return
    of = f" of ({', '.join(rest)})" if rest else ""
    text = f"by {dimension}{of} the strata add up to {sum(parts):.10g} and the total is {values[TOTAL]:.10g}"
    more = f": {abs(apart):.10g} apart, of which rounding explains {allowed:.10g}"
    hint = "correct one, or say what is in no stratum: `strata_lack: 100`"
    yield card.problem("target", NOT_THE_SUM, text + more, hint)


def _in_several(schema: Schema, card: Card, counts: Counts, dimension: str) -> bool:
    """Whether a person can be in two strata of a dimension: those of rows, where persons are counted."""
    column = stratum_of(counts, dimension).column
    found = find(schema, schema.tables[counts.table], column) if column else None
    counts_persons = card.unit == "persons" and card.counting_rule not in ("starts", "ends")
    return counts_persons and found is not None and not found.is_personal
