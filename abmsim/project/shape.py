"""What a table of figures tells of itself: which column holds the figures, which say of whom, and in what unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from abmsim.problems import UsageError, suggestion
from abmsim.project.figures import Figures
from abmsim.vocabulary import VOCABULARY

Shape = dict[str, str | tuple[str, ...] | dict[str, str]]
"""Keys of a card: `by`, `values`, `cells`; of a schedule also its unit, counting rule and payload columns."""

Ask = Callable[[str, str, str], str]
"""Asks for a key: (key, what belongs there, what stands if nothing is said) -> the answer."""

_SCHEDULE = ("age", "sex", "valid_from_birth_date", "valid_until_birth_date", "verified", "note")
_NOTES = ("note", "notes", "source", "verified", "opmerking", "bron", "toelichting")
_WORDS = {
    "share": ("share", "aandeel", "fraction", "fractie"),
    "percent": ("percent", "percentage", "procent", "pct"),
    "probability": ("probability", "kans"),
    "persons": ("persons", "personen", "residents", "inwoners", "population", "bevolking", "clients", "clienten"),
    "households": ("households", "huishoudens"),
    "years": ("years", "jaren"),
    "months": ("months", "maanden"),
    "weeks": ("weeks", "weken"),
    "days": ("days", "dagen"),
    "euro": ("euro", "euros"),
}
"""Words in a column's name that tell its unit. A rate does not tell: it can be per 1,000."""

_HIGHEST = {"share": 1.0, "probability": 1.0, "percent": 100.0}


def shape_of(figures: Figures, given: Mapping[str, str], ask: Ask) -> Shape:
    """What the file tells; raises UsageError if it is not what `given` says, or if `ask` does not help."""
    if figures.is_schedule:
        payload = [name for name in figures.header[figures.header.index("line") + 1 :] if name not in _SCHEDULE]
        kinds = {name: "number" if figures.is_numeric(name) else "category" for name in payload}
        return {"by": ("line",), "values": "", "unit": "schedule", "counting_rule": "schedule", "columns": kinds}
    values = given.get("values") or _choose_values(figures, ask)
    _check_values(figures, values)
    by = tuple(name.strip() for name in given["by"].split(",") if name.strip()) if given.get("by") else ()
    for name in by:
        if name not in figures.header:
            raise UsageError(f"there is no column '{name}' ({suggestion(name, figures.header, 'columns')})")
    by = by or _labels(figures, values)
    cell = _twice(figures, by)
    if cell is not None:
        of = ", ".join(cell) or "nothing"
        raise UsageError(f"two rows have a figure for ({of}): name the columns that tell them apart with --by a,b")
    return {"by": by, "values": values, **({} if _is_complete(figures, by) else {"cells": "listed"})}


def _choose_values(figures: Figures, ask: Ask) -> str:
    options = _candidates(figures)
    if not options:
        raise UsageError(f"no column holds numbers alone (columns: {', '.join(figures.header)})")
    if len(options) == 1:
        return options[0]
    chosen = ask("values", f"the column with the figures: {' | '.join(options)}", "")
    if not chosen:
        raise UsageError(f"several columns hold numbers: say --values {' | '.join(options)}")
    return chosen


def _candidates(figures: Figures) -> list[str]:
    """The columns that can hold the figures: numbers, and no known label such as age or year."""
    numeric = [name for name in figures.header if figures.is_numeric(name)]
    return [name for name in numeric if name not in VOCABULARY] or numeric


def _check_values(figures: Figures, values: str) -> None:
    """Raises UsageError if the column is not there or holds something else than numbers."""
    if values not in figures.header:
        raise UsageError(f"there is no column '{values}' ({suggestion(values, figures.header, 'columns')})")
    text = figures.not_a_number(values)
    if text is not None:
        raise UsageError(f"'{text}' in column '{values}' is no number: remove such rows, or name another column")


def _labels(figures: Figures, values: str) -> tuple[str, ...]:
    """The columns that say of whom a figure is: not the notes, and not other figures."""
    others = [name for name in _candidates(figures) if name != values]
    return tuple(name for name in figures.header if name not in (values, *others, *_NOTES))


def _twice(figures: Figures, by: Sequence[str]) -> tuple[str, ...] | None:
    """The first combination of labels that two rows have."""
    seen: set[tuple[str, ...]] = set()
    for cell in zip(*map(figures.column, by), strict=True) if by else [()] * len(figures.rows):
        if cell in seen:
            return cell
        seen.add(cell)
    return None


def _is_complete(figures: Figures, by: Sequence[str]) -> bool:
    """Does every combination of the labels have a figure?"""
    combinations = 1
    for name in by:
        combinations *= len(set(figures.column(name)))
    return combinations == len(figures.rows)


def unit_of(figures: Figures, values: str) -> str:
    """The unit that the column's name tells and its figures allow; "" if it cannot be told."""
    words = re.findall(r"[^\W\d_]+", values.casefold())
    found = [unit for unit, known in _WORDS.items() if any(word in known for word in words)]
    if len(found) != 1:
        return ""
    highest = max(float(text.strip().replace(",", ".")) for text in figures.column(values))
    return found[0] if highest <= _HIGHEST.get(found[0], highest) else ""
