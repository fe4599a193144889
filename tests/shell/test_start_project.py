"""A project: its own modules and statistics go before the shipped ones, whatever folder of it one stands in."""

from __future__ import annotations

from pathlib import Path

import pytest

from abmsim.cli import answer
from abmsim.loading import load_catalogue, load_modules
from abmsim.paths import MODULES, PUBLIC_STATS, module_roots, project_folder, shown

OWN_MODULE = """\
module: wmo/household_help
about: nobody is helped
attributes:
  household_help_wanted: {type: bool, about: never}
  household_help_applied: {type: bool, about: never}
  has_household_help: {type: bool, about: never}
start: alone
states:
  alone: {final: true}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new project, in which the command stands."""
    monkeypatch.chdir(tmp_path)
    assert answer(["new", "town"]) == 0
    monkeypatch.chdir(tmp_path / "town")
    return tmp_path / "town"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_new_project_has_a_place_for_everything(project: Path) -> None:
    found = {path.relative_to(project).as_posix() for path in project.rglob("*")}
    assert {"abmsim.yaml", "README.md", "modules", "public_stats", "scenarios"} <= found


def test_an_empty_folder_can_become_a_project(tmp_path: Path) -> None:
    assert answer(["new", str(tmp_path)]) == 0
    assert (tmp_path / "abmsim.yaml").is_file()


@pytest.mark.parametrize("kind", ["a folder with a file in it", "a file"])
def test_what_is_there_already_is_left_alone(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = tmp_path / "there"
    write(there / "notes.txt" if "folder" in kind else there, "mine")
    before = sorted(tmp_path.rglob("*"))
    assert answer(["new", str(there)]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_outside_a_project_only_the_shipped_modules_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert project_folder() is None
    assert module_roots() == (MODULES,)


def test_a_project_is_found_from_every_folder_in_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = project / "modules" / "wmo" / "deep"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert project_folder() == project.resolve()
    assert shown(deep / "x.yaml") == "modules/wmo/deep/x.yaml"


def test_shipped_files_are_shown_as_in_a_checkout(project: Path) -> None:
    assert shown(MODULES / "wmo" / "household_help.yaml") == "modules/wmo/household_help.yaml"


def test_a_new_project_works_on_the_shipped_modules(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["check"]) == 0
    told = capsys.readouterr()
    assert "wmo/household_help" in told.out and told.err == ""


def test_an_own_module_goes_before_the_shipped_one_and_that_is_told(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project / "modules" / "wmo" / "household_help.yaml", OWN_MODULE)
    modules = {module.name: module for module in load_modules(load_catalogue()).modules}
    assert modules["wmo/household_help"].about == "nobody is helped"
    assert "youth/youth_help" in modules
    assert answer(["check"]) == 0
    told = capsys.readouterr().err.splitlines()
    assert "note: modules/wmo/household_help.yaml replaces the shipped module of that name" in told


def test_an_own_card_goes_before_the_shipped_one_with_all_its_parts(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "youth_help_referrer_gp" in load_catalogue().cards
    for file in (PUBLIC_STATS / "youth").glob("youth_help_referrer.*"):
        lines = file.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if not line.startswith(("split", "totals"))]
        write(project / "public_stats" / file.name, "\n".join(kept) + "\n")
    catalogue = load_catalogue()
    assert catalogue.card("youth_help_referrer").file.is_relative_to(project.resolve())
    assert "youth_help_referrer_gp" not in catalogue.cards
    answer(["stats", "verify"])
    told = capsys.readouterr().err.splitlines()
    assert "note: public_stats/youth_help_referrer.yaml replaces the shipped statistic of that name" in told


def test_problems_name_files_as_they_lie_in_the_project(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project / "modules" / "wmo" / "mine.yaml", "module: wmo/mine\nabuot: x\n")
    write(project / "public_stats" / "mine.yaml", "title: x\n")
    monkeypatch.chdir(project / "scenarios")
    assert answer(["check"]) == 1
    assert "\npublic_stats/mine.yaml:1:1 S105" in "\n" + capsys.readouterr().err
    (project / "public_stats" / "mine.yaml").unlink()
    assert answer(["check", "../modules/wmo/mine.yaml"]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told and all(line.startswith("modules/wmo/mine.yaml:") for line in told)


def test_two_own_cards_of_one_name_are_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in ("a", "b"):
        for file in (PUBLIC_STATS / "lifecourse").glob("death_rate.*"):
            write(project / "public_stats" / folder / file.name, file.read_text(encoding="utf-8"))
    assert answer(["check"]) == 1
    assert "public_stats/b/death_rate.yaml:1:1 S111" in capsys.readouterr().err
