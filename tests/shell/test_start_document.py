"""The page on one's own project shows what really happens: its commands are run, and their output is the page's."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import abmsim

ROOT = Path(abmsim.__file__).parents[1]
PAGE = ROOT / "docs" / "own-project.md"

pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="the documents are part of a checkout")


def commands() -> Iterator[tuple[str, str]]:
    """(command, output) of each `$` line of the page."""
    for block in re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        for part in ("\n" + block).split("\n$ ")[1:]:
            command, _, output = part.partition("\n")
            yield command, output


def timeless(text: str) -> str:
    return re.sub(r"in [\d.]+s", "in SOME s", text).strip()


def test_the_page_says_what_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Callable) -> None:
    here = tmp_path
    (tmp_path / "passes.csv").write_text(
        "age,sex,share\n0-64,female,0.1\n0-64,male,0.1\n65+,female,0.2\n65+,male,0.2\n"
    )
    tested = 0
    for line, output in commands():
        words = shlex.split(line)
        if words[0] == "cd":
            here = here / words[1]
        elif words[1] != "run":
            if words[1] == "test" and (tested := tested + 1) == 2:
                test = here / "modules" / "wmo" / "taxi_pass.test.yaml"
                text = test.read_text(encoding="utf-8")
                test.write_text(
                    text.replace("[without_help, helped]", "[without_help, asked, helped]"), encoding="utf-8"
                )
            monkeypatch.chdir(here)
            done = command(*words[1:])
            assert timeless(done.stdout + done.stderr) == timeless(output), line
    assert tested == 2
