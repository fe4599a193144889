"""Small modules: the states are the test, the rest is the same for all."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from abmsim.days import NEVER, day_date, parse_day
from abmsim.population.people import Households, People, Population
from abmsim.population.places import Place
from abmsim.randomness import keys
from abmsim.vocabulary import BASE_DATE

if TYPE_CHECKING:
    from ..engine.toys import YEAR, Lives, Person, Toys, alone, run, share_within
else:
    from toys import YEAR, Lives, Person, Toys, alone, run, share_within

__all__ = [
    "DIES", "YEAR", "Lives", "Person", "Toys", "alone", "attributes", "dates", "day", "days_in", "dying", "module",
    "run", "share_within", "town",
]  # fmt: skip
"""With the toys of the engine's tests, so that a test of this folder imports from one place."""

ASSUMED = """\
  day: {is: 1 day, why: a toy}
  ten_days: {is: 10 days, why: a toy}
  month: {is: 1 month, why: a toy}
  year: {is: 1 year, why: a toy}
  two_years: {is: 2 years, why: a toy}
  long: {is: 30 years, why: a toy}
  half: {is: 0.5, why: a toy}
  rate: {is: 0.5, why: a toy}
"""


def module(states: str, name: str = "toy/a", head: str = "begins: base_date", assume: str = "") -> str:
    """A module that begins in the first of its states; `assume.day`, `.ten_days`, `.month`, `.year`, ... are there."""
    states = textwrap.dedent(states).strip()
    lines = [
        f"module: {name}", "about: a toy", textwrap.dedent(head).strip(), "assume:", ASSUMED.rstrip(),
        textwrap.indent(textwrap.dedent(assume).strip(), "  "), f"start: {states.split(':')[0]}", "states:",
        textwrap.indent(states, "  "),
    ]  # fmt: skip
    return "\n".join(line for line in lines if line.strip()) + "\n"


def attributes(*lines: str, begins: str = "base_date", uses: str = "") -> str:
    """The head of a module with attributes, each as `x: {type: bool}`."""
    told = [line.replace("}", ", about: a toy}") for line in lines]
    return "\n".join([f"begins: {begins}", f"uses: [{uses}]" if uses else "", "attributes:", *(f"  {t}" for t in told)])


def dying(day: str) -> str:
    """A module that kills whoever has `dies` on a day."""
    return module(
        f"alive: {{when: dies and today >= '{day}', next: dead}}\ndead: {{death: {{}}, final: true}}",
        "toy/dying", attributes("dies: {type: bool, default: false}"),
    )  # fmt: skip


DIES = Person(values={"dies": 1.0})


def dates(days: np.ndarray) -> list[str | None]:
    """Days as text; None for those that never come."""
    return [None if day == NEVER else day_date(int(day)).isoformat() for day in days]


def day(text: str) -> int:
    return parse_day(text)


def days_in(lives: Lives, state: str) -> np.ndarray:
    """Days from the base date until each resident first came to a state."""
    return lives.first_day(state) - BASE_DATE


def town(residents: int, kind: int = 0) -> Population:
    """One household (0) or institution (1) of residents, born in 1960."""
    row = np.arange(residents, dtype=np.int32)
    zero, nobody = np.zeros(residents, dtype=np.int32), np.full(residents, -1, dtype=np.int32)
    people = People(keys(1, row), zero + day("1960-07-01"), zero, zero, zero, zero, nobody, nobody, nobody)
    one = np.zeros(1, dtype=np.int32)
    return Population(
        (Place("GM0363", "Amsterdam", residents),),
        people,
        Households(keys(2, one), one, one + kind, one, one + residents),
    )
