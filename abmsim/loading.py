"""What the commands work on: the shipped statistics and modules, and a project's own in front of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from abmsim.lang.check import CheckResult, check_modules
from abmsim.lang.module import Module
from abmsim.lang.read import module_name, module_paths, read_module
from abmsim.paths import MODULES, module_roots, project_folder, shown, statistics_roots
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
    checked = check_modules(modules, catalogue, schema, municipality_codes(catalogue))
    return replace(checked, problems=tuple(sorted({*problems, *checked.problems})))


def read_layers(schema: Schema, roots: Sequence[Path] | None = None) -> tuple[list[Module], list[Problem]]:
    """The modules as they are read, in order of name, not yet resolved, with the problems of reading."""
    files: dict[str, tuple[Path, Path]] = {}
    for root in reversed(roots or module_roots()):
        files |= {module_name(path, root): (path, root) for path, root in module_paths([root])}
    read = [read_module(*files[name], schema.verbs) for name in sorted(files)]
    return [module for module, _ in read if module is not None], [problem for _, found in read for problem in found]


def replaced() -> Iterator[str]:
    """A line for each shipped module and statistic that one of the project replaces; none outside a project."""
    if project_folder() is None:
        return
    own, *_ = module_roots()
    names = {module_name(*pair) for pair in module_paths([MODULES])}
    for path, root in module_paths([own]):
        if module_name(path, root) in names:
            yield f"{shown(path)} replaces the shipped module of that name"
    own, shipped = statistics_roots()
    names = {file.stem for file in shipped.rglob("*.yaml")}
    for file in sorted(own.rglob("*.yaml")):
        if file.stem in names:
            yield f"{shown(file)} replaces the shipped statistic of that name"


def municipality_codes(catalogue: Catalogue) -> list[str]:
    """The codes of the 355 municipalities, sorted: the labels of a resident's `municipality_code`."""
    return sorted(row["municipality_code"] for row in catalogue.rows("municipalities_2020"))
