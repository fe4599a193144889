"""Statistics as look-up tables of the kernel: rates cumulated over age, shares by any attribute."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import cache

from abmsim.lang.layout import AGES, BY_AGE, BY_ATTRIBUTE, BY_YEAR
from abmsim.lang.scope import CompileScope
from abmsim.stats.catalogue import Catalogue
from abmsim.vocabulary import VOCABULARY

_YEARS, _AGES = range(1900, 2101), range(int(AGES))
_SPAN = re.compile(r"^(\d+)(?:-(\d+)|(\+))?$")


@cache
def span(label: str) -> tuple[int, int]:
    """`"17"` -> (17, 17), `"0-4"` -> (0, 4), `"95+"` -> (95, a very large number)."""
    match = _SPAN.match(label)
    if match is None:
        raise ValueError(f"'{label}' is neither a number nor a span of numbers")
    low = int(match[1])
    return low, int(match[2]) if match[2] else (1_000_000 if match[3] else low)


@cache
def _positions_by_number(labels: tuple[str, ...], values: range) -> tuple[int, ...]:
    """The place among spans of numbers of each value: the first that holds it, -1 where none does."""
    spans = [span(label) for label in labels]
    return tuple(next((i for i, (low, high) in enumerate(spans) if low <= value <= high), -1) for value in values)


def _positions(
    scope: CompileScope, dimension: str, labels: tuple[str, ...]
) -> tuple[int, int, int, Sequence[int]]:
    """How a dimension is looked up: source, attribute, lowest value, and the position in the table of each value."""
    if dimension == "age":
        return BY_AGE, 0, 0, _positions_by_number(labels, _AGES)
    if dimension == "year":
        return BY_YEAR, 0, _YEARS.start, _fill_outwards(_positions_by_number(labels, _YEARS))
    index, attribute = scope.stored(dimension)
    if attribute.type == "bool":
        names: Sequence[str] = ("no", "yes")
    elif attribute.type == "category":
        names = scope.labels(attribute)
    else:
        return BY_ATTRIBUTE, index, 0, _positions_by_number(labels, range(256))
    place = {label: position for position, label in enumerate(labels)}
    return BY_ATTRIBUTE, index, 0, [place.get(name, -1) for name in names]


def changes(dimension: str, labels: tuple[str, ...]) -> list[int]:
    """The ages or calendar years with which another figure begins to hold."""
    first, found = 0, _positions_by_number(labels, _AGES)
    if dimension == "year":
        first, found = _YEARS.start, _fill_outwards(_positions_by_number(labels, _YEARS))
    return [first + i for i in range(1, len(found)) if found[i] != found[i - 1]]


def _fill_outwards(positions: tuple[int, ...]) -> tuple[int, ...]:
    """Years before the first or after the last published one take the nearest one's figures."""
    known = [i for i, position in enumerate(positions) if position >= 0]
    return tuple(positions[min(max(i, known[0]), known[-1])] if known else -1 for i in range(len(positions)))


def years_in(catalogue: Catalogue, name: str) -> tuple[str, ...]:
    """The dimensions of a statistic that are years since a date: code asks for them, no look-up can."""
    return tuple(name for name in catalogue.table(name).by if name in VOCABULARY and VOCABULARY[name].since)


def spans_in_order(labels: Sequence[str]) -> list[tuple[int, int]]:
    """(first number behind it, place among the labels) of each span, the lowest first."""
    return sorted((span(label)[1] + 1, position) for position, label in enumerate(labels))


def lookups(scope: CompileScope, name: str) -> dict[tuple[int, ...], int]:
    """Places of the look-ups of a statistic, one for each choice of labels of its years since a date.

    The keys are the labels' places in the order of these dimensions: () alone where there is none. Percentages become
    shares.
    """
    return _lookups(scope, name, cumulate_age=False)


def hazard_lookup(scope: CompileScope, name: str) -> int:
    """Place of the look-up of a rate: each cell is a row of AGES + 1 rates cumulated over exact age, from 0."""
    return _lookups(scope, name, cumulate_age=True)[()]


def constant_hazard(scope: CompileScope, rate: float) -> int:
    """The same for a rate that depends on nothing."""
    base = scope.assembler.add_numbers(rate * age for age in range(AGES + 1))
    return scope.assembler.add([base, 0])


def _lookups(scope: CompileScope, name: str, cumulate_age: bool) -> dict[tuple[int, ...], int]:
    key = (name, cumulate_age)
    if key not in scope.lookups:
        scope.lookups[key] = _add_lookups(scope, name, cumulate_age)
    return scope.lookups[key]


def _add_lookups(scope: CompileScope, name: str, cumulate_age: bool) -> dict[tuple[int, ...], int]:
    table = scope.catalogue.table(name)
    scope.statistics.add(name)
    scale = 0.01 if table.card.unit == "percent" else 1.0
    looked_up = [dimension for dimension in table.by if not (cumulate_age and dimension == "age")]
    rows = list(itertools.product(*(table.labels[dimension] for dimension in looked_up)))
    width = AGES + 1 if cumulate_age else 1
    values: list[float] = []
    for row in rows:
        at = dict(zip(looked_up, row, strict=True))
        values.extend(_cumulated(table, at) if cumulate_age else [_cell(table, at) * scale])
    dimensions: list[int] = []
    offsets: list[list[int]] = []
    years = years_in(scope.catalogue, name)
    stride = width * len(rows)
    for dimension in looked_up:
        labels = table.labels[dimension]
        stride //= len(labels)
        if dimension in years:
            offsets.append([position * stride for position in range(len(labels))])
            continue
        source, attribute, lowest, positions = _positions(scope, dimension, labels)
        dimensions += [source, attribute, lowest, len(positions), scope.assembler.add(positions), stride]
    base, count = scope.assembler.add_numbers(values), len(looked_up) - len(offsets)
    return {
        tuple(place for place, _ in choice): scope.assembler.add(
            [base + sum(offset for _, offset in choice), count, *dimensions]
        )
        for choice in itertools.product(*map(enumerate, offsets))
    }


def _cell(table, at: dict[str, str]) -> float:
    return table.cells.get(tuple(at[dimension] for dimension in table.by), 0.0)


def _cumulated(table, at: dict[str, str]) -> list[float]:
    """Integrated rate from birth to exact age 0, 1, ..., AGES."""
    total, cumulated = 0.0, [0.0]
    ages = table.labels.get("age")
    if ages is None:
        rates = [_cell(table, at)] * int(AGES)
    else:
        of = [_cell(table, {**at, "age": label}) for label in ages]
        rates = [of[position] if position >= 0 else 0.0 for position in _positions_by_number(ages, _AGES)]
    for rate in rates:
        total += rate
        cumulated.append(total)
    return cumulated
