"""A question of one resident and one module, put to the real kernel: what it wrote, and all that led it there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from abmsim.casework.forcing import GOES_ON, staged
from abmsim.casework.workshop import Workshop
from abmsim.engine.agenda import Agenda, Block, Calendar
from abmsim.engine.kernel import run_block
from abmsim.engine.world import FULL, STUCK_STATE
from abmsim.explain.person import Other, Person
from abmsim.lang import layout as at
from abmsim.lang.cases import OTHERS, Case, Expectation, Given, Resident
from abmsim.lang.compile import compile_modules
from abmsim.lang.module import Module
from abmsim.lang.program import Program
from abmsim.problems import UserError
from abmsim.randomness import keys, name_key
from abmsim.vocabulary import BASE_DATE


@dataclass(frozen=True, slots=True)
class Question:
    """Who is traced through what: the resident, the state they begin in, from when to which day, and the seed."""

    module: Module
    given: Given
    begin: str
    from_birth: bool
    until: int
    seed: int


@dataclass(frozen=True, slots=True)
class Stage:
    """The module and all that it reads, compiled; `rows` int32[n, ROW_WIDTH] are those of the resident."""

    program: Program
    modules: Mapping[str, Module]
    rows: np.ndarray
    attributes: tuple[float, ...]
    key: int


def put_on(question: Question, books: Workshop) -> Stage:
    """Runs the resident on the kernel; the others of the household stand still."""
    modules = {module.name: _staged(module, question) for module in _needed(question.module, books)}
    program = compile_modules(list(modules.values()), books.catalogue, books.schema, books.municipality_codes)
    block = _block(question, program)
    agenda = Agenda(program, block, Calendar.until(question.until), BASE_DATE, question.until)
    while run_block(agenda.address) == FULL:
        agenda.grow()
    if agenda.world[STUCK_STATE]:
        info = program.states[int(agenda.world[STUCK_STATE]) - 1]
        raise UserError(f"{info.file}:{info.line} the state '{info.name}' is part of a loop in which no time passes")
    rows = agenda.rows[: agenda.row_count]
    told = np.array([not info.name.startswith("(") for info in program.states])
    rows = rows[(rows[:, at.ROW_PERSON] == 0) & told[rows[:, at.ROW_STATE]]]
    return Stage(program, modules, rows, tuple(agenda.attributes()[0].tolist()), int(block.key[0]))


def resident_of(question: Question, stage: Stage) -> Person:
    """The resident as they begin, without the key of an attempt."""
    given = question.given
    others = tuple(Other(role, one.birth_day, _values(one, stage.program)) for role, one in given.others)
    return Person(given.resident.birth_day, stage.key, _values(given.resident, stage.program, goes_on=True), others)


def _needed(module: Module, books: Workshop) -> list[Module]:
    """The module, what it uses, and what that uses."""
    found: dict[str, Module] = {}
    waiting = [module]
    while waiting:
        one = waiting.pop()
        if one.name not in found:
            found[one.name] = one
            waiting += [books.modules[name] for name in one.uses]
    return list(found.values())


def _staged(module: Module, question: Question) -> Module:
    """The module as a test would run it: it begins where the question says, or in its start state."""
    begin = question.begin if module.name == question.module.name else module.start
    case = Case(
        "trace", module.file, module.spot, module.name, question.given, begin, question.from_birth, (),
        question.until, 1, Expectation(module.spot),
    )  # fmt: skip
    return staged(module, case)


def _block(question: Question, program: Program) -> Block:
    given = question.given
    people = [given.resident, *(other for _, other in given.others)]
    relatives = np.full((len(people), len(OTHERS)), -1, dtype=np.int64)
    for number, (role, _) in enumerate(given.others, start=1):
        if role in OTHERS:
            relatives[0, OTHERS.index(role)] = number
        if role == OTHERS[0]:
            relatives[number, 0] = 0
    named = [_values(one, program, goes_on=number == 0) for number, one in enumerate(people)]
    values = [[one[attribute.name] for attribute in program.attributes] for one in named]
    first = keys(int(name_key("abmsim trace")), np.array([question.seed], dtype=np.uint64))[0]
    return Block(
        birth_day=np.array([one.birth_day for one in people], dtype=np.int32),
        key=keys(int(first), np.arange(len(people))),
        relatives=relatives,
        attributes=np.array(values, dtype=np.float64),
        unit_size=np.array([len(people)], dtype=np.int32),
    )


def _values(one: Resident, program: Program, goes_on: bool = False) -> dict[str, float]:
    """The stored attributes by name."""
    given = {**one.values, GOES_ON: float(goes_on)}
    return {attribute.name: given.get(attribute.name, attribute.default) for attribute in program.attributes}
