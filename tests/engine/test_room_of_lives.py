"""What the engine keeps of a life takes as little room as it can, and nothing that is told depends on it."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from test_same_log import town
from toys import Person, Toys, alone, run

from abmsim.days import NEVER, parse_day
from abmsim.engine.agenda import Agenda
from abmsim.engine.eventlog import LogRules, chunk_of
from abmsim.engine.legacy import Legacy
from abmsim.engine.town import Town
from abmsim.lang import layout as at

ILL_ONCE = """\
    module: toy/ill_once
    about: who is frail falls ill, and is better after two weeks
    attributes:
      frail: {type: bool, about: a toy}
      weight: {type: number, unit: kilogram, about: a toy}
    start: well
    states:
      well:
        silent: true
        until: {falls_ill: {hazard: {is: 50, source: a toy}, when: frail}}
        next: {falls_ill: ill}
      ill: {wait: {is: 2 weeks, why: a toy}, next: better}
      better: {final: true}
    """


@pytest.fixture(scope="module")
def lived() -> Town:
    """Urk with its life course up to 2025."""
    lives = town(["lifecourse/mortality", "lifecourse/education", "ggd/vaccination"], block_residents=500)
    lives.run()
    return lives


def test_the_record_of_who_never_left_the_start_state_is_the_short_one(toys: Toys) -> None:
    program = toys.program(ILL_ONCE)
    described = program.words[program.modules_place :][: at.MODULE_WIDTH]
    first, whole = described[at.MODULE_FIRST_CELLS], described[at.MODULE_CELLS]
    assert first < whole
    lives = run(program, [[Person(values={"frail": frail})] for frail in (0.0, 1.0)])
    pool = lives.agenda.columns["POOL"]
    place = lives.agenda.columns["PLACE"]
    assert place[0] < 0, "who is not frail is at rest: nothing runs"
    halves = pool.view(np.int16)
    assert program.states[halves[4 * place[1] + at.SLOT_STATE]].name == "better"
    # The record lies behind the short one that it grew out of, which is free again.
    free = lives.agenda.columns["POOL_FREE"]
    assert free[first] == place[1] - first and free[whole] == 0


def test_every_resident_is_looked_at_on_the_day_on_which_something_is_due(lived: Town) -> None:
    assert lived.columns is not None
    due, next_due = lived.columns.matrix("DUE"), lived.columns.column("NEXT_DUE")
    assert (next_due <= due.min(axis=1)).all()
    there = lived.columns.column("GROUP") >= 0
    assert (next_due[there] >= lived.to_day).all(), "nothing of the past is still due"


def test_answers_and_labels_are_kept_small_and_numbers_whole(toys: Toys) -> None:
    program = toys.program(ILL_ONCE)
    kinds = [attribute.type == "number" for attribute in program.attributes]
    assert kinds == sorted(kinds) and kinds.index(True) == program.label_count
    columns = run(program, alone(3)).agenda.shared
    assert columns is not None
    values = columns.attributes()
    values[:, program.attribute_index("frail")] = [0, 1, 1]
    values[:, program.attribute_index("weight")] = [71.25, -1e9, NEVER]
    columns.set_attributes(0, values)
    assert np.array_equal(columns.attributes(), values)
    assert columns.attribute("frail").dtype == np.int16


def test_rows_that_will_not_be_told_leave_the_log_when_it_is_packed(toys: Toys) -> None:
    people = [[Person(f"{year}-07-01", {"frail": 1.0})] for year in range(1980, 2000)]
    agenda = run(toys.program(ILL_ONCE), people).agenda
    rules = LogRules.of(agenda.program, parse_day("1990-01-01"))
    everything = agenda.log()
    agenda.rules = rules
    agenda.pack()
    kept = agenda.log()
    assert len(kept) == rules.told(everything)[0].sum() == len(everything) // 2
    told_of = [chunk_of(rows, 0, rules) for rows in (everything, kept)]
    for column in fields(told_of[0]):
        one, other = (getattr(chunk, column.name) for chunk in told_of)
        assert np.array_equal(one, other), column.name


def free_cells(agenda: Agenda) -> int:
    """Cells of all records of a block that nobody uses."""
    pool, total = agenda.columns["POOL"], 0
    for cells, place in enumerate(agenda.columns["POOL_FREE"].tolist()):
        while place:
            total += cells
            place = int(pool[2 * place])
    return total


def test_newcomers_get_the_room_of_who_has_gone(lived: Town) -> None:
    givers = lived.agendas[:2]
    before = [free_cells(agenda) for agenda in givers]
    assert min(before) > 0, "in both blocks somebody died or left a start state"
    heir = Agenda(givers[0].program, givers[0].block, givers[0].calendar, 0, 0, lived.columns)
    Legacy(givers).give(heir)
    assert free_cells(heir) == sum(before)
    assert [free_cells(agenda) for agenda in givers] == [0, 0]
    second = Agenda(givers[0].program, givers[0].block, givers[0].calendar, 0, 0, lived.columns)
    Legacy(givers).give(second)
    assert free_cells(second) == 0, "nothing is given twice"


@pytest.mark.parametrize("grown", ["age >= assume.grown", "assume.grown <= age", "age > 17", "not age < 18"])
def test_an_age_that_is_compared_is_waited_for_until_that_birthday_alone(toys: Toys, grown: str) -> None:
    program = toys.program(f"""\
        module: toy/grows
        about: waits to be grown up
        assume: {{grown: {{is: 18 years, why: a toy}}}}
        start: child
        states:
          child: {{silent: true, when: "{grown}", next: grown_up}}
          grown_up: {{final: true}}
        """)
    lives = run(program, alone(born="2010-03-01"), until="2020-01-01")
    assert lives.agenda.columns["DUE"].tolist() == [parse_day("2028-03-01")]
