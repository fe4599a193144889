"""The figures of a card: a CSV read once, every cell checked and placed."""

from __future__ import annotations

import csv
import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from abmsim.paths import shown
from abmsim.problems import Problem, ProblemsFound, suggestion
from abmsim.stats.card import COLUMNS, Card

_BOUNDS = {"share": (0.0, 1.0), "probability": (0.0, 1.0), "percent": (0.0, 100.0)}
_NEVER_NEGATIVE = (
    "persons", "households", "rate per person-year", "years", "months", "weeks", "days", "hours per week",
)  # fmt: skip
_MOST_MISSING_NAMED = 3


@dataclass(frozen=True, slots=True)
class Table:
    """Figures by cell; `labels` per dimension in file order, `cells` keyed in the order of `by`."""

    card: Card
    by: tuple[str, ...]
    labels: dict[str, tuple[str, ...]]
    cells: dict[tuple[str, ...], float]

    def value(self, **dims: str) -> float:
        """The figure of one cell, e.g. `table.value(age="17", sex="female")`; KeyError if there is none."""
        return self.cells[tuple(dims[name] for name in self.by)]

    def missing(self) -> Iterator[tuple[str, ...]]:
        """Cells of the full cross product of the labels that have no figure."""
        everything = itertools.product(*(self.labels[name] for name in self.by))
        return (cell for cell in everything if cell not in self.cells)

    def complete(self) -> bool:
        return next(self.missing(), None) is None


def read_rows(card: Card) -> tuple[list[dict[str, str]], list[int], list[Problem]]:
    """The raw rows (text), the line of each, and problems with the file's form."""
    header, rows, lines, problems = _read(card)
    return [dict(zip(header, row, strict=True)) for row in rows], lines, problems


def _read(card: Card) -> tuple[list[str], list[list[str]], list[int], list[Problem]]:
    """The header, the fields and the line of each row of the card's part of the file, and problems with its form."""
    rows: list[list[str]] = []
    lines: list[int] = []
    problems: list[Problem] = []
    try:
        handle = card.csv.open(encoding="utf-8-sig", newline="")
    except OSError:
        return [], rows, lines, [card.problem("csv", "S120", f"no file {card.csv.name} beside the card")]
    with handle:
        reader = csv.reader(handle)
        header = next(reader, [])
        part = _part_of(card, header)
        for row in reader:
            if len(row) == len(header):
                if part is None or row[part[0]] == part[1]:
                    rows.append(row)
                    lines.append(reader.line_num)
            elif row:
                problems.append(_at(card, reader.line_num, "S121", f"{len(row)} fields, the header has {len(header)}"))
    problems += _check_header(card, header)
    if header and not rows:
        of = f" of {card.part[0]} '{card.part[1]}'" if card.part else ""
        problems.append(card.problem("split" if of else "csv", "S120", f"{card.csv.name} has no rows{of}"))
    return header, rows, lines, problems


def _part_of(card: Card, header: list[str]) -> tuple[int, str | None] | None:
    """The column that tells the parts of the file apart and the label of the card's (None where there is no such
    column: no row is its own); None if all rows are the card's."""
    if card.part is None or card.part[0] == COLUMNS:
        return None
    return (header.index(card.part[0]), card.part[1]) if card.part[0] in header else (0, None)


def _check_header(card: Card, header: list[str]) -> list[Problem]:
    problems = []
    needed = (*card.by, *([card.values] if card.values else ()), *card.columns)
    for name in needed:
        if name not in header:
            key = "by" if name in card.by else "values" if name == card.values else "columns"
            hint = suggestion(name, header, "columns")
            problems.append(card.problem(key, "S122", f"{card.csv.name} has no column '{name}'", hint))
    return problems


def read_table(card: Card) -> Table:
    """Read and check the figures of a card; raises ProblemsFound with every problem of the CSV."""
    header, rows, lines, problems = _read(card)
    if problems:
        raise ProblemsFound(problems)
    if not card.values:
        problem = card.problem("values", "S122", f"'{card.name}' has no figures, only rows", "name the column")
        raise ProblemsFound([problem])
    cells: dict[tuple[str, ...], float] = {}
    places, value = [header.index(name) for name in card.by], header.index(card.values)
    low, high = bounds(card.unit)
    for row, line in zip(rows, lines, strict=True):
        cell = tuple([row[place] for place in places])
        if cell in cells:
            problems.append(_at(card, line, "S123", f"the cell ({', '.join(cell)}) stands here twice"))
            continue
        try:
            figure = cells[cell] = float(row[value])
        except ValueError:
            problems.append(_at(card, line, "S124", f"'{row[value]}' in column '{card.values}' is no number"))
            cells[cell] = 0.0
            continue
        if not low <= figure <= high:
            problems.append(_at(card, line, "S127", f"{row[value]} cannot be a figure in {card.unit}"))
    labels = {
        name: tuple(dict.fromkeys(row[place] for row in rows)) for name, place in zip(card.by, places, strict=True)
    }
    table = Table(card, card.by, labels, cells)
    problems += _check_cells(table) + _check_totals(table)
    if problems:
        raise ProblemsFound(problems)
    return table


def bounds(unit: str) -> tuple[float, float]:
    """The least and the largest figure that can be in a unit."""
    return _BOUNDS.get(unit, (0.0 if unit in _NEVER_NEGATIVE else -1e300, 1e300))


def _check_cells(table: Table) -> list[Problem]:
    if table.card.cells == "listed":
        return []
    missing = list(table.missing())
    if not missing:
        return []
    shown_cells = "; ".join(", ".join(cell) for cell in missing[:_MOST_MISSING_NAMED])
    more = " ..." if len(missing) > _MOST_MISSING_NAMED else ""
    text = f"{len(missing)} cells have no figure: {shown_cells}{more}"
    return [table.card.problem("by", "S125", text, "add rows, or say `cells: listed`")]


def _check_totals(table: Table) -> list[Problem]:
    problems = []
    for total in table.card.totals:
        unknown = [name for name in (*total.per, *total.where) if name not in table.by]
        if unknown:
            hint = suggestion(unknown[0], table.by)
            problems.append(table.card.problem("totals", "S122", f"'totals' names no dimension '{unknown[0]}'", hint))
            continue
        sums: dict[tuple[str, ...], float] = defaultdict(float)
        for cell, figure in table.cells.items():
            place = dict(zip(table.by, cell, strict=True))
            if all(place[name] == label for name, label in total.where.items()):
                sums[tuple(place[name] for name in total.per)] += figure
        for group, found in (sums or {(): 0.0}).items():
            if abs(found - total.sums_to) > total.within:
                of = f" for ({', '.join(group)})" if group else ""
                text = f"the figures{of} add up to {found:.10g}, not {total.sums_to:.10g}"
                problems.append(table.card.problem("totals", "S126", text))
    return problems


def _at(card: Card, line: int, code: str, text: str) -> Problem:
    return Problem(shown(card.csv), line, 1, code, text)
