"""What a target asks of a run: one question for each published figure, in terms of tables, columns and days."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from abmsim.stats.card import Card
from abmsim.stats.catalogue import Table
from abmsim.stats.target import AGE, LAST_DAY, NEW_YEAR, PERIOD, PLACE, SHARES, TOTAL, Counts, Stratum, Target
from abmsim.validate.periods import Span, ages_of, day_span, span_of

STOCK, PERSONS_IN, SPELLS_IN, STARTS, ENDS = (
    "stock at date", "persons in period", "spells in period", "starts", "ends"
)  # fmt: skip
SHARE, DURATION = "share of group", "duration of spells"
RULES = (STOCK, PERSONS_IN, SPELLS_IN, STARTS, ENDS, SHARE, DURATION)
"""The counting rules that are counted from a declaration; the others are for a measure."""


@dataclass(frozen=True, slots=True)
class Question:
    """One figure: `published` is that of `cells` cells together; `conditions` are (column, values) beside `where`.

    `ages` are ranges of which all must hold; `is_by_age` if a dimension gives one. `at`, `present`: as in `People`,
    with what the rule makes of "".
    """

    target: Target
    rule: str
    unit: str
    label: str
    published: float
    span: Span
    conditions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ages: tuple[tuple[int, int], ...] = ()
    cells: int = 1
    is_by_age: bool = False

    @property
    def counts(self) -> Counts:
        assert self.target.counts is not None
        return self.target.counts

    @property
    def is_share(self) -> bool:
        return self.unit in SHARES

    @property
    def counts_persons(self) -> bool:
        """Whether a person with several rows counts once."""
        return self.unit == "persons" and self.rule in (STOCK, PERSONS_IN)

    @property
    def at(self) -> str:
        return self.target.population.at or ("date" if self.span.is_day else "")

    @property
    def present(self) -> str:
        return self.target.population.present or ("at date" if self.span.is_day else "any part")

    @property
    def key(self) -> tuple[object, ...]:
        """What is counted, without the figure: the same for two questions that must have the same answer."""
        counts, people = self.counts, self.target.population
        having = tuple(sorted((column, frozenset(values)) for column, values in counts.having.items()))
        where = frozenset((column, frozenset(values)) for column, values in (*counts.where.items(), *self.conditions))
        return (
            counts.table, counts.start, counts.end, counts.person, counts.of, counts.each, where, having, self.rule,
            self.unit, self.span, frozenset(self.ages), people.living, self.at, self.present,
        )  # fmt: skip


@dataclass(slots=True)
class _Cell:
    """A figure while its dimensions are read one by one."""

    span: Span | None
    names: list[str] = field(default_factory=list)
    conditions: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    ages: list[tuple[int, int]] = field(default_factory=list)


def stratum_of(counts: Counts, dimension: str) -> Stratum:
    """What a dimension is: as the target says, else a period, ages, or the column of its name."""
    meaning = {"year": PERIOD, "period": PERIOD, "age": AGE}.get(dimension, "")
    return counts.by.get(dimension) or Stratum(meaning, "" if meaning else dimension)


def is_of_places(card: Card) -> bool:
    """Whether the figures are of municipalities, so that they are added up over those of a run."""
    counts = card.target.counts if card.target else None
    return counts is not None and any(stratum_of(counts, dimension).meaning == PLACE for dimension in card.by)


def questions(card: Card, table: Table, places: Collection[str] | None = None) -> list[Question]:
    """The questions of a card whose target declares what it counts; raises ValueError for a label without meaning.

    `places`: of which municipalities, where the figures are by municipality: they are added up. None keeps them apart,
    for who looks at the figures only.
    """
    target = card.target
    if target is None or target.counts is None:
        return []
    found: dict[tuple[object, ...], Question] = {}
    added_up = places is not None and is_of_places(card)
    for labels, published in table.cells.items():
        question = _question(card, target, labels, published, places)
        if question is not None:
            key = question.key if added_up else labels
            found[key] = _together(found[key], question) if key in found else question
    return list(found.values())


def _question(
    card: Card, target: Target, labels: tuple[str, ...], published: float, places: Collection[str] | None
) -> Question | None:
    assert target.counts is not None
    cell = _Cell(span_of(target.period) if target.period else None)
    for dimension, label in zip(card.by, labels, strict=True):
        stratum = stratum_of(target.counts, dimension)
        if stratum.meaning == PLACE:
            if places is not None and label not in places:
                return None
            if places is None:
                cell.conditions.append((dimension, (label,)))
        else:
            cell.names.append(label)
            _narrow(cell, stratum, dimension, label)
    is_by_age = bool(cell.ages)
    if target.population.age:
        cell.ages.append(_ages(target.population.age))
    if cell.span is None:
        raise ValueError("no period: neither `period` nor a dimension says which year or day the figure is of")
    name = " ".join(cell.names).replace("_", " ") or target.period
    conditions, ages = tuple(cell.conditions), tuple(cell.ages)
    values = (target, card.counting_rule, card.unit, name, published, cell.span, conditions, ages)
    return Question(*values, is_by_age=is_by_age)


def _together(one: Question, other: Question) -> Question:
    """Figures of several municipalities as one."""
    return replace(one, published=one.published + other.published, cells=one.cells + other.cells)


def _narrow(cell: _Cell, stratum: Stratum, dimension: str, label: str) -> None:
    """What one label of a figure asks for."""
    if stratum.labels:
        if label not in stratum.labels:
            raise ValueError(f"`by: {dimension}` does not say what '{label}' is")
        for column, values in stratum.labels[label].items():
            if column == AGE:
                cell.ages.append(_ages(" ".join(values)))
            else:
                cell.conditions.append((column, values))
    elif stratum.meaning in (PERIOD, NEW_YEAR, LAST_DAY):
        cell.span = _span(stratum.meaning, label)
    elif label == TOTAL:
        return
    elif stratum.meaning == AGE:
        cell.ages.append(_ages(label))
    else:
        cell.conditions.append((stratum.column, (label,)))


def _span(meaning: str, label: str) -> Span:
    span = span_of(label)
    if span is None or (meaning != PERIOD and len(label) != 4):
        what = "period such as 2024, 2024H1 or 2024-12-31" if meaning == PERIOD else "year such as 2024"
        raise ValueError(f"'{label}' is no {what}")
    if meaning == PERIOD:
        return span
    year = span.from_date.year
    return day_span(datetime.date(year, 1, 1) if meaning == NEW_YEAR else datetime.date(year, 12, 31))


def _ages(text: str) -> tuple[int, int]:
    ages = ages_of(text)
    if ages is None:
        raise ValueError(f"'{text}' are no ages such as 10, 75-84 or 85+")
    return ages

