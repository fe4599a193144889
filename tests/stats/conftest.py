"""A small folder of statistics that a test can spoil."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from abmsim.stats.verify import file_hash

CARD = """\
title: Deaths per person-year
publisher: CBS
table_id: 37360ned
period: '2019'
unit: rate per person-year
by: [age, sex]
values: rate
counting_rule: rate in period
licence: CC BY 4.0
verified: seen
sha256: {sha256}
"""
FIGURES = "age,sex,rate\n0-64,female,0.002\n0-64,male,0.003\n65+,female,0.04\n65+,male,0.05\n"

Spoil = Callable[[str, str], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one sound statistic, `deaths`."""
    figures = tmp_path / "deaths.csv"
    figures.write_text(FIGURES, encoding="utf-8")
    (tmp_path / "deaths.yaml").write_text(CARD.format(sha256=file_hash(figures)), encoding="utf-8")
    return tmp_path


@pytest.fixture
def replace(folder: Path) -> Callable[[str, str, str], None]:
    """`replace(file, old, new)`: change one thing in a file of the folder."""

    def change(file: str, old: str, new: str) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change
