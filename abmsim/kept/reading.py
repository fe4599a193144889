"""Statistics, modules and program of a run: as they were kept, or else read and compiled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from abmsim.kept.origin import are_statistics, origin_of
from abmsim.kept.shelf import put, take
from abmsim.schema.schema import Schema, load_schema, take_schema
from abmsim.stats.card import Card
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.table import Table

if TYPE_CHECKING:
    from abmsim.lang.module import Module
    from abmsim.lang.program import Program

_ORIGIN, _MODULES, _PROGRAM = "where it is from", "modules", "program"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a catalogue is from: `name` is that of `origin_of`, `names` the chosen modules; `is_new` if it was read."""

    name: str = ""
    names: tuple[str, ...] = ()
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Compiled:
    """The program of these modules."""

    modules: tuple[Module, ...]
    program: Program


@dataclass(frozen=True, slots=True)
class Reading:
    """All that is kept; `follows`: what follows from statistics and modules, by the names of `Catalogue.once`."""

    schema: Schema
    cards: Mapping[str, Card]
    tables: dict[str, Table]
    rows: dict[str, list[dict[str, str]]]
    follows: Mapping[str, Any]


def catalogue_for(names: Sequence[str]) -> Catalogue:
    """All statistics, which know what is kept of a run with the modules of these names.

    Raises ProblemsFound with all problems of all cards.
    """
    name = origin_of(names)
    kept = take(name, Reading) if name else None
    if kept is None:
        from abmsim.loading import load_catalogue

        catalogue = load_catalogue()
    else:
        take_schema(kept.schema)
        catalogue = Catalogue(kept.cards, kept.tables, kept.rows)
        for what, known in kept.follows.items():
            _know(catalogue, what, known)
    _know(catalogue, _ORIGIN, Origin(name, tuple(names), kept is None))
    return catalogue


def sound_modules(catalogue: Catalogue) -> tuple[Module, ...]:
    """All modules, checked; raises ProblemsFound with all that is wrong in any."""
    return catalogue.once(_MODULES, _read)


def program_of(modules: Sequence[Module], catalogue: Catalogue) -> Program:
    """The program of these modules, which are checked."""
    known, modules = _compiled(modules, catalogue), tuple(modules)
    return known.program if known.modules == modules else _compile(modules, catalogue)


def keep(modules: Sequence[Module], catalogue: Catalogue) -> None:
    """Keep what is known of statistics that `catalogue_for` read, and of the modules that were chosen."""
    origin = catalogue.once(_ORIGIN, lambda _: Origin())
    if not origin.is_new or not are_statistics(card.csv for card in catalogue.cards.values()):
        return
    from abmsim.report.sources import ASSUMED, read_assumed

    follows = {
        _MODULES: sound_modules(catalogue),
        _PROGRAM: _compiled(modules, catalogue),
        ASSUMED: catalogue.once(ASSUMED, read_assumed),
    }
    known = Reading(load_schema(), catalogue.cards, *catalogue.figures, follows)
    if origin.name and origin_of(origin.names) == origin.name:  # else a file was changed meanwhile
        put(origin.name, known)


def _compiled(modules: Sequence[Module], catalogue: Catalogue) -> Compiled:
    """The first program that was asked for with these statistics."""
    return catalogue.once(_PROGRAM, lambda figures: Compiled(tuple(modules), _compile(modules, figures)))


def _know(catalogue: Catalogue, what: str, known: Any) -> None:
    catalogue.once(what, lambda _: known)


def _read(catalogue: Catalogue) -> tuple[Module, ...]:
    from abmsim.loading import load_modules

    checked = load_modules(catalogue)
    checked.raise_errors()
    return checked.modules


def _compile(modules: Sequence[Module], catalogue: Catalogue) -> Program:
    from abmsim.lang.compile import compile_modules
    from abmsim.loading import load_institutions, municipality_codes

    known = [institution for institution in load_institutions(catalogue)[0].values() if institution is not None]
    return compile_modules(modules, catalogue, load_schema(), municipality_codes(catalogue), known)
