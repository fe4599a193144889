"""What a module says is what happens, to the day: waits, conditions, terms, spells, schedules."""

from __future__ import annotations

import pytest
from toys import Person, Toys, alone, run

from abmsim.days import NEVER, day_date, parse_day
from abmsim.engine.eventlog import LogRules, chunk_of

MALE, FEMALE = {"sex": 1.0}, {"sex": 0.0}


@pytest.mark.parametrize(
    ("wait", "left"),
    [
        ("10 days", "2020-02-09"), ("6 weeks", "2020-03-12"), ("1 month", "2020-03-01"), ("3 months", "2020-04-30"),
        ("1 year", "2021-01-30"), ("13 months", "2021-03-02"),
    ],
)  # fmt: skip
def test_months_and_years_end_on_the_same_day_of_the_month(toys: Toys, wait: str, left: str) -> None:
    program = toys.program(f"""\
        module: toy/exact
        about: waits from the 30th of January on
        begins: base_date
        start: before
        states:
          before: {{wait: {{is: 29 days, why: a toy}}, next: here}}
          here: {{wait: {{is: {wait}, why: a toy}}, next: gone}}
          gone: {{final: true}}
        """)
    assert run(program, alone()).path() == ["before 2020-01-01", "here 2020-01-30", f"gone {left}"]


def test_a_condition_on_age_is_met_on_the_birthday(toys: Toys) -> None:
    program = toys.program("""\
        module: toy/ages
        about: grows up
        start: child
        states:
          child: {when: age >= 18, next: adult}
          adult: {when: age > 64, next: old}
          old: {final: true}
        """)
    assert run(program, alone(born="1950-03-07")).path() == ["child 1950-03-07", "adult 1968-03-07", "old 2015-03-07"]
    assert run(program, alone(born="1952-02-29")).path()[1:] == ["adult 1970-03-01", "old 2017-03-01"]


def test_a_condition_on_the_calendar_is_met_on_its_day(toys: Toys) -> None:
    program = toys.program("""\
        module: toy/calendar
        about: waits for years and days
        begins: base_date
        start: here
        states:
          here: {when: year >= 2022, next: later}
          later: {when: today >= '2022-06-15', next: gone}
          gone: {final: true}
        """)
    assert run(program, alone()).path() == ["here 2020-01-01", "later 2022-01-01", "gone 2022-06-15"]


SIGNAL = """\
    module: toy/signal
    about: gives a sign on the 20th of May 2021
    begins: base_date
    attributes:
      signals: {type: bool, default: false, about: will give a sign}
      sign: {type: bool, default: false, about: has given a sign}
    start: before
    states:
      before: {when: signals and today >= '2021-05-20', next: given}
      given: {set: {sign: true}, final: true}
    """


def test_an_attribute_of_another_module_wakes_on_the_same_day(toys: Toys) -> None:
    program = toys.program(SIGNAL, """\
        module: toy/watch
        about: waits for the sign
        uses: [toy/signal]
        begins: base_date
        start: waiting
        states:
          waiting: {when: sign, next: seen}
          seen: {final: true}
        """)  # fmt: skip
    lives = run(program, alone(values={"signals": 1.0}))
    assert lives.first_day("seen") == parse_day("2021-05-20")


@pytest.mark.parametrize("who", [0, 1], ids=["first partner signals", "second partner signals"])
@pytest.mark.parametrize("seen_through", ["partner.sign", "housemates.any.sign", "housemates.count.sign == 1"])
def test_what_a_partner_does_is_seen_at_the_beginning_of_the_next_month(
    toys: Toys, who: int, seen_through: str
) -> None:
    program = toys.program(SIGNAL, f"""\
        module: toy/watch
        about: waits for the sign of somebody else
        uses: [toy/signal]
        begins: base_date
        start: waiting
        states:
          waiting: {{when: {seen_through}, next: seen}}
          seen: {{final: true}}
        """)  # fmt: skip
    couple = [Person(values={"signals": float(who == 0)}), Person(values={"signals": float(who == 1)})]
    days = run(program, [couple]).first_day("seen")
    assert days[1 - who] == parse_day("2021-06-01")
    assert days[who] == NEVER


def test_a_row_is_on_time_if_it_is_closed_within_its_term(toys: Toys) -> None:
    program = toys.program("""\
        module: toy/terms
        about: decides after 42 and after 43 days, and not yet
        begins: base_date
        start: first
        states:
          first:
            wmo_request: {reporter: self}
            term: {is: 6 weeks, source: a law}
            wait: {is: 42 days, why: a toy}
            next: second
          second:
            end: {wmo_request: application}
            wait: {is: 1 day, why: a toy}
            next: third
          third:
            wmo_request: {reporter: self}
            term: {is: 6 weeks, source: a law}
            wait: {is: 43 days, why: a toy}
            next: fourth
          fourth:
            end: {wmo_request: application}
            wait: {is: 1 day, why: a toy}
            next: fifth
          fifth:
            wmo_request: {reporter: self}
            term: {is: 6 weeks, source: a law}
            final: true
        """)
    log = run(program, alone()).log()
    assert log.on_time[log.ordinal >= 0].tolist() == [1, 0, -1]


