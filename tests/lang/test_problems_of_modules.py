"""Every mistake in a module is told with its place, its code and what to do.

The cases are in `problems/*.txt`: a title after `#`, the states of the example module (or a whole module, from its
first line `module:`), and after `!` each error that is told, in order.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from abmsim.lang.check import catalogue_codes, check_modules
from abmsim.lang.codes import CODES
from abmsim.lang.compile import compile_modules
from abmsim.lang.read import read_module
from abmsim.paths import MODULES, PUBLIC_STATS, module_paths
from abmsim.schema.schema import load_schema
from abmsim.stats.catalogue import load

HERE = Path(__file__).parent
WORD = re.compile(r"[\w.]+")


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


def test_no_slip_of_the_pen_makes_the_checker_or_the_compiler_fail(tmp_path: Path) -> None:
    """Words of the shipped modules are swapped: the checker tells problems, and what it passes compiles."""
    schema, catalogue = load_schema(), load([PUBLIC_STATS])
    codes = catalogue_codes(catalogue)
    shipped = [path.read_text(encoding="utf-8") for path, _ in module_paths([MODULES])]
    words = sorted({word for text in shipped for word in WORD.findall(text)})
    pen = random.Random(1)
    for _ in range(60):
        text = slipped(pen.choice(shipped), words, pen)
        path = tmp_path / "slip.yaml"
        path.write_text(re.sub(r"^module: .*", "module: slip", text), encoding="utf-8")
        module, problems = read_module(path, tmp_path, schema.verbs)
        checked = check_modules([module] if module else [], catalogue, schema, codes)
        assert all(problem.code in CODES for problem in (*problems, *checked.errors))
        if module and not problems and not checked.errors:
            assert compile_modules(checked.modules, catalogue, schema, codes).states


def slipped(text: str, words: list[str], pen: random.Random) -> str:
    """The text with one or two words replaced by other words."""
    for _ in range(pen.randint(1, 2)):
        place = pen.choice(list(WORD.finditer(text)))
        text = text[: place.start()] + pen.choice(words) + text[place.end() :]
    return text
