"""Years since a date and statistics by a number, as docs/semantics.md says."""

from __future__ import annotations

import pytest
from small import Person, Toys, alone, attributes, dates, day, days_in, module, run

SEPARATED = {"separation_date": float(day("2019-05-20"))}
GONE = "gone: {final: true}"


def test_s84_years_since_a_date_are_days_over_365_and_a_quarter(toys: Toys) -> None:
    head = attributes("mine: {type: number}", "theirs: {type: number}")
    states = "a: {set: {mine: years_since_separation, theirs: partner.years_since_separation}, final: true}"
    program = toys.program(module(states, head=head))
    couple = [Person(values=SEPARATED), Person()]
    lives = run(program, [couple, [Person()]])
    mine = (day("2020-01-01") - day("2019-05-20")) / 365.25
    assert list(lives.attribute("mine")) == [mine, 999.0, 999.0]
    assert list(lives.attribute("theirs")) == [999.0, mine, 999.0]


@pytest.mark.parametrize(("years", "seen"), [(1, "2020-06-01"), (2, "2021-06-01")])
def test_s85_years_are_seen_on_the_first_of_a_month_or_when_something_else_changes(
    toys: Toys, years: int, seen: str
) -> None:
    text = module(f"a: {{when: years_since_separation >= {years}, next: gone}}\n{GONE}")
    assert dates(run(toys.program(text), alone(values=SEPARATED)).first_day("gone")) == [seen]
    other = attributes("moved: {type: bool}")
    text = module(f"a: {{when: years_since_separation >= {years} and moved, next: gone}}\n{GONE}", head="uses: [toy/b]")
    moving = module("b: {when: today >= '2021-06-15', next: c}\nc: {set: {moved: true}, final: true}", "toy/b", other)
    program = toys.program(text, moving)
    assert dates(run(program, alone(values=SEPARATED)).first_day("gone")) == ["2021-06-15"]


def test_s86_a_rate_by_years_changes_on_the_first_of_a_month(toys: Toys) -> None:
    toys.statistic("parting", "rate per person-year", "years_since_separation,value\n0,0\n1,100000\n2+,0\n")
    by_years = module(f"a: {{hazard: stats.parting, next: gone}}\n{GONE}")
    times = module(
        f"a: {{hazard: {{rate: assume.often, times: 0 if years_since_separation < 1 else 1}}, next: gone}}\n{GONE}",
        assume="often: {is: 100000, unit: rate per person-year, why: a toy}",
    )
    for text in (by_years, times):
        assert dates(run(toys.program(text), alone(values=SEPARATED)).first_day("gone")) == ["2020-06-01"]


@pytest.mark.parametrize(
    ("dates_of", "parity", "decided"), [(SEPARATED, 0.0, 1.0), (SEPARATED, 1.9, 2.0), ({}, 2.0, 30.0), ({}, 7.0, 30.0)]
)
def test_s87_numbers_are_cut_down_to_whole_ones_and_fall_in_spans(
    toys: Toys, dates_of: dict[str, float], parity: float, decided: float
) -> None:
    rows = "years_since_separation,parity,value\n0-9,0,1\n0-9,1,2\n0-9,2+,3\n10+,0,10\n10+,1,20\n10+,2+,30\n"
    toys.statistic("by_both", "number", rows)
    head = attributes("found: {type: number}")
    program = toys.program(module("a: {set: {found: stats.by_both}, final: true}", head=head))
    assert run(program, alone(values={**dates_of, "parity": parity})).attribute("found") == [decided]


def test_s88_a_rate_by_a_number_changes_with_it(toys: Toys) -> None:
    toys.statistic("by_n", "rate per person-year", "n,value\n0-1,0\n2+,100000\n")
    counting = module(
        "b: {wait: assume.year, next: c}\nc: {set: {n: n + 1}, next: b}", "toy/b", attributes("n: {type: number}")
    )
    hazard = module(f"a: {{hazard: stats.by_n, next: gone}}\n{GONE}", head="begins: base_date\nuses: [toy/b]")
    assert dates(run(toys.program(hazard, counting), alone()).first_day("gone")) == ["2022-01-01"]


def test_s89_below_all_labels_a_rate_is_nought(toys: Toys) -> None:
    toys.statistic("by_size", "rate per person-year", "household_size,value\n1,100000\n2+,100000\n")
    program = toys.program(module(f"a: {{hazard: stats.by_size, next: gone}}\n{GONE}"))
    inside, outside = (days_in(run(program, alone(values={"household_size": size})), "gone")[0] for size in (0.0, 1.0))
    assert outside == 0 and inside > 100_000
