"""All public statistics by name: cards are read at once, tables when somebody asks for them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from abmsim.paths import CALIBRATION_FOLDER, shown
from abmsim.problems import Problem, ProblemsFound, UserError, suggestion
from abmsim.stats.card import Card
from abmsim.stats.card_reading import read_card
from abmsim.stats.table import Table, read_rows, read_table

__all__ = ["Catalogue", "Table", "load"]

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Cards by name, in the order of their names; tables, rows and what follows from them are worked out once.

    `origin`: a name for everything that there was to read when they were read, empty if nobody gave one.
    """

    cards: Mapping[str, Card]
    _tables: dict[str, Table] = field(default_factory=dict, repr=False)
    _rows: dict[str, list[dict[str, str]]] = field(default_factory=dict, repr=False)
    _asked: set[str] = field(default_factory=set, repr=False)
    _known: dict[str, tuple[Any, frozenset[str]]] = field(default_factory=dict, repr=False)
    origin: str = ""

    def card(self, name: str) -> Card:
        """The card of that name; an unknown name raises UserError with the nearest one."""
        if name not in self.cards:
            raise UserError(f"there is no statistic '{name}' ({suggestion(name, self.cards, 'statistics')})")
        return self.cards[name]

    def table(self, name: str) -> Table:
        """The checked figures; raises UserError for an unknown name, ProblemsFound for a faulty CSV."""
        self._asked.add(name)
        if name not in self._tables:
            self._tables[name] = read_table(self.card(name))
        return self._tables[name]

    def rows(self, name: str) -> list[dict[str, str]]:
        """The raw rows as text, every column: for schedules and population margins."""
        self._asked.add(name)
        if name not in self._rows:
            rows, _, problems = read_rows(self.card(name))
            if problems:
                raise ProblemsFound(problems)
            self._rows[name] = rows
        return self._rows[name]

    def once(self, what: str, work_out: Callable[[Catalogue], Known]) -> Known:
        """What follows from the figures, worked out by the first who asks; who asks later has asked for them too."""
        if what not in self._known:
            asked = self.afresh()
            self._known[what] = work_out(asked), frozenset(asked._asked)
        known, statistics = self._known[what]
        self._asked.update(statistics)
        return known

    def afresh(self) -> Catalogue:
        """The same cards and what is known of them, of which nothing has been asked yet."""
        return Catalogue(self.cards, self._tables, self._rows, set(), self._known, self.origin)

    @property
    def read_so_far(self) -> set[str]:
        """The names of the statistics whose figures have been asked for."""
        return {name for name in self._asked if name in self._tables or name in self._rows}


def load(roots: Sequence[Path]) -> Catalogue:
    """Read every card below the folders; raises ProblemsFound with all problems of all cards."""
    cards, problems = read_cards(roots)
    if problems:
        raise ProblemsFound(problems)
    return Catalogue(cards)


def read_cards(roots: Sequence[Path]) -> tuple[dict[str, Card], list[Problem]]:
    """Every usable card below the folders in the order of their names, and all problems of all cards."""
    cards: dict[str, Card] = {}
    problems: list[Problem] = []
    for file in sorted(_card_files(roots), key=lambda path: (path.stem, str(path))):
        card, found = read_card(file)
        problems += found
        for named in [card, *card.parts()] if card else []:
            if named.name in cards:
                text = f"a card named '{named.name}' exists already: {shown(cards[named.name].file)}"
                problems.append(Problem(shown(file), 1, 1, "S111", text, "rename one of the two"))
            else:
                cards[named.name] = named
    return cards, problems


def _card_files(roots: Sequence[Path]) -> list[Path]:
    found = []
    for root in roots:
        for folder, folders, names in os.walk(root):
            folders[:] = [name for name in folders if name != CALIBRATION_FOLDER]  # blocks, not cards
            found += [Path(folder, name) for name in names if name.endswith(".yaml")]
    return found
