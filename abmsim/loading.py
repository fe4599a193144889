"""What the commands work on: the shipped statistics and modules, and a project's own in front of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from abmsim.lang.check import CheckResult, check_modules, with_problems
from abmsim.lang.check_institution import Institutions, read_institutions
from abmsim.lang.module import Module
from abmsim.lang.read import read_module
from abmsim.lang.together import Summary
from abmsim.paths import institution_files, module_files, statistics_roots
from abmsim.problems import Problem, ProblemsFound
from abmsim.schema.schema import Schema, load_schema
from abmsim.stats.card import Card
from abmsim.stats.catalogue import Catalogue, read_cards


def load_catalogue() -> Catalogue:
    """All statistics; raises ProblemsFound with all problems of all cards."""
    catalogue, problems = read_catalogue()
    if problems:
        raise ProblemsFound(problems)
    return catalogue


def read_catalogue() -> tuple[Catalogue, list[Problem]]:
    """All statistics that can be used, and all problems of all cards; a project's own card goes first."""
    layers = [read_cards([root]) for root in statistics_roots()]
    cards: dict[str, Card] = {}
    for layer, _ in reversed(layers):
        own = {card.file.stem for card in layer.values()}
        cards = {name: card for name, card in cards.items() if card.file.stem not in own} | layer
    return Catalogue(dict(sorted(cards.items()))), [problem for _, found in layers for problem in found]


def load_modules(catalogue: Catalogue, roots: Sequence[Path] | None = None) -> CheckResult:
    """Every module below the roots, checked against the statistics; its `problems` hold those of reading too.

    Where two roots (by default the project's and the shipped one) have a module of one name, the first goes.
    """
    schema = load_schema()
    modules, problems = read_layers(schema, roots)
    institutions, of_institutions = load_institutions(catalogue)
    codes = municipality_codes(catalogue)
    checked = check_modules(modules, catalogue, schema, codes, institutions=institutions)
    return with_problems(checked, problems, of_institutions)


def load_institutions(catalogue: Catalogue) -> tuple[Institutions, list[Problem]]:
    """Every institution by name (None for one in which something is wrong), and all their problems."""
    return read_institutions(institution_files().values(), catalogue)


def load_changed(catalogue: Catalogue, known: Mapping[str, Summary]) -> tuple[CheckResult, set[str]]:
    """As `load_modules`, but of the modules whose summary is known only those are read that the others call.

    The second is the names of those in whose reading a problem was found. `modules` of the result are those read.
    """
    schema, files = load_schema(), module_files()
    read: dict[str, tuple[Module | None, list[Problem]]] = {}
    waiting = [name for name in files if name not in known]
    while waiting:
        name = waiting.pop()
        if name in files and name not in read:
            module, _ = read[name] = read_module(*files[name], schema.verbs)
            states = module.states.values() if module else ()
            waiting += [state.call.module for state in states if state.call]
    modules = [module for module, _ in read.values() if module]
    others = [summary for name, summary in known.items() if name not in read]
    institutions, of_institutions = load_institutions(catalogue)
    checked = check_modules(modules, catalogue, schema, municipality_codes(catalogue), others, institutions)
    of_reading = (problem for _, found in read.values() for problem in found)
    unread = {name for name, (_, found) in read.items() if found}
    return with_problems(checked, of_reading, of_institutions), unread


def read_layers(schema: Schema, roots: Sequence[Path] | None = None) -> tuple[list[Module], list[Problem]]:
    """The modules as they are read, in order of name, not yet resolved, with the problems of reading."""
    read = [read_module(path, root, schema.verbs) for path, root in module_files(roots).values()]
    return [module for module, _ in read if module is not None], [problem for _, found in read for problem in found]


def municipality_codes(catalogue: Catalogue) -> list[str]:
    """The codes of the 355 municipalities, sorted: the labels of a resident's `municipality_code`."""
    return sorted(row["municipality_code"] for row in catalogue.rows("municipalities_2020"))
