"""A loop in which no time passes is told in one clear line, wherever it goes round."""

from __future__ import annotations

import numpy as np
import pytest
from toys import Toys

from abmsim.days import parse_day
from abmsim.engine.town import Town
from abmsim.population.people import Households, People, Population
from abmsim.problems import UserError
from abmsim.vocabulary import BASE_DATE

COUNTS_ON = """\
    module: toy/counts_on
    about: counts on without end
    begins: base_date
    attributes: {x: {type: number, default: 0, about: x}}
    start: off
    states:
      off: {set: {x: x + 1}, when: x > 0, next: up}
      up: {set: {x: x + 1}, when: x > 1, next: off}
    """

PING = """\
    module: toy/ping
    about: follows the other
    begins: base_date
    uses: [toy/pong]
    attributes: {x: {type: bool, default: false, about: x}}
    start: off
    states:
      off: {set: {x: true}, when: y, next: up}
      up: {set: {x: false}, when: not y, next: off}
    """

PONG = """\
    module: toy/pong
    about: does what the other does not
    begins: base_date
    uses: [toy/ping]
    attributes: {y: {type: bool, default: false, about: y}}
    start: off
    states:
      off: {set: {y: false}, when: x, next: up}
      up: {set: {y: true}, when: not x, next: off}
    """


def one_resident() -> Population:
    """A town of one."""
    one = np.zeros(1, dtype=np.int32)
    people = People(one.astype(np.uint64), one, one, one, one, one, one - 1, one - 1, one - 1)
    return Population((), people, Households(one.astype(np.uint64), one, one, one, one + 1))


@pytest.mark.parametrize("texts", [(COUNTS_ON,), (PING, PONG)], ids=["in one module", "between two modules"])
def test_a_loop_without_time_is_told_with_its_state(toys: Toys, texts: tuple[str, ...]) -> None:
    town = Town(toys.program(*texts), one_resident(), {}, 1, BASE_DATE, parse_day("2021-01-01"))
    with pytest.raises(UserError, match=r"toy/\w+\.yaml:\d+ the state '(off|up)' is part of a loop in which no time"):
        list(town.chunks())
