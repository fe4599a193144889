"""One whole run, small: the same again gives the same bytes, and nothing half-done is ever left."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

import abmsim
from abmsim.cli import answer
from abmsim.problems import UsageError

PLACE, SIZE, SEED = "Urk", 400, 7
SAME_BYTES = ("run.yaml", "codebook.md", "tables/*.parquet", "csv/*.csv")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run."""
    folder = tmp_path_factory.mktemp("runs") / "first"
    abmsim.run(PLACE, SIZE, SEED, folder=folder, formats=("csv",), workers=1)
    return folder


def hashes(folder: Path) -> dict[str, str]:
    files = [file for pattern in SAME_BYTES for file in folder.glob(pattern)]
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "abmsim", *map(str, arguments)]


Again = tuple[Path, subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Again:
    """(folder, what was told) of the same run by the command, with other workers and another hash seed."""
    folder = tmp_path_factory.mktemp("runs") / "again"
    words = command("run", PLACE, "-p", SIZE, "-s", SEED, "--workers", 3, "--format", "csv", "-o", folder)
    environment = {**os.environ, "PYTHONHASHSEED": "5"}
    return folder, subprocess.run(words, check=True, capture_output=True, text=True, env=environment)


def test_a_run_leaves_what_the_readme_promises(first: Path) -> None:
    found = {file.relative_to(first).as_posix() for file in first.rglob("*")}
    assert {"run.yaml", "abmsim.duckdb", "codebook.md", "report.html", "tables/persons.parquet"} <= found


def test_the_same_command_gives_the_same_bytes_whatever_the_workers_and_the_hash_seed(
    first: Path, again: Again
) -> None:
    assert hashes(again[0]) == hashes(first)


def test_the_summary_says_where_everything_is_and_nothing_else_is_said(again: Again) -> None:
    folder, done = again
    assert all(line.startswith(("note: ", "warning: ")) for line in done.stderr.splitlines())
    assert str(folder / "abmsim.duckdb") in done.stdout and str(folder / "report.html") in done.stdout
    assert "artificially generated" in done.stdout


def test_an_earlier_run_is_never_lost_without_being_told(first: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = hashes(first)
    assert answer(["run", PLACE, "-p", "10", "-o", str(first)]) == 2
    assert "--force" in capsys.readouterr().err
    assert hashes(first) == before


def test_force_replaces_an_earlier_run(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    for seed, force in ((1, False), (2, True)):
        abmsim.run(PLACE, 50, seed, folder=folder, force=force, modules=["lifecourse/mortality"])
    assert "seed: 2" in (folder / "run.yaml").read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_is_told_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError, match="-o"):
        abmsim.run(PLACE, 50, 1, folder=tmp_path / "file" / "run")


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "terminate"])
def test_a_stopped_run_leaves_nothing(how: signal.Signals, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    # A shell starts what runs in the background with Ctrl-C ignored, and children inherit that.
    started = subprocess.Popen(
        command("run", "Rotterdam", "-o", folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    while not list(tmp_path.glob(".run.partial-*")) and started.poll() is None:
        time.sleep(0.05)
    time.sleep(0.5)
    started.send_signal(how)
    _, told = started.communicate(timeout=120)
    # Python itself ends by the signal (-2) if it came while a string was executed, as dataclasses do when imported.
    assert started.returncode in (1, -signal.SIGINT)
    *notes, last = told.splitlines()
    assert last.startswith("abmsim: stopped") and all(line.startswith("note: ") for line in notes)
    assert list(tmp_path.iterdir()) == []


def test_a_life_of_the_run_names_the_lines_of_its_modules(first: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["life", str(first)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("abm-") and "modules/" in told and ".yaml:" in told


def test_an_unknown_person_gets_some_that_exist(first: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["life", str(first), "abm-nobody"]) == 2
    assert "some that are: abm-" in capsys.readouterr().err


def test_the_tables_of_the_run_fit_together(first: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["integrity", str(first)]) == 0
    assert "every reference leads to a row" in capsys.readouterr().out


def test_modules_that_nobody_reads_do_not_change_the_rows_of_others_nor_anybodys_life(
    first: Path, tmp_path: Path
) -> None:
    unread = {"youth/youth_help", "wmo/contribution", "wmo/veilig_thuis", "primary_care/gp_contacts"}
    ran = yaml.safe_load((first / "run.yaml").read_text(encoding="utf-8"))["modules"]
    some = tuple(name for name in ran if name not in unread)
    assert len(some) == len(ran) - len(unread)
    abmsim.run(PLACE, SIZE, SEED, folder=tmp_path / "some", formats=("csv",), modules=some)
    for table in ("persons", "deaths", "births", "unions", "moves", "vaccinations", "household_members"):
        file = f"csv/{table}.csv"
        assert (tmp_path / "some" / file).read_bytes() == (first / file).read_bytes()
