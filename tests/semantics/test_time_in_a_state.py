"""Conditions, waits and what ends a state, as docs/semantics.md says."""

from __future__ import annotations

import pytest
from small import Toys, alone, attributes, dates, days_in, module, run

GONE = "gone: {final: true}"


def left(toys: Toys, here: str, born: str = "1960-07-01") -> str | None:
    """The day on which a resident leaves the state `here`, that begins on the base date."""
    program = toys.program(module(f"here: {{{here}, next: gone}}\n{GONE}"))
    return dates(run(program, alone(born=born)).first_day("gone"))[0]


def test_s12_a_condition_that_holds_already_takes_no_time(toys: Toys) -> None:
    assert left(toys, "when: age >= 18") == "2020-01-01"


@pytest.mark.parametrize(
    ("condition", "day"),
    [
        ("age >= 60", "2020-07-01"), ("age > 60", "2021-07-01"), ("2 * age >= 122", "2021-07-01"),
        ("year > 2022", "2023-01-01"), ("today >= '2020-02-29'", "2020-02-29"),
        ("today - birth_date >= 22000", "2020-09-24"),
    ],
)  # fmt: skip
def test_s13_a_condition_is_met_on_its_very_day(toys: Toys, condition: str, day: str) -> None:
    assert left(toys, f"when: {condition}") == day


@pytest.mark.parametrize(
    ("wait", "day"),
    [("1 month", "2020-02-01"), ("13 months", "2021-02-01"), ("0.5 years", "2020-07-01"), ("1 year", "2021-01-01")],
)
def test_s14_whole_months_and_years_go_by_the_calendar(toys: Toys, wait: str, day: str) -> None:
    assert left(toys, f"wait: {{is: {wait}, why: a toy}}") == day


@pytest.mark.parametrize(("days", "path"), [(29, ["here 2020-01-30", "gone 2020-03-01"]),
                                            (395, ["here 2021-01-30", "gone 2021-03-02"])])  # fmt: skip
def test_s15_a_day_that_the_month_lacks_is_counted_on(toys: Toys, days: int, path: list[str]) -> None:
    program = toys.program(
        module(f"""
        before: {{wait: {{is: {days} days, why: a toy}}, next: here}}
        here: {{wait: assume.month, next: gone}}
        {GONE}
        """)
    )
    assert run(program, alone()).path()[1:] == path


@pytest.mark.parametrize(
    ("wait", "day"), [("1.5 weeks", "2020-01-12"), ("1.5 months", "2020-02-16"), ("0.3 years", "2020-04-20")]
)
def test_s16_other_lengths_are_rounded_to_whole_days(toys: Toys, wait: str, day: str) -> None:
    assert left(toys, f"wait: {{is: {wait}, why: a toy}}") == day


@pytest.mark.parametrize(
    "wait", ["{is: 0 days, why: a toy}", "{normal: {mean: assume.minus, sd: assume.half}, unit: days}"]
)
def test_s17_a_wait_of_nothing_or_less_ends_on_the_same_day(toys: Toys, wait: str) -> None:
    states = f"here: {{wait: {wait}, next: gone}}\n{GONE}"
    program = toys.program(module(states, assume="minus: {is: 0 - 20, why: a toy}"))
    assert set(days_in(run(program, alone(50)), "gone")) == {0}


def test_s18_who_was_born_on_29_february_has_a_birthday_on_1_march(toys: Toys) -> None:
    assert left(toys, "when: age >= 69", born="1952-02-29") == "2021-03-01"
    assert left(toys, "when: age >= 72", born="1952-02-29") == "2024-02-29"


EXITS = """
    here:
      wmo_provision: {{product: household_help, financing_form: in_kind, right_end: assume.two_years}}
      until: {0}
      next: {1}
"""
SIGN = attributes("sign: {type: bool, default: false}")
A, B, C, D = (f"    {name}: {{final: true}}\n" for name in "abcd")
FOUR = ["wmo_provision.ends", "sign", "{hazard: {is: 0.01, source: a toy}, when: not sign}", "{wait: assume.long}"]


def first_exit(toys: Toys, kind: int) -> str:
    """The day on which a state with one exit of four that is quick is left."""
    exits = list(FOUR)
    exits[kind] = ["wmo_provision.ends", "age >= 60", "{hazard: {is: 500, source: a toy}}", "{wait: assume.year}"][kind]
    program = toys.program(module(EXITS.format(f"[{', '.join(exits)}]", "a") + A, head=SIGN))
    return run(program, alone()).path()[-1]


