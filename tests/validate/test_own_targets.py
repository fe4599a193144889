"""A project's own target: counted as the shipped ones are, told by every command that reads it where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from toy_targets import write

from abmsim.loading import load_catalogue
from abmsim.validate.opened import opened
from abmsim.validate.simulated import simulated_figures

PRODUCTS = "counts: {table: wmo_deliveries, by: {year: period, product: product}}"


@pytest.fixture
def targets(command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of statistics of a new project, in which the command stands."""
    assert command("new", tmp_path / "town").returncode == 0
    monkeypatch.chdir(tmp_path / "town")
    folder = tmp_path / "town" / "public_stats" / "targets"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_an_own_target_is_counted_without_any_python(targets, village):
    write(targets, PRODUCTS, "year,product,figure\n2021,household_help,20\n2021,total,30", name="own_products")
    with opened(village, load_catalogue()) as run:
        found = simulated_figures(run, ["own_products"])
        ((helped,),) = run.rows("""select count(distinct person_id) from wmo_deliveries where product = 'household_help'
            and delivery_start < '2022-01-01' and (delivery_end is null or delivery_end > '2021-01-01')""")
    assert found["own_products", "2021 household help"].value == helped > 0
    assert ("own_products", "2021 total") in found


@pytest.mark.parametrize("words", [("check",), ("stats", "verify"), ("validate", "{village}")])
def test_a_bad_target_is_told_by_every_command_that_reads_it(command, targets, village, words):
    write(targets, "counts: {table: wmo_delivery}", "year,figure\n2021,20", name="own_products")
    found = command(*(word.format(village=village) for word in words))
    assert found.returncode == 1
    assert "own_products.yaml:18:19 S151 there is no table 'wmo_delivery'" in found.stderr


def test_what_a_target_counts_is_shown(command, targets):
    write(targets, f"{PRODUCTS}\npopulation: {{age: 18+, at: start, living: independently}}",
          "year,product,figure\n2021,household_help,20", name="own_products")  # fmt: skip
    shown, why = command("stats", "show", "own_products").stdout, command("stats", "why", "own_products").stdout
    for text in (shown, why):
        assert "persons in period: wmo_deliveries; aged 18+ at the start; living independently" in text
        assert "5 %: it is a toy" in text and "to 1 persons" in text and "final" in text
