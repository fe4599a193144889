"""States in which no time goes by: the program marks them, and the kernel leaves them as it enters them."""

from __future__ import annotations

from toys import Toys, alone, run

from abmsim.lang.layout import PASSES, STATE_FLAGS, STATE_WIDTH, STATES

THROUGH = """\
    module: toy/through
    about: on the way
    start: first
    states:
      first: {next: second}
      second: {next: waits}
      waits: {wait: {is: 10 days, source: a toy}, next: last}
      last: {final: true}
    """


def test_only_states_without_exits_that_are_not_final_are_passed(toys: Toys) -> None:
    program = toys.program(THROUGH)
    flags = [program.words[STATES + state * STATE_WIDTH + STATE_FLAGS] for state in range(len(program.states))]
    passed = [info.name for info, flag in zip(program.states, flags, strict=True) if flag & PASSES]
    assert passed == ["first", "second"]


def test_they_are_entered_in_order_on_one_day(toys: Toys) -> None:
    program = toys.program(THROUGH)
    log = run(program, alone()).log()
    born = log.day[0]
    entered = [(program.states[state].name, day - born) for state, day in zip(log.state, log.day, strict=True)]
    assert entered == [("first", 0), ("second", 0), ("waits", 0), ("last", 10)]
