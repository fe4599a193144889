"""What a solved block leaves: a table and a card for each statistic, with all that they were solved on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from abmsim import __version__
from abmsim.calibrate.block import Block, solved_name
from abmsim.calibrate.calibration import Outcome, whole_of
from abmsim.calibrate.candidate import rows_of, with_results
from abmsim.calibrate.card_text import card_text
from abmsim.calibrate.checking import modules_of
from abmsim.paths import STATISTICS_FOLDER, institution_files, module_files
from abmsim.project.folder import own_folder
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.derive import csv_text
from abmsim.stats.solved import DERIVED_FOLDER
from abmsim.stats.verify import file_hash

HASH_DIGITS = 12
"""Enough to tell one state of a file from all others."""


def results_folder() -> Path:
    """Where solved statistics go: the project, or the checkout; raises UsageError outside both."""
    return own_folder() / STATISTICS_FOLDER / DERIVED_FOLDER


def write_results(outcomes: Sequence[Outcome], catalogue: Catalogue, on: date) -> list[Path]:
    """Write table and card of everything that was solved; the cards' paths."""
    tables = {
        solved_name(statistic): csv_text(rows_of(catalogue, block, statistic, outcome.values(block)))
        for outcome in outcomes for block in outcome.blocks for statistic in block.statistics
    }  # fmt: skip
    new = {name: text_hash(text) for name, text in tables.items()}
    cards = {}
    for outcome in outcomes:
        for block in outcome.blocks:
            hashes = based_on(block, catalogue, outcome.read, new)
            for statistic in block.statistics:
                name = solved_name(statistic)
                source = catalogue.card(statistic)
                cards[name] = card_text(source, block, statistic, outcome, hashes, on, new[name])
    folder = results_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in cards.items():  # every text is made before the first is written
        (folder / f"{name}.csv").write_text(tables[name], encoding="utf-8", newline="\n")
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8", newline="\n")
    return [folder / f"{name}.yaml" for name in cards]


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def short_hash(path: Path) -> str:
    return file_hash(path)[:HASH_DIGITS]


# --- what it was solved on -------------------------------------------------------------------------------------------
def based_on(
    block: Block, catalogue: Catalogue, read: Iterable[str], new: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """kind -> name -> hash of everything that the block was solved on; `new`: name -> hash of what is solved now.

    Other modules that ran along are left out: a module's chance does not depend on which others run.
    """
    files = module_files()
    targets = {unknown.figure.statistic for unknown in block.unknowns}
    own = {solved_name(name) for name in block.statistics}
    names = {whole_of(catalogue, name) for name in (*read, *_of_modules(block, catalogue))} | targets
    names = (names | set(block.statistics)) - own
    statistics = {name: new.get(name, "")[:HASH_DIGITS] or short_hash(catalogue.card(name).csv) for name in names}
    return {
        "model": {"abmsim": __version__},
        "block": {block.name: short_hash(block.file)},
        "modules": {name: short_hash(files[name][0]) for name in modules_of(block)},
        "institutions": {name: short_hash(path) for name, path in institution_files().items()},
        "statistics": dict(sorted(statistics.items())),
    }


def _of_modules(block: Block, catalogue: Catalogue) -> set[str]:
    """The statistics that the block's own modules read."""
    from abmsim.lang.compile import compile_modules
    from abmsim.loading import load_modules, municipality_codes
    from abmsim.schema.schema import load_schema

    known = with_results(catalogue, [block])
    names = set(modules_of(block))
    modules = [module for module in load_modules(known).modules if module.name in names]
    return set(compile_modules(modules, known, load_schema(), tuple(municipality_codes(known))).statistics)
