"""The statistics that come with the package: sound, derived as their recipes say, near what is published."""

from __future__ import annotations

import pytest

from abmsim.paths import MODULES, PUBLIC_STATS
from abmsim.stats import recipes_mortality
from abmsim.stats.catalogue import Catalogue, load
from abmsim.stats.derive import RECIPE_NAMES, derived_cards, made
from abmsim.stats.show import list_lines, show_lines, why_lines
from abmsim.stats.verify import verify


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load([PUBLIC_STATS])


def test_every_statistic_is_what_its_card_says(catalogue):
    assert verify(catalogue, RECIPE_NAMES) == []


@pytest.mark.parametrize("name", [card.name for card in derived_cards(load([PUBLIC_STATS]))])
def test_a_derived_statistic_is_what_its_recipe_makes(catalogue, name):
    card = catalogue.card(name)
    assert made(catalogue, card) == card.csv.read_text(encoding="utf-8")


def test_the_life_table_gives_the_published_life_expectancy(catalogue):
    published = catalogue.table("life_expectancy_nl")
    for sex in ("female", "male"):
        mean = sum(published.value(year=year, sex=sex) for year in ("2017", "2018", "2019")) / 3
        assert abs(recipes_mortality.life_expectancy(catalogue.table("death_rate").cells, sex) - mean) < 0.05


def test_a_target_says_its_role_and_margin(catalogue):
    targets = [card for card in catalogue.cards.values() if "targets" in card.file.parts and card.part is None]
    assert targets
    assert all(card.target and card.target.margin > 0 and card.target.margin_reason for card in targets)


def lines_of(catalogue: Catalogue, birth_date: str, sex: str) -> set[tuple[str, str, str]]:
    return {
        (row["vaccine"], row["dose"], row["age"])
        for row in catalogue.rows("rvp_schedule")
        if row["valid_from_birth_date"] <= birth_date
        and (not row["valid_until_birth_date"] or birth_date < row["valid_until_birth_date"])
        and row["sex"] in ("both", sex)
    }


def test_the_schedule_follows_the_birth_cohort(catalogue):
    assert ("BMR", "2", "9 years") in lines_of(catalogue, "2010-06-01", "male")
    assert ("DKTP", "5", "4 years") in lines_of(catalogue, "2016-06-01", "female")
    assert {("BMR", "2", "3 years"), ("DKT", "4", "5 years"), ("DTP", "6", "14 years")} <= lines_of(
        catalogue, "2024-06-01", "female"
    )


def test_boys_get_hpv_from_the_cohort_of_2012(catalogue):
    assert not [line for line in lines_of(catalogue, "2005-06-01", "male") if line[0] == "HPV"]
    assert ("HPV", "1", "10 years") in lines_of(catalogue, "2012-06-01", "male")


@pytest.mark.parametrize("year", range(1957, 2026))
def test_nobody_is_offered_the_same_dose_twice(catalogue, year):
    for sex in ("female", "male"):
        doses = [line[:2] for line in lines_of(catalogue, f"{year}-12-31", sex)]
        assert len(doses) == len(set(doses))


def test_urk_and_the_bible_belt_lie_far_below_the_country(catalogue):
    shift = catalogue.table("rvp_municipal_shift")
    assert len(shift.cells) == 355
    assert shift.value(municipality_code="GM0184") < -2


def test_the_modules_right_is_the_one_that_the_recipe_takes(catalogue):
    text = (MODULES / "wmo" / "household_help.yaml").read_text(encoding="utf-8")
    assert "right: {is: 2-5 years" in text
    assert catalogue.table("wmo_right_years").cells == {("shortest",): 2, ("longest",): 5}


def test_why_leads_to_the_publisher(catalogue):
    lines = why_lines(catalogue, "wmo_household_help_report")
    assert any("read in CBS" in line and "71488ned" in line for line in lines)
    assert any("assumption: no national figure" in line for line in lines)


def test_every_statistic_can_be_shown(catalogue):
    assert len(list_lines(catalogue)) == len([card for card in catalogue.cards.values() if card.part is None])
    assert all(show_lines(catalogue, name) for name in catalogue.cards)
