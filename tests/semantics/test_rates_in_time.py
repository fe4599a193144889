"""Hazards in exact age, as docs/semantics.md says; equal draws make most of it exact."""

from __future__ import annotations

import math

import numpy as np
from small import YEAR, Toys, alone, attributes, day, days_in, module, run, share_within

from abmsim.vocabulary import BASE_DATE

N = 3000
FIRST_OF_2021, FIRST_OF_2022 = (day(f"{year}-01-01") - BASE_DATE for year in (2021, 2022))
DOUBLE = "double: {is: 2, why: a toy}"


def left(toys: Toys, hazard: str, *others: str, uses: str = "") -> np.ndarray:
    """Days from the base date until each of N residents has left a state."""
    states = f"here: {{{hazard}, next: gone}}\ngone: {{final: true}}"
    head = f"begins: base_date\nuses: [{uses}]" if uses else "begins: base_date"
    program = toys.program(module(states, head=head, assume=DOUBLE), *others)
    return days_in(run(program, alone(N), until="2060-01-01"), "gone")


def test_s19_a_hazard_fires_when_its_integral_reaches_the_threshold(toys: Toys) -> None:
    days = left(toys, "hazard: assume.rate")
    assert days.min() == 0, "also on the first day"
    for years in (1, 4):
        assert share_within(np.mean(days < round(years * YEAR)), 1 - math.exp(-0.5 * years), N)
    twice = left(toys, "hazard: {rate: assume.rate, times: assume.double}")
    met = days < 12_000
    assert np.abs(twice[met] - days[met] / 2).max() <= 1.5, "the threshold is the same draw"


def test_s20_a_rate_by_age_changes_on_the_birthday(toys: Toys) -> None:
    toys.statistic("by_age", "rate per person-year", "age,value\n0-59,0\n60,0.5\n61+,0")
    days = left(toys, "hazard: stats.by_age")
    at_60, at_61 = day("2020-07-01") - BASE_DATE, day("2021-07-01") - BASE_DATE
    met = days[days < 15_000]
    assert at_60 <= met.min() <= at_60 + 5 and at_61 - 6 <= met.max() < at_61
    assert share_within(len(met) / N, 1 - math.exp(-0.5), N), "a year of age has length 1"


def test_s21_a_rate_by_calendar_year_changes_on_1_january(toys: Toys) -> None:
    toys.statistic("by_year", "rate per person-year", "year,value\n2020,0\n2021,1\n2022+,0")
    days = left(toys, "hazard: stats.by_year")
    met = days[days < 15_000]
    assert FIRST_OF_2021 <= met.min() <= FIRST_OF_2021 + 5
    assert FIRST_OF_2022 - 6 <= met.max() < FIRST_OF_2022


def test_s22_when_a_rate_changes_what_has_run_stays(toys: Toys) -> None:
    exposure = module(
        "no_: {wait: assume.year, next: yes_}\nyes_: {set: {exposed: true}, final: true}", "toy/exposure",
        attributes("exposed: {type: bool, default: false}"),
    )  # fmt: skip
    hazard = "hazard: {rate: assume.rate, times: assume.double if exposed else 1}"
    plain, changed = left(toys, "hazard: assume.rate"), left(toys, hazard, exposure, uses="toy/exposure")
    before, after = plain < FIRST_OF_2021, (plain >= FIRST_OF_2021) & (plain < 12_000)
    assert (changed[before] == plain[before]).all()
    assert np.abs((changed[after] - FIRST_OF_2021) - (plain[after] - FIRST_OF_2021) / 2).max() <= 2


def test_s23_a_hazard_runs_while_its_condition_holds_and_keeps_its_threshold(toys: Toys) -> None:
    plain, paused = left(toys, "hazard: assume.rate"), left(toys, "when: year != 2021, hazard: assume.rate")
    assert not ((paused >= FIRST_OF_2021) & (paused < FIRST_OF_2022)).any()
    before, after = plain < FIRST_OF_2021, (plain >= FIRST_OF_2021) & (plain < 12_000)
    assert (paused[before] == plain[before]).all()
    assert np.abs(paused[after] - plain[after] - 365).max() <= 2, "a year later, with what was left of the threshold"


def test_s28_a_probability_over_a_time_is_its_constant_rate(toys: Toys) -> None:
    as_probability = left(toys, "hazard: {probability: assume.half, over: 2 years}")
    as_rate = left(toys, f"hazard: {{is: {math.log(2) / 2!r}, source: a toy}}")
    assert (as_probability == as_rate).all()
    assert share_within(float(np.mean(as_rate < 2 * YEAR)), 0.5, N)
