"""Where the numbers come from: the statistics that a run has read, and what its modules assume."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from abmsim.expressions.show import show
from abmsim.lang.module import Module, Quantity
from abmsim.paths import INSTITUTIONS_FOLDER, institution_files
from abmsim.schema.schema import load_schema
from abmsim.stats.card import VERIFIED, Card
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.verify import file_hash


@dataclass(frozen=True, slots=True)
class Assumed:
    """One assumption of a module: its name, what it is, and why."""

    name: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class ModuleAssumptions:
    """What a module or an institution assumes; `changed` if its file is no longer the one that ran."""

    module: str
    assumptions: tuple[Assumed, ...]
    changed: bool


def cards_read(catalogue: Catalogue, statistics: Mapping[str, str]) -> dict[str, list[Card]]:
    """The cards that the run has read, by how sure they are; the parts of a split card are told once."""
    cards: dict[object, Card] = {}
    for name in statistics:
        if name in catalogue.cards:
            card = catalogue.cards[name]
            cards.setdefault(card.file, card)
    return {kind: [card for card in cards.values() if card.verified == kind] for kind in VERIFIED}


def assumptions(
    run_modules: Mapping[str, str], run_institutions: Mapping[str, str], catalogue: Catalogue
) -> list[ModuleAssumptions]:
    """The assumptions of the modules of the run, by name, and those of the institutions that they await.

    The arguments are name -> hash of the file that ran, and the statistics that the run was made with.
    """
    ran = {**run_modules, **{f"{INSTITUTIONS_FOLDER}/{name}": found for name, found in run_institutions.items()}}
    return [
        ModuleAssumptions(name, assumed, file_hash(path) != ran[name])
        for name, (path, assumed) in assumed_in(catalogue).items()
        if name in ran
    ]


def assumed_in(catalogue: Catalogue) -> Mapping[str, tuple[Path, tuple[Assumed, ...]]]:
    """Name -> the file and the assumptions, as they are written there, of each module and each institution."""
    return catalogue.once("assumptions", lambda _: _read())


def _read() -> dict[str, tuple[Path, tuple[Assumed, ...]]]:
    from abmsim.lang.read_institution import read_institution
    from abmsim.loading import read_layers

    modules, _ = read_layers(load_schema())
    drafts = (read_institution(path)[0] for path in institution_files().values())
    named = [(module.name, module) for module in modules]
    named += [(f"{INSTITUTIONS_FOLDER}/{draft.module.name}", draft.module) for draft in drafts if draft is not None]
    return {name: (module.path, tuple(_assumed(module))) for name, module in named}


def _assumed(module: Module) -> Iterator[Assumed]:
    for assumption in module.assumptions.values():
        yield Assumed(assumption.name, spoken(assumption.quantity), assumption.why)


def spoken(quantity: Quantity) -> str:
    """A quantity in words: `0.8`, `6 weeks`, `2-6 weeks`, `lognormal (0.7, 1) in years`."""
    parts = [show(parameter) for parameter in quantity.parameters]
    if quantity.kind == "value":
        return parts[0]
    if quantity.kind in ("exact", "uniform"):
        length = "-".join(parts)
        return f"{length} {quantity.unit}{'' if length == '1' else 's'}"
    return f"{quantity.kind} ({', '.join(parts)}) in {quantity.unit}s"
