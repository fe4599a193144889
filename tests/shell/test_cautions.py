"""What a run says beforehand: which figures are carried on, what was projected, which households are not drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from abmsim.cautions import tell_extended, tell_projected, tell_vanished
from abmsim.cli import answer
from abmsim.days import parse_day
from abmsim.paths import PUBLIC_STATS
from abmsim.population.places import find_places
from abmsim.population.synthesis import synthesise
from abmsim.stats.catalogue import Catalogue, load


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load([PUBLIC_STATS])


def test_each_table_that_ends_before_the_run_is_told_once(catalogue):
    lines: list[str] = []
    read = ["death_rate", "death_rate_year_ratio", "birth_rate_year_ratio"]
    extended = tell_extended(catalogue, read, 2039, lines.append)
    assert lines == [
        "note: birth_rate_year_ratio: from 2023 on by the forecast total_fertility_forecast",
        "note: death_rate_year_ratio: from 2024 on by the forecast death_rates_un",
        "note: immigration_by_year: from 2024 on by the forecast net_migration_un",
    ]
    assert [f"note: {name}: {rule}" for name, rule in extended.items()] == lines


def test_a_run_inside_the_published_years_says_nothing(catalogue):
    lines: list[str] = []
    assert tell_extended(catalogue, ["death_rate_year_ratio", "birth_rate_year_ratio"], 2022, lines.append) == {}
    assert lines == []


def test_types_of_households_that_a_small_sample_has_not_are_told_with_the_number_expected(catalogue):
    lines: list[str] = []
    leiden = find_places("Leiden", catalogue)
    population = synthesise(leiden, 20, 1, catalogue)
    tell_vanished(population, catalogue, lines.append)
    assert len(lines) == 1
    drawn = len(population.people)
    assert lines[0].startswith(f"warning: with {drawn} residents no household of these types is drawn: ")
    # 511 other households among 125,099 residents
    assert f"other_household (expected {511 * drawn / 125_099:.1f})" in lines[0]


def test_a_sample_with_all_types_says_nothing_nor_does_one_of_a_place_that_lacks_a_type(catalogue):
    lines: list[str] = []
    tell_vanished(synthesise(find_places("Leiden", catalogue), 3000, 1, catalogue), catalogue, lines.append)
    tell_vanished(synthesise(find_places("Schiermonnikoog", catalogue), None, 1, catalogue), catalogue, lines.append)
    assert lines == []


def test_every_projected_table_is_told(catalogue):
    lines: list[str] = []
    day = parse_day("2024-01-01")
    population = synthesise(find_places("Schiermonnikoog", catalogue), 50, 1, catalogue, day)
    assert len(tell_projected(population, lines.append)) == len(lines) == 4
    assert all(" is projected to 1 January 2024 by " in line for line in lines)


def test_a_run_from_a_later_base_date_keeps_what_it_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "later"
    line = f"run Schiermonnikoog -p 200 --base 2024-01-01 --to 2024-07-01 --history none -o {folder}"
    assert answer(line.split()) == 0
    told = capsys.readouterr().err.splitlines()
    settings = yaml.safe_load((folder / "run.yaml").read_text(encoding="utf-8"))
    assert settings["from"] == "2024-01-01"
    assert [line for line in told if " is projected to " in line] == [
        f"note: {name} is projected to 1 January 2024 by {rule}" for name, rule in settings["projected"].items()
    ]
    assert {f"note: {name}: {rule}" for name, rule in settings["extended"].items()} <= set(told)
    assert "death_rate_year_ratio" in settings["extended"]
    assert answer(["integrity", str(folder)]) == 0
