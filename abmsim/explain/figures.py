"""One figure of a statistic: which cell of its table holds for a resident, and how that is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from abmsim.lang.compile_tables import span
from abmsim.lang.layout import AGES
from abmsim.stats.table import Table

_FIRST_YEAR, _LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell: its statistic, the label of each dimension, and the value (None where nothing is published).

    Percentages are shares here, as modules read them.
    """

    name: str
    at: Mapping[str, str]
    value: float | None

    def __str__(self) -> str:
        where = ", ".join(f"{dimension} {label}" for dimension, label in self.at.items())
        value = "no figure" if self.value is None else f"{self.value:.6g}"
        return f"stats.{self.name} {value}{f' ({where})' if where else ''}"


def figure(table: Table, values: Mapping[str, float | str]) -> Figure:
    """The cell for what a resident is: numbers for `age`, `year` and numeric attributes, else labels."""
    at = {dimension: label_of(table.labels[dimension], dimension, values[dimension]) for dimension in table.by}
    if "" in at.values():
        return Figure(table.card.name, at, None)
    scale = 0.01 if table.card.unit == "percent" else 1.0
    return Figure(table.card.name, at, table.cells.get(tuple(at.values()), 0.0) * scale)


def label_of(labels: Sequence[str], dimension: str, value: float | str) -> str:
    """The label that covers a value, "" if none does; years beyond the published ones take the nearest one's."""
    if isinstance(value, str):
        return value if value in labels else ""
    number = int(value)
    if dimension == "year":
        covered = [year for year in range(_FIRST_YEAR, _LAST_YEAR + 1) if _covering(labels, year)]
        if not covered:
            return ""
        number = min(max(number, covered[0]), covered[-1])
    return _covering(labels, min(max(number, 0), int(AGES) - 1) if dimension == "age" else number)


def _covering(labels: Sequence[str], value: int) -> str:
    for label in labels:
        low, high = span(label)
        if low <= value <= high:
            return label
    return ""


def cumulated(table: Table, values: Mapping[str, float | str]) -> tuple[float, ...] | None:
    """The rate added up from birth to exact age 0, 1, ..., AGES; None where nothing is published for the resident."""
    others = [dimension for dimension in table.by if dimension != "age"]
    at = {dimension: label_of(table.labels[dimension], dimension, values[dimension]) for dimension in others}
    return None if "" in at.values() else tuple(_add_up(table, at))


def _add_up(table: Table, at: Mapping[str, str]) -> Iterator[float]:
    total = 0.0
    yield total
    for age in range(AGES):
        label = _covering(table.labels["age"], age) if "age" in table.by else ""
        if label or "age" not in table.by:
            total += table.cells.get(tuple({**at, "age": label}[dimension] for dimension in table.by), 0.0)
        yield total
