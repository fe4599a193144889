"""A faulty card is told with its place, what is wrong and the nearest right name."""

from __future__ import annotations

from pathlib import Path

import pytest

from abmsim.problems import ProblemsFound
from abmsim.stats.catalogue import load


def problems(folder: Path) -> list[str]:
    with pytest.raises(ProblemsFound) as found:
        load([folder])
    return [f"{Path(p.file).name}:{p.line}:{p.column} {p.code} {p.text} ({p.hint})" for p in found.value.problems]


def test_a_sound_card_is_read(folder):
    card = load([folder]).card("deaths")
    assert (card.by, card.unit, card.verified) == (("age", "sex"), "rate per person-year", "seen")
    assert card.lines["unit"] == (5, 7)


def test_text_stays_text(folder, replace):
    replace("deaths.yaml", "37360ned", "0363")
    assert load([folder]).card("deaths").table_id == "0363"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("unit: rate", "unti: x\nunit: rate", "deaths.yaml:5:1 S102 unknown key 'unti' (did you mean 'unit'?)"),
        ("period:", "title: twice\nperiod:", "deaths.yaml:4:1 S103 key 'title' stands here twice (keep one)"),
        ("licence: CC BY 4.0\n", "", "deaths.yaml:1:1 S105 the card lacks 'licence' (add `licence:`)"),
        ("verified: seen\n", "", "deaths.yaml:1:1 S105 the card lacks 'verified' "
         "(add `verified: seen | derived | assumption`)"),
        ("verified: seen", "verified: sen", "deaths.yaml:10:11 S106 unknown verified 'sen' (did you mean 'seen'?)"),
        ("verified: seen", "verified: assumption",
         "deaths.yaml:10:11 S107 an assumption without a reason (add `why:`)"),
        (
            "verified: seen",
            "verified: derived",
            "deaths.yaml:10:11 S108 derived from what? (add `derived: {from: [...], recipe: ...}`)",
        ),
        ("unit: rate per", "unit: rates per", "deaths.yaml:5:7 S109 unknown unit 'rates per person-year' "
         "(did you mean 'rate per person-year'?)"),
        ("rule: rate in period", "rule: stock on date", "deaths.yaml:8:16 S110 unknown counting_rule 'stock on date' "
         "(did you mean 'stock at date'?)"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_place(folder, replace, old, new, problem):
    replace("deaths.yaml", old, new)
    assert problems(folder) == [problem]


def test_derived_needs_its_sources_and_recipe(folder, replace):
    replace("deaths.yaml", "verified: seen", "verified: derived\nderived: {from: [a]}")
    assert problems(folder) == ["deaths.yaml:11:10 S105 'derived' lacks 'recipe' (needed: from, recipe)"]


def test_a_name_stands_once_over_all_folders(folder):
    other = folder / "other"
    other.mkdir()
    (other / "deaths.yaml").write_text((folder / "deaths.yaml").read_text())
    assert [line.split(" ")[1] for line in problems(folder)] == ["S111"]


def test_all_problems_come_at_once(folder, replace):
    replace("deaths.yaml", "verified: seen", "verified: sen")
    replace("deaths.yaml", "unit: rate per person-year", "unit: bananas")
    assert len(problems(folder)) == 2


def test_a_file_that_is_no_yaml_is_told(folder):
    (folder / "broken.yaml").write_text("title: [")
    assert problems(folder)[0].startswith("broken.yaml:2:1 S101 this is no YAML")


def test_a_split_gives_a_statistic_for_each_label(folder, replace):
    replace("deaths.yaml", "licence:", "split: {dimension: sex, labels: [female, male]}\nlicence:")
    catalogue = load([folder])
    assert catalogue.table("deaths_male").cells == {("0-64",): 0.003, ("65+",): 0.05}
    assert catalogue.table("deaths").value(age="65+", sex="female") == 0.04
