"""Deaths in modules: what they end, who sees them and when, and those that a history cannot have."""

from __future__ import annotations

import numpy as np
import pytest
from toys import Person, Toys, alone, run

from abmsim.days import NEVER, parse_day
from abmsim.engine.world import GIVEN_UP

DIES = """\
    module: toy/dies
    about: dies on a day
    begins: base_date
    attributes: {dies_on: {type: number, unit: day, default: 99999, about: day of death}}
    start: alive
    states:
      alive: {when: today >= dies_on, next: dead}
      dead: {death: {}, final: true}
    """


def dies(day: str, **values: float) -> Person:
    return Person(values={"dies_on": float(parse_day(day)), **values})


def test_a_death_leaves_the_partner_alone_from_the_next_month(toys: Toys) -> None:
    program = toys.program(DIES, """\
        module: toy/widow
        about: notices that the partner is gone
        begins: base_date
        start: together
        states:
          together: {when: not has_partner and lives_alone and position == single, next: alone}
          alone: {final: true}
        """)  # fmt: skip
    couple = {"has_partner": 1.0, "household_size": 2.0, "position": 3.0}
    lives = run(program, [[Person(values=couple), dies("2023-08-09", **couple)]])
    assert lives.first_day("alone")[0] == parse_day("2023-09-01")
    assert lives.agenda.deaths.tolist() == [NEVER, parse_day("2023-08-09")]
    assert lives.attribute("household_size")[0] == 1


@pytest.mark.parametrize("first", [True, False], ids=["the dying one first", "the dying one last"])
def test_who_dies_on_the_first_of_a_month_is_still_seen_in_that_month(toys: Toys, first: bool) -> None:
    program = toys.program(DIES, """\
        module: toy/looks
        about: looks for the other on the 15th of March
        begins: base_date
        uses: [toy/dies]
        attributes: {here: {type: bool, default: true, about: is there}}
        start: waiting
        states:
          waiting: {when: today >= '2021-03-15', next: [{when: partner.here, to: seen}, {else: not_seen}]}
          seen: {final: true}
          not_seen: {final: true}
        """)  # fmt: skip
    couple = [dies("2021-03-01", here=1.0), Person(values={"here": 1.0})]
    lives = run(program, [couple if first else couple[::-1]])
    assert lives.path(int(first))[-2:] == ["waiting 2020-01-01", "seen 2021-03-15"]


def test_death_closes_open_rows_with_the_code_of_each_list_and_stops_everything(toys: Toys) -> None:
    program = toys.program(
        DIES,
        """\
        module: toy/wmo_help
        about: has two open rows
        begins: base_date
        start: asked
        states:
          asked: {wmo_request: {reporter: self}, next: helped}
          helped: {wmo_delivery: {product: household_help}, wait: {is: 9 years, why: a toy}, next: asked}
        """,
        """\
        module: toy/youth
        about: has one open row
        begins: base_date
        start: helped
        states:
          helped: {youth_help: {help_form: ambulatory}, wait: {is: 9 years, why: a toy}, next: over}
          over: {final: true}
        """,
    )
    lives = run(program, [[dies("2022-02-03")]])
    log = lives.log()
    schema = toys.schema()
    reasons = {}
    for state, end, reason in zip(log.state, log.end_day, log.end_reason, strict=True):
        table = schema.tables.get(program.states[state].table or "")
        column = table.by_role("end_reason") if table else None
        if table is not None and column is not None:
            assert end == parse_day("2022-02-03")
            codes = schema.codes_of(column)
            assert codes is not None
            reasons[table.name] = (codes.name, codes.labels[reason])
    for name, (_, label) in reasons.items():
        column = schema.tables[name].by_role("end_reason")
        assert column is not None and label == column.on_death
    assert reasons["wmo_deliveries"][0] != reasons["youth_help"][0]
    assert lives.path()[-1] == "dead 2022-02-03"


def test_survivors_of_a_lethal_illness_have_the_analytic_mix(toys: Toys) -> None:
    """Half fall ill at ten; of the ill 70 % die at twenty, before the base date: of the living 0.15 / 0.65 were ill."""
    program = toys.program("""\
        module: toy/lethal
        about: an illness that kills most
        assume: {ill: {is: 0.5, why: a toy}, lethal: {is: 0.7, why: a toy}}
        start: child
        states:
          child: {when: age >= 10, next: {ill: assume.ill, well: rest}}
          ill: {when: age >= 20, next: {dead: assume.lethal, recovered: rest}}
          well: {final: true}
          recovered: {final: true}
          dead: {death: {}, final: true}
        """)
    n = 20_000
    lives = run(program, alone(n, born="1980-01-01"))
    recovered = len(lives.entered("recovered")[0])
    assert len(lives.entered("dead")[0]) == 0
    assert recovered + len(lives.entered("well")[0]) == n
    expected = 0.15 / 0.65
    assert abs(recovered / n - expected) <= 4 * np.sqrt(expected * (1 - expected) / n)
    attempts = lives.agenda.columns["ATTEMPT"]
    redrawn_per_resident = 0.35 / 0.65  # the mean of a geometric distribution with 0.35 deaths an attempt
    deviation = np.sqrt(0.35) / 0.65
    assert abs(attempts.mean() - redrawn_per_resident) <= 4 * deviation / np.sqrt(n)


def test_who_would_die_in_every_history_lives_on_and_is_counted(toys: Toys) -> None:
    program = toys.program("""\
        module: toy/doomed
        about: kills everybody at ten
        start: child
        states:
          child: {when: age >= 10, next: dead}
          dead: {death: {}, final: true}
        """)
    lives = run(program, alone(born="1980-01-01"))
    assert lives.agenda.world[GIVEN_UP] == 1
    assert lives.agenda.deaths.tolist() == [NEVER]
    assert (lives.log().ordinal >= 0).sum() == 0, "who lives on has no row in the table of deaths"
