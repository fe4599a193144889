"""Draws, episodes and visits, the history of survivors, live years and laws, as docs/semantics.md says."""

from __future__ import annotations

import numpy as np
import pytest
from small import Lives, Person, Toys, alone, attributes, dates, day, days_in, module, run, town

from abmsim.days import NEVER
from abmsim.engine.eventlog import LogChunk, LogRules, chunk_of
from abmsim.engine.lives import Lives as TownLives
from abmsim.engine.world import GIVEN_UP, REDRAWN
from abmsim.records.people import PlanDates, people_tables
from abmsim.schema.schema import load_schema
from abmsim.vocabulary import BASE_DATE

LEAVES = "here: {hazard: assume.rate, next: gone}\ngone: {final: true}"
DRAWN = "{uniform: [0, 1], why: a toy}"


def test_s58_a_draw_depends_on_who_where_and_which_visit_alone(toys: Toys) -> None:
    by_itself = days_in(run(toys.program(module(LEAVES)), alone(50)), "gone")
    more = module(
        "here: {wait: assume.day, next: there}\nthere: {hazard: assume.rate, next: end}\nend: {final: true}", "early/b"
    )
    wider = module(f"before: {{next: here}}\n{LEAVES}")
    beside, inside = (run(toys.program(text, more), alone(50)) for text in (module(LEAVES), wider))
    assert (days_in(beside, "gone") == by_itself).all(), "another module changes no draw"
    assert (days_in(inside, "gone") == by_itself).all(), "nor does another state"
    assert (days_in(run(toys.program(module(LEAVES)), alone(50), seed=5), "gone") != by_itself).any()


def test_s59_each_visit_draws_anew(toys: Toys) -> None:
    states = f"""
        a: {{set: {{again: {DRAWN}}}, wait: assume.day, next: [{{when: n > 0, to: c}}, {{else: b}}]}}
        b: {{set: {{n: 1, first: again}}, next: a}}
        c: {{final: true}}
        """
    names = ("again", "first", "n")
    head = attributes(*(f"{name}: {{type: number, default: 0}}" for name in names))
    lives = run(toys.program(module(states, head=head)), alone(100))
    assert (lives.attribute("again") != lives.attribute("first")).all()


EPISODES = f"""
    begin: {{next: here}}
    here: {{set: {{n: n + 1, u: {DRAWN}}}, next: [{{when: n < visits, to: here_again}}, {{else: after}}]}}
    here_again: {{wait: assume.day, next: here}}
    after: {{wait: assume.year, next: [{{when: second, to: end}}, {{else: once_more}}]}}
    once_more: {{set: {{n: visits - 1, second: true}}, next: begin}}
    end: {{final: true}}
    """


def test_s60_the_start_state_begins_an_episode_and_visits_count_anew(toys: Toys) -> None:
    names = ("n: {type: number, default: 0}", "u: {type: number, default: 0}", "visits: {type: number, default: 1}",
             "second: {type: bool, default: false}")  # fmt: skip
    program = toys.program(module(EPISODES, head=attributes(*names)))
    once, often = (run(program, alone(50, values={"visits": visits})) for visits in (1.0, 5.0))
    assert len(often.entered("here")[0]) == 50 * 6
    assert (once.attribute("u") == often.attribute("u")).all(), "the second episode does not know the first"


def test_s61_shares_are_cumulated_in_the_order_of_the_file(toys: Toys) -> None:
    def first(share: float) -> set[int]:
        states = """
            a: {next: {one: assume.s, two: assume.t, three: rest}}
            one: {final: true}
            two: {final: true}
            three: {final: true}
            """
        text = module(states, assume=f"s: {{is: {share}, why: a toy}}\nt: {{is: 0.2, why: a toy}}")
        return set(run(toys.program(text), alone(2000)).entered("one")[0])

    few, many = first(0.3), first(0.5)
    assert few < many and abs(len(many) - 1000) < 4 * np.sqrt(500)


def test_s62_a_module_begins_on_the_day_of_birth_or_the_base_date(toys: Toys) -> None:
    end = "here: {final: true}"
    lives = run(toys.program(module(end, head="begins: birth"), module(end, "toy/b")), alone(born="1985-03-04"))
    assert lives.path() == ["here 1985-03-04", "here 2020-01-01"]


def test_s63_nobody_of_the_base_date_dies_up_to_it(toys: Toys) -> None:
    lives = run(
        toys.program(module("a: {hazard: assume.rate, next: dead}\ndead: {death: {}, final: true}")), alone(2000)
    )
    assert lives.agenda.deaths.min() == BASE_DATE + 1
    assert lives.agenda.world[REDRAWN] > 0


