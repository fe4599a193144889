"""Schedules as words: lines in order of age, each with the births it holds for and its payload."""

from __future__ import annotations

from abmsim.days import DAYS_PER_YEAR, NEVER, parse_day, parse_duration
from abmsim.lang.scope import CompileScope, Schedule
from abmsim.vocabulary import SEXES


def compile_schedule(scope: CompileScope, name: str) -> Schedule:
    """Adds a schedule to the program, once; categories are numbered in the order in which the card has them."""
    if name not in scope.schedules:
        scope.statistics.add(name)
        scope.schedules[name] = _add_schedule(scope, name)
    return scope.schedules[name]


def _add_schedule(scope: CompileScope, name: str) -> Schedule:
    rows = scope.catalogue.rows(name)
    columns = dict(scope.catalogue.card(name).columns)
    categories = [column for column, kind in columns.items() if kind == "category"]
    labels = {column: tuple(dict.fromkeys(row[column] for row in rows)) for column in categories}
    lines: list[int] = []
    for row in sorted(rows, key=_line_age):
        numbers = [
            float(labels[column].index(row[column])) if column in labels else float(row[column] or 0.0)
            for column in columns
        ]
        lines += [*_line_age(row)[1:], _line_sex(row), *_line_births(row), scope.assembler.add_numbers(numbers)]
    place = scope.assembler.add([len(rows), len(columns), *lines])
    return Schedule(place, tuple(columns), labels)


def _line_age(row: dict[str, str]) -> tuple[float, int, int]:
    """(order, months, days): whole months are counted on the calendar, the rest in days."""
    value, _, unit = parse_duration(row["age"])
    if unit in ("month", "year"):
        months = value * (12 if unit == "year" else 1)
        return months * DAYS_PER_YEAR / 12, int(months), round(months % 1 * DAYS_PER_YEAR / 12)
    days = round(value * (7 if unit == "week" else 1))
    return days, 0, days


def _line_sex(row: dict[str, str]) -> int:
    return SEXES.index(row["sex"]) if row["sex"] in SEXES else -1


def _line_births(row: dict[str, str]) -> tuple[int, int]:
    until = row["valid_until_birth_date"]
    return parse_day(row["valid_from_birth_date"]), parse_day(until) if until else NEVER
