"""The kernel does bit for bit what the plain-Python interpreter of the same tables does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st
from plain import Plain
from plain_numbers import mix, uniform
from random_modules import DEATHS, give_statistics, modules, units
from toys import Person, Toys, households

from abmsim import randomness
from abmsim.days import NEVER, parse_day
from abmsim.engine.agenda import Agenda, Block, Calendar
from abmsim.engine.kernel import run_block
from abmsim.engine.world import FULL, REDRAWN, STUCK_STATE
from abmsim.lang.compile import compile_modules
from abmsim.lang.program import Program
from abmsim.loading import load_catalogue, load_modules, municipality_codes
from abmsim.schema.schema import load_schema
from abmsim.vocabulary import BASE_DATE

HORIZON = parse_day("2025-05-17")
ACTS_FROM = parse_day("2021-04-05")


def both(program: Program, block: Block, until: int = HORIZON, acts_from: int = NEVER) -> tuple[Agenda, Plain]:
    """The same households run by the kernel and in plain Python."""
    agenda = Agenda(program, block, Calendar.until(until), BASE_DATE, until, acts_from=acts_from)
    while run_block(agenda.address) == FULL:
        agenda.grow()
    if agenda.world[STUCK_STATE]:
        reject()
    return agenda, Plain(program, block, BASE_DATE, until, acts_from)


def assert_same(agenda: Agenda, plain: Plain) -> None:
    names = [state.name for state in agenda.program.states]
    kernel, log = agenda.rows[: agenda.row_count], plain.log()
    for number, (row, other) in enumerate(zip(kernel.tolist(), log.tolist(), strict=False)):
        assert row == other, f"row {number}: kernel in {names[row[2]]}, plain in {names[other[2]]}"
    assert len(kernel) == len(log)
    assert agenda.deaths.tolist() == [person.death for person in plain.people]
    assert agenda.attributes().tolist() == [person.values for person in plain.people]
    assert agenda.world[REDRAWN] == plain.redrawn
    for row, person in enumerate(plain.people):
        assert all(cell_of(agenda, row, level) == priority for level, priority in person.priorities.items())


def cell_of(agenda: Agenda, row: int, at: tuple[int, int]) -> float:
    """What the kernel keeps of a resident in a cell of the record of a module."""
    assert agenda.shared is not None
    word = agenda.shared.words(np.array([row]), np.array([at[0]]), 2 * at[1])
    return float(agenda.columns["POOL"].view(np.float64)[word // 2][0]) if word[0] >= 0 else 0.0


@pytest.fixture(scope="module")
def toys_of_all(tmp_path_factory: pytest.TempPathFactory) -> Toys:
    toys = Toys(tmp_path_factory.mktemp("random"))
    give_statistics(toys)
    return toys


@settings(
    max_examples=60, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(one=modules("toy/one"), two=modules("toy/two", "other_"), families=units(), seed=st.integers(0, 2**63))
def test_random_modules_run_alike(toys_of_all: Toys, one: str, two: str, families: list, seed: int) -> None:
    program = toys_of_all.program(one, two, DEATHS)
    assert_same(*both(program, households(program, families, seed), acts_from=ACTS_FROM))


def shipped_program() -> Program:
    catalogue = load_catalogue()
    checked = load_modules(catalogue)
    checked.raise_errors()
    return compile_modules(checked.modules, catalogue, load_schema(), municipality_codes(catalogue))


def test_the_shipped_modules_run_alike_for_singles_couples_and_families() -> None:
    program = shipped_program()
    draws = randomness.uniform(randomness.keys(7, np.arange(2000))).reshape(-1, 4)
    families = []
    for size, u in enumerate(draws[:40]):
        ages = [20 + 75 * u[0], 20 + 75 * u[0] + 6 * (u[1] - 0.5), 18 * u[2], 18 * u[3]]
        born = [str(np.datetime64("2020-01-01") - int(365.25 * age)) for age in ages]
        couple = {"has_partner": 1.0, "household_size": size % 4 + 1.0, "lives_alone": 0.0}
        values = couple if size % 4 else {"lives_alone": 1.0, "household_size": 1.0}
        sexes = [0.0, 1.0, float(u[0] < 0.5), float(u[1] < 0.5)]
        members = [Person(day, {**values, "sex": sex}) for day, sex in zip(born, sexes, strict=True)]
        families.append(members[: size % 4 + 1])
    agenda, plain = both(program, households(program, families), until=parse_day("2035-01-01"))
    assert_same(agenda, plain)
    entered = {program.states[state].name for state in np.unique(agenda.rows[: agenda.row_count, 2])}
    assert {"dead", "vaccinated", "asked.solved", "provided.delivered", "followed"} <= entered


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_draws_of_plain_numbers_are_those_of_arrays(key: int, word: int) -> None:
    mixed = randomness.mix(np.array([key], dtype=np.uint64), np.array([word], dtype=np.uint64))
    assert int(mixed[0]) == mix(key, word)
    assert float(randomness.uniform(mixed)[0]) == uniform(int(mixed[0]))


