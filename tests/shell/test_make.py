"""The bootstrap runs on any Python that somebody may have, and says in one line what is in its way."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

import abmsim

ROOT = Path(abmsim.__file__).parent.parent
MAKE = ROOT / "make.py"
STANDARD = {"ensurepip", "hashlib", "os", "pathlib", "shutil", "subprocess", "sys", "venv"}

pytestmark = pytest.mark.skipif(not MAKE.exists(), reason="the bootstrap is part of a checkout")


@pytest.fixture
def make() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make", MAKE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse(MAKE.read_text(encoding="utf-8"))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= STANDARD


def test_an_old_python_can_read_it() -> None:
    ast.parse(MAKE.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_an_old_python_is_told_so(make: ModuleType, monkeypatch, capsys) -> None:
    monkeypatch.setattr(make, "OLDEST_PYTHON", (99, 0))
    assert make.main(["demo"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("make.py: abmsim needs Python 99.0 or newer") and told.count("\n") == 1


def test_a_python_without_venv_is_told_so(make: ModuleType, monkeypatch, capsys) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ensurepip", None)
    assert make.main(["demo"]) == 1
    told = capsys.readouterr().err
    assert "python3-venv" in told and told.count("\n") == 1


def test_an_unknown_task_lists_the_tasks(make: ModuleType, capsys) -> None:
    assert make.main(["dmeo"]) == 2
    assert "demo" in capsys.readouterr().out


def test_what_pip_says_last_is_its_reason(make: ModuleType) -> None:
    output = b"Collecting numpy\nERROR: Could not find a version\n\n[notice] a new pip is there\n"
    assert make.last_line(output) == "ERROR: Could not find a version"


def test_ci_runs_the_same_as_everybody() -> None:
    assert "python3 make.py test" in (ROOT / ".ci" / "run").read_text()