def test_s24_until_ends_with_the_first_of_a_list(toys: Toys) -> None:
    days = [first_exit(toys, kind) for kind in range(4)]
    assert days == ["a 2022-01-01", "a 2020-07-01", "a 2020-01-01", "a 2021-01-01"]


def test_s25_until_with_names_says_for_each_where_it_leads(toys: Toys) -> None:
    named = ", ".join(f"way_{name}: {exit_}" for name, exit_ in zip("abcd", FOUR, strict=True))
    ways = "{way_a: a, way_b: b, way_c: c, way_d: d}"
    program = toys.program(module(EXITS.format(f"{{{named}}}", ways) + A + B + C + D, head=SIGN))
    assert run(program, alone(5)).path()[-1] == "a 2022-01-01"
    assert run(program, alone(values={"sign": 1.0})).path()[-1] == "b 2020-01-01"


def test_s26_a_state_holds_four_waits_and_four_hazards(toys: Toys) -> None:
    def exits(waits: int, hazards: int) -> str:
        times = [f"{{wait: {{is: {9 - number} days, why: a toy}}}}" for number in range(waits)]
        rates = [f"{{hazard: {{is: 0.00{number}, source: a toy}}}}" for number in range(1, hazards + 1)]
        return module(EXITS.format(f"[{', '.join([*times, *rates])}]", "a") + A)

    assert run(toys.program(exits(4, 4)), alone()).path()[-1] == "a 2020-01-07", "the shortest of 9, 8, 7 and 6 days"
    with pytest.raises(AssertionError, match="5 hazards compete"):
        toys.program(exits(1, 5))


def test_s27_risks_in_next_are_an_until_with_their_targets_as_names(toys: Toys) -> None:
    risks = "slow: {hazard: assume.half}", "quick: {hazard: {is: 2, source: a toy}}", "sent: {wait: assume.year}"
    end = "\n".join(f"{name}: {{final: true}}" for name in ("slow", "quick", "sent"))
    as_next = module(f"here: {{next: {{{', '.join(risks)}}}}}\n{end}")
    where = "{slow: slow, quick: quick, sent: sent}"
    as_until = module(f"here: {{until: {{{', '.join(risks)}}}, next: {where}}}\n{end}")
    one, other = (run(toys.program(text), alone(300)) for text in (as_next, as_until))
    assert [one.path(i) for i in range(300)] == [other.path(i) for i in range(300)]
    assert {one.path(i)[-1].split()[0] for i in range(300)} == {"slow", "quick", "sent"}


def test_s29_a_final_state_is_the_end_of_the_module(toys: Toys) -> None:
    program = toys.program(module("here: {when: sign, next: gone}\ngone: {set: {sign: false}, final: true}", head=SIGN))
    lives = run(program, alone(values={"sign": 1.0}), until="2100-01-01")
    assert lives.path() == ["here 2020-01-01", "gone 2020-01-01"]


def test_s30_a_term_moves_nobody(toys: Toys) -> None:
    def path(term: str) -> list[str]:
        here = f"here: {{wmo_request: {{reporter: self}}, {term} wait: assume.month, next: gone}}"
        return run(toys.program(module(f"{here}\n{GONE}")), alone()).path()

    assert path("term: {is: 3 days, source: a law},") == path("") == ["here 2020-01-01", "gone 2020-02-01"]


def terms(toys: Toys, wait: str, end: str, term: str = "6 weeks") -> list[int]:
    program = toys.program(
        module(f"""
        here:
          wmo_request: {{reporter: self}}
          term: {{is: {term}, source: a law}}
          wait: {{is: {wait}, why: a toy}}
          next: gone
        gone: {{{end} final: true}}
        """)
    )
    log = run(program, alone()).log()
    return log.on_time[log.ordinal >= 0].tolist()


@pytest.mark.parametrize(("wait", "on_time"), [("41 days", 1), ("42 days", 1), ("43 days", 0)])
def test_s31_a_row_is_on_time_up_to_the_last_day_of_its_term(toys: Toys, wait: str, on_time: int) -> None:
    assert terms(toys, wait, "end: {wmo_request: application},") == [on_time]


def test_s32_a_row_that_is_open_is_neither_on_time_nor_late(toys: Toys) -> None:
    assert terms(toys, "50 days", "") == [-1]


def test_s33_a_death_within_the_term_is_on_time(toys: Toys) -> None:
    assert terms(toys, "20 days", "death: {},")[0] == 1
    assert terms(toys, "60 days", "death: {},")[0] == 0


def test_s34_a_term_with_two_ends_counts_to_its_middle(toys: Toys) -> None:
    end = "end: {wmo_request: application},"
    assert [terms(toys, f"{days} days", end, "2-6 weeks") for days in (28, 29)] == [[1], [0]]
