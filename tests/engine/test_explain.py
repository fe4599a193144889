"""A trace goes the kernel's way on random modules too: it raises where the two part."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from random_modules import DEATHS, give_statistics, modules, units
from toys import CODES, Person, Toys

from abmsim.casework.workshop import Workshop
from abmsim.days import parse_day
from abmsim.explain.staging import Question
from abmsim.explain.trace import trace, trace_lines
from abmsim.lang.cases import HOUSEMATES, OTHERS, Given, Resident
from abmsim.problems import UserError
from abmsim.schema.schema import load_schema
from abmsim.stats.catalogue import load

HORIZON = parse_day("2025-05-17")


@pytest.fixture(scope="module")
def toys_of_all(tmp_path_factory: pytest.TempPathFactory) -> Toys:
    toys = Toys(tmp_path_factory.mktemp("explained"))
    give_statistics(toys)
    return toys


def workshop(toys: Toys, *texts: str) -> Workshop:
    checked = toys.checked(*texts)
    modules = {module.name: module for module in checked.modules}
    return Workshop(modules, load([toys.root / "stats"]), load_schema(), CODES)


def resident(person: Person) -> Resident:
    return Resident(parse_day(person.born), person.values)


def household(people: list[Person]) -> Given:
    """The first of a household, with a partner and further housemates."""
    roles = (OTHERS[0], HOUSEMATES, HOUSEMATES)
    others = [(role, resident(person)) for role, person in zip(roles, people[1:], strict=False)]
    return Given(resident(people[0]), tuple(others))


@settings(
    max_examples=60, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),  # pyright: ignore[reportArgumentType]
)  # fmt: skip
@given(text=modules("toy/one"), families=units(), seed=st.integers(0, 2**31), from_birth=st.booleans())
def test_random_modules_are_traced_as_the_kernel_runs_them(
    toys_of_all: Toys, text: str, families: list, seed: int, from_birth: bool
) -> None:
    books = workshop(toys_of_all, text)
    module = books.modules["toy/one"]
    for people in families:
        question = Question(module, household(people), module.start, from_birth, HORIZON, seed)
        try:
            found = trace(question, books)
        except UserError as error:
            if "no time passes" in str(error):
                continue
            raise
        assert found.steps
        assert list(trace_lines(found, books))


def test_a_death_in_history_is_drawn_again(toys_of_all: Toys) -> None:
    books = workshop(toys_of_all, DEATHS)
    module = books.modules["toy/deaths"]
    old = Given(Resident(parse_day("1960-07-01"), {"sex": 1.0}))
    found = [trace(Question(module, old, module.start, True, HORIZON, seed), books) for seed in range(60)]
    assert any(one.attempts for one in found) and any(one.steps[-1].state == "dead" for one in found)


WEEKLY = """\
module: toy/weekly
about: a level that goes up, by one step of a submodule
attributes: {level: {type: number, default: 0, about: a level}}
start: quiet
states:
  quiet: {wait: {is: 1 week, source: a toy}, next: up}
  up: {call: toy/step, with: {by: {is: 2, source: a toy}}, next: quiet}
"""
STEP = """\
module: toy/step
about: what is called
parameters: {by: {type: number, about: how much}}
attributes: {last: {type: number, default: 0, about: the last step}}
assume: {pause: {is: 1-3 days, why: a toy}}
start: begun
states:
  begun: {wait: assume.pause, next: done}
  done: {set: {last: last + parameter.by}, next: over}
  over: {final: true}
"""
READER = """\
module: toy/reader
about: it waits for the other
uses: [toy/weekly]
start: low
states:
  low: {when: weekly_up_last >= 6, next: high}
  high: {final: true}
"""


def test_what_a_module_uses_and_calls_is_traced_with_it(toys_of_all: Toys) -> None:
    books = workshop(toys_of_all, WEEKLY, STEP, READER)
    module = books.modules["toy/reader"]
    old = Given(Resident(parse_day("1960-07-01"), {}))
    found = trace(Question(module, old, "low", False, HORIZON, 1), books)
    text = "\n".join(trace_lines(found, books))
    assert "sets weekly_up_last: 6 = `weekly_up_last + " in text
    assert "toy/step.yaml:8)" in text and "toy/reader: high" in text
    assert "`weekly_up_last >= 6` is true (weekly_up_last 6)" in text
