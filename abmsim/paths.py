"""Where modules and statistics are: a project's own over the shipped ones.

The shipped ones stand beside the package in a checkout and inside it when installed. A project is a folder with the
file `abmsim.yaml`, found upward from the current folder.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
PROJECT_FILE = "abmsim.yaml"
MODULES_FOLDER, STATISTICS_FOLDER, SCENARIOS_FOLDER = "modules", "public_stats", "scenarios"
REGIONS_FOLDER, INSTITUTIONS_FOLDER = "regions", "institutions"
CALIBRATION_FOLDER = "calibration"
"""Below the statistics: how some of them are solved. What stands there are no cards."""


def _shipped(name: str) -> Path:
    beside = PACKAGE.parent / name
    return beside if beside.is_dir() else PACKAGE / "shipped" / name


MODULES = _shipped(MODULES_FOLDER)
INSTITUTIONS = _shipped(INSTITUTIONS_FOLDER)
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


def module_paths(roots: Sequence[Path]) -> list[tuple[Path, Path]]:
    """(path, root) of every module below the roots, ordered by name; test files (`*.test.yaml`) are none."""
    found = []
    for root in roots:
        for folder, _, names in os.walk(root):
            files = [name for name in names if name.endswith(".yaml") and not name.endswith(".test.yaml")]
            found += [(Path(folder, name), root) for name in files]
    return sorted(found, key=lambda pair: (module_name(*pair), str(pair[1])))


def module_name(path: Path, root: Path) -> str:
    """`wmo/household_help` for `<root>/wmo/household_help.yaml`."""
    return path.relative_to(root).with_suffix("").as_posix()


def module_files(roots: Sequence[Path] | None = None) -> dict[str, tuple[Path, Path]]:
    """(path, root) of every module by name, in order; of two roots with a module of one name the first goes."""
    files: dict[str, tuple[Path, Path]] = {}
    for root in reversed(roots or module_roots()):
        files |= {module_name(path, root): (path, root) for path, root in module_paths([root])}
    return dict(sorted(files.items()))


def institution_roots() -> tuple[Path, ...]:
    """The folders of institutions, the one that goes first in front."""
    project = project_folder()
    return (project / INSTITUTIONS_FOLDER, INSTITUTIONS) if project else (INSTITUTIONS,)


def institution_files(roots: Sequence[Path] | None = None) -> dict[str, Path]:
    """The file of every institution by name, in order; of two roots with one of one name the first goes."""
    files: dict[str, Path] = {}
    for root in reversed(institution_roots() if roots is None else roots):
        files |= {path.stem: path for path in sorted(root.glob("*.yaml"))}
    return dict(sorted(files.items()))


def statistics_roots() -> tuple[Path, ...]:
    """The folders of statistics, the one that goes first in front."""
    project = project_folder()
    return (project / STATISTICS_FOLDER, PUBLIC_STATS) if project else (PUBLIC_STATS,)


def user_cache() -> Path:
    """The folder for what can be made again: `ABMSIM_CACHE`, else where this system keeps such things."""
    if "ABMSIM_CACHE" in os.environ:
        return Path(os.environ["ABMSIM_CACHE"])
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "abmsim"
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/abmsim"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "abmsim"


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


def replaced() -> Iterator[str]:
    """A line for each shipped module, institution and statistic that one of the project replaces; else none."""
    if project_folder() is None:
        return
    own, *_ = module_roots()
    names = {module_name(*pair) for pair in module_paths([MODULES])}
    for path, root in module_paths([own]):
        if module_name(path, root) in names:
            yield f"{shown(path)} replaces the shipped module of that name"
    own, *_ = institution_roots()
    shipped = institution_files([INSTITUTIONS])
    for name, path in institution_files([own]).items():
        if name in shipped:
            yield f"{shown(path)} replaces the shipped institution of that name"
    own, shipped = statistics_roots()
    names = {file.stem for file in shipped.rglob("*.yaml")}
    for file in sorted(own.rglob("*.yaml")):
        if file.stem in names and file.parent.name != CALIBRATION_FOLDER:
            yield f"{shown(file)} replaces the shipped statistic of that name"
