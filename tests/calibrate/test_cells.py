"""Which cells a `where` means, and what a factor or a level makes of them."""

from __future__ import annotations

import pytest

from abmsim.loading import load_catalogue
from abmsim.stats.cells import cuts, holds, is_meant, shown_where
from abmsim.stats.solved import rows_with, solved_of

SOLVED = {
    "block": "b", "on": "2026-01-01", "run": {"place": "Urk"}, "runs": "3", "based_on": {"block": {"b": "0"}},
    "unknowns": [{"unknown": "u", "where": {"age": "0-64"}, "multiplier": "1.5", "target": "t", "labels": ["2020"],
                  "published": "10", "simulated": "11", "error": "1", "tolerance": "0.01"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "label", "is_held", "is_cut"),
    [
        ("75-84", "80", True, False), ("75-84", "75-79", True, False), ("85+", "120", True, False),
        ("85+", "90+", True, False), ("75-84", "85", False, False), ("75-84", "70-79", False, True),
        ("0-64", "60+", False, True), ("2023+", "2023+", True, False), ("male", "male", True, False),
        ("male", "female", False, False), ("75-84", "unknown", False, False),
    ],
)  # fmt: skip
def test_a_range_holds_the_labels_inside_it(wanted, label, is_held, is_cut):
    assert (holds(wanted, label), cuts(wanted, label)) == (is_held, is_cut)


def test_what_is_not_named_is_meant_whole():
    assert is_meant({}, {"age": "3"}) and shown_where({}) == "all"
    assert is_meant({"age": ("1", "3-5")}, {"age": "4", "sex": "male"})
    assert shown_where({"age": ("1", "3-5"), "sex": ("male",)}) == "age 1/3-5, sex male"


def test_factors_multiply_levels_replace_and_the_rest_stays_as_it_is_written(toy_project):
    catalogue = load_catalogue()
    source = catalogue.card("toy_rate")
    younger, older = {"age": ("0-64",)}, {"age": ("65-120",)}

    def rates(*values) -> list[str]:
        return [row["rate"] for row in rows_with(catalogue, source, values)]

    assert rates() == ["0.5", "0.8"]
    assert rates((younger, 1.5, False)) == ["0.75", "0.8"]
    assert rates(({}, 2.0, False), (older, 0.5, False)) == ["1", "0.8"]
    assert rates((older, 0.123456789, True)) == ["0.5", "0.123457"]


def test_the_part_solved_of_a_card_is_read_and_what_is_wrong_with_it_is_said():
    solved = solved_of(SOLVED)
    assert solved.unknowns[0].residual == pytest.approx(0.1) and solved.runs == 3
    for wrong, said in (
        ({**SOLVED, "extra": "1"}, "unknown key 'extra'"),
        ({key: value for key, value in SOLVED.items() if key != "runs"}, "lacks 'runs'"),
        ("text", "as `abmsim calibrate` writes it"),
    ):
        with pytest.raises(ValueError, match=said):
            solved_of(wrong)
