"""`run.yaml`: everything that is needed to repeat a run, in the order in which it is given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from abmsim.records.disclaimer import DISCLAIMER

try:
    from yaml import CSafeDumper, CSafeLoader
except ImportError:  # PyYAML without libyaml: slower, same file
    CSafeDumper, CSafeLoader = None, yaml.SafeLoader

RUN_FILE = "run.yaml"

_WRITTEN_ALIKE = re.compile(r"(?:(?!'':)[\n !#-\[\]-~À-ÿ])*")
"""What both dumpers of PyYAML write in the same way: no escape, no sign that might have been one, no empty key."""


def write_run_file(folder: Path, settings: Mapping[str, object]) -> None:
    """Write `run.yaml`; the settings hold only plain dicts, lists, texts and numbers (no clock, no path)."""
    (folder / RUN_FILE).write_text(_text({"disclaimer": DISCLAIMER, **settings}), encoding="utf-8", newline="\n")


def _text(settings: Mapping[str, object]) -> str:
    """As PyYAML's own dumper writes it; that of libyaml, which is far quicker, wherever it writes the same."""
    if CSafeDumper is not None:
        text = _dumped(settings, CSafeDumper)
        if _WRITTEN_ALIKE.fullmatch(text):
            return text
    return _dumped(settings, yaml.SafeDumper)


def _dumped(settings: Mapping[str, object], dumper: type) -> str:
    return yaml.dump(
        settings, Dumper=dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=120
    )


def read_run_file(folder: Path) -> dict[str, object]:
    """The settings of a run folder; raises OSError if there are none."""
    return yaml.load((folder / RUN_FILE).read_text(encoding="utf-8"), Loader=CSafeLoader)
