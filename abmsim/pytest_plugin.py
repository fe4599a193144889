"""A pytest plugin: every case of a `*.test.yaml` file is a test, run on the real kernel.

Nothing heavy is imported before the first case runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from abmsim.casework.covered import Covered
    from abmsim.casework.workshop import Workshop
    from abmsim.lang.cases import Case

ENDING = ".test.yaml"


COVERED: pytest.StashKey[Covered] = pytest.StashKey()
"""What the cases have reached, if that was asked for."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--module-coverage`: what `abmsim test --coverage` asks for."""
    said = "say which states, edges and branches of the modules in PLACE no *.test.yaml reaches"
    parser.getgroup("abmsim").addoption("--module-coverage", action="append", type=Path, metavar="PLACE", help=said)


def pytest_configure(config: pytest.Config) -> None:
    """Begins to count if it is asked for."""
    places = config.getoption("--module-coverage")
    if places:
        from abmsim.casework.covered import Covered

        config.stash[COVERED] = Covered([place.resolve() for place in places])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tells what the cases have reached."""
    if COVERED in config.stash:
        terminalreporter.write_line("")
        for line in config.stash[COVERED].lines():
            terminalreporter.write_line(line)


class CaseFailed(Exception):
    """A case did not come out as expected; the text says how."""


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The tests of a module."""
    return CaseFile.from_parent(parent, path=file_path) if file_path.name.endswith(ENDING) else None


class CaseFile(pytest.File):
    """One `*.test.yaml` file."""

    def collect(self) -> Iterator[pytest.Item]:
        from abmsim.lang.read_cases import read_cases
        from abmsim.problems import ProblemsFound

        try:
            workshop = workshop_of(modules_root(self.path))
        except ProblemsFound as found:
            raise self.CollectError(str(found)) from None
        if COVERED in self.config.stash:
            self.config.stash[COVERED].see(workshop.modules.values())
        cases, problems = read_cases(self.path, workshop.modules, workshop.schema, workshop.municipality_codes)
        if problems:
            raise self.CollectError("\n".join(map(str, sorted(set(problems)))))
        for case in cases:
            yield CaseItem.from_parent(self, name=case.name, case=case, workshop=workshop)


class CaseItem(pytest.Item):
    """One case of a test file."""

    def __init__(self, *, case: Case, workshop: Workshop, **given: Any) -> None:
        super().__init__(**given)
        self.case = case
        self.workshop = workshop

    def runtest(self) -> None:
        from abmsim.casework.staging import run
        from abmsim.casework.verdict import failures

        outcome = run(self.case, self.workshop)
        if COVERED in self.config.stash:
            self.config.stash[COVERED].add(self.case, outcome, self.workshop)
        lines = failures(self.case, outcome, self.workshop)
        if lines:
            raise CaseFailed("\n".join(lines))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        from abmsim.problems import ProblemsFound, UserError

        if not isinstance(excinfo.value, CaseFailed | ProblemsFound | UserError):
            return super().repr_failure(excinfo, style)
        place = f"{self.case.file}:{self.case.spot.line}:{self.case.spot.column}"
        said = "\n".join(f"  {line}" for line in str(excinfo.value).splitlines())
        return f"{place} {self.case.name}\n{said}"

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.case.spot.line - 1, self.name


def modules_root(path: Path) -> Path:
    """The folder that module names count from: as many levels up as the file's module name has parts."""
    from abmsim.yamlfile import read_yaml

    root, _ = read_yaml(path)
    name = root.get("module") if root is not None and root.kind == "mapping" else None
    levels = name.text.count("/") if name is not None and name.kind == "scalar" else 0
    return path.resolve().parents[min(levels, len(path.resolve().parents) - 1)]


@cache
def workshop_of(root: Path) -> Workshop:
    """All modules below a folder, checked, and the statistics; raises ProblemsFound if one has an error.

    The modules of a project stand on the shipped ones. What its author has still to fill in is words, and no error
    here: a new module can be tried before its reasons are written down.
    """
    from abmsim.casework.workshop import Workshop
    from abmsim.lang.codes import UNFILLED
    from abmsim.loading import load_modules, municipality_codes, read_catalogue
    from abmsim.paths import module_roots
    from abmsim.problems import ProblemsFound
    from abmsim.schema.schema import load_schema
    from abmsim.stats.unfilled import UNFILLED_CARD

    catalogue, problems = read_catalogue()
    layers = module_roots()
    checked = load_modules(catalogue, layers if root in layers else (root,))
    errors = [found for found in (*problems, *checked.errors) if found.code not in (UNFILLED, UNFILLED_CARD)]
    if errors:
        raise ProblemsFound(errors)
    modules = {module.name: module for module in checked.modules}
    return Workshop(modules, catalogue, load_schema(), tuple(municipality_codes(catalogue)))
