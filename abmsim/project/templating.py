"""The texts that new files begin with, from `templates/`, and writing them only where nothing is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Template

from abmsim.paths import PACKAGE, shown
from abmsim.problems import UsageError

TEMPLATES = PACKAGE / "project" / "templates"


def filled(template: str, **values: str) -> str:
    """A template with its `$names` replaced."""
    return Template((TEMPLATES / template).read_text(encoding="utf-8")).substitute(values)


def write_new(files: Mapping[Path, str]) -> None:
    """Write files that are not there yet, all or none; raises UsageError if one exists."""
    for path in files:
        if path.exists():
            raise UsageError(f"{shown(path)} exists already; nothing was written")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
