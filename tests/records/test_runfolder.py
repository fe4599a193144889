"""The folder of a run is whole under its name or not there, and an earlier run is never lost."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from abmsim.problems import UsageError, UserError
from abmsim.records.disclaimer import DISCLAIMER
from abmsim.records.runfile import read_run_file, write_run_file
from abmsim.records.runfolder import run_folder


def make_run(target: Path, seed: int, force: bool = False) -> None:
    with run_folder(target, force) as folder:
        assert folder.parent == target.parent
        write_run_file(folder, {"seed": seed})


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def fail(target: Path, error: BaseException, force: bool = False) -> None:
    with run_folder(target, force) as folder:
        (folder / "half.parquet").write_text("half")
        raise error


def test_a_run_stands_under_its_name_at_the_end_only(tmp_path: Path) -> None:
    target = tmp_path / "new" / "run"
    with run_folder(target) as folder:
        (folder / "x").write_text("1")
        assert not target.exists()
    assert left(target) == ["x"] and left(target.parent) == ["run"]


def test_an_existing_run_is_not_overwritten(tmp_path: Path) -> None:
    make_run(tmp_path / "run", 1)
    with pytest.raises(UsageError, match="--force") as told:
        make_run(tmp_path / "run", 2)
    assert told.value.exit_code == 2 and "\n" not in str(told.value)
    assert read_run_file(tmp_path / "run")["seed"] == 1


def test_force_replaces_a_run(tmp_path: Path) -> None:
    make_run(tmp_path / "run", 1)
    make_run(tmp_path / "run", 2, force=True)
    assert read_run_file(tmp_path / "run")["seed"] == 2 and left(tmp_path) == ["run"]


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    make_run(tmp_path / "run", 1)
    assert left(tmp_path) == ["run"]


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_that_is_no_run_is_never_replaced(tmp_path: Path, force: bool) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_text("cat")
    with pytest.raises(UsageError):
        make_run(tmp_path / "photos", 1, force)
    assert left(tmp_path / "photos") == ["cat.jpg"]


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        make_run(tmp_path / "run", 1, force=True)
    with pytest.raises(UsageError, match="cannot"):
        make_run(tmp_path / "run" / "below", 1)


FAILURES: list[Callable[[], BaseException]] = [
    lambda: OSError(errno.ENOSPC, "No space left on device"),
    lambda: RuntimeError("IO Error: Could not write file: No space left on device"),
    lambda: OSError(errno.EACCES, "Permission denied"),
    KeyboardInterrupt,
]


@pytest.mark.parametrize("error", FAILURES)
def test_a_failure_is_one_line_and_leaves_nothing(tmp_path: Path, error: Callable[[], BaseException]) -> None:
    with pytest.raises(UserError) as told:
        fail(tmp_path / "new" / "run", error())
    assert told.value.exit_code == 1 and "\n" not in str(told.value)
    assert left(tmp_path) == []


@pytest.mark.parametrize("error", FAILURES)
def test_a_failure_with_force_leaves_the_earlier_run(tmp_path: Path, error: Callable[[], BaseException]) -> None:
    make_run(tmp_path / "run", 1)
    with pytest.raises(UserError):
        fail(tmp_path / "run", error(), force=True)
    assert read_run_file(tmp_path / "run")["seed"] == 1 and left(tmp_path) == ["run"]


def test_a_fault_of_ours_is_not_hidden_but_cleaned_up(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        fail(tmp_path / "run", ZeroDivisionError())
    assert left(tmp_path) == []


def test_ctrl_c_while_the_names_change_keeps_the_earlier_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_run(tmp_path / "run", 1)
    rename = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        if "partial" in self.name:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(UserError, match="stopped"):
        make_run(tmp_path / "run", 2, force=True)
    assert read_run_file(tmp_path / "run")["seed"] == 1 and left(tmp_path) == ["run"]


def test_a_place_without_the_right_to_write_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusal of the system is put in its mouth: it would let an administrator write anywhere."""
    make = Path.mkdir

    def refused(self: Path, *mode: Any, **how: Any) -> None:
        if "partial" in self.name:
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        make(self, *mode, **how)

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(UsageError, match="cannot write in .*Permission denied; choose another folder with -o"):
        make_run(tmp_path / "run", 1)
    assert left(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_under_arrow_is_told(tmp_path: Path, write: Callable) -> None:
    with pytest.raises(UserError, match="disk is full"), run_folder(tmp_path / "run") as folder:
        (folder / "tables").mkdir()
        (folder / "tables" / "events.parquet").symlink_to("/dev/full")
        write(folder)
    assert left(tmp_path) == []


def test_run_file_says_the_same_in_the_same_bytes(tmp_path: Path) -> None:
    settings = {"place": "Súdwest-Fryslân", "codes": ["GM1900", "0363"], "seed": 42, "hashes": {"b": "x", "a": "y"}}
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_run_file(tmp_path / name, settings)
    assert (tmp_path / "a" / "run.yaml").read_bytes() == (tmp_path / "b" / "run.yaml").read_bytes()
    assert read_run_file(tmp_path / "a") == {"disclaimer": DISCLAIMER, **settings}
