"""Where modules and statistics are: a project's own over the shipped ones.

The shipped ones stand beside the package in a checkout and inside it when installed. A project is a folder with the
file `abmsim.yaml`, found upward from the current folder.
"""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
PROJECT_FILE = "abmsim.yaml"
MODULES_FOLDER, STATISTICS_FOLDER, SCENARIOS_FOLDER = "modules", "public_stats", "scenarios"
REGIONS_FOLDER = "regions"


def _shipped(name: str) -> Path:
    beside = PACKAGE.parent / name
    return beside if beside.is_dir() else PACKAGE / "shipped" / name


MODULES = _shipped(MODULES_FOLDER)
PUBLIC_STATS = _shipped(STATISTICS_FOLDER)
SCHEMA_TABLES = PACKAGE / "schema" / "tables"


def project_folder() -> Path | None:
    """The project that the current folder is in; None outside any. Not kept: the current folder can change."""
    here = os.getcwd()
    while not os.path.isfile(os.path.join(here, PROJECT_FILE)):
        above = os.path.dirname(here)
        if above == here:
            return None
        here = above
    return Path(here)


def module_roots() -> tuple[Path, ...]:
    """The folders that modules' names count from, the one that goes first in front."""
    project = project_folder()
    return (project / MODULES_FOLDER, MODULES) if project else (MODULES,)


def statistics_roots() -> tuple[Path, ...]:
    """The folders of statistics, the one that goes first in front."""
    project = project_folder()
    return (project / STATISTICS_FOLDER, PUBLIC_STATS) if project else (PUBLIC_STATS,)


def shown(path: Path) -> str:
    """A path as people should see it: below the project or the folder of the shipped `modules/`, else as given.

    Of the two the deeper one counts: a project can lie in a checkout, and an installed package in a project.
    """
    project = project_folder()
    roots = sorted({MODULES.parent, project or MODULES.parent}, key=lambda root: -len(root.parts))
    resolved = path.resolve()
    for root in (*roots, Path.cwd()):
        if resolved.is_relative_to(root):
            return resolved.relative_to(root).as_posix()
    return str(path)
