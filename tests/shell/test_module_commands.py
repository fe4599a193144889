"""`abmsim module picture` and `schema`: files where they are asked for, and one line for every mistake."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import duckdb
import pytest

from abmsim.cli import answer
from abmsim.paths import MODULES


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make_run(folder: Path) -> None:
    """What `--run` reads of a run: that it is one, and its events."""
    folder.mkdir(parents=True)
    (folder / "run.yaml").write_text("place: Urk\n", encoding="utf-8")
    with duckdb.connect(str(folder / "abmsim.duckdb")) as tables:
        tables.execute("create table events (person_id text, date date, module text, state text)")
        day = datetime.date(2021, 1, 1)
        ways = [(day, "reported"), (day + datetime.timedelta(40), "at_desk")]
        rows = [("p", date, "wmo/access", state) for date, state in ways]
        tables.executemany("insert into events values (?, ?, ?, ?)", rows)


def test_a_picture_lands_in_the_current_folder(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["module", "picture", str(MODULES / "wmo" / "household_help.yaml")]) == 0
    assert capsys.readouterr().out == "household_help.svg\n"
    assert (here / "household_help.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_module_goes_by_its_name_too(here: Path) -> None:
    assert answer(["module", "picture", "lifecourse/mortality", "-o", "drawn.svg"]) == 0
    assert "lifecourse/mortality" in (here / "drawn.svg").read_text(encoding="utf-8")


def test_mermaid_is_printed_unless_a_file_is_named(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["module", "picture", "lifecourse/mortality", "--mermaid"]) == 0
    printed = capsys.readouterr().out
    assert "flowchart TD" in printed and not list(here.iterdir())
    assert answer(["module", "picture", "lifecourse/mortality", "--mermaid", "-o", "m.mmd"]) == 0
    assert (here / "m.mmd").read_text(encoding="utf-8") == printed


def test_counts_of_a_run_are_drawn_with_what_they_leave_out(here: Path) -> None:
    make_run(here / "outputs" / "town")
    assert answer(["module", "picture", "wmo/access", "--run", "town"]) == 0
    drawn = (here / "access.svg").read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    assert "1 time, after 40 days" in drawn
    assert "Bold: counts of run town" in drawn and "Silent states leave no row" in drawn


def test_the_schema_is_printed_or_written(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["module", "schema"]) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed)["title"] == "A module of abmsim"
    assert answer(["module", "schema", "-o", "module.schema.json"]) == 0
    assert (here / "module.schema.json").read_text(encoding="utf-8") == printed


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("module picture no/such", 2, "there is no module 'no/such'"),
        ("module picture wmo/household_help --run nowhere", 2, "'nowhere' is no folder of a run"),
        ("module picture wmo/household_help -o no/such/folder/x.svg", 1, "No such file or directory"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(
    line: str, code: int, says: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(line.split()) == code
    told = capsys.readouterr().err
    assert says in told and told.count("\n") == 1


def test_a_module_that_cannot_be_read_is_not_drawn(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "x.yaml").write_text("module: x\nabout: x\nstart: a\nstates: {a: {wiat: assume.w}}\n", encoding="utf-8")
    assert answer(["module", "picture", "x.yaml"]) == 1
    assert "E103 unknown key 'wiat'" in capsys.readouterr().err
    assert not (here / "x.svg").exists()


def test_a_draft_can_be_drawn_before_it_is_filled_in(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(["new", "town"]) == 0
    monkeypatch.chdir(here / "town")
    assert answer(["module", "new", "wmo/taxi_pass"]) == 0
    assert answer(["module", "picture", "modules/wmo/taxi_pass.yaml"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "taxi_pass.svg"
