"""Hazards, waits and shares come out as the mathematics says, to within 4 standard errors of the n that was run."""

from __future__ import annotations

import numpy as np
import pytest
from toys import YEAR, Person, Toys, alone, run, share_within

from abmsim.days import parse_day

BASE = parse_day("2020-01-01")
N = 20_000
"""Residents of a statistical test: a share of a half is known to within 1.4 percentage points."""

CONSTANT = """\
module: toy/constant
about: leaves at a constant rate
begins: base_date
start: here
states:
  here: {hazard: {is: 0.5, source: a toy}, next: gone}
  gone: {final: true}
"""


def years_to(lives, state: str) -> np.ndarray:
    """Years from the base date to a state; very many for those who never came there."""
    return (lives.first_day(state) - BASE) / YEAR


@pytest.mark.parametrize("years", [0.01, 0.5, 1, 3, 9])
def test_a_constant_hazard_leaves_the_exponential_share(toys: Toys, years: float) -> None:
    lives = run(toys.program(CONSTANT), alone(N))
    left = np.mean(years_to(lives, "gone") < round(years * YEAR) / YEAR)
    assert share_within(left, 1 - np.exp(-0.5 * years), N)


def test_a_hazard_by_age_leaves_the_share_of_its_integral(toys: Toys) -> None:
    toys.statistic("rate", "rate per person-year", "age,value\n0-39,0\n40-49,0.02\n50-59,0.10\n60-69,0.05\n70+,1")
    program = toys.program("""\
        module: toy/by_age
        about: leaves at a rate that changes with age
        start: here
        states:
          here: {hazard: stats.rate, next: gone}
          gone: {final: true}
        """)
    lives = run(program, alone(N, born="1955-07-01"), until="2020-07-01")
    day = lives.first_day("gone")
    for age, integral in ((40, 0.0), (45, 0.1), (50, 0.2), (55, 0.7), (60, 1.2), (65, 1.45)):
        left = np.mean(day < parse_day(f"{1955 + age}-07-01"))
        assert share_within(left, 1 - np.exp(-integral), N), age
    assert day.min() >= parse_day("1995-07-01")


def test_competing_hazards_win_in_proportion_to_their_rates(toys: Toys) -> None:
    program = toys.program("""\
        module: toy/competing
        about: two ways out
        begins: base_date
        start: here
        states:
          here:
            until: {slow: {hazard: {is: 0.1, source: a toy}}, fast: {hazard: {is: 0.3, source: a toy}}}
            next: {slow: by_slow, fast: by_fast}
          by_slow: {final: true}
          by_fast: {final: true}
        """)
    lives = run(program, alone(N), until="2025-01-01")
    slow, fast = years_to(lives, "by_slow") < 5, years_to(lives, "by_fast") < 5
    assert not (slow & fast).any()
    assert share_within(np.mean(slow | fast), 1 - np.exp(-0.4 * 5), N)
    assert share_within(slow.sum() / (slow | fast).sum(), 0.25, int((slow | fast).sum()))


def test_a_hazard_whose_covariate_changes_is_integrated_piece_by_piece(toys: Toys) -> None:
    program = toys.program(
        """\
        module: toy/covariate
        about: leaves four times as fast once exposed
        begins: base_date
        uses: [toy/exposure]
        assume: {exposed_times: {is: 4, why: a toy}}
        start: here
        states:
          here: {hazard: {rate: {is: 0.1, source: a toy}, times: assume.exposed_times if exposed else 1}, next: gone}
          gone: {final: true}
        """,
        """\
        module: toy/exposure
        about: exposed after two years
        begins: base_date
        attributes: {exposed: {type: bool, default: false, about: is exposed}}
        start: before
        states:
          before: {wait: {is: 2 years, why: a toy}, next: after}
          after: {set: {exposed: true}, final: true}
        """,
    )
    lives = run(program, alone(N))
    years = years_to(lives, "gone")
    for reached, integral in ((1, 0.1), (2, 0.2), (3, 0.6), (5, 1.4)):
        assert share_within(np.mean(years < round(reached * YEAR) / YEAR), 1 - np.exp(-integral), N)


def test_a_hazard_runs_only_while_its_condition_holds(toys: Toys) -> None:
    program = toys.program("""\
        module: toy/guarded
        about: leaves between twenty and twenty-five, or after forty
        start: here
        states:
          here: {when: 20 <= age < 25 or age >= 40, hazard: {is: 0.2, source: a toy}, next: gone}
          gone: {final: true}
        """)
    lives = run(program, alone(N, born="1980-03-01"), until="2030-01-01")
    day = lives.first_day("gone")
    at_25, at_40 = parse_day("2005-03-01"), parse_day("2020-03-01")
    assert day.min() >= parse_day("2000-03-01")
    assert not ((day >= at_25) & (day < at_40)).any()
    assert share_within(np.mean(day < at_25), 1 - np.exp(-0.2 * 5), N)
    assert share_within(np.mean(day < parse_day("2025-03-01")), 1 - np.exp(-0.2 * 10), N)


