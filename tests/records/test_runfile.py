"""`run.yaml` is the same file whichever of its two dumpers PyYAML has."""

from __future__ import annotations

from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as some

from abmsim.records import runfile
from abmsim.records.runfile import RUN_FILE, read_run_file, write_run_file

ORDINARY = some.text(alphabet="abc XYZ-_'.:,#0123456789éÅ{}[]&*!|>%@`=~<?", max_size=150)
ANY = some.text(max_size=150)
VALUES = some.one_of(ORDINARY, ANY, some.integers(), some.floats(allow_nan=False), some.booleans(), some.none())
SETTINGS = some.recursive(
    VALUES, lambda inner: some.lists(inner) | some.dictionaries(ORDINARY | ANY, inner), max_leaves=8
)


@given(some.dictionaries(ORDINARY | ANY, SETTINGS, max_size=4))
def test_both_dumpers_give_one_file(settings: dict[str, object]) -> None:
    assert runfile._text(settings) == runfile._dumped(settings, yaml.SafeDumper)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    settings = {"place": "Súdwest-Fryslân", "seed": 3, "from": "2020-01-01", "modules": {"a/b": "0" * 64}, "none": []}
    write_run_file(tmp_path, settings)
    found = read_run_file(tmp_path)
    assert {name: found[name] for name in settings} == settings
    assert found == yaml.safe_load((tmp_path / RUN_FILE).read_text(encoding="utf-8"))