def test_an_until_ends_with_the_first_of_its_exits(toys: Toys) -> None:
    program = toys.program("""\
        module: toy/right
        about: a right for two years, or until moving into an institution
        begins: base_date
        attributes: {leaves: {type: number, unit: day, default: 99999, about: day of leaving}}
        assume: {right: {is: 2 years, why: a toy}}
        start: granted
        states:
          granted:
            wmo_provision: {product: household_help, financing_form: in_kind, right_end: assume.right}
            until: {over: wmo_provision.ends, moved: today >= leaves}
            next: {over: renewed, moved: gone}
          renewed: {final: true}
          gone: {end: {wmo_provision: by_client}, final: true}
        """)
    assert run(program, alone()).path() == ["granted 2020-01-01", "renewed 2022-01-01"]
    moved = run(program, alone(values={"leaves": float(parse_day("2021-12-31"))}))
    assert moved.path() == ["granted 2020-01-01", "gone 2021-12-31"]
    log = moved.log()
    assert (log.planned_end[0], log.end_day[0]) == (parse_day("2022-01-01"), parse_day("2021-12-31"))


LAW = """\
    module: toy/law
    about: two spells, one of which is running when the law begins
    in_force: {from: 2015-01-01}
    start: waiting
    states:
      waiting: {when: year >= 2012, next: first}
      first:
        youth_help: {help_form: ambulatory}
        wait: {is: 1 year, why: a toy}
        next: between
      between: {end: {youth_help: as_planned}, wait: {is: 1 year, why: a toy}, next: second}
      second:
        youth_help: {help_form: ambulatory}
        wait: {is: 3 years, why: a toy}
        next: after
      after: {end: {youth_help: as_planned}, final: true}
    """


def test_no_row_is_older_than_its_law_and_running_spells_are_carried_over(toys: Toys) -> None:
    log = run(toys.program(LAW), alone()).log()
    assert [day_date(int(day)).isoformat() for day in log.day] == ["2015-01-01", "2017-01-01"]
    assert log.carried_over.tolist() == [True, False]
    assert log.end_day.tolist() == [parse_day("2017-01-01"), NEVER]


def test_history_can_be_left_out_but_for_what_still_runs(toys: Toys) -> None:
    program = toys.program(LAW)
    lives = run(program, alone())
    cut = chunk_of(lives.rows, 0, LogRules.of(program, parse_day("2016-01-01")))
    assert [day_date(int(day)).isoformat() for day in cut.day] == ["2015-01-01", "2017-01-01"]
    assert len(chunk_of(lives.rows, 0, LogRules.of(program, parse_day("2018-01-01")))) == 0


def test_a_schedule_is_followed_by_date_of_birth_and_sex(toys: Toys) -> None:
    toys.statistic(
        "programme", "schedule", """\
        line,age,sex,valid_from_birth_date,valid_until_birth_date,dose,verified,note
        early,2 months,both,2000-01-01,2010-01-01,1,seen,
        late,3 months,both,2010-01-01,,1,seen,
        girls,12 years,female,2000-01-01,,2,seen,
        weeks,14 weeks,both,2010-01-01,,3,seen,
        """.replace("        ", ""), columns="{dose: number}",
    )  # fmt: skip
    program = toys.program("""\
        module: toy/programme
        about: is invited by the schedule
        attributes: {last_dose: {type: number, default: 0, unit: doses, about: number of the last dose}}
        start: waiting
        states:
          waiting: {silent: true, schedule: stats.programme, next: invited, schedule_over: over}
          invited: {set: {last_dose: schedule.dose}, next: waiting}
          over: {final: true}
        """)
    def path(born: str, values: dict[str, float]) -> list[str]:
        return run(program, alone(born=born, values=values)).path()

    assert path("2005-05-31", FEMALE) == ["invited 2005-07-31", "invited 2017-05-31", "over 2017-05-31"]
    assert path("2005-05-31", MALE) == ["invited 2005-07-31", "over 2005-07-31"]
    assert path("2009-12-31", MALE) == ["invited 2010-03-03", "over 2010-03-03"]
    assert path("2010-01-01", MALE) == ["invited 2010-04-01", "invited 2010-04-09", "over 2010-04-09"]
    assert path("1999-12-31", FEMALE) == ["over 1999-12-31"]
    girl = run(program, alone(born="2005-05-31", values=FEMALE))
    assert girl.attribute("last_dose").tolist() == [2.0]
