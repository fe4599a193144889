"""A table of figures as somebody has it: a CSV with commas, semicolons or tabs, and points or decimal commas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from abmsim.lang.check_statistics import SCHEDULE_COLUMNS
from abmsim.problems import UsageError

_NUMBER = re.compile(r"-?\d*[.,]?\d+(?:[eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Figures:
    """The text of a CSV: its header and rows, all of one length."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str

    def column(self, name: str) -> list[str]:
        index = self.header.index(name)
        return [row[index] for row in self.rows]

    def not_a_number(self, name: str) -> str | None:
        """The first text of a column that is no number; None if all are."""
        return next((text for text in self.column(name) if not _NUMBER.fullmatch(text.strip())), None)

    def is_numeric(self, name: str) -> bool:
        return self.not_a_number(name) is None

    @property
    def is_schedule(self) -> bool:
        return {"line", *SCHEDULE_COLUMNS} <= set(self.header)

    def text(self, values: str) -> str:
        """As the catalogue reads it: commas between, and a point in the figures."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        index = self.header.index(values) if values else -1
        writer.writerow(self.header)
        for row in self.rows:
            writer.writerow([cell.strip().replace(",", ".") if i == index else cell for i, cell in enumerate(row)])
        return out.getvalue()


def read_figures(path: Path) -> Figures:
    """Read a CSV with commas, semicolons or tabs; raises UsageError for a file that is none."""
    if not path.is_file():
        raise UsageError(f"there is no file '{path}'")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path} is no UTF-8 text: save it as CSV (UTF-8)") from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        lines = [tuple(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    except csv.Error as error:
        raise UsageError(f"{path} is no CSV: {error}") from None
    if len(lines) < 2:
        raise UsageError(f"{path} has no rows: the first line names the columns, the others hold the figures")
    header, *rows = lines
    _check_form(path, header, rows)
    return Figures(header, tuple(rows), delimiter)


def _check_form(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    unnamed = [name for name in header if not name.strip() or header.count(name) > 1]
    if unnamed:
        raise UsageError(f"{path}: every column has a name of its own, and '{unnamed[0]}' is none")
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise UsageError(f"{path}: row {number} has {len(row)} fields, the header has {len(header)}")
