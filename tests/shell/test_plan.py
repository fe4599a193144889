"""A plan knows what it asks for before any work is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from abmsim import plan
from abmsim.days import parse_day
from abmsim.plan import RunPlan
from abmsim.population.places import Place
from abmsim.problems import UsageError

URK = Place("GM0184", "Urk", 21_000)
SUDWEST = Place("GM1900", "Súdwest-Fryslân", 90_000)


def test_the_defaults_can_be_carried_out() -> None:
    plan.check_numbers(RunPlan("Leiden"))


def test_without_a_size_it_is_the_real_one() -> None:
    assert plan.check_size(RunPlan("Urk"), [URK, SUDWEST]) == 111_000


def test_history_is_all_none_or_a_number_of_years() -> None:
    assert RunPlan("Urk", history="none").history_from == RunPlan("Urk").from_day
    assert RunPlan("Urk", history="10y").history_from == parse_day("2010-01-01")
    assert RunPlan("Urk", history="all").history_from < parse_day("1850-01-01")


@pytest.mark.parametrize("history", ["10", "0y", "121y", "10 y", "-1y", "ten", ""])
def test_a_history_that_is_none_of_these_is_told(history: str) -> None:
    with pytest.raises(UsageError, match="--history is all, none or a number of years up to 120y"):
        plan.check_numbers(RunPlan("Urk", history=history))


def test_more_than_two_million_has_to_be_meant() -> None:
    with pytest.raises(UsageError, match="--yes"):
        plan.check_size(RunPlan("Nederland", size=2_000_001), [URK])
    assert plan.check_size(RunPlan("Nederland", size=2_000_001, sure=True), [URK]) == 2_000_001


def test_no_named_module_means_all_of_them() -> None:
    assert plan.choose_modules([], ["a/b", "c/d"]) == ["a/b", "c/d"]
    assert plan.choose_modules(["c/d"], ["a/b", "c/d"]) == ["c/d"]


def test_an_unknown_module_suggests_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'wmo/household_help'"):
        plan.choose_modules(["wmo/houshold_help"], ["wmo/household_help", "ggd/vaccination"])


@pytest.mark.parametrize(
    ("places", "folder"),
    [
        ([URK], "urk-500-3"),
        ([URK, SUDWEST], "urk+sudwest-fryslan-500-3"),
        ([Place("GM0518", "'s-Gravenhage", 545_000)], "s-gravenhage-500-3"),
        ([URK] * 355, "nederland-500-3"),
        ([URK] * 20, "20-municipalities-500-3"),
    ],
)
def test_the_folder_is_named_after_place_size_and_seed(places: list[Place], folder: str) -> None:
    name = plan.places_name(places, 355)
    assert plan.default_folder(name, 500, 3) == Path("outputs", folder)


def test_the_formats_of_a_plan_are_those_that_can_be_written() -> None:
    from abmsim.records import formats

    assert plan.FORMATS == formats.FORMATS
