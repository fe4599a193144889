"""Days and their order, as docs/semantics.md says."""

from __future__ import annotations

import numpy as np
import pytest
from small import Toys, alone, attributes, dates, days_in, module, run, town

from abmsim.engine.town import Town
from abmsim.problems import UserError
from abmsim.vocabulary import BASE_DATE

STEPS = "one: {wait: assume.ten_days, next: two}\ntwo: {final: true}"


def test_s1_modules_run_in_order_of_day_and_then_of_their_names(toys: Toys) -> None:
    program = toys.program(module(STEPS, "toy/b"), module(STEPS, "toy/a"), module(STEPS, "early/z"))
    lives = run(program, alone())
    modules = [program.states[state].module for state in lives.log().state]
    assert modules == ["early/z", "toy/a", "toy/b"] * 2


def test_s2_entering_closes_then_writes_then_sets_and_then_time_begins(toys: Toys) -> None:
    program = toys.program(module(
        """
        first: {wmo_request: {reporter: self}, wait: assume.day, next: second}
        second: {end: {wmo_request: application}, wmo_request: {reporter: network}, next: third}
        third: {vaccination: {vaccine: BMR, dose: n}, set: {n: n + 1, m: n + 10}, when: n == 2, next: over}
        over: {final: true}
        """, head=attributes("n: {type: number, default: 1}", "m: {type: number, default: 0}"),
    ))  # fmt: skip
    lives = run(program, alone())
    log = lives.log()
    assert dates(log.end_day[:2]) == ["2020-01-02", None], "the first row is closed before the second is written"
    assert log.end_reason[0] == toys.schema().codes["wmo_request_outcome"].index("application")
    assert log.values[2, 0] == 1, "the row has the number as it was before `set`"
    assert lives.attribute("m").tolist() == [12.0], "`set` goes line by line"
    assert lives.path()[-1] == "over 2020-01-02", "the condition sees what was set"


def test_s3_next_is_asked_when_the_state_is_left(toys: Toys) -> None:
    program = toys.program(
        module(
            """
            here: {wait: assume.ten_days, next: [{when: sign, to: yes_}, {else: no_}]}
            yes_: {final: true}
            no_: {final: true}
            """, "toy/z", "begins: base_date\nuses: [toy/a]",
        ),
        module("before: {wait: assume.day, next: given}\ngiven: {set: {sign: true}, final: true}",
               head=attributes("sign: {type: bool, default: false}")),
    )  # fmt: skip
    assert run(program, alone()).path()[-1] == "yes_ 2020-01-11"


def test_s4_a_wait_is_drawn_on_entering(toys: Toys) -> None:
    program = toys.program(
        module("here: {wait: assume.drawn * length, next: gone}\ngone: {final: true}", "toy/z",
               "begins: base_date\nuses: [toy/a]", "drawn: {is: 10 days, why: a toy}"),
        module("before: {wait: assume.day, next: given}\ngiven: {set: {length: 5}, final: true}",
               head=attributes("length: {type: number, default: 1}")),
    )  # fmt: skip
    assert run(program, alone()).first_day("gone").tolist() == [BASE_DATE + 10]


def test_s5_states_without_time_are_passed_on_the_same_day(toys: Toys) -> None:
    program = toys.program(module("a: {next: b}\nb: {set: {x: 1}, next: c}\nc: {final: true}",
                                  head=attributes("x: {type: number, default: 0}")))  # fmt: skip
    assert run(program, alone()).path() == ["a 2020-01-01", "b 2020-01-01", "c 2020-01-01"]


SIGN = attributes("sign: {type: bool, default: false}")


def given_by(name: str) -> str:
    return module("before: {wait: assume.ten_days, next: given}\ngiven: {set: {sign: true}, final: true}", name, SIGN)


@pytest.mark.parametrize("giver", ["toy/a", "toy/z"])
def test_s6_what_a_module_sets_wakes_the_others_on_the_same_day(toys: Toys, giver: str) -> None:
    watch = module(
        "waits: {when: sign, next: seen}\nseen: {final: true}", "toy/m", f"begins: base_date\nuses: [{giver}]"
    )
    assert days_in(run(toys.program(given_by(giver), watch), alone()), "seen").tolist() == [10]


TWO_WAYS = """
    here: {{until: {{{0}, {1}}}, next: {{waited: by_wait, called: by_call}}}}
    by_wait: {{final: true}}
    by_call: {{final: true}}
    """
WAITED, CALLED = "waited: {wait: assume.ten_days}", "called: today >= '2020-01-11'"


@pytest.mark.parametrize(("first", "second", "taken"), [(WAITED, CALLED, "by_wait"), (CALLED, WAITED, "by_call")])
def test_s7_of_exits_on_one_day_the_first_in_the_file_is_taken(toys: Toys, first: str, second: str, taken: str) -> None:
    program = toys.program(module(TWO_WAYS.format(first, second)))
    assert run(program, alone()).path()[-1] == f"{taken} 2020-01-11"


def test_s8_what_changes_on_a_day_is_asked_before_anything_fires_on_it(toys: Toys) -> None:
    buys = module(
        "here: {when: not sign, hazard: {is: 30, source: a toy}, next: bought}\nbought: {final: true}", "toy/m",
        "begins: base_date\nuses: [toy/a]",
    )  # fmt: skip
    bought = days_in(run(toys.program(given_by("toy/a"), buys), alone(2000)), "bought")
    assert np.unique(bought[bought < 1000]).tolist() == list(range(10)), "on the tenth day it is too late"


@pytest.mark.parametrize(("giver", "taken"), [("toy/a", "by_sign"), ("toy/z", "by_wait")])
def test_s9_what_a_later_module_changes_on_the_day_comes_too_late(toys: Toys, giver: str, taken: str) -> None:
    waits = module(
        """
        here: {until: {signed: sign, waited: {wait: assume.ten_days}}, next: {signed: by_sign, waited: by_wait}}
        by_sign: {final: true}
        by_wait: {final: true}
        """, "toy/m", f"begins: base_date\nuses: [{giver}]",
    )  # fmt: skip
    assert days_in(run(toys.program(given_by(giver), waits), alone()), taken).tolist() == [10]


def test_s10_a_loop_without_time_stops_the_run_and_is_told(toys: Toys) -> None:
    program = toys.program(module(
        "off: {set: {x: x + 1}, when: x > 0, next: up}\nup: {set: {x: x + 1}, when: x > 1, next: off}",
        head=attributes("x: {type: number, default: 0}"),
    ))  # fmt: skip
    with pytest.raises(UserError, match="'(off|up)' is part of a loop in which no time passes"):
        list(Town(program, town(1), {}, 1, BASE_DATE, BASE_DATE + 100).chunks())


@pytest.mark.parametrize(("until", "last"), [("2020-01-11", "one"), ("2020-01-12", "two")])
def test_s11_the_last_day_of_a_run_is_no_part_of_it(toys: Toys, until: str, last: str) -> None:
    assert run(toys.program(module(STEPS)), alone(), until=until).path()[-1].startswith(last)
