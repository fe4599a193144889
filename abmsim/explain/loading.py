"""The module that an explanation is asked of, with all that it needs to run, checked."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from abmsim.casework.workshop import Workshop
from abmsim.lang.check import CheckResult
from abmsim.lang.codes import UNFILLED
from abmsim.lang.module import Module
from abmsim.loading import load_modules, municipality_codes, read_catalogue
from abmsim.paths import module_roots, shown
from abmsim.problems import Problem, ProblemsFound, UsageError, suggestion
from abmsim.schema.schema import load_schema
from abmsim.stats.unfilled import UNFILLED_CARD


def module_to_trace(file: Path) -> tuple[Module, Workshop]:
    """A module by its file or name, and what it runs with.

    Raises UsageError if there is none, ProblemsFound with its problems and those of the modules that it needs; others
    may be wrong.
    """
    catalogue, of_cards = read_catalogue()
    checked = load_modules(catalogue)
    modules = {module.name: module for module in checked.modules}
    name, place = _named(file)
    module = modules.get(name)
    _raise(of_cards)
    _raise(_problems_of(module, place, modules, checked))
    if module is None:
        hint = suggestion(name, modules, "modules")
        raise UsageError(_no_module(file, name, hint, {other.name for other in checked.submodules}))
    return module, Workshop(modules, catalogue, load_schema(), tuple(municipality_codes(catalogue)))


def _named(file: Path) -> tuple[str, str]:
    """(the module's name, its file as problems name it), of a path below a folder of modules or of a name."""
    for root in module_roots():
        path = file if file.is_file() else root / f"{file.as_posix()}.yaml"
        if path.is_file() and path.resolve().is_relative_to(root.resolve()):
            return path.resolve().relative_to(root.resolve()).with_suffix("").as_posix(), shown(path)
    return file.as_posix().removesuffix(".yaml"), shown(file)


def _no_module(file: Path, name: str, hint: str, submodules: set[str]) -> str:
    if name in submodules:
        return f"{name} is a submodule, which runs in the modules that call it: trace one of those"
    if file.is_file():
        roots = " or ".join(f"{shown(root)}/" for root in module_roots())
        return f"{file} is no module: a module is a .yaml file below {roots}"
    return f"there is no module '{file}' ({hint})"


def _problems_of(
    module: Module | None, place: str, modules: dict[str, Module], checked: CheckResult
) -> Iterable[Problem]:
    """The errors of a module and of all that it uses or calls."""
    files, waiting = {place}, [module]
    while waiting:
        one = waiting.pop()
        if one is None or one.file in files - {place}:
            continue
        files.add(one.file)
        files |= {spot.file for state in one.states.values() for spot in [state.spot] if spot.file}
        waiting += [modules.get(name) for name in one.uses if name in modules and modules[name].file not in files]
    return [problem for problem in checked.errors if problem.file in files]


def _raise(problems: Iterable[Problem]) -> None:
    """What an author has still to fill in is words: a new module can be traced before its reasons are written down."""
    errors = [problem for problem in problems if problem.code not in (UNFILLED, UNFILLED_CARD)]
    if errors:
        raise ProblemsFound(errors)
