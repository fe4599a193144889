"""What every test can ask for: the command line without a process of its own, and a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import abmsim
from abmsim.cli import answer
from abmsim.pytest_plugin import workshop_of


@dataclass(frozen=True, slots=True)
class Told:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Told]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """`command("check", "modules")`: as `abmsim check modules` in the current folder, in a tenth of the time."""

    def carry_out(*words: object) -> Told:
        workshop_of.cache_clear()  # a process keeps the modules that it has read, and the next command is another one
        capsys.readouterr()
        code = answer([*map(str, words)])
        out, err = capsys.readouterr()
        return Told(code, out, err)

    return carry_out


@pytest.fixture(scope="session")
def village(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that all may read: every resident of Schiermonnikoog. Copy it to change something."""
    folder = tmp_path_factory.mktemp("runs") / "village"
    abmsim.run("Schiermonnikoog", seed=3, folder=folder)
    return folder
