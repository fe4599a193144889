"""The architecture as a test: imports point down the layers, chance is addressed, and the quick commands stay light."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import abmsim

PACKAGE = Path(abmsim.__file__).parent
LAYERS = (
    ("problems", "days", "randomness", "vocabulary", "paths", "contents", "sealed", "areas"),
    ("yamlfile", "yamlhints", "expressions", "schema", "stats"),
    ("lang",),
    ("population",),
    ("engine",),
    ("records", "export"),
    (
        "plan", "cautions", "loading", "kept", "lookup", "simulation", "runner", "mesa_model", "runfile", "life",
        "kin_graph", "validate", "calibrate", "report", "casework", "explain", "project", "pytest_plugin", "cli",
        "__main__",
    ),  # fmt: skip
)
LAYER = {name: layer for layer, names in enumerate(LAYERS) for name in names}
HEAVY = {"numpy", "numba", "llvmlite", "pandas", "mesa", "pyarrow", "duckdb", "networkx", "altair", "jinja2"}
FILES = sorted(file for file in PACKAGE.rglob("*.py") if file != PACKAGE / "__init__.py")


def module_name(file: Path) -> str:
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(file) for file in FILES}


def imports(file: Path, tree: ast.AST) -> Iterator[str]:
    """The modules of the package that the tree imports, by their full names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.split(".")[0] == "abmsim")
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: imports are absolute here"
            if (node.module or "").split(".")[0] == "abmsim":
                for name in node.names:
                    inner = f"{node.module}.{name.name}"
                    yield inner if inner in MODULES else str(node.module)


def at_import(tree: ast.Module) -> ast.Module:
    """The tree without function bodies and `if TYPE_CHECKING`: what runs when the module is imported."""
    body = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.If)]
    return ast.Module(body=body, type_ignores=[])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_imports_point_down(file: Path) -> None:
    own = module_name(file).split(".")[1]
    assert own in LAYER, f"'{own}' has no layer yet: give it one in {Path(__file__).name}"
    for name in imports(file, ast.parse(file.read_text(encoding="utf-8"))):
        if name == "abmsim":
            continue  # the version, nothing else is there
        other = name.split(".")[1]
        assert LAYER[other] <= LAYER[own], f"{own} (layer {LAYER[own]}) imports {other} (layer {LAYER[other]})"


def test_no_module_imports_itself_in_a_circle() -> None:
    graph = {
        module_name(file): set(imports(file, at_import(ast.parse(file.read_text(encoding="utf-8"))))) - {"abmsim"}
        for file in FILES
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_chance_comes_from_addresses_alone(file: Path) -> None:
    if file == PACKAGE / "randomness.py":
        return
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in {("np", "random"), ("numpy", "random")}, f"{file}:{node.lineno}"
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {name.name for name in node.names} | {getattr(node, "module", "")}
            assert not names & {"random", "numpy.random", "secrets"}, f"{file}:{node.lineno}"


@pytest.mark.parametrize("command", [["--help"], ["check"], ["stats", "list"]], ids=" ".join)
def test_quick_commands_import_nothing_heavy(command: list[str]) -> None:
    code = f"import sys; from abmsim.cli import answer; answer({command!r}); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stderr.split())


def test_mesa_is_imported_by_its_package_alone() -> None:
    """And nothing but the lazy names of `abmsim` leads there: what Mesa costs is paid by who asks for a model."""
    there = [file for file in FILES if re.search(r"import mesa|from mesa|mesa_model", file.read_text(encoding="utf-8"))]
    assert {file.parent.name for file in there} == {"mesa_model"}


def test_the_names_of_the_package_are_imported_when_they_are_used() -> None:
    code = "import sys, abmsim; dir(abmsim); abmsim.run, abmsim.RunPlan; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"mesa", "pandas", "numba"} & set(done.stdout.split())
