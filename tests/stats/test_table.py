"""A faulty CSV is told with its line, and figures that do not add up with both sums."""

from __future__ import annotations

from pathlib import Path

import pytest

from abmsim.problems import ProblemsFound, UserError
from abmsim.stats.catalogue import load
from abmsim.stats.verify import verify


def problems(folder: Path) -> list[str]:
    with pytest.raises(ProblemsFound) as found:
        load([folder]).table("deaths")
    return [f"{Path(p.file).name}:{p.line} {p.code} {p.text}" for p in found.value.problems]


def test_figures_are_found_by_their_dimensions(folder):
    table = load([folder]).table("deaths")
    assert table.value(sex="male", age="65+") == 0.05
    assert table.labels == {"age": ("0-64", "65+"), "sex": ("female", "male")}
    assert table.complete()


def test_an_unknown_statistic_is_told_with_the_nearest(folder):
    with pytest.raises(UserError, match="did you mean 'deaths'"):
        load([folder]).card("death")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("sex,rate", "gender,rate", "deaths.yaml:6 S122 deaths.csv has no column 'sex'"),
        ("sex,rate", "sex,rates", "deaths.yaml:7 S122 deaths.csv has no column 'rate'"),
        ("0.003", "high", "deaths.csv:3 S124 'high' in column 'rate' is no number"),
        ("0.003", "-1", "deaths.csv:3 S127 -1 cannot be a figure in rate per person-year"),
        ("0-64,male,0.003", "0-64,female,0.003", "deaths.csv:3 S123 the cell (0-64, female) stands here twice"),
        ("65+,male,0.05\n", "", "deaths.yaml:6 S125 1 cells have no figure: 65+, male"),
        ("0-64,male,0.003", "0-64,male", "deaths.csv:3 S121 2 fields, the header has 3"),
    ],
)
def test_what_is_wrong_in_the_figures_is_told(folder, replace, old, new, problem):
    replace("deaths.csv", old, new)
    assert problem in problems(folder)


def test_cells_may_be_listed(folder, replace):
    replace("deaths.csv", "65+,male,0.05\n", "")
    replace("deaths.yaml", "licence:", "cells: listed\nlicence:")
    assert len(load([folder]).table("deaths").cells) == 3


def test_totals_must_add_up(folder, replace):
    replace("deaths.yaml", "licence:", "totals: {per: [age], where: {sex: male}, sums_to: 0.05}\nlicence:")
    assert problems(folder) == ["deaths.yaml:9 S126 the figures for (0-64) add up to 0.003, not 0.05"]


def test_a_changed_file_no_longer_has_the_hash_of_its_card(folder, replace):
    assert verify(load([folder])) == []
    replace("deaths.csv", "0.05", "0.06")
    assert [p.code for p in verify(load([folder]))] == ["S130"]


def test_sources_and_recipes_must_exist(folder, replace):
    replace("deaths.yaml", "verified: seen", "verified: derived\nderived: {from: [birth], recipe: rat}")
    assert [p.code for p in verify(load([folder]), ["rate"])] == ["S131", "S132"]
