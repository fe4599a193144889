"""Everything that can be wrong in a block is told at its place, all at once."""

from __future__ import annotations

import pytest
from toy_calibration import TARGET

WRONG = [
    ("multiplies: toy_rate", "multiplies: toy_rat", "C211", "did you mean 'toy_rate'?"),
    ("{age: 0-64}", "{agge: 0-64}", "C212", "did you mean 'age'?"),
    ("{age: 0-64}", "{age: unknown}", "C213", "toy_rate' has no age unknown"),
    ("{age: 0-64}", "{age: 0-30}", "C214", "has a part of the label 0-64"),
    ("[0.2, 5]", "[5, 0.2]", "C202", "goes up"),
    ("[0.2, 5]", "[0.2]", "C202", "two ends, not 1"),
    ("[0.2, 5]", "[0, 5]", "C202", "above zero"),
    ("is: 0.02", "is: 2", "C203", "a tolerance is a part"),
    ("statistic: toy_starts", "statistic: toy_start", "C221", "there is no target 'toy_start'"),
    ("label: 2020 0-64", "label: 2021 0-64", "C223", "no figure '2021 0-64'"),
    ("[toy/]", "[tay/]", "C234", "there is no module 'tay/'"),
    ("[toy/]", "[youth/]", "C234", "counted in the records of toy/help"),
    ("seeds: [1]", "seeds: [1, 1]", "C204", "a seed stands here twice"),
    ("residents: 947", "residents: 0", "C204", "residents is a whole number"),
    ("to: 2021-01-01", "to: 2019-01-01", "C204", "not after it begins"),
    ("place: Schiermonnikoog", "place: Schiermonnikok", "C205", "did you mean"),
    ("calibrate: toy", "calibrate: tay", "C201", "stands in toy.yaml"),
    ("    about: a toy\n", "    abuot: a toy\n", "E103", "did you mean 'about'?"),
    ("why: a toy}\n    target", "because: a toy}\n    target", "E103", "unknown key 'because'"),
    ("    multiplies: toy_rate\n", "", "E104", "one of multiplies and sets"),
]


@pytest.mark.parametrize(("right", "wrong", "code", "said"), WRONG, ids=[f"{c} {w[:20]}" for _, w, c, _ in WRONG])
def test_a_wrong_block_is_told_at_its_place(toy_project, told, right, wrong, code, said):
    text = toy_project.block.read_text(encoding="utf-8")
    assert right in text
    toy_project.block.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    exit_code, out, err = told("--check")
    assert exit_code == 1 and out == ""
    assert any(line.startswith("public_stats/calibration/toy.yaml:") and code in line and said in line
               for line in err.splitlines()), err  # fmt: skip


def test_all_that_is_wrong_is_told_at_once(toy_project, told):
    text = toy_project.block.read_text(encoding="utf-8")
    for right, wrong in (("multiplies: toy_rate", "multiplies: toy_rat"), ("label: 2020 0-64", "label: 2021 0-64")):
        text = text.replace(right, wrong, 1)
    toy_project.block.write_text(text, encoding="utf-8")
    _, _, err = told("--check")
    assert "C211" in err and "C223" in err


def test_a_figure_that_is_held_back_is_not_solved_for(toy_project, told):
    toy_project.target(250, 150, role="held_back")
    code, _, err = told("--check")
    assert code == 1 and "C224 'toy_starts' is held back: it judges the model" in err


def test_a_national_figure_is_not_met_in_a_village(toy_project, told):
    text = toy_project.block.read_text().replace("toy_starts, label: 2020 0-64", "youth_care_persons, label: '2022'")
    toy_project.block.write_text(text.replace("[toy/]", "[toy/, youth/]"), encoding="utf-8")
    assert "C226 'youth_care_persons' is of the Netherlands, and the run of Schiermonnikoog" in told("--check")[2]


def test_a_figure_by_municipality_is_that_of_the_place(toy_project, told):
    text = TARGET.format(role="target").replace("year: period", "municipality_code: place")
    rows = "municipality_code,age,starts\nGM0088,0-64,250\nGM0088,65-120,150\nGM0093,0-64,9\n"
    toy_project.statistic("toy_starts", "municipality_code, age", "starts", rows, "number", "starts",
                          "cells: listed\n" + text.replace("  counts", "  period: '2020'\n  counts"))  # fmt: skip
    toy_project.block.write_text(toy_project.block.read_text().replace("label: 2020 ", "label: "))
    code, out, err = told("--check")
    assert (code, err) == (1, "") and "toy_rate_solved: never solved" in out


def test_a_published_zero_is_no_target(toy_project, told):
    toy_project.target(0, 150)
    assert "C225" in told("--check")[2]


def test_two_unknowns_of_the_same_cells_name_both_targets(toy_project, told):
    text = toy_project.block.read_text(encoding="utf-8").replace("{age: 65-120}", "{age: 0-64}")
    toy_project.block.write_text(text, encoding="utf-8")
    _, _, err = told("--check")
    (line,) = [line for line in err.splitlines() if "C231" in line]
    assert "toy_starts 2020 0-64 (250) and toy_starts 2020 65-120 (150)" in line


def test_two_unknowns_for_one_figure_are_told(toy_project, told):
    text = toy_project.block.read_text(encoding="utf-8").replace("label: 2020 65-120", "label: 2020 0-64")
    toy_project.block.write_text(text, encoding="utf-8")
    assert "C232 younger and older are both solved for toy_starts 2020 0-64" in told("--check")[2]


def test_a_statistic_is_solved_in_one_block(toy_project, told):
    other = toy_project.block.with_name("toy_too.yaml")
    other.write_text(toy_project.block.read_text(encoding="utf-8").replace("calibrate: toy", "calibrate: toy_too"))
    assert "C233 'toy_rate' is solved in the block toy too" in told("--check")[2]


def test_a_share_cannot_be_multiplied_beyond_one(toy_project, told):
    toy_project.statistic("toy_rate", "age", "rate", "age,rate\n0-64,0.5\n65-120,0.1\n", "share", "share of group")
    _, _, err = told("--check")
    assert "C202 5 times the largest of the cells is 2.5, which is no share (end the bracket at 2 or before)" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "there is no block 'nothing'"),
        (["--seeds", "1,x"], "--seeds is a list"),
        (["--seeds", "1,1"], "--seeds is a list"),
        (["--residents", "0"], "--residents is 1 or more"),
    ],
)
def test_a_wrong_call_is_told(toy_project, told, arguments, said):
    code, _, err = told(*arguments)
    assert code == 2 and said in err and err.count("\n") == 1
