"""`abmsim validate`: a run with further seeds, or runs of a place; what it says, and how it ends."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from abmsim.cli import answer

SMALL = ("-p", 300, "--to", "2021-01-01", "--modules", "lifecourse/mortality")


@pytest.fixture(scope="module")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three hundred residents of Schiermonnikoog in 2020, of whom some die."""
    folder = tmp_path_factory.mktemp("runs") / "small"
    assert answer([str(word) for word in ("run", "Schiermonnikoog", *SMALL, "-o", folder)]) == 0
    return folder


def test_a_run_is_made_again_with_other_seeds_of_which_nothing_is_left(command, small_run, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    told = command("validate", small_run, "--seeds", 2, "--json")
    found = json.loads(told.stdout)
    assert found["seeds"] == [1, 2]
    assert "run 1 of 1: seed 2" in told.stderr
    figures = [figure for table in found["comparisons"] for figure in table["figures"]]
    assert {len(figure["runs"]) for figure in figures} == {2}
    assert len({value for figure in figures for value in figure["runs"]}) > len(figures)  # another seed, another town
    assert not list(tmp_path.iterdir())


def test_runs_of_a_place_are_those_of_abmsim_run(command, small_run):
    of_place = command("validate", "Schiermonnikoog", *SMALL, "--json")
    assert of_place.stdout == command("validate", small_run, "--json").stdout


def test_one_run_is_judged_by_the_chance_inside_it(command, small_run):
    found = command("validate", small_run)
    assert found.returncode == 0
    assert "seed 1: ± is the chance inside the run" in found.stdout
    assert "Deaths of a municipality, 2020 (persons)   [deaths_of_a_place]" in found.stdout
    assert "counted here: ends: persons" in found.stdout
    assert "vintage: unknown" in found.stdout


def test_only_the_targets_named_are_told(command, small_run):
    found = command("validate", small_run, "--only", "deaths_of_a_place", "--json")
    (table,) = json.loads(found.stdout)["comparisons"]
    (figure,) = table["figures"]
    assert table["statistic"] == "deaths_of_a_place" and table["role"] == "held_back"
    assert table["counting_rule"] == "ends" and table["margin_reason"]
    assert figure["published"] == 14 and figure["verdict"] == "too few persons to judge"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--only", "deaths_of_place"), "there is no target 'deaths_of_place' (did you mean 'deaths_of_a_place'?)"),
        (("--only", "wmo_household_help_persons"), "nothing to judge: wmo_household_help_persons: the module wmo/"),
        (("--seeds", 0), "--seeds is a number of runs from 1 to 1000"),
        (("-p", 100), "are for a PLACE: a RUN has its own"),
    ],
)
def test_a_call_that_cannot_be_carried_out_says_why(command, small_run, words, told):
    found = command("validate", small_run, *words)
    assert found.returncode in (1, 2)
    assert told in found.stderr


def test_what_is_neither_a_run_nor_a_place_is_told(command):
    found = command("validate", "Schiermonikoog")
    assert found.returncode == 2
    assert "no folder of a run" in found.stderr and "Schiermonnikoog" in found.stderr


@pytest.mark.parametrize(("kind", "name"), [("module", "lifecourse/mortality"), ("institution", "wmo_desk")])
def test_other_files_than_those_of_the_run_give_no_further_seeds(command, small_run, tmp_path, kind, name):
    changed = tmp_path / "changed"
    changed.mkdir()
    for file in ("run.yaml", "abmsim.duckdb"):
        (changed / file).write_bytes((small_run / file).read_bytes())
    text = (changed / "run.yaml").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if line.startswith(f"  {name}:")]
    (changed / "run.yaml").write_text(text.replace(line, f"  {name}: other"), encoding="utf-8")
    found = command("validate", changed, "--seeds", 2)
    assert found.returncode == 1
    assert f"{kind} {name} changed since" in found.stderr and "--force" in found.stderr
