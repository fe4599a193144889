"""Turns at an institution: the published wait, a crisis, and a queue that somebody else plans."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from toys import Person, Toys, alone, run

from abmsim.days import NEVER, parse_day
from abmsim.engine import world as of
from abmsim.engine.kernel import run_block
from abmsim.lang.program import Program, StateInfo
from abmsim.vocabulary import BASE_DATE

ASKS = """\
module: toy/asks
about: asks for help on the base date
begins: base_date
attributes:
  urgent: {type: number, default: 0, about: how urgent it is}
  crisis: {type: bool, default: false, about: it cannot wait}
start: asking
states:
  asking: {await: {at: desk, priority: urgent * 2, crisis: crisis}, next: heard}
  heard: {final: true}
"""
CAPACITY = "capacity: {a_month: {is: 1, why: a toy}}"


@pytest.fixture
def toys(tmp_path: Path) -> Toys:
    return Toys(tmp_path)


def asking(toys: Toys, more: str = "") -> tuple[Program, StateInfo]:
    toys.institution("desk", "21 days", more)
    program = toys.program(ASKS)
    return program, next(state for state in program.states if state.name == "asking")


def test_who_awaits_an_institution_without_a_capacity_waits_the_published_time(toys: Toys) -> None:
    program, _ = asking(toys)
    assert run(program, alone(), acts_from=BASE_DATE).first_day("heard") == BASE_DATE + 21


def test_before_institutions_act_the_published_time_passes(toys: Toys) -> None:
    program, _ = asking(toys, CAPACITY)
    assert run(program, alone()).first_day("heard") == BASE_DATE + 21
    assert run(program, alone(), acts_from=BASE_DATE + 1).first_day("heard") == BASE_DATE + 21


def test_where_it_plans_its_queue_nobody_has_a_turn_by_themselves(toys: Toys) -> None:
    program, _ = asking(toys, CAPACITY)
    assert run(program, alone(), acts_from=BASE_DATE).first_day("heard") == NEVER


def test_a_crisis_has_its_turn_on_the_same_day(toys: Toys) -> None:
    for more in ("", CAPACITY):
        program, _ = asking(toys, more)
        lives = run(program, alone(values={"crisis": 1.0}), acts_from=BASE_DATE)
        assert lives.first_day("heard") == BASE_DATE


def test_a_state_says_whose_turn_it_awaits_and_where_the_kernel_keeps_it(toys: Toys) -> None:
    toys.institution("another")
    program, state = asking(toys, CAPACITY)
    assert [one.name for one in program.institutions] == ["desk"]
    assert program.institutions[state.awaits].name == "desk"
    lives = run(program, alone(values={"urgent": 1.5}), acts_from=BASE_DATE)
    words, cells = lives.record()
    assert cells[state.await_level] == 3.0
    assert words[state.await_slot] == NEVER


def test_who_plans_the_queue_writes_the_day_of_the_turn(toys: Toys) -> None:
    program, state = asking(toys, CAPACITY)
    lives = run(program, alone(2), until="2030-01-01", acts_from=BASE_DATE)
    turn, agenda = parse_day("2031-02-03"), lives.agenda
    assert agenda.shared is not None
    lives.record(1)[0][state.await_slot] = turn
    agenda.shared.look_again(np.array([1]), np.array([0]))
    agenda.shared.make_due(np.array([1]), np.array([0]), turn)
    agenda.world[of.UNTIL], agenda.world[of.NEXT_UNIT] = parse_day("2032-01-01"), 1
    agenda.world[of.UNIT_STARTED] = 1  # goes on, does not begin anew
    run_block(agenda.address)
    assert np.array_equal(lives.first_day("heard"), [NEVER, turn])


def test_somebody_else_can_come_first(toys: Toys) -> None:
    toys.institution("desk", "21 days", CAPACITY)
    program = toys.program(f"""{ASKS[: ASKS.index("  asking:")]}
  asking:
    until: {{turn: {{await: desk}}, better: {{wait: {{is: 9 days, why: a toy}}}}}}
    next: {{turn: heard, better: well}}
  heard: {{final: true}}
  well: {{final: true}}
""")
    assert run(program, [[Person()]], acts_from=BASE_DATE).first_day("well") == BASE_DATE + 9
    assert run(program, [[Person()]]).first_day("well") == BASE_DATE + 9
