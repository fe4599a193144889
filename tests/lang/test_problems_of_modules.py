"""Every mistake in a module is told with its place, its code and what to do.

The cases are in `problems/*.txt`: a title after `#`, the states of the example module (or a whole module, from its
first line `module:`), and after `!` each error that is told, in order.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from abmsim.lang.codes import CODES

HERE = Path(__file__).parent


def cases() -> list[tuple[str, str, list[str]]]:
    """(title, YAML, expected errors) of every case."""
    found = []
    for file in sorted((HERE / "problems").glob("*.txt")):
        for block in ("\n" + file.read_text(encoding="utf-8")).split("\n# ")[1:]:
            title, *lines = block.splitlines()
            text = [line for line in lines if not line.startswith("! ")]
            errors = [line.removeprefix("! ") for line in lines if line.startswith("! ")]
            found.append((f"{file.stem}: {title}", "\n".join(text).rstrip("\n") + "\n", errors))
    return found


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*case[1:], id=case[0]) for case in cases()])
def test_problem_is_told(text: str, expected: list[str], workshop) -> None:
    if text.startswith("module:"):
        workshop.module(text)
        errors = [line.removeprefix("modules/wmo/example.yaml:") for line in workshop.errors()]
    else:
        errors = workshop.errors_in(text)
    assert errors == expected


def test_every_code_has_a_test() -> None:
    tested = "\n".join(file.read_text(encoding="utf-8") for file in [*HERE.rglob("*.txt"), *HERE.glob("test_*.py")])
    assert [code for code in CODES if not re.search(rf"\b{code}\b", tested)] == []
