"""Schedules, dates, and values of several people, as docs/semantics.md says."""

from __future__ import annotations

import textwrap

import pytest
from small import Person, Toys, alone, attributes, day, module, run

from abmsim.days import NEVER

FEMALE, MALE = {"sex": 0.0}, {"sex": 1.0}
STATES = """
    waits: {silent: true, schedule: stats.programme, next: called, schedule_over: over}
    called: {set: {line: schedule.dose, lines: lines * 10 + schedule.dose}, next: waits}
    over: {set: {last: schedule.dose}, final: true}
    """
NUMBERS = ("line: {type: number, default: 0}", "lines: {type: number, default: 0}", "last: {type: number, default: 0}")


@pytest.fixture
def programme(toys: Toys) -> None:
    toys.statistic("programme", "schedule", textwrap.dedent("""\
        line,age,sex,valid_from_birth_date,valid_until_birth_date,dose,verified,note
        old,2 months,both,2000-01-01,2010-01-01,1,seen,
        new,3 months,both,2010-01-01,,2,seen,
        girls,12 years,female,2000-01-01,,3,seen,
        weeks,14 weeks,both,2010-01-01,,4,seen,
        """), columns="{dose: number}")  # fmt: skip


def path(toys: Toys, born: str, values: dict[str, float], begins: str = "birth") -> list[str]:
    program = toys.program(module(STATES, head=attributes(*NUMBERS, begins=begins)))
    return run(program, alone(born=born, values=values)).path()


@pytest.mark.usefixtures("programme")
def test_s72_a_schedule_calls_on_the_day_on_which_the_age_is_reached(toys: Toys) -> None:
    assert path(toys, "2010-01-15", FEMALE) == [
        "called 2010-04-15", "called 2010-04-23", "called 2022-01-15", "over 2022-01-15",
    ]  # fmt: skip


@pytest.mark.usefixtures("programme")
def test_s73_a_line_holds_for_some_births_and_sexes(toys: Toys) -> None:
    assert path(toys, "2009-12-31", MALE) == ["called 2010-03-03", "over 2010-03-03"], "31 December and two months"
    assert path(toys, "2010-01-01", MALE)[0] == "called 2010-04-01"
    assert path(toys, "1999-12-31", FEMALE) == ["over 1999-12-31"]


@pytest.mark.usefixtures("programme")
def test_s74_lines_that_lie_behind_are_caught_up_with_at_once(toys: Toys) -> None:
    assert path(toys, "2011-01-01", FEMALE, begins="base_date") == [
        "called 2020-01-01", "called 2020-01-01", "called 2023-01-01", "over 2023-01-01",
    ]  # fmt: skip


@pytest.mark.usefixtures("programme")
def test_s75_each_line_calls_once_and_then_the_schedule_is_over(toys: Toys) -> None:
    again = STATES.replace("over: {set: {last: schedule.dose}, final: true}", "over: {wait: assume.year, next: waits}")
    program = toys.program(module(again, head=attributes(*NUMBERS[:2], begins="birth")))
    lives = run(program, alone(born="2010-01-01", values=MALE), until="2013-01-01")
    assert lives.path()[:2] == ["called 2010-04-01", "called 2010-04-09"]
    assert lives.path()[2:] == ["over 2010-04-09", "over 2011-04-09", "over 2012-04-09"]


@pytest.mark.usefixtures("programme")
def test_s76_schedule_reads_the_line_that_was_reached_last(toys: Toys) -> None:
    program = toys.program(module(STATES, head=attributes(*NUMBERS, begins="birth")))
    lives = run(program, alone(born="2010-01-01", values=FEMALE))
    assert (lives.attribute("lines"), lives.attribute("last")) == ([243.0], [3.0])


def value(toys: Toys, expression: str, type_: str = "number", *people: Person) -> float:
    """What the first of some people makes of an expression, on the base date."""
    head = attributes(
        f"told: {{type: {type_}}}", "since: {type: date}", "x: {type: number, default: 0}",
        "sign: {type: bool, default: false}",
    )  # fmt: skip
    program = toys.program(module(f"a: {{set: {{told: {expression}}}, final: true}}", head=head))
    return run(program, [list(people or (Person(),))]).attribute("told")[0]


SINCE = Person(values={"since": float(day("2019-12-01"))})


@pytest.mark.parametrize(
    ("expression", "without", "with_date"),
    [("known(since)", 0, 1), ("since == none", 1, 0), ("since > today", 1, 0), ("today >= since + 31", 0, 1)],
)
def test_s77_an_empty_date_is_later_than_every_day(
    toys: Toys, expression: str, without: float, with_date: float
) -> None:
    assert (value(toys, expression, "bool"), value(toys, expression, "bool", SINCE)) == (without, with_date)


def test_s78_a_date_and_a_number_of_days_is_a_date(toys: Toys) -> None:
    assert value(toys, "since + 40", "date", SINCE) == day("2020-01-10")
    assert value(toys, "today - since", "number", SINCE) == 31
    assert value(toys, "none", "date") == NEVER


def person(x: float = 0.0, sign: bool = False, **values: float) -> Person:
    return Person(values={"x": x, "sign": float(sign), **values})


FAMILY = (person(5), person(2, True), person(-3), person(4, True))


@pytest.mark.parametrize(
    ("expression", "is_"),
    [
        ("housemates.count.sign", 2), ("housemates.sum.x", 3), ("housemates.max.x", 4), ("housemates.min.x", -3),
        ("children.sum.x", 1), ("household.sum.x", 8), ("household.count.sign", 2),
    ],
)  # fmt: skip
def test_s79_aggregates_are_over_housemates_own_children_or_the_household(
    toys: Toys, expression: str, is_: float
) -> None:
    assert value(toys, expression, "number", *FAMILY) == is_


def test_s80_of_nobody_an_aggregate_is_nought(toys: Toys) -> None:
    for how in ("sum", "max", "min"):
        assert value(toys, f"children.{how}.x", "number", *FAMILY[:2]) == 0
    assert value(toys, "housemates.any.sign", "bool") == 0 and value(toys, "housemates.count.sign") == 0


def test_s81_empty_dates_do_not_count(toys: Toys) -> None:
    assert value(toys, "household.max.since", "date", SINCE, Person()) == day("2019-12-01")
    assert value(toys, "household.min.since", "date", SINCE, Person()) == day("2019-12-01")


def test_s82_household_has_the_resident_as_now_and_the_others_as_at_the_beginning_of_the_month(toys: Toys) -> None:
    states = "a: {set: {x: 1}, next: b}\nb: {set: {all_of_us: household.sum.x, others: housemates.sum.x}, final: true}"
    names = ("x", "all_of_us", "others")
    head = attributes(*(f"{name}: {{type: number, default: 0}}" for name in names))
    program = toys.program(module(states, head=head))
    lives = run(program, [[Person(), Person()]])
    assert lives.attribute("all_of_us").tolist() == [1, 1] and lives.attribute("others").tolist() == [0, 0]


def test_s83_a_date_of_nobody_is_empty(toys: Toys) -> None:
    assert value(toys, "known(partner.since)", "bool") == 0
    assert value(toys, "children.max.since", "date", SINCE, SINCE) == NEVER