LETHAL = module(
    f"""
    young:
      set: {{u: {DRAWN}}}
      when: age >= 20
      next: [{{when: frail, to: {{dead: assume.half, lives: rest}}}}, {{else: lives}}]
    lives: {{final: true}}
    dead: {{death: {{}}, final: true}}
    """, head=attributes("frail: {type: bool, default: false}", "u: {type: number, default: 0}", begins="birth"),
)  # fmt: skip


def test_s64_who_would_have_died_gets_another_history_and_the_others_keep_their_draws(toys: Toys) -> None:
    def drawn(frail: float) -> tuple[np.ndarray, np.ndarray, Lives]:
        lives = run(toys.program(LETHAL), [[Person(values={"frail": frail}), Person()]] * 200)
        pairs = lives.attribute("u").reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1], lives

    first, second, lives = drawn(1.0)
    as_first, as_second, _ = drawn(0.0)
    attempts = lives.agenda.columns["ATTEMPT"].reshape(-1, 2)
    assert attempts[:, 0].any() and not attempts[:, 1].any()
    assert ((first == as_first) == (attempts[:, 0] == 0)).all() and (second == as_second).all()
    assert len(lives.entered("dead")[0]) == 0


def test_s65_who_dies_in_a_thousand_histories_lives_on(toys: Toys) -> None:
    states = "young: {when: age >= 20, next: dead}\ndead: {death: {}, wait: assume.year, next: on}\non: {final: true}"
    lives = run(toys.program(module(states, head="begins: birth")), alone())
    assert lives.agenda.world[GIVEN_UP] == 1
    assert lives.path() == ["young 1960-07-01", "dead 1980-07-01", "on 1981-07-01"]
    assert (lives.log().ordinal == -1).all() and lives.agenda.deaths.tolist() == [NEVER]


def test_s67_the_years_before_the_base_date_are_marked_as_not_complete() -> None:
    days = BASE_DATE, day("2025-01-01")
    lives = TownLives.of_population(town(2), np.array([NEVER, day("2022-02-03")], dtype=np.int32), *days)
    tables = people_tables(lives, load_schema(), PlanDates(*days))
    made = [table for name, table in tables if name == "observation_periods"]
    rows = [[str(row[key]) for key in ("from_date", "to_date", "complete")] for row in made[0].to_pylist()]
    history = ["1960-07-01", "2020-01-01", "False"]
    assert rows == [history, ["2020-01-01", "2025-01-01", "True"], history, ["2020-01-01", "2022-02-03", "True"]]


SPELLS = """
    before: {when: year >= 2008, next: first}
    first: {wmo_request: {reporter: self}, set: {helped: true}, wait: assume.year, next: between}
    between: {end: {wmo_request: application}, wmo_decision: {}, wait: {is: 10 years, why: a toy}, next: after}
    after: {end: {wmo_decision: refused}, final: true}
    """
HELPED = attributes("helped: {type: bool, default: false}", begins="birth")


def log_of(toys: Toys, law: str = "", history_from: int = -NEVER) -> tuple[list[str], LogChunk, Lives]:
    lives = run(toys.program(module(SPELLS, head=HELPED + law)), alone())
    log = chunk_of(lives.rows, 0, LogRules.of(lives.program, history_from))
    names = [f"{lives.program.states[state].name} {on}" for state, on in zip(log.state, dates(log.day), strict=True)]
    return names, log, lives


def test_s68_without_history_only_what_still_ran_is_kept_with_its_first_day(toys: Toys) -> None:
    names, log, _ = log_of(toys, history_from=BASE_DATE - 365 * 5)
    assert names == ["between 2009-01-01", "after 2019-01-01"]
    assert not log.carried_over.any()


def test_s69_before_its_law_a_module_goes_on_and_writes_nothing(toys: Toys) -> None:
    names, _, lives = log_of(toys, "\nin_force: {from: 2019-06-01}")
    assert names == []
    assert lives.attribute("helped") == [1.0]
    assert lives.path()[1:] == ["first 2008-01-01", "between 2009-01-01", "after 2019-01-01"]


@pytest.mark.parametrize("in_force", ["2015-01-01", "2018-12-31"])
def test_s70_what_runs_when_the_law_begins_is_carried_over(toys: Toys, in_force: str) -> None:
    names, log, _ = log_of(toys, f"\nin_force: {{from: {in_force}}}")
    assert names == [f"between {in_force}", "after 2019-01-01"]
    assert log.carried_over.tolist() == [True, False]
    assert dates(log.end_day) == ["2019-01-01", None]


def test_s71_a_reference_to_a_row_before_the_law_is_empty(toys: Toys) -> None:
    assert log_of(toys, "\nin_force: {from: 2009-01-01}")[1].parents[0, 0] == -1
    assert log_of(toys, "\nin_force: {from: 2008-01-01}")[1].parents[1, 0] == 0
