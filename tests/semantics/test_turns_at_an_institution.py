"""What a resident asks of an institution and when the turn comes, as docs/semantics.md says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from small import Lives, Toys, alone, attributes, dates, days_in, module, run

from abmsim.vocabulary import BASE_DATE

CAPACITY = "capacity: {a_month: {is: 5, why: a toy}}"
PLANNED: Mapping[str, Any] = {"acts_from": BASE_DATE}
HEAD = attributes("urgent: {type: number, default: 1}", "crisis: {type: bool, default: false}")


def asking(toys: Toys, states: str, more: str = "", wait: str = "20 days", **living) -> Lives:
    """One resident who asks a desk on the base date."""
    toys.institution("desk", wait, more)
    values = living.pop("values", {})
    return run(toys.program(module(states, head=HEAD)), alone(values=values), **living)


def priority(lives: Lives) -> float:
    """The priority that the kernel keeps of the one resident's last request."""
    level = next(state.await_level for state in lives.program.states if state.awaits >= 0)
    return lives.record()[1][level]


def test_s95_it_is_asked_with_what_holds_on_entering(toys: Toys) -> None:
    toys.institution("desk", "20 days", CAPACITY)
    later = module(
        "calm: {wait: assume.day, next: upset}\nupset: {set: {pressing: 7, alarm: true}, final: true}", "toy/b",
        attributes("pressing: {type: number, default: 2}", "alarm: {type: bool, default: false}"),
    )  # fmt: skip
    asks = "here: {await: {at: desk, priority: pressing, crisis: alarm}, next: gone}\ngone: {final: true}"
    asking_first = module(asks, head="begins: base_date\nuses: [toy/b]")
    lives = run(toys.program(asking_first, later), alone(), **PLANNED)
    assert priority(lives) == 2
    assert dates(lives.first_day("gone")) == [None]


def test_s96_a_request_is_a_row(toys: Toys) -> None:
    with pytest.raises(AssertionError, match="E324"):
        asking(toys, "here: {silent: true, await: desk, next: gone}\ngone: {final: true}")
    assert asking(toys, "here: {await: desk, next: gone}\ngone: {final: true}").path()[0] == "here 2020-01-01"


def test_s97_without_a_plan_the_published_time_passes(toys: Toys) -> None:
    asks = "here: {await: desk, next: gone}\ngone: {final: true}"
    assert dates(asking(toys, asks, **PLANNED).first_day("gone")) == ["2020-01-21"]
    assert dates(asking(toys, asks, CAPACITY).first_day("gone")) == ["2020-01-21"]
    waits = module("here: {wait: {is: 2-9 weeks, why: a toy}, next: gone}\ngone: {final: true}")
    drawn = run(toys.program(waits), alone(300))
    toys.institution("desk", "2-9 weeks", CAPACITY)
    awaited = run(toys.program(module(asks)), alone(300))
    assert np.array_equal(days_in(drawn, "gone"), days_in(awaited, "gone"))


@pytest.mark.parametrize("more", ["", CAPACITY])
def test_s98_a_crisis_has_its_turn_at_once(toys: Toys, more: str) -> None:
    asks = "here: {await: {at: desk, crisis: crisis}, next: gone}\ngone: {final: true}"
    assert dates(asking(toys, asks, more, values={"crisis": 1.0}, **PLANNED).first_day("gone")) == ["2020-01-01"]


def test_s99_a_planned_queue_gives_the_turns(toys: Toys) -> None:
    budget = "budget: {euros_per_resident_a_year: {is: 9, why: a toy}, euros_a_request: {is: 3, why: a toy}}"
    for more in (CAPACITY, budget):
        lives = asking(toys, "here: {await: desk, next: gone}\ngone: {final: true}", more, **PLANNED)
        assert dates(lives.first_day("gone")) == [None]


def test_s100_who_comes_again_asks_anew(toys: Toys) -> None:
    states = """
        here: {until: {turn: {await: {at: desk, priority: urgent}}, tired: {wait: assume.ten_days}},
               next: {turn: gone, tired: away}}
        away: {set: {urgent: urgent + 1}, wait: assume.day, next: here}
        gone: {final: true}
        """
    lives = asking(toys, states, CAPACITY, until="2020-01-30", **PLANNED)
    assert lives.path() == [
        "here 2020-01-01", "away 2020-01-11", "here 2020-01-12", "away 2020-01-22", "here 2020-01-23",
    ]  # fmt: skip
    assert priority(lives) == 3


def test_s101_the_earliest_exit_ends_the_state(toys: Toys) -> None:
    states = """
        here: {until: {turn: {await: desk}, tired: {wait: assume.ten_days}}, next: {turn: gone, tired: away}}
        away: {final: true}
        gone: {final: true}
        """
    assert dates(asking(toys, states).first_day("away")) == ["2020-01-11"]
    assert dates(asking(toys, states, wait="9 days").first_day("gone")) == ["2020-01-10"]


def test_s102_a_crisis_that_leads_round_is_refused(toys: Toys) -> None:
    with pytest.raises(AssertionError, match="E305 while crisis, these states lead round without any time"):
        asking(toys, "here: {await: {at: desk, crisis: crisis}, next: there}\nthere: {when: crisis, next: here}")
