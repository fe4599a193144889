"""Where the shipped modules and statistics are: beside the package in a checkout, inside it when installed."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    beside = PACKAGE.parent / name
    return beside if beside.is_dir() else PACKAGE / "shipped" / name


MODULES = _shipped("modules")
PUBLIC_STATS = _shipped("public_stats")
SCHEMA_TABLES = PACKAGE / "schema" / "tables"


def shown(path: Path) -> str:
    """A path as people should see it: below the folder of `modules/` where it lies there, else as given."""
    for root in (MODULES.parent, Path.cwd()):
        try:
            return path.resolve().relative_to(root).as_posix()
        except ValueError:
            continue
    return str(path)
