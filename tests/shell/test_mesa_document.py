"""The page on Mesa is a notebook that runs: each block prints what stands below it.

Where results change on purpose, the line of RECORD writes what the blocks print now into the page.
"""

from __future__ import annotations

import io
import os
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

import abmsim
from abmsim.records.runfile import read_run_file

PAGE = Path(abmsim.__file__).parents[1] / "docs" / "mesa.md"
RECORD = "ABMSIM_RECORD=1 python -m pytest tests/shell/test_mesa_document.py"
BLOCK = re.compile(r"```python\n(?P<code>.*?)```\n```text\n(?P<output>.*?)```", re.DOTALL)

pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="the documents are part of a checkout")


def printed(code: str, names: dict[str, Any]) -> str:
    """What a block prints; the names that it defines are there for the next one."""
    told = io.StringIO()
    with redirect_stdout(told):
        exec(compile(code, PAGE.name, "exec"), names)
    return "".join(f"{line.rstrip()}\n" for line in told.getvalue().splitlines())


def test_each_block_prints_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    blocks = list(BLOCK.finditer(text))
    assert len(blocks) == text.count("```python")
    outputs = [printed(block["code"], names) for block in blocks]
    if os.environ.get("ABMSIM_RECORD"):
        told = iter(outputs)
        text = BLOCK.sub(lambda block: f"```python\n{block['code']}```\n```text\n{next(told)}```", text)
        PAGE.write_text(text, encoding="utf-8")
    assert outputs == [block["output"] for block in BLOCK.finditer(text)], f"if that is meant: {RECORD}"
    settings = read_run_file(Path("outputs", "half-staffed"))
    changes = list(names["other"].changes)
    assert settings["changes"] == changes
    assert changes[0] in Path("outputs", "half-staffed", "report.html").read_text(encoding="utf-8")
