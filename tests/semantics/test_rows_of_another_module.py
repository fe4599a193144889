"""docs/semantics.md: what the rows of a module that follows another one refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .small import Toys, alone, module, run
else:
    from small import Toys, alone, module, run

REQUESTS = """
    a: {wmo_request: {reporter: self}, set: {asked: true}, wait: assume.month, next: b}
    b: {wmo_request: {reporter: self}, wait: assume.year, next: a}
    """
ASKED = "begins: base_date\nattributes: {asked: {type: bool, about: a toy}}"


def parents(toys: Toys, follows: str, states: str) -> list[int]:
    """The ordinals of the requests that the second module's decisions refer to, in order."""
    head = f"begins: base_date\nuses: [toy/a]\n{follows}"
    lives = run(toys.program(module(REQUESTS, head=ASKED), module(states, "toy/b", head)), alone())
    log, tables = lives.log(), [state.table for state in lives.program.states]
    rows = [row for row in range(len(log)) if tables[log.state[row]] == "wmo_decisions" and log.ordinal[row] >= 0]
    return log.parents[rows, 0].tolist()


def test_s103_rows_refer_to_the_last_row_of_the_followed_module_where_a_module_writes_none(toys: Toys) -> None:
    states = """
        x: {when: asked, next: y}
        y: {wmo_decision: {}, wait: assume.two_years, next: z}
        z: {wmo_decision: {}, final: true}
        """
    assert parents(toys, "follows: toy/a", states) == [0, 3]
    assert parents(toys, "", states) == [-1, -1]


def test_a_module_that_writes_requests_refers_to_its_own(toys: Toys) -> None:
    states = """
        x: {wait: assume.month, next: y}
        y: {wmo_request: {reporter: gp}, wait: assume.ten_days, next: z}
        z: {wmo_decision: {}, final: true}
        """
    (parent,) = parents(toys, "follows: toy/a", states)
    assert parent >= 1
