"""A run whose module awaits an institution: what it says of it in its settings, its report and its whys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import yaml

MODULE = """\
module: toy/example
about: grown-ups ask for a pass
begins: base_date
start: young
states:
  young: {when: age >= 18, next: asking}
  asking: {wmo_request: {reporter: self}, await: pass_desk, next: heard}
  heard: {end: {wmo_request: application}, wmo_decision: {}, final: true}
"""
DESK = """\
institution: pass_desk
kind: wmo_desk
title: The desk of passes
about: gives passes
serves: municipality
assume: {waiting: {is: 4-6 weeks, why: this desk is slow}}
number: {is: 1, why: it is small}
wait: assume.waiting
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Callable) -> Path:
    for name, text in (
        ("abmsim.yaml", ""), ("institutions/pass_desk.yaml", DESK), ("modules/toy/example.yaml", MODULE),
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    options = ("--modules", "toy/example", "--to", "2021-01-01", "-o", "run")
    done = command("run", "Schiermonnikoog", "-p", "60", *options)
    assert done.returncode == 0, done.stderr
    return tmp_path / "run"


def test_a_run_names_the_institutions_that_were_awaited(run: Path, command: Callable) -> None:
    settings = yaml.safe_load((run / "run.yaml").read_text(encoding="utf-8"))
    assert "pass_desk" in settings["institutions"]
    report = (run / "report.html").read_text(encoding="utf-8")
    assert "institutions/pass_desk" in report and "this desk is slow" in report
    with duckdb.connect(str(run / "abmsim.duckdb"), read_only=True) as tables:
        waited = "select distinct inquiry_end - request_date from wmo_requests where inquiry_end is not null"
        assert {days for (days,) in tables.execute(waited).fetchall()} <= set(range(28, 43))
        (row,) = tables.execute("select min(decision_id) from wmo_decisions").fetchone() or ("",)
    told = command("why", "run", "wmo_decisions", row).stdout
    assert "institutions.pass_desk (institutions/pass_desk.yaml:1): the turn at The desk of passes" in told, told
    assert "published waiting time: assumed: this desk is slow" in told
