"""Municipalities whose figures are not all there: which table lacks what."""

from __future__ import annotations

from collections.abc import Iterator

from abmsim.paths import shown
from abmsim.population.municipality import all_places
from abmsim.population.people import POSITIONS
from abmsim.problems import Problem
from abmsim.stats.catalogue import Catalogue

INCOMPLETE = "S140"
FIRST_AGES = tuple(range(0, 100, 5))
"""What the age groups of household positions begin with."""

_COLUMNS = {
    "municipalities_2020": ("population", "female"),
    "household_positions_2020": POSITIONS[:-1],
    "households_type_size_2020": (
        "single_person", "couple_unmarried", "couple_married", "single_parent", "other_household",
        "size_1", "size_2", "size_3", "size_4", "size_5_plus",
    ),  # fmt: skip
}
"""The tables that every municipality is put together from, and their figures."""


def incomplete(catalogue: Catalogue) -> list[Problem]:
    """Every figure that is missing or no whole number, every row that is missing or of no municipality."""
    names = {place.code: place.name for place in all_places(catalogue)}
    return [problem for table in _COLUMNS for problem in (*_figures(catalogue, table), *_rows(catalogue, table, names))]


def _figures(catalogue: Catalogue, table: str) -> Iterator[Problem]:
    for line, row in enumerate(catalogue.rows(table), start=2):
        for column in _COLUMNS[table]:
            if not row.get(column, "").isdigit():
                at = f" at age {row['age']}" if "age" in row else ""
                text = f"{table} has no number of {column} for {row['municipality_code']}{at}"
                yield Problem(shown(catalogue.card(table).csv), line, 1, INCOMPLETE, text)


def _rows(catalogue: Catalogue, table: str, names: dict[str, str]) -> Iterator[Problem]:
    """Each municipality stands there once, or once an age group."""
    expected = FIRST_AGES if table == "household_positions_2020" else (0,)
    found: dict[str, list[int]] = {code: [] for code in names}
    file = shown(catalogue.card(table).csv)
    for line, row in enumerate(catalogue.rows(table), start=2):
        code = row["municipality_code"]
        if code in found:
            found[code].append(_first_age(row.get("age", "0")))
        else:
            text = f"{table} has figures for {code}, which is no municipality of 2020"
            yield Problem(file, line, 1, INCOMPLETE, text)
    for code, ages in found.items():
        if sorted(ages) != list(expected):
            lacking = [age for age in expected if age not in ages]
            what = "figures" if not ages else f"the ages from {lacking[0]} on" if lacking else "one row only"
            yield Problem(file, 1, 1, INCOMPLETE, f"{table} lacks {what} for {names[code]} ({code})")


def _first_age(label: str) -> int:
    head = label.split("-")[0].rstrip("+")
    return int(head) if head.isdigit() else -1
