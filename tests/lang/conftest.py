"""A workshop for modules: a folder with a few statistics, where a test writes modules and reads what is told."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest

from abmsim.lang.check import CheckResult, check_all

HEAD = """\
module: wmo/example
about: an example
assume: {w: {is: 1 year, why: a guess}, s: {is: 0.4, why: a guess}, r: {is: 0.1, why: a guess}}
attributes: {helped: {type: bool, about: has help}, stage: {type: category, labels: [none, mild], about: how bad}}
start: a
states:
"""
"""The first six lines of the example module, so that its states begin on line 7."""

DESK = """\
institution: desk
kind: wmo_desk
title: Desk
about: takes requests
serves: municipality
number: {is: 1, why: a guess}
wait: {is: 2-4 weeks, why: a guess}
"""
"""An institution that is as it should be."""

STATES_BEGIN = HEAD.count("\n") + 1


class Workshop:
    """Modules and statistics in a temporary folder; problems name files below it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.statistic("entry", "rate per person-year", ["sex,value", "female,0.1", "male,0.2"])
        self.statistic("helped_share", "share", ["sex,value", "female,0.7", "male,0.4"])
        self.statistic("stay", "years", ["value", "2.5"])
        self.institution(DESK)

    def statistic(self, name: str, unit: str, rows: Sequence[str], **card: str) -> None:
        """A statistic whose last column is its figures (a schedule has none)."""
        header = rows[0].split(",")
        by, values = (header[:-1], header[-1]) if unit != "schedule" else (["line"], "''")
        keys = {
            "title": name, "publisher": "nobody", "period": "2020", "unit": unit, "by": f"[{', '.join(by)}]",
            "values": values, "counting_rule": "not a count", "licence": "CC0", "verified": "seen", "sha256": "none",
        }  # fmt: skip
        folder = self.root / "public_stats"
        folder.mkdir(exist_ok=True)
        lines = [f"{key}: {value}" for key, value in (keys | card).items()]
        (folder / f"{name}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")

    def module(self, text: str | bytes, name: str = "wmo/example") -> None:
        path = self.root / "modules" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else textwrap.dedent(text).encode())

    def institution(self, text: str, name: str = "desk") -> None:
        path = self.root / "institutions" / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")

    def check(self) -> CheckResult:
        return check_all([self.root / "modules"], [self.root / "public_stats"], [self.root / "institutions"])

    def errors(self) -> list[str]:
        return [str(problem) for problem in self.check().errors]

    def warnings(self) -> list[str]:
        return [str(problem) for problem in self.check().warnings]

    def errors_in(self, states: str) -> list[str]:
        """What is wrong with these states in the example module, without the file's name."""
        self.module(HEAD + textwrap.indent(textwrap.dedent(states), "  "))
        return [line.removeprefix("modules/wmo/example.yaml:") for line in self.errors()]


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    monkeypatch.chdir(tmp_path)
    return Workshop(tmp_path)
