"""A new statistic: a CSV that somebody has gets its card, with everything that the file itself can tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from abmsim.paths import shown, statistics_roots
from abmsim.problems import UsageError, suggestion
from abmsim.project.card_draft import card_text
from abmsim.project.figures import Figures, read_figures
from abmsim.project.shape import Ask, shape_of, unit_of
from abmsim.stats.card import COUNTING_RULES, UNITS
from abmsim.stats.card_reading import read_card
from abmsim.stats.table import read_table
from abmsim.stats.unfilled import ASKED, FILL_IN
from abmsim.vocabulary import VOCABULARY

CLOSED: dict[str, tuple[str, ...]] = {
    "unit": UNITS,
    "counting_rule": COUNTING_RULES,
    "verified": ("seen", "assumption"),
}
"""Keys with a few possible values. A `derived` card is written by hand: its recipe is code."""

NONE = "-"
"""The answer that there is none: a publication without a table id or address."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class NewStatistic:
    """What was written, and what is worth knowing of it."""

    card: Path
    by: tuple[str, ...]
    values: str
    unit: str
    unfilled: tuple[str, ...]
    notes: tuple[str, ...]


def make_card(path: Path, into: Path | None, given: Mapping[str, str], ask: Ask) -> NewStatistic:
    """Write the card of a CSV beside it, or beside a copy in the folder `into`.

    `given`: keys of the card that are known already, `by` with commas; `ask` is called for the others. Raises
    UsageError for a file or key that cannot be used (then nothing is written), ProblemsFound for figures that are not
    what the card says.
    """
    figures = read_figures(path)
    for key in CLOSED:
        _check_closed(key, given.get(key, ""))
    copy = _target(path, into)
    card = copy.with_suffix(".yaml")
    if card.exists():
        raise UsageError(f"{shown(card)} exists already; nothing was written")
    if copy.exists() and copy.samefile(path):
        into = None
    elif copy.exists():
        raise UsageError(f"{shown(copy)} exists already; nothing was written")
    shape = shape_of(figures, given, ask)
    _check_unchanged(figures, str(shape["values"]), path, into)
    keys = {**shape, **_asked(figures, shape, given, ask)}
    text = figures.text(str(shape["values"])) if into else _as_hashed(path)
    copy.parent.mkdir(parents=True, exist_ok=True)
    if into:
        copy.write_text(text, encoding="utf-8", newline="\n")
    card.write_text(card_text(keys, text), encoding="utf-8", newline="\n")
    _check_figures(card)
    return _told(card, keys, _commas(figures, str(shape["values"])))


def _as_hashed(path: Path) -> str:
    """The file as its hash sees it: with `\\n` at the ends of lines, a mark of the byte order included."""
    return path.read_bytes().replace(b"\r\n", b"\n").decode("utf-8")


def _check_closed(key: str, value: str) -> None:
    if value and value not in (*CLOSED[key], FILL_IN):
        hint = "a derived card is written by hand" if value == "derived" else suggestion(value, CLOSED[key])
        raise UsageError(f"unknown {key.replace('_', ' ')} '{value}' ({hint})")


def _target(path: Path, into: Path | None) -> Path:
    """Where the CSV is to be: its name becomes the statistic's."""
    if into is not None and into.exists() and not into.is_dir():
        raise UsageError(f"'{into}' is no folder")
    if _NAME.fullmatch(path.stem) and path.suffix == ".csv":
        return (into or path.parent) / path.name
    name = re.sub(r"[^a-z0-9]+", "_", path.stem.casefold()).strip("_") or "figures"
    name = name if name[0].isalpha() else f"figures_{name}"
    if into is None:
        raise UsageError(
            f"a statistic is called as its file, in a-z, 0-9 and _: rename '{path.name}' to {name}.csv, or let"
            " --into FOLDER make a copy of that name"
        )
    return into / f"{name}.csv"


def _check_unchanged(figures: Figures, values: str, path: Path, into: Path | None) -> None:
    """A file is never changed where it is: what has to be written otherwise goes into a copy."""
    if into is None and figures.delimiter != ",":
        raise UsageError(f"{path.name} has {figures.delimiter!r} between columns: --into FOLDER makes a copy with ','")
    if into is None and _commas(figures, values):
        raise UsageError(f"{path.name} has decimal commas: --into FOLDER makes a copy with points")


def _commas(figures: Figures, values: str) -> str:
    """The first figure with a comma, "" if none has one."""
    return next((text.strip() for text in figures.column(values) if "," in text), "") if values else ""


def _asked(figures: Figures, shape: Mapping[str, object], given: Mapping[str, str], ask: Ask) -> dict[str, str]:
    """The keys that the file does not tell: given, or asked for, or left to be filled in."""
    found: dict[str, str] = {}
    for key, hint in ASKED.items():
        if key in shape or key == "why" and found.get("verified") != "assumption" and not given.get("why"):
            continue
        told = unit_of(figures, str(shape["values"])) if key == "unit" else ""
        answer = given.get(key) or ask(key, hint, told or FILL_IN) or FILL_IN
        while key in CLOSED and answer not in (*CLOSED[key], FILL_IN):
            again = ask(key, f"'{answer}' is none of: {' | '.join(CLOSED[key])}", told or FILL_IN)
            answer = FILL_IN if again == answer else again
        if answer != NONE:
            found[key] = answer
    if found.get("verified") == "assumption":  # nobody published it, so that no publication is to be named
        found = {key: value for key, value in found.items() if key not in ("table_id", "url") or value != FILL_IN}
    return found


def _check_figures(card: Path) -> None:
    read, _ = read_card(card)
    if read is not None and read.values:
        read_table(read)


def _told(card: Path, keys: Mapping[str, object], comma: str) -> NewStatistic:
    by = tuple(keys["by"])  # type: ignore[arg-type]
    notes = []
    own, *others = statistics_roots()
    if not any(card.resolve().is_relative_to(root) for root in (own, *others)):
        notes.append(f"no module finds it here: --into {shown(own)}/... puts a copy where modules look")
    unknown = [name for name in by if name not in VOCABULARY and keys["unit"] != "schedule"]
    if unknown:
        known = ", ".join(name for name, attribute in VOCABULARY.items() if not attribute.computed)
        notes.append(f"a resident has no '{unknown[0]}': known are age, year, {known}, and modules' attributes")
    if comma:
        notes.append(f"commas in figures are read as decimal: '{comma}' is {comma.replace(',', '.')}")
    if keys.get("cells") == "listed":
        notes.append("not every combination has a figure (cells: listed)")
    unfilled = tuple(key for key, value in keys.items() if value == FILL_IN)
    return NewStatistic(card, by, str(keys["values"]), str(keys["unit"]), unfilled, tuple(notes))
