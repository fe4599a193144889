"""The statistics that a module names: a figure for every resident, and schedules whose lines can be followed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from abmsim.areas import NEIGHBOURHOODS
from abmsim.days import parse_day, parse_duration
from abmsim.expressions import Expression
from abmsim.lang.check_quantity import Checking
from abmsim.lang.codes import MISSING_CELLS, SCHEDULE_LINE, TARGET_AS_INPUT, UNKNOWN_DIMENSION, WRONG_UNIT
from abmsim.lang.module import place_of
from abmsim.paths import shown
from abmsim.problems import Problem, ProblemsFound, suggestion
from abmsim.stats.card import Card
from abmsim.vocabulary import Attribute

OLDEST = 120
"""Every single age from 0 to this one has a figure."""

SCHEDULE_COLUMNS = ("age", "sex", "valid_from_birth_date", "valid_until_birth_date")
_WITHOUT_FIGURES = ("schedule", "code")
_COMPARED = ("target", "held_back")
_SPAN = re.compile(r"(\d+)(?:-(\d+)|(\+))?")
_ENDLESS = 10**6


def check_statistics(checking: Checking, nodes: Iterable[Expression]) -> None:
    """Tell what is wrong with each statistic, where the (resolved) module first names it in its expressions' nodes."""
    seen: set[str] = set()
    for node in nodes:
        parts = node.parts
        name = parts[1] if len(parts) == 2 and parts[0] == "stats" else ""
        if name in checking.catalogue.cards and name not in seen:
            seen.add(name)
            _check_statistic(checking, checking.catalogue.cards[name], node)
    exits = [exit_ for state in checking.module.states.values() for exit_ in state.exits]
    for name in dict.fromkeys(exit_.schedule for exit_ in exits if exit_.schedule in checking.catalogue.cards):
        if checking.catalogue.cards[name].unit == "schedule":  # told elsewhere if it is not
            checking.problems.extend(schedule_problems(checking, name))


def _check_statistic(checking: Checking, card: Card, node: Expression) -> None:
    spot = place_of(node)
    if not card.values or card.unit in _WITHOUT_FIGURES:
        text = f"stats.{card.name} has no figures (unit: {card.unit})"
        checking.tell(spot, WRONG_UNIT, text, "a schedule is followed by `schedule: stats.name`")
        return
    if card.target and card.target.role in _COMPARED:
        text = f"stats.{card.name} is what results are compared with (role: {card.target.role})"
        checking.tell(spot, TARGET_AS_INPUT, text, "a statistic is input or target, not both")
    unknown = [dimension for dimension in card.by if not _is_known(checking, dimension)]
    for dimension in unknown:
        text = f"stats.{card.name} is by '{dimension}', which a resident does not have"
        checking.tell(spot, UNKNOWN_DIMENSION, text, _dimension_hint(checking, dimension))
    if card.by == ("neighbourhood_code",) and card.csv == NEIGHBOURHOODS:  # whole: `abmsim stats verify` reads it
        return
    try:
        table = checking.catalogue.table(card.name)
    except ProblemsFound as found:
        checking.problems.extend(found.problems)
        return
    if not unknown:
        for dimension, labels in table.labels.items():
            for gap in itertools.islice(_gaps(checking, dimension, labels), 1):
                checking.tell(spot, MISSING_CELLS, f"stats.{card.name} {gap}", f"add it to {card.csv.name}")
    missing = next(table.missing(), None) if card.cells == "listed" else None
    if missing and not unknown:
        text = f"stats.{card.name} has no figure for {', '.join(missing)}"
        checking.tell(spot, MISSING_CELLS, text, f"add it to {card.csv.name}")


def _is_known(checking: Checking, dimension: str) -> bool:
    attribute = checking.scope.attributes.get(dimension)
    return dimension in ("age", "year") or (attribute is not None and (not attribute.computed or bool(attribute.since)))


