"""Statistics, modules and program of a run: as they were kept, or else read and compiled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from abmsim.kept.origin import are_statistics, origin_of
from abmsim.kept.shelf import is_kept, put, take
from abmsim.schema.schema import Schema, load_schema, take_schema
from abmsim.stats.catalogue import Catalogue

if TYPE_CHECKING:
    from abmsim.lang.module import Module
    from abmsim.lang.program import Program

_MODULES, _PROGRAM = "modules", "program"
"""What `Catalogue.once` calls them."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The program of these modules."""

    modules: tuple[Module, ...]
    program: Program


@dataclass(frozen=True, slots=True)
class Reading:
    """All that is kept; the catalogue knows the modules, what they assume, their program, and what residents are
    drawn with."""

    schema: Schema
    catalogue: Catalogue


def catalogue_for(names: Sequence[str]) -> Catalogue:
    """All statistics, which know what is kept of a run with the modules of these names.

    Raises ProblemsFound with all problems of all cards.
    """
    origin = origin_of(names)
    kept = take(origin, Reading) if origin else None
    if kept is not None:
        take_schema(kept.schema)
        return kept.catalogue
    from abmsim.loading import load_catalogue

    return replace(load_catalogue(), origin=origin)


def sound_modules(catalogue: Catalogue) -> tuple[Module, ...]:
    """All modules, checked; raises ProblemsFound with all that is wrong in any."""
    return catalogue.once(_MODULES, _read)


def program_of(modules: Sequence[Module], catalogue: Catalogue) -> Program:
    """The program of these modules, which are checked."""
    known, modules = _compiled(modules, catalogue), tuple(modules)
    return known.program if known.modules == modules else _compile(modules, catalogue)


def keep(names: Sequence[str], modules: Sequence[Module], catalogue: Catalogue) -> None:
    """Keep all that is known of statistics that `catalogue_for` these names gave; `modules` are those of the names."""
    origin = catalogue.origin
    if not origin or is_kept(origin) or not are_statistics(card.csv for card in catalogue.cards.values()):
        return
    from abmsim.report.sources import assumed_in

    sound_modules(catalogue)
    _compiled(modules, catalogue)
    assumed_in(catalogue)
    if origin_of(names) == origin:  # else a file was changed meanwhile
        put(origin, Reading(load_schema(), catalogue.afresh()))


def _compiled(modules: Sequence[Module], catalogue: Catalogue) -> Compiled:
    """The first program that was asked for with these statistics."""
    return catalogue.once(_PROGRAM, lambda figures: Compiled(tuple(modules), _compile(modules, figures)))


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
