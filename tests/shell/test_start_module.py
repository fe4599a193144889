"""A newcomer's first module: begun, checked, tested, filled in, tested again and run, without a checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import abmsim
from abmsim.cli import answer
from abmsim.lang.read import MODULE_KEYS
from abmsim.lang.read_state import STATE_KEYS
from abmsim.project.folder import own_folder
from abmsim.schema.schema import load_schema

MODULE = Path("modules", "wmo", "taxi_pass.yaml")
STARTS = Path("public_stats", "wmo", "wmo_taxi_pass_starts.yaml")
FILES = [
    MODULE, MODULE.with_suffix(".test.yaml"), STARTS, STARTS.with_suffix(".csv"),
    STARTS.with_name("wmo_taxi_pass_helped.yaml"), STARTS.with_name("wmo_taxi_pass_helped.csv"),
]  # fmt: skip


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert answer(["new", "town"]) == 0
    monkeypatch.chdir(tmp_path / "town")
    return tmp_path / "town"


def called(*words: str) -> subprocess.CompletedProcess[str]:
    """The command as a newcomer calls it, in the current folder: a process of its own."""
    paths = {**os.environ, "PYTHONPATH": str(Path(abmsim.__file__).parents[1])}
    return subprocess.run([sys.executable, "-m", "abmsim", *words], capture_output=True, text=True, env=paths)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def fill_in() -> None:
    for path in FILES:
        if path.suffix == ".yaml":
            text = path.read_text(encoding="utf-8").replace("about: fill in", "about: a pass")
            path.write_text(text.replace("why: fill in", "why: an example"), encoding="utf-8")


def test_a_newcomer_gets_from_nothing_to_a_run(project: Path, command: Callable) -> None:
    assert command("module", "new", "wmo/taxi_pass").returncode == 0
    assert all(path.is_file() for path in FILES)

    checked = called("check")
    told = checked.stderr.splitlines()
    assert checked.returncode == 1
    assert len(told) == 6 and all("is still to be filled in" in line for line in told)
    assert {line.split(":")[0] for line in told} == {
        "modules/wmo/taxi_pass.yaml", "public_stats/wmo/wmo_taxi_pass_starts.yaml",
        "public_stats/wmo/wmo_taxi_pass_helped.yaml",
    }  # fmt: skip

    tested = command("test")
    assert tested.returncode == 1
    assert "1 failed" in tested.stdout and "expected path   actual path" in tested.stdout

    assert command("run", "Urk", "-p", "200").returncode == 1, "what is not filled in does not run"

    fill_in()
    change(FILES[1], "path: [without_help, helped]", "path: [without_help, asked, helped]")
    checked = command("check")
    assert (checked.returncode, checked.stderr) == (0, "")
    tested = called("test")
    assert tested.returncode == 0 and "1 passed" in tested.stdout

    ran = command("run", "Urk", "-p", "800", "-o", "outputs/urk", "--to", "2021-01-01")
    assert ran.returncode == 0 and all(line.startswith("note: ") for line in ran.stderr.splitlines())
    weighted = command("check", "--run", "outputs/urk").stdout.splitlines()
    own = next(line.split() for line in weighted if line.startswith("wmo/taxi_pass"))
    assert int(own[1].replace(",", "")) > 0 and own[-1] == "100%"
    assert command("report", "outputs/urk").returncode == 0


@pytest.mark.parametrize("name", ["wmo/a", "youth/b", "ggd/c", "elsewhere/deeper/d"])
def test_a_new_module_of_any_folder_is_right_but_for_what_is_to_be_filled_in(
    name: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(["module", "new", name]) == 0
    assert answer(["check"]) == 1
    assert all(line.split()[1] in ("E412", "S112") for line in capsys.readouterr().err.splitlines())


def test_the_first_test_passes_once_its_path_is_right_in_every_kind_of_folder(
    project: Path, command: Callable
) -> None:
    for name in ("youth/b", "ggd/c"):
        assert answer(["module", "new", name]) == 0
        change(project / "modules" / f"{name}.test.yaml", "path: [without_help, helped]", "last: helped")
    tested = command("test")
    assert (tested.returncode, "2 passed" in tested.stdout) == (0, True), tested.stdout


def test_every_key_of_the_language_is_explained(project: Path) -> None:
    assert answer(["module", "new", "wmo/taxi_pass"]) == 0
    text = MODULE.read_text(encoding="utf-8")
    words = {word.strip("`:#(){},.") for word in text.split()}
    assert {*MODULE_KEYS, *STATE_KEYS, *load_schema().verbs} <= words


def test_a_taken_attribute_name_gets_another(project: Path) -> None:
    assert answer(["module", "new", "youth/household_help"]) == 0  # has_household_help belongs to wmo/household_help
    made = project / "modules" / "youth" / "household_help.yaml"
    assert "has_youth_household_help:" in made.read_text(encoding="utf-8")


def test_nothing_is_overwritten(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["module", "new", "wmo/taxi_pass"]) == 0
    change(MODULE, "fill in", "mine")
    before = {path: path.read_bytes() for path in FILES}
    capsys.readouterr()
    assert answer(["module", "new", "wmo/taxi_pass"]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1 and "exists already" in told.err
    assert {path: path.read_bytes() for path in FILES} == before


@pytest.mark.parametrize("name", ["taxi", "Wmo/Taxi", "wmo/../taxi", "/wmo/taxi", "wmo/taxi.yaml", "wmo/", "wmo/für"])
def test_a_name_that_is_none_writes_nothing(name: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(project.rglob("*"))
    assert answer(["module", "new", name]) == 2
    assert "no name for a module" in capsys.readouterr().err
    assert sorted(project.rglob("*")) == before


def test_outside_a_project_it_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert answer(["module", "new", "wmo/taxi_pass"]) == 2
    assert "`abmsim new FOLDER`" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_in_a_checkout_the_modules_are_those_of_the_checkout(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout = Path(abmsim.__file__).parents[1]
    monkeypatch.chdir(checkout / "modules" / "wmo")
    assert own_folder() == checkout
    assert answer(["module", "new", "wmo/household_help"]) == 2
    assert "modules/wmo/household_help.yaml exists already" in capsys.readouterr().err