def _dimension_hint(checking: Checking, dimension: str) -> str:
    if dimension in checking.scope.elsewhere:
        return f"add `uses: [{checking.scope.elsewhere[dimension]}]`"
    known = [name for name in checking.scope.attributes if _is_known(checking, name)]
    return suggestion(dimension, known, "dimensions")


def _gaps(checking: Checking, dimension: str, labels: Sequence[str]) -> Iterator[str]:
    """What the labels of a dimension leave out, or say twice."""
    if dimension == "year":
        yield from (f"has the year '{label}', which is no year" for label in labels if not _SPAN.fullmatch(label))
    elif dimension == "age":
        yield from _number_gaps("age", labels, 0, OLDEST)
    else:
        attribute = checking.scope.attributes[dimension]
        if attribute.type == "number":
            lowest = min((_span(label)[0] for label in labels if _SPAN.fullmatch(label)), default=0)
            first = min(lowest, 1 if attribute.lowest is None else attribute.lowest)
            yield from _number_gaps(dimension, labels, first, attribute.highest or _ENDLESS)
        else:
            named = frozenset(labels)
            names = (name for name in _names(checking, attribute) if name not in named)
            yield from (f"has no figures for {dimension} '{name}'" for name in names)


def _names(checking: Checking, attribute: Attribute) -> Sequence[str]:
    return ("no", "yes") if attribute.type == "bool" else checking.scope.type_of(attribute).labels


def _span(label: str) -> tuple[int, int]:
    match = _SPAN.fullmatch(label)
    assert match is not None
    return int(match[1]), int(match[2]) if match[2] else (_ENDLESS if match[3] else int(match[1]))


def _number_gaps(dimension: str, labels: Sequence[str], first: int, last: int) -> Iterator[str]:
    wrong = [label for label in labels if not _SPAN.fullmatch(label)]
    if wrong:
        yield f"has the {dimension} '{wrong[0]}', which is no number, span (0-4) or open end (95+)"
        return
    expected = first
    for low, high in sorted(map(_span, labels)):
        if low > expected:
            yield f"has no figures for {dimension} {expected}" + (f"-{low - 1}" if low - 1 > expected else "")
        elif low < expected:
            yield f"has {dimension} {low} twice"
        expected = max(expected, high + 1)
    if expected <= last:
        end = "+" if last == _ENDLESS else f"-{last}" if last > expected else ""
        yield f"has no figures for {dimension} {expected}{end}"


def schedule_problems(checking: Checking, name: str) -> list[Problem]:
    """What is wrong with the lines of a schedule."""
    card = checking.catalogue.cards[name]
    try:
        rows = checking.catalogue.rows(name)
    except ProblemsFound as found:
        return list(found.problems)
    missing = [column for column in SCHEDULE_COLUMNS if rows and column not in rows[0]]
    if missing:
        text = f"a schedule needs the column '{missing[0]}'"
        return [Problem(shown(card.csv), 1, 1, SCHEDULE_LINE, text, f"columns: {', '.join(SCHEDULE_COLUMNS)}")]
    return [
        Problem(shown(card.csv), line, 1, SCHEDULE_LINE, text)
        for line, row in enumerate(rows, start=2)
        for text in _line_problems(card, row)
    ]


def _line_problems(card: Card, row: dict[str, str]) -> Iterator[str]:
    try:
        low, high, _ = parse_duration(row["age"])
        if low != high:
            yield f"the age '{row['age']}' is a span, a line has one age"
    except ValueError as error:
        yield str(error)
    if row["sex"] not in ("female", "male", "both"):
        yield f"the sex '{row['sex']}' is none of female, male, both"
    for column in ("valid_from_birth_date", "valid_until_birth_date"):
        if row[column] or column == "valid_from_birth_date":
            try:
                parse_day(row[column])
            except ValueError:
                yield f"the {column} '{row[column]}' is no date such as 2015-01-01"
    for column, kind in card.columns.items():
        if kind == "number" and row[column] and not re.fullmatch(r"-?\d+(\.\d+)?", row[column]):
            yield f"the {column} '{row[column]}' is no number"
