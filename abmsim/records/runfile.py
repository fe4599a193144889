"""`run.yaml`: everything that is needed to repeat a run, in the order in which it is given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from abmsim.records.disclaimer import DISCLAIMER

RUN_FILE = "run.yaml"


def write_run_file(folder: Path, settings: Mapping[str, object]) -> None:
    """Write `run.yaml`; the settings hold only plain dicts, lists, texts and numbers (no clock, no path)."""
    text = yaml.safe_dump(
        {"disclaimer": DISCLAIMER, **settings}, sort_keys=False, allow_unicode=True, default_flow_style=False, width=120
    )
    (folder / RUN_FILE).write_text(text, encoding="utf-8", newline="\n")


def read_run_file(folder: Path) -> dict[str, object]:
    """The settings of a run folder; raises OSError if there are none."""
    return yaml.safe_load((folder / RUN_FILE).read_text(encoding="utf-8"))