def test_a_hazard_by_calendar_year_changes_on_new_years_day(toys: Toys) -> None:
    toys.statistic("rate", "rate per person-year", "year,value\n2020,0.05\n2021,0\n2022+,0.5")
    program = toys.program("""\
        module: toy/by_year
        about: leaves at the rate of the year
        begins: base_date
        start: here
        states:
          here: {hazard: stats.rate, next: gone}
          gone: {final: true}
        """)
    day = run(program, alone(N), until="2024-01-01").first_day("gone")
    assert share_within(np.mean(day < parse_day("2021-01-01")), 1 - np.exp(-0.05), N)
    assert not ((day >= parse_day("2021-01-01")) & (day < parse_day("2022-01-01"))).any()
    assert share_within(np.mean(day < parse_day("2024-01-01")), 1 - np.exp(-1.05), N)


@pytest.mark.parametrize(
    ("wait", "mean", "deviation"),
    [
        ("2-6 weeks", 28.0, 4 * 7 / np.sqrt(12)),
        ("{exponential: {mean: 0.5}, unit: years}", 0.5 * YEAR, 0.5 * YEAR),
        ("{lognormal: {median: 0.7, sigma: 0.5}, unit: years}", 0.7 * YEAR * np.exp(0.125),
         0.7 * YEAR * np.exp(0.125) * np.sqrt(np.exp(0.25) - 1)),
        ("{weibull: {scale: 2, shape: 2}, unit: years}", 2 * YEAR * 0.886227, 2 * YEAR * 0.463251),
    ],
    ids=["uniform", "exponential", "lognormal", "weibull"],
)  # fmt: skip
def test_drawn_waits_have_the_mean_and_spread_of_their_distribution(
    toys: Toys, wait: str, mean: float, deviation: float
) -> None:
    program = toys.program(f"""\
        module: toy/waiting
        about: waits
        begins: base_date
        assume: {{stay: {{is: {wait}, why: a toy}}}}
        start: here
        states:
          here: {{wait: assume.stay, next: gone}}
          gone: {{final: true}}
        """)
    days = run(program, alone(N), until="2120-01-01").first_day("gone") - BASE
    assert abs(days.mean() - mean) < 4 * deviation / np.sqrt(N)
    assert abs(days.std() / deviation - 1) < 0.05


def test_shares_come_out_and_the_rest_gets_the_rest(toys: Toys) -> None:
    toys.statistic("first", "share", "sex,value\nfemale,0.2\nmale,0.6")
    program = toys.program("""\
        module: toy/shares
        about: three ways
        start: here
        assume: {second: {is: 0.1, why: a toy}}
        states:
          here: {next: {one: stats.first, two: assume.second, three: rest}}
          one: {final: true}
          two: {final: true}
          three: {final: true}
        """)
    for sex, shares in ((0.0, (0.2, 0.1, 0.7)), (1.0, (0.6, 0.1, 0.3))):
        lives = run(program, [[Person(values={"sex": sex})]] * N)
        for state, share in zip(("one", "two", "three"), shares, strict=True):
            assert share_within(len(lives.entered(state)[0]) / N, share, N)


def test_a_hazard_never_fires_on_the_day_on_which_its_condition_ends(toys: Toys) -> None:
    program = toys.program("""\
        module: toy/short
        about: leaves in the year of being eighteen
        start: here
        states:
          here: {when: age == 18, hazard: {is: 2.0, source: a toy}, next: gone}
          gone: {final: true}
        """)
    day = run(program, alone(N, born="1990-05-05"), until="2020-01-01").first_day("gone")
    left = day[day < parse_day("2020-01-01")]
    assert left.min() == parse_day("2008-05-05")
    assert left.max() == parse_day("2009-05-04")


def test_a_hazard_never_fires_from_the_day_on_which_another_module_ends_its_condition(toys: Toys) -> None:
    program = toys.program(
        """\
        module: toy/a_stops
        about: closes the shop after a month
        begins: base_date
        attributes: {closed: {type: bool, default: false, about: the shop is closed}}
        start: open
        states:
          open: {wait: {is: 30 days, why: a toy}, next: over}
          over: {set: {closed: true}, final: true}
        """,
        """\
        module: toy/b_buys
        about: buys while the shop is open
        begins: base_date
        uses: [toy/a_stops]
        start: here
        states:
          here: {when: not closed, hazard: {is: 9, source: a toy}, next: bought}
          bought: {final: true}
        """,
    )
    day = run(program, alone(N)).first_day("bought")
    assert day[day < parse_day("2030-01-01")].max() == BASE + 29
