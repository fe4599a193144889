"""A toy module, a toy rate, a toy target and the block that solves one for the other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from abmsim.stats.verify import file_hash

MODULE = """\
module: toy/help
about: Residents are helped for two months now and then.
start: alone
states:
  alone: {silent: true, hazard: stats.toy_rate, next: helped}
  helped: {youth_help: {help_form: ambulatory}, wait: {is: 60 days, why: a toy}, next: over}
  over: {end: {youth_help: as_planned}, next: alone}
"""
CARD = """\
title: toy
publisher: nobody
period: '2020'
unit: {unit}
by: [{by}]
values: {values}
counting_rule: {rule}
licence: CC0
verified: seen
{more}sha256: {sha256}
"""
TARGET = """\
target:
  role: {role}
  margin: '0.1'
  margin_reason: a toy
  rounding: {{to: 1, unit: number}}
  vintage: unknown
  module: toy/help
  counts: {{table: youth_help, by: {{year: period, age: age}}}}
"""
UNKNOWN = """\
  {name}:
    about: a toy
    multiplies: toy_rate
    where: {{age: {age}}}
    between: {{is: [0.2, 5], why: a toy}}
    target: {{statistic: toy_starts, label: 2020 {age}}}
    tolerance: {{is: 0.02, why: a toy}}
"""
BLOCK = """\
calibrate: toy
about: a toy
run: {place: Schiermonnikoog, residents: 947, seeds: [1], from: 2020-01-01, to: 2021-01-01, modules: [toy/]}
solve:
"""
BANDS = {"younger": "0-64", "older": "65-120"}


@dataclass(frozen=True, slots=True)
class ToyProject:
    """A project folder; `block` is the text of its only block."""

    folder: Path

    @property
    def block(self) -> Path:
        return self.folder / "public_stats" / "calibration" / "toy.yaml"

    def statistic(self, name: str, by: str, values: str, rows: str, unit: str, rule: str, more: str = "") -> None:
        """A table and its card."""
        folder = self.folder / "public_stats" / "toy"
        folder.mkdir(parents=True, exist_ok=True)
        csv = folder / f"{name}.csv"
        csv.write_text(rows, encoding="utf-8")
        card = CARD.format(unit=unit, by=by, values=values, rule=rule, more=more, sha256=file_hash(csv))
        (folder / f"{name}.yaml").write_text(card, encoding="utf-8")

    def rate(self, younger: float, older: float) -> None:
        self.statistic("toy_rate", "age", "rate", f"age,rate\n0-64,{younger:g}\n65-120,{older:g}\n",
                       "rate per person-year", "rate in period")  # fmt: skip

    def target(self, younger: float, older: float, role: str = "target") -> None:
        rows = f"year,age,starts\n2020,0-64,{younger:g}\n2020,65-120,{older:g}\n"
        self.statistic("toy_starts", "year, age", "starts", rows, "number", "starts", TARGET.format(role=role))

    def solve(self, *unknowns: str) -> None:
        """Write the block with these unknowns."""
        self.block.parent.mkdir(parents=True, exist_ok=True)
        self.block.write_text(BLOCK + "".join(unknowns), encoding="utf-8")

    @property
    def derived(self) -> Path:
        return self.folder / "public_stats" / "derived"
