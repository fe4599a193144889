"""Rows, what a verb provides, and deaths, as docs/semantics.md says."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from small import DIES, Lives, Toys, alone, attributes, dates, dying, module, run

import abmsim
from abmsim.engine.eventlog import LogChunk
from abmsim.lang import layout as at
from abmsim.records.tables import VerbTable

PAGE = Path(abmsim.__file__).parent.parent / "docs" / "semantics.md"
RIGHT = "wmo_provision: {product: household_help, financing_form: in_kind, right_end: assume.two_years}"


def rows_of(lives: Lives, table: str) -> np.ndarray:
    """Which rows of the log are rows of a table."""
    log = lives.log()
    return np.array([log.ordinal[row] >= 0 and lives.program.states[log.state[row]].table == table
                     for row in range(len(log))])  # fmt: skip


def ends(lives: Lives, table: str) -> list[str | None]:
    return dates(lives.log().end_day[rows_of(lives, table)])


def told(toys: Toys, lives: Lives, table: str, column: str) -> list[str | None]:
    """The dates of a column of the records."""
    return dates(written(toys, lives, table, column))


def written(toys: Toys, lives: Lives, table: str, column: str) -> np.ndarray:
    """A column of the records, days and codes still as numbers."""
    log, schema = lives.log(), toys.schema()
    keep = rows_of(lives, table)
    columns = {name: getattr(log, name)[keep] for name in LogChunk.__dataclass_fields__}
    return VerbTable(schema.tables[table], schema, lives.program.states, np.zeros(1)).columns(columns)[column]


TWO = """
    a: {{wmo_request: {{reporter: self}}, wait: {{is: {0} days, why: a toy}}, next: b}}
    b: {{end: {{wmo_request: application}}, final: true}}
    """


def test_s35_each_module_closes_its_own_rows(toys: Toys) -> None:
    program = toys.program(module(TWO.format(5), "toy/one"), module(TWO.format(8), "toy/two"))
    lives = run(program, alone())
    assert ends(lives, "wmo_requests") == ["2020-01-06", "2020-01-09"]
    assert lives.log().ordinal[:2].tolist() == [0, 1], "they count the resident's rows of the table together"


def test_s36_a_new_row_closes_the_one_before_it_without_a_reason(toys: Toys) -> None:
    states = """
        a: {wmo_request: {reporter: self}, wait: assume.ten_days, next: b}
        b: {wmo_request: {reporter: self}, final: true}
        """
    lives = run(toys.program(module(states)), alone())
    assert ends(lives, "wmo_requests") == ["2020-01-11", None]
    assert lives.log().end_reason[0] == -1


def test_s37_closing_what_is_not_open_does_nothing(toys: Toys) -> None:
    states = """
        a: {next: [{when: sign, to: b}, {else: c}]}
        b: {wmo_request: {reporter: self}, next: c}
        c: {end: {wmo_request: application}, final: true}
        """
    program = toys.program(module(states, head=attributes("sign: {type: bool, default: false}")))
    assert ends(run(program, alone()), "wmo_requests") == []
    assert ends(run(program, alone(values={"sign": 1.0})), "wmo_requests") == ["2020-01-01"]


def test_s38_open_holds_from_the_row_to_its_end(toys: Toys) -> None:
    states = """
        a: {wmo_request: {reporter: self}, set: {one: wmo_request.open}, wait: assume.day, next: b}
        b: {end: {wmo_request: application}, set: {two: wmo_request.open}, final: true}
        """
    head = attributes("one: {type: bool, default: false}", "two: {type: bool, default: true}")
    lives = run(toys.program(module(states, head=head)), alone())
    assert (lives.attribute("one"), lives.attribute("two")) == ([1.0], [0.0])


def test_s39_ends_is_the_planned_end_of_the_open_row(toys: Toys) -> None:
    states = f"""
        a: {{{RIGHT}, set: {{planned: wmo_provision.ends}}, wait: assume.ten_days, next: b}}
        b: {{end: {{wmo_provision: by_client}}, set: {{after: wmo_provision.ends}}, next: c}}
        c:
          wmo_provision: {{product: guidance, financing_form: in_kind}}
          set: {{none_: wmo_provision.ends}}
          final: true
        """
    head = attributes(*(f"{name}: {{type: date}}" for name in ("planned", "after", "none_")))
    lives = run(toys.program(module(states, head=head)), alone())
    planned = [dates(lives.attribute(name)) for name in ("planned", "after", "none_")]
    assert planned == [["2022-01-01"], [None], [None]], "empty after closing, and where none is planned"


def test_s40_a_planned_end_closes_no_row(toys: Toys) -> None:
    states = f"""
        a: {{{RIGHT}, until: [wmo_provision.ends], next: b}}
        b: {{set: {{still: wmo_provision.open}}, final: true}}
        """
    program = toys.program(module(states, head=attributes("still: {type: bool, default: false}")))
    lives = run(program, alone())
    assert lives.path()[-1] == "b 2022-01-01"
    assert lives.attribute("still") == [1.0] and ends(lives, "wmo_provisions") == [None]


@pytest.mark.parametrize(("wait", "right_end"), [("1 year", "2021-01-01"), ("3 years", "2022-01-01")])
def test_s41_the_table_has_the_planned_end_or_the_earlier_day_of_closing(toys: Toys, wait: str, right_end: str) -> None:
    states = f"""
        a: {{{RIGHT}, wait: {{is: {wait}, why: a toy}}, next: b}}
        b: {{end: {{wmo_provision: by_client}}, final: true}}
        """
    assert told(toys, run(toys.program(module(states)), alone()), "wmo_provisions", "right_end") == [right_end]


def test_s42_a_row_refers_to_the_last_row_of_its_parent_table(toys: Toys) -> None:
    states = """
        a: {wmo_decision: {}, wait: assume.day, next: b}
        b: {wmo_request: {reporter: self}, wait: assume.day, next: c}
        c: {end: {wmo_request: application}, wmo_decision: {}, final: true}
        """
    lives = run(toys.program(module(states)), alone())
    assert lives.log().parents[rows_of(lives, "wmo_decisions"), 0].tolist() == [-1, 0]


def test_s43_a_moment_is_never_open(toys: Toys) -> None:
    states = "a: {vaccination: {vaccine: BMR, dose: 1}, wait: assume.day, next: b}\nb: {death: {}, final: true}"
    assert ends(run(toys.program(module(states)), alone()), "vaccinations") == [None]
    with pytest.raises(AssertionError, match="is a moment and never open"):
        toys.program(module("a: {vaccination: {vaccine: BMR, dose: 1}, next: b}\nb: {end: vaccination, final: true}"))


def test_s44_a_silent_state_writes_its_record_and_no_event(toys: Toys) -> None:
    states = """
        a: {silent: true, set: {x: 1}, next: b}
        b: {silent: true, wmo_request: {reporter: self}, next: c}
        c: {final: true}
        """
    log = run(toys.program(module(states, head=attributes("x: {type: number, default: 0}"))), alone()).log()
    assert (log.silent.tolist(), log.ordinal.tolist()) == ([True, False], [0, -1])


def test_s45_a_state_passed_through_hands_on_its_reason(toys: Toys) -> None:
    states = """
        a: {next: {b: assume.half, c: rest}}
        b: {next: d}
        c: {next: [{when: sex == female, to: d}, {else: d}]}
        d: {wait: assume.day, next: e}
        e: {final: true}
        """
    program = toys.program(module(states))
    lives = run(program, alone(50))
    assert {lives.path(person)[1].split()[0] for person in range(50)} == {"b", "c"}
    whys = {(program.states[row[at.ROW_STATE]].name, program.whys[row[at.ROW_WHY]].source) for row in lives.rows}
    assert whys == {("a", ""), ("b", "assume.half"), ("c", "assume.half"), ("d", "assume.half"), ("e", "assume.day")}


def test_s46_death_closes_the_open_rows_of_all_modules_with_the_code_of_each_table(toys: Toys) -> None:
    helped = module("a: {wmo_request: {reporter: self}, next: b}\nb: {wmo_delivery: {product: guidance}, final: true}")
    youth = module("a: {youth_help: {help_form: ambulatory}, final: true}", "toy/youth")
    lives = run(toys.program(dying("2022-02-03"), helped, youth), [[DIES]])
    log, schema = lives.log(), toys.schema()
    closed = set()
    for row in np.flatnonzero((log.ordinal >= 0) & (log.end_day == log.day.max())):
        table = schema.tables[str(lives.program.states[log.state[row]].table)]
        column = table.by_role("end_reason")
        assert column is not None
        closed.add((table.name, schema.codes[column.codes].codes[log.end_reason[row]].standard_code))
    assert closed == {("wmo_requests", ""), ("wmo_deliveries", "02"), ("youth_help", "02")}


def test_s47_the_page_has_the_code_of_every_table_that_death_closes(toys: Toys) -> None:
    schema, expected = toys.schema(), set()
    for table in schema.verbs.values():
        column = table.by_role("end_reason")
        if table.ends and column is not None:
            codes = schema.codes[column.codes]
            code = next(code for code in codes.codes if code.label == column.on_death)
            expected.add((table.name, column.on_death, codes.standard, code.standard_code))
        else:
            assert not table.ends, f"{table.name}: what would death close it with?"
    row = r"^\| `(\w+)` \| `(\w+)` \| ?(\w*) ?\| ?(\w*) ?\|$"
    assert set(re.findall(row, PAGE.read_text(encoding="utf-8"), re.MULTILINE)) == expected


def test_s48_after_a_death_nothing_happens_any_more(toys: Toys) -> None:
    steps = "one: {wait: assume.ten_days, next: two}\ntwo: {wait: assume.day, next: three}\nthree: {final: true}"
    lives = run(toys.program(dying("2020-01-11"), module(steps, "early/a"), module(steps, "toy/z")), [[DIES]])
    assert lives.path() == [
        "one 2020-01-01", "alive 2020-01-01", "one 2020-01-01", "two 2020-01-11", "dead 2020-01-11",
    ], "the module before it in order has had its turn on that day"  # fmt: skip


def test_s49_a_right_that_had_run_out_is_not_ended_by_death(toys: Toys) -> None:
    right = module(f"a: {{{RIGHT}, until: [wmo_provision.ends], next: b}}\nb: {{final: true}}")
    lives = run(toys.program(dying("2025-01-01"), right), [[DIES]])
    assert written(toys, lives, "wmo_provisions", "end_reason").tolist() == [-1]
    assert told(toys, lives, "wmo_provisions", "right_end") == ["2022-01-01"]
