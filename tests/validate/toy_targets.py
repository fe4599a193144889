"""Cards with a target, written for a test."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

from abmsim.stats.catalogue import Catalogue, load
from abmsim.stats.verify import file_hash

CARD = """\
title: Toy
publisher: CBS
period: '2021'
unit: {unit}
by: [{by}]
values: figure
counting_rule: {rule}
licence: CC BY 4.0
verified: seen
cells: listed
target:
  role: target
  margin: 0.05
  margin_reason: it is a toy
  rounding: {{to: {to}, unit: {unit}}}
  vintage: final
  module: wmo/household_help
{target}
sha256: {sha256}
"""


def write(
    folder: Path, target: str, figures: str, rule: str = "persons in period", unit: str = "persons",
    name: str = "toy", to: str = "1",
) -> Path:
    """A card in a folder; `figures`: the CSV as lines, of which the last column is `figure`."""  # fmt: skip
    csv = folder / f"{name}.csv"
    csv.write_text("\n".join(line.strip() for line in figures.strip().splitlines()) + "\n", encoding="utf-8")
    by = ", ".join(csv.read_text(encoding="utf-8").splitlines()[0].split(",")[:-1])
    text = CARD.format(unit=unit, by=by, rule=rule, to=to, target=indent(target.strip(), "  "), sha256=file_hash(csv))
    card = folder / f"{name}.yaml"
    card.write_text(text, encoding="utf-8")
    return card


def catalogue_of(folder: Path) -> Catalogue:
    return load([folder])
