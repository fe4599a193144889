"""A project with a toy module, a toy rate and a toy target, of which we know the truth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from toy_calibration import BANDS, MODULE, UNKNOWN, ToyProject

from abmsim.cli import answer


@pytest.fixture
def toy_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ToyProject:
    """The toy project, in which the command stands: 0.5 and 0.8 spells a year, of which 2020 is published."""
    assert answer(["new", str(tmp_path / "town")]) == 0
    monkeypatch.chdir(tmp_path / "town")
    project = ToyProject(tmp_path / "town")
    module = project.folder / "modules" / "toy" / "help.yaml"
    module.parent.mkdir(parents=True)
    module.write_text(MODULE, encoding="utf-8")
    project.rate(0.5, 0.8)
    project.target(250, 150)
    project.solve(*(UNKNOWN.format(name=name, age=age) for name, age in BANDS.items()))
    return project


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """`told("--check")`: exit code, output and errors of `abmsim calibrate` with these arguments."""

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = answer(["calibrate", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call
