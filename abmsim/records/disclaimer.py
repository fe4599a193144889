"""What every run and every file of it says of itself: nobody in these data exists."""

from __future__ import annotations

from pathlib import Path

DISCLAIMER = "These data are artificially generated; any resemblance to real persons is coincidental."

MARKER = {"synthetic": "true", "disclaimer": DISCLAIMER}
"""Goes into the metadata of each file whose format has room for it."""


def write_disclaimer(folder: Path) -> None:
    """Put the disclaimer into a folder as a text of its own."""
    (folder / "DISCLAIMER.txt").write_text(DISCLAIMER + "\n", encoding="utf-8", newline="\n")
