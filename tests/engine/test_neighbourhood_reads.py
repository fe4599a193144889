"""`neighbourhood.<figure>` reads the figure of where the resident lives: in conditions, shares and hazards alike."""

from __future__ import annotations

import numpy as np
import pytest
from test_plain import assert_same, both
from toys import Person, Toys, households

from abmsim.areas import neighbourhood_codes
from abmsim.lang import layout as at
from abmsim.loading import load_catalogue

LONELY, NOT_LONELY = "BU03630001", "GM0546"
MODULE = """\
module: toy/calls
about: somebody in a lonely neighbourhood is called upon
begins: base_date
assume:
  looks: {is: 1, why: a toy}
attributes:
  called: {type: number, default: 0, unit: times, about: calls so far}
start: quiet
states:
  quiet:
    when: neighbourhood.loneliness > 0.4 or neighbourhood_code == BU03630000
    hazard: {rate: stats.calls, times: 1 + neighbourhood.loneliness * assume.looks}
    next: {called: neighbourhood.loneliness, missed: rest}
  called: {set: {called: called + 1}, next: quiet}
  missed: {next: quiet}
"""


@pytest.fixture
def toys_with_figures(toys: Toys) -> Toys:
    high = {LONELY: 75, "BU03630000": 25}
    rows = [f"{code},{high.get(code, 30)}" for code in neighbourhood_codes()]
    toys.statistic("neighbourhood_loneliness", "percent", "\n".join(["neighbourhood_code,percent", *rows]))
    toys.statistic("calls", "rate per person-year", "sex,rate\nfemale,2.0\nmale,2.0")
    return toys


def living_in(code: str, n: int) -> list[list[Person]]:
    return [[Person(values={"neighbourhood_code": float(neighbourhood_codes().index(code))})] for _ in range(n)]


def test_the_kernel_does_what_plain_python_does(toys_with_figures: Toys) -> None:
    program = toys_with_figures.program(MODULE)
    families = [*living_in(LONELY, 30), *living_in(NOT_LONELY, 5), *living_in("BU03630000", 30)]
    assert_same(*both(program, households(program, families)))


def test_only_where_the_figure_is_high_something_happens(toys_with_figures: Toys) -> None:
    program = toys_with_figures.program(MODULE)
    n = 400
    agenda, _ = both(program, households(program, [*living_in(LONELY, n), *living_in(NOT_LONELY, n)]))
    rows = agenda.rows[: agenda.row_count]
    names = np.array([state.name for state in program.states])[rows[:, at.ROW_STATE]]
    assert set(names[rows[:, at.ROW_PERSON] >= n]) == {"quiet"}
    called, missed = (names == "called").sum(), (names == "missed").sum()
    share, tries = 0.75, called + missed
    assert abs(called / tries - share) < 4 * np.sqrt(share * (1 - share) / tries)
    expected = n * 2.0 * (1 + 0.75) * 5.37  # rate, factor, years to the horizon of `both`
    assert abs(tries - expected) < 4 * np.sqrt(expected)


def test_the_words_of_a_look_up_hold_every_neighbourhood(toys_with_figures: Toys) -> None:
    program = toys_with_figures.program(MODULE)
    assert program.words.dtype == np.int32
    assert len(program.words) < 3 * len(neighbourhood_codes())


def test_every_shipped_figure_is_of_every_neighbourhood() -> None:
    catalogue = load_catalogue()
    figures = [name for name in catalogue.cards if name.startswith("neighbourhood_")]
    assert len(figures) == 62
    for name in figures:
        table = catalogue.table(name)
        assert table.by == ("neighbourhood_code",) and table.labels["neighbourhood_code"] == neighbourhood_codes()
