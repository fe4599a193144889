"""A project: a folder of one's own modules, institutions, statistics and scenarios that stand on the shipped ones."""

from __future__ import annotations

import os
from pathlib import Path

from abmsim import __version__
from abmsim.paths import (
    INSTITUTIONS_FOLDER,
    MODULES,
    MODULES_FOLDER,
    PACKAGE,
    PROJECT_FILE,
    REGIONS_FOLDER,
    SCENARIOS_FOLDER,
    STATISTICS_FOLDER,
    project_folder,
)
from abmsim.problems import UsageError
from abmsim.project.templating import filled, write_new

_MARK = """\
# This folder is a project of abmsim: inside it, every command works on its modules/, institutions/ and
# public_stats/, over the shipped ones.
made_with: abmsim {version}
"""


def make_project(folder: Path) -> None:
    """Make a project in a folder that is new or empty; raises UsageError for any other, and writes nothing."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"'{folder}' is a file; a project is a folder that is new or empty")
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(f"the folder '{folder}' is not empty; name a new one, nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    folders = (MODULES_FOLDER, INSTITUTIONS_FOLDER, STATISTICS_FOLDER, SCENARIOS_FOLDER, REGIONS_FOLDER)
    kept = {folder / name / ".gitkeep": "" for name in folders}
    texts = {
        folder / PROJECT_FILE: _MARK.format(version=__version__),
        folder / "README.md": filled("readme.md", name=folder.resolve().name),
        folder / ".gitignore": "outputs/\n",
    }
    write_new(texts | kept)


def own_folder() -> Path:
    """Where new modules and statistics go: the project, or the checkout that the current folder is in.

    Raises UsageError outside both: what is shipped inside an installed package is not written to.
    """
    project = project_folder()
    if project is not None:
        return project
    checkout = PACKAGE.parent
    if MODULES.parent == checkout and Path(os.getcwd()).is_relative_to(checkout):
        return checkout
    raise UsageError("this folder is in no project (`abmsim new FOLDER` makes one; go there first)")
