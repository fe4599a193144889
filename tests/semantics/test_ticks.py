"""What residents of a household see of each other, as docs/semantics.md says."""

from __future__ import annotations

import pytest
from small import DIES, Person, Toys, alone, attributes, dates, dying, module, run, town

from abmsim.engine.town import Town
from abmsim.vocabulary import BASE_DATE

SIGNAL = module(
    "before: {when: signals and today >= '2021-05-20', next: given}\ngiven: {set: {sign: true}, final: true}",
    "toy/signal", attributes("signals: {type: bool, default: false}", "sign: {type: bool, default: false}"),
)  # fmt: skip
SIGNALS, OTHER = Person(values={"signals": 1.0}), Person()
USES = "begins: base_date\nuses: [toy/signal]"
END = "gone: {final: true}"
HERE = "here: {type: bool, default: true}"


@pytest.mark.parametrize("name", ["toy/a", "toy/z"])
@pytest.mark.parametrize("order", [[SIGNALS, OTHER], [OTHER, SIGNALS]], ids=["first", "second"])
def test_s50_what_others_change_is_seen_from_the_first_of_the_next_month(
    toys: Toys, order: list[Person], name: str
) -> None:
    watch = module(f"waits: {{when: partner.sign, next: gone}}\n{END}", name, USES)
    watcher = order.index(OTHER)
    assert dates(run(toys.program(SIGNAL, watch), [order]).first_day("gone"))[watcher] == "2021-06-01"


@pytest.mark.parametrize(("day", "seen"), [("2021-05-31", "no_"), ("2021-06-01", "yes_")])
def test_s51_within_a_month_others_are_as_at_its_beginning(toys: Toys, day: str, seen: str) -> None:
    watch = module(
        f"waits: {{when: today >= '{day}', next: [{{when: partner.sign, to: yes_}}, {{else: no_}}]}}\n"
        "yes_: {final: true}\nno_: {final: true}", "toy/watch", USES,
    )  # fmt: skip
    assert run(toys.program(SIGNAL, watch), [[SIGNALS, OTHER]]).path(1)[-1] == f"{seen} {day}"


COUPLE = {"has_partner": 1.0, "household_size": 2.0, "position": 3.0}


def test_s53_a_death_changes_the_household_on_the_first_of_the_next_month(toys: Toys) -> None:
    notices = module(f"waits: {{when: lives_alone and not has_partner and position == single, next: gone}}\n{END}")
    dies = Person(values={"dies": 1.0, **COUPLE})
    lives = run(toys.program(dying("2023-08-09"), notices), [[Person(values=COUPLE), dies]])
    assert dates(lives.first_day("gone"))[0] == "2023-09-01"
    assert lives.attribute("household_size")[0] == 1


@pytest.mark.parametrize(("day", "seen"), [("2021-03-31", "yes_"), ("2021-04-01", "no_")])
@pytest.mark.parametrize("died", ["2021-03-01", "2021-03-15"])
def test_s54_who_dies_is_seen_to_the_end_of_the_month(toys: Toys, died: str, day: str, seen: str) -> None:
    looks = module(
        f"waits: {{when: today >= '{day}', next: [{{when: partner.here, to: yes_}}, {{else: no_}}]}}\n"
        "yes_: {final: true}\nno_: {final: true}", "toy/looks", attributes("here: {type: bool, default: true}"),
    )  # fmt: skip
    assert run(toys.program(dying(died), looks), [[DIES, Person()]]).path(1)[-1] == f"{seen} {day}"


def test_s52_the_age_of_others_is_that_of_the_beginning_of_the_month(toys: Toys) -> None:
    looks = module(f"a: {{when: partner.age >= 31, next: gone}}\n{END}")
    assert dates(run(toys.program(looks), [[OTHER, Person("1990-06-15")]]).first_day("gone"))[0] == "2021-07-01"


def test_s55_of_who_is_not_there_everything_is_nought(toys: Toys) -> None:
    reads = module(
        "a: {set: {x: partner.x, sign: partner.sign, first: partner.sex == female}, final: true}",
        head=attributes("x: {type: number, default: 7}", "sign: {type: bool, default: true}",
                        "first: {type: bool, default: false}"),
    )  # fmt: skip
    lives = run(toys.program(reads), alone(values={"sex": 1.0}))
    assert [lives.attribute(name)[0] for name in ("x", "sign", "first")] == [0, 0, 1]


@pytest.mark.parametrize(("kind", "seen"), [(0, True), (1, False)], ids=["household", "institution"])
def test_s56_residents_of_an_institution_read_nobody(toys: Toys, kind: int, seen: bool) -> None:
    looks = module(f"a: {{when: housemates.any.here, next: gone}}\n{END}", head=attributes(HERE))
    program = toys.program(looks)
    (log,) = Town(program, town(2, kind), {}, 1, BASE_DATE, BASE_DATE + 100).chunks()
    assert ("gone" in {program.states[state].name for state in log.state}) == seen


@pytest.mark.parametrize(("also", "day"), [("", "2000-06-01"), (" and age >= 30", "2000-07-01")])
def test_s57_a_newborn_is_there_from_the_next_month_and_wakes_who_waits(toys: Toys, also: str, day: str) -> None:
    looks = module(f"a: {{when: children.any.here{also}, next: gone}}\n{END}", head=attributes(HERE, begins="birth"))
    parent = Person("1970-07-01")
    lives = run(toys.program(looks), [[parent, parent, Person("2000-05-20")]])
    assert dates(lives.first_day("gone"))[0] == day
    looks_in = module(
        "a: {when: today >= '2000-05-31', next: b}\nb: {set: {then: children.count.here}, wait: assume.day, next: c}\n"
        "c: {set: {later: children.count.here}, final: true}", "toy/b",
        attributes("here: {type: bool, default: true}", "then: {type: number, default: 9}",
                   "later: {type: number, default: 9}", begins="birth"),
    )  # fmt: skip
    lives = run(toys.program(looks_in), [[parent, parent, Person("2000-05-20")]])
    assert (lives.attribute("then")[0], lives.attribute("later")[0]) == (0, 1)
