"""What the reading of a run follows from, as one name: a hash of the content of every file, and nothing of its date."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from abmsim.contents import content, program_files, town_files
from abmsim.paths import institution_roots, module_files, module_roots, statistics_roots


def origin_of(names: Sequence[str]) -> str:
    """The hash of all modules, institutions and statistics, of where they stand and of what reads them.

    `names` are the modules that are chosen. It is "" if a file cannot be read, so that nothing is kept.
    """
    roots = (*module_roots(), *institution_roots(), *statistics_roots())
    files = [*town_files(), *((name, str(path)) for name, (path, _) in module_files().items())]
    try:
        digest = hashlib.sha256(repr((_program(), names, [str(root) for root in roots])).encode())
        _add(digest, files)
    except OSError:
        return ""
    if any(map(os.path.islink, (*roots, *(path for _, path in files)))):
        digest.update(os.getcwd().encode())  # how a file is called that stands elsewhere follows from this one
    return digest.hexdigest()


def are_statistics(files: Iterable[Path]) -> bool:
    """Whether the name of the reading follows from what these files of figures say."""
    known = {os.path.normpath(path) for _, path in town_files()}
    return all(os.path.normpath(file) in known for file in files)


@cache
def _program() -> str:
    """Of this program, its libraries and its Python, as they were when this process first asked: it runs those."""
    digest = hashlib.sha256(sys.version.encode())
    _add(digest, [*program_files(), *_version_of_numpy()])
    return digest.hexdigest()


def _version_of_numpy() -> list[tuple[str, str]]:
    found = find_spec("numpy")
    folders = (found.submodule_search_locations or ()) if found else ()
    return [("numpy", os.path.join(folder, "version.py")) for folder in folders]


def _add(digest: hashlib._Hash, files: Iterable[tuple[str, str]]) -> None:
    for label, path in files:
        digest.update(f"\0{label}\0".encode() + hashlib.sha256(content(path)).digest())
