"""Every sentence of docs/semantics.md that says what happens has a test, and every test a sentence."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import abmsim

HERE = Path(__file__).parent
DOCS = Path(abmsim.__file__).parent.parent / "docs"
TESTED = Counter(
    int(number) for file in HERE.glob("test_*.py")
    for number in re.findall(r"^def test_s(\d+)_", file.read_text(encoding="utf-8"), re.MULTILINE)
)  # fmt: skip

pytestmark = pytest.mark.skipif(not DOCS.is_dir(), reason="the documents are part of a checkout")


def numbers() -> list[int]:
    """The numbers of the page, from top to bottom."""
    return [int(number) for number in re.findall(r"\[S(\d+)\]", (DOCS / "semantics.md").read_text(encoding="utf-8"))]


def test_every_number_of_the_page_has_one_test_and_every_test_its_number() -> None:
    assert {number: 1 for number in numbers()} == TESTED


def test_the_numbers_go_up_without_a_gap() -> None:
    assert numbers() == list(range(1, len(numbers()) + 1))
