"""How much of a module is assumed: each number counts once, a law's term not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from abmsim.cli import answer
from abmsim.lang.assumed import origins
from abmsim.loading import load_catalogue, load_modules

MODULE = """\
module: wmo/counted
about: one number of each kind
assume:
  inquiry: {is: 3 weeks, why: a guess}
  half: {is: 0.5, unit: share, why: a guess}
start: a
states:
  a: {hazard: stats.death_rate, next: b}
  b:
    wmo_request: {reporter: {self: assume.half, network: rest}}
    wait: assume.inquiry
    term: {is: 6 weeks, source: Wmo 2015 art. 2.3.2}
    next: {c: stats.wmo_household_help_process_granted, d: rest}
  c: {end: {wmo_request: application}, wait: {is: 2 years, source: a report}, next: d}
  d: {final: true}
"""


def test_each_number_counts_once_by_where_it_comes_from(tmp_path: Path) -> None:
    (tmp_path / "wmo").mkdir()
    (tmp_path / "wmo" / "counted.yaml").write_text(MODULE, encoding="utf-8")
    catalogue = load_catalogue()
    assert catalogue.card("death_rate").verified == "derived"
    assert catalogue.card("wmo_household_help_process_granted").verified == "assumption"
    checked = load_modules(catalogue, [tmp_path])
    checked.raise_errors()
    assert origins(checked.modules[0], catalogue.cards) == {"derived": 1, "assumed": 3, "other": 1}


def test_check_prints_a_line_for_each_module(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["check"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["module", "numbers", "seen", "derived", "other", "assumed", "share", "assumed"]
    for line in lines[1:-1]:
        numbers, *kinds = (int(text) for text in line.split()[1:6])
        assert numbers == sum(kinds)


def test_a_run_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["check", "--run", "outputs/nothing"]) == 2
    assert "no folder of a run" in capsys.readouterr().err
