"""`abmsim check` and `abmsim test`: are the modules right, and do they do what their tests say?"""

from __future__ import annotations

import gc
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated

import typer

from abmsim.paths import MODULES, institution_files, module_roots, replaced, shown
from abmsim.problems import ProblemsFound, UsageError

Files = Annotated[list[Path] | None, typer.Argument(help="Files or folders; all modules if none is named.")]
Run = Annotated[str, typer.Option("--run", metavar="RUN", help="Weigh assumptions by the residents of a run.")]


def check(files: Files = None, run: Run = "") -> None:
    """Check modules: all problems at once.

    Each with its place, what is wrong and what to do; institutions are checked with them. Warnings do not fail.
    Then how much of each module is assumed.
    """
    from abmsim.cli.assumptions import share_lines
    from abmsim.cli.clean import check_changed
    from abmsim.cli.runs import run_folder

    gc.disable()  # this process makes many small objects, keeps them all and ends: collecting takes a third of its time
    folder = run_folder(run) if run else None
    chosen = [shown(file) for file in _existing(files)]
    checked = check_changed()
    asked = {name: numbers for name, (file, numbers) in checked.modules.items() if _is_asked(file, chosen)}
    institutions = [path for path in institution_files().values() if chosen and _is_asked(shown(path), chosen)]
    if chosen and not asked and not institutions and not checked.problems:
        raise UsageError(f"{chosen[0]} is no module: a module is a .yaml file below {shown(MODULES)}/")
    problems = [problem for problem in checked.problems if _is_asked(problem.file, chosen)]
    if checked.of_cards or any(not problem.is_warning for problem in problems):
        raise ProblemsFound([*checked.of_cards, *problems])
    tell_replaced()
    for warning in problems:
        print(warning, file=sys.stderr)
    for line in _weighted(asked, folder) if folder else share_lines(asked) if asked or not institutions else ():
        print(line)
    counts = [_counted(len(asked), "module")] if asked or not institutions else []
    counts += [_counted(len(institutions), "institution")] if institutions else []
    print(f"{' and '.join(counts)} checked: no problems")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _weighted(asked: Collection[str], folder: Path) -> Iterator[str]:
    from abmsim.cli.assumptions import weighted_lines
    from abmsim.loading import load_catalogue, load_modules

    catalogue = load_catalogue()
    modules = [module for module in load_modules(catalogue).modules if module.name in asked]
    return weighted_lines(modules, catalogue.cards, folder)


def test(
    files: Files = None,
    name: Annotated[str, typer.Option("-k", help="Only tests whose name holds this.")] = "",
    coverage: Annotated[bool, typer.Option("--coverage", help="Say what of the modules no test reaches.")] = False,
) -> None:
    """Run the tests beside the modules.

    They are the files NAME.test.yaml beside NAME.yaml; a module names its tests. With --coverage the states, edges
    (state to state through an exit) and branches (exits, conditions, shares) that no test reaches are listed.
    """
    import pytest

    own, *_ = module_roots()
    places = _existing(files) or [own]
    targets = _test_files(places)
    tell_replaced()
    options = ["-q", "--no-header", "-rN", "-p", "no:cacheprovider", "-p", "abmsim.pytest_plugin", "-c", _no_settings()]
    options += [f"--rootdir={own.parent}", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    options += [f"--module-coverage={place}" for place in places if coverage]
    code = pytest.main([*options, *(["-k", name] if name else []), *map(str, targets)])
    raise typer.Exit(0 if code == 0 else 1)


def tell_replaced() -> None:
    """Say which shipped modules and statistics those of the project replace."""
    for line in replaced():
        print(f"note: {line}", file=sys.stderr)


def _is_asked(file: str, chosen: list[str]) -> bool:
    """Whether a file is one of the chosen ones or below a chosen folder; all are if none is chosen."""
    return not chosen or any(file == place or file.startswith(f"{place}/") for place in chosen)


def _existing(files: list[Path] | None) -> list[Path]:
    for file in files or []:
        if not file.exists():
            raise UsageError(f"there is no file or folder '{file}'")
    return files or []


def _test_files(places: list[Path]) -> list[Path]:
    """The test files among and below the places; a module stands for the tests beside it."""
    found: list[Path] = []
    for place in places:
        if place.is_dir():
            found += sorted(place.rglob("*.test.yaml"))
        elif place.name.endswith(".test.yaml"):
            found.append(place)
        else:
            found.append(place.with_name(f"{place.stem}.test.yaml"))
    for file in found:
        if not file.exists():
            raise UsageError(f"there is no test file '{file}' beside the module")
    if not found:
        raise UsageError("there are no *.test.yaml files here")
    return found


def _no_settings() -> str:
    """The module tests do not hang on the settings of whatever project the caller stands in."""
    import os

    return os.devnull
