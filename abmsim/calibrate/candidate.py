"""Statistics with the values that are tried: tables in a folder of their own, the shipped ones untouched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from abmsim.calibrate.block import Block, Unknown, solved_name
from abmsim.stats.card import Card
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.derive import csv_text
from abmsim.stats.solved import rows_with

DIGITS = 5
"""Significant digits of a solved value: what is written is what was tried."""

Values = Mapping[str, float]
"""The value of each unknown, by its name in its block."""


def rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def rows_of(catalogue: Catalogue, block: Block, statistic: str, values: Values) -> list[dict[str, str]]:
    """The rows of a statistic of the block with these values."""
    found = [(unknown.where, rounded(values[unknown.name]), unknown.is_level)
             for unknown in block.unknowns if unknown.statistic == statistic]  # fmt: skip
    return list(rows_with(catalogue, catalogue.card(statistic), found))


def start_values(catalogue: Catalogue, block: Block) -> dict[str, float]:
    """Where the search begins: what was solved last time, else the source as it is, inside the bracket."""
    solved: dict[str, float] = {}
    for statistic in block.statistics:
        card = catalogue.cards.get(solved_name(statistic))
        if card is not None and card.solved is not None:
            solved |= {unknown.name: unknown.value for unknown in card.solved.unknowns}
    values = {}
    for unknown in block.unknowns:
        low, high = unknown.between
        value = solved.get(unknown.name, _unsolved(catalogue, unknown))
        values[unknown.name] = rounded(min(max(value, low), high))
    return values


def _unsolved(catalogue: Catalogue, unknown: Unknown) -> float:
    """A factor of one, or the mean of the cells whose level is sought."""
    from abmsim.stats.cells import meant

    if not unknown.is_level:
        return 1.0
    table = catalogue.table(unknown.statistic)
    cells = [table.cells[cell] for cell in meant(unknown.where, table.by, table.cells)]
    return sum(cells) / len(cells)


def with_results(catalogue: Catalogue, blocks: Sequence[Block]) -> Catalogue:
    """The catalogue with a card for everything that the blocks give, also of what was never solved before.

    Such a card has its source's figures, so that modules that name it can be read.
    """
    cards = dict(catalogue.cards)
    for block in blocks:
        for statistic in block.statistics:
            if solved_name(statistic) not in cards:
                named = replace(catalogue.card(statistic), name=solved_name(statistic))
                cards |= {card.name: card for card in (named, *named.parts())}
    return Catalogue(dict(sorted(cards.items())))


class Candidates:
    """Catalogues of values that are tried; `names`: the statistics (solved or their sources) that the modules read.

    Its tables stand in `folder`.
    """

    def __init__(self, catalogue: Catalogue, blocks: Sequence[Block], names: Mapping[str, str], folder: Path) -> None:
        self._catalogue = catalogue
        self._blocks = blocks
        self._names = names
        self._folder = folder
        self._count = 0

    def of(self, values: Sequence[Values]) -> Catalogue:
        """The catalogue with these values of each block."""
        folder = self._folder / str(self._count)
        folder.mkdir(parents=True)
        self._count += 1
        cards = dict(self._catalogue.cards)
        for block, of_block in zip(self._blocks, values, strict=True):
            for statistic in block.statistics:
                csv = folder / f"{statistic}.csv"
                csv.write_text(csv_text(rows_of(self._catalogue, block, statistic, of_block)), encoding="utf-8")
                cards |= {card.name: card for card in self._tried(statistic, csv)}
        return Catalogue(cards)

    def _tried(self, statistic: str, csv: Path) -> Iterator[Card]:
        """The cards, with parts, that modules read this statistic by."""
        source = self._catalogue.card(statistic)
        card = replace(source, name=self._names[statistic], csv=csv, totals=())
        yield card
        yield from card.parts()
