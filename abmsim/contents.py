"""The files that decide what modules and statistics mean: what is kept of a project holds while they say the same."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from abmsim.paths import PACKAGE, institution_roots, statistics_roots


def program_files() -> Iterator[tuple[str, str]]:
    """(label, path) of the sources and schema of this program, and of its YAML parser."""
    for label, path in below(PACKAGE, skip="shipped"):
        if label.endswith((".py", ".yaml")):
            yield label, path
    parser = find_spec("yaml")
    for folder in (parser.submodule_search_locations or ()) if parser else ():
        names = sorted(name for name in os.listdir(folder) if name != "__pycache__")
        yield f"yaml {names}", os.path.join(folder, "__init__.py")  # which says its version


def town_files() -> Iterator[tuple[str, str]]:
    """(label, path) of all institutions and statistics, those of the project and the shipped ones."""
    for number, root in enumerate((*institution_roots(), *statistics_roots())):
        yield from ((f"{number}{label}", path) for label, path in below(root))


def below(root: Path, skip: str = "") -> Iterator[tuple[str, str]]:
    """(label, path) of every file below a folder, in order; the label counts from the folder."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in (skip, "__pycache__"))
        for name in sorted(names):
            yield f"{folder.removeprefix(str(root))}/{name}", os.path.join(folder, name)


def content(path: str | Path) -> bytes:
    with open(path, "rb") as file:
        return file.read()
