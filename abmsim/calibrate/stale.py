"""Which solved statistics no longer fit what they were solved on; nothing is simulated for that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from abmsim import __version__
from abmsim.calibrate.block import Block, solved_name
from abmsim.calibrate.card_text import run_text
from abmsim.calibrate.checking import modules_of
from abmsim.calibrate.result import short_hash
from abmsim.paths import institution_files, module_files
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.solved import Solved


@dataclass(frozen=True, slots=True)
class Standing:
    """A statistic that a block solves; `on`: the day it was solved (empty: never); `changes`: what changed since."""

    block: str
    statistic: str
    on: str
    changes: tuple[str, ...]

    @property
    def is_stale(self) -> bool:
        return bool(self.changes)


def standings(blocks: Sequence[Block], catalogue: Catalogue) -> list[Standing]:
    """How each result of the blocks stands."""
    return [_standing(block, solved_name(statistic), catalogue) for block in blocks for statistic in block.statistics]


def _standing(block: Block, name: str, catalogue: Catalogue) -> Standing:
    card = catalogue.cards.get(name)
    if card is None or card.solved is None:
        return Standing(block.name, name, "", ("never solved",))
    return Standing(block.name, name, card.solved.on, tuple(_changes(card.solved, block, catalogue)))


def _changes(solved: Solved, block: Block, catalogue: Catalogue) -> Iterator[str]:
    based = solved.based_on
    version = based.get("model", {}).get("abmsim", "")
    if version != __version__:
        yield f"abmsim was {version}, now {__version__}"
    if based.get("block", {}) != {block.name: short_hash(block.file)}:
        yield f"the block {block.name} changed"
    if dict(solved.run) != run_text(block.run):
        yield f"solved with another run: {', '.join(_different(solved.run, run_text(block.run)))}"
    files = module_files()
    modules = {name: short_hash(files[name][0]) for name in modules_of(block)}
    yield from _differences("module", based.get("modules", {}), modules)
    institutions = {name: short_hash(path) for name, path in institution_files().items()}
    yield from _differences("institution", based.get("institutions", {}), institutions)
    known = {name: short_hash(catalogue.card(name).csv) for name in based.get("statistics", {})
             if name in catalogue.cards and catalogue.card(name).csv.is_file()}  # fmt: skip
    yield from _differences("statistic", based.get("statistics", {}), known)


def _different(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for key, value in now.items():
        if before.get(key) != value:
            yield f"{key} {before.get(key, 'nothing')}, the block says {value}"


def _differences(kind: str, before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name, value in before.items():
        if name not in now:
            yield f"the {kind} {name} is gone"
        elif now[name] != value:
            yield f"the {kind} {name} changed"
    yield from (f"the {kind} {name} is new" for name in now if name not in before)
