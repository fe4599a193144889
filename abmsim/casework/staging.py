"""Residents of a case as the kernel's columns, and what they have been through when it is over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.casework.forcing import GOES_ON, staged, still
from abmsim.casework.ways import Way, marked, ways_of_lines
from abmsim.casework.workshop import Workshop
from abmsim.days import NEVER
from abmsim.engine.agenda import Agenda, Block, Calendar
from abmsim.engine.eventlog import LogChunk, LogRules, chunk_of
from abmsim.engine.kernel import run_block
from abmsim.engine.world import FULL, STUCK_STATE
from abmsim.lang import layout as at
from abmsim.lang.cases import OTHERS, Case, Resident, Step
from abmsim.lang.compile import compile_modules
from abmsim.lang.program import Program
from abmsim.problems import UserError
from abmsim.randomness import keys, name_key
from abmsim.vocabulary import BASE_DATE


def compiled(case: Case, workshop: Workshop) -> tuple[Program, list[Way]]:
    """The case's module and those that it reads, and the ways that the log tells by their lines."""
    module = workshop.modules[case.module]
    own, ways = marked(staged(module, case))
    modules = [own, *(still(workshop.modules[name]) for name in module.uses)]
    return compile_modules(modules, workshop.catalogue, workshop.schema, workshop.municipality_codes), ways


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out for the residents of a case: one household after the other, the resident first.

    `states` and `days` int[rows] are those that the residents of the case entered, in order, `person` int[rows] their
    number; `attributes` float64[residents, attributes]; `records` is the log of the first resident; `ways` are all that
    any resident took.
    """

    program: Program
    person: np.ndarray
    states: np.ndarray
    days: np.ndarray
    attributes: np.ndarray
    records: LogChunk
    ways: frozenset[Way]

    def path(self) -> list[Step]:
        """The states of the first resident, in order."""
        first = self.person == 0
        names = [self.program.states[state].name for state in self.states[first]]
        return [Step(name, int(day)) for name, day in zip(names, self.days[first], strict=True)]

    def entered(self) -> frozenset[str]:
        """The states that any resident has been in."""
        return frozenset(self.program.states[state].name for state in np.unique(self.states))

    def residents_in(self, state: str, only_last: bool) -> int:
        """How many residents have ever been in a state, or are in it at the end."""
        rows = np.ones(len(self.person), dtype=bool)
        if only_last:
            rows[:-1] = self.person[1:] != self.person[:-1]
        number = next(i for i, info in enumerate(self.program.states) if info.name == state)
        return len(np.unique(self.person[rows & (self.states == number)]))


def run(case: Case, workshop: Workshop) -> Outcome:
    """Runs a case on the kernel."""
    program, ways = compiled(case, workshop)
    agenda = Agenda(program, _block(case, program), Calendar.until(case.until), BASE_DATE, case.until)
    while run_block(agenda.address) == FULL:
        agenda.grow()
    _check_not_stuck(agenda, program)
    rows = agenda.rows[: agenda.row_count]
    household = 1 + len(case.given.others)
    kept = rows[_are_of_case(rows, program, case, household)]
    kept = kept[np.argsort(kept[:, at.ROW_PERSON], kind="stable")]
    first = rows[rows[:, at.ROW_PERSON] == 0]
    values = agenda.attributes()[::household]
    return Outcome(
        program, kept[:, at.ROW_PERSON] // household, kept[:, at.ROW_STATE], kept[:, at.ROW_DAY], values,
        chunk_of(first, 0, LogRules.of(program, -NEVER)),
        ways_of_lines([program.whys[why].line for why in np.unique(kept[:, at.ROW_WHY])], ways),
    )  # fmt: skip


def _are_of_case(rows: np.ndarray, program: Program, case: Case, household: int) -> np.ndarray:
    """bool[rows]: the states that the module itself has, entered by the residents whom the case is about."""
    own = np.array([info.module == case.module and "(" not in info.name for info in program.states])
    return own[rows[:, at.ROW_STATE]] & (rows[:, at.ROW_PERSON] % household == 0)


def _check_not_stuck(agenda: Agenda, program: Program) -> None:
    stuck = int(agenda.world[STUCK_STATE])
    if stuck:
        info = program.states[stuck - 1]
        raise UserError(f"{info.file}:{info.line} the state '{info.name}' is part of a loop in which no time passes")


def _block(case: Case, program: Program) -> Block:
    """The households of a case: the same one `cohort` times, with other draws."""
    people = [case.given.resident, *(other for _, other in case.given.others)]
    size, n = len(people), case.cohort
    relatives = np.full((n, size, len(OTHERS)), -1, dtype=np.int64)
    rows = np.arange(n * size).reshape(n, size)
    for position, (role, _) in enumerate(case.given.others, start=1):
        if role in OTHERS:
            relatives[:, 0, OTHERS.index(role)] = rows[:, position]
        if role == OTHERS[0]:
            relatives[:, position, 0] = rows[:, 0]
    values = np.stack([_columns(person, program, is_resident=i == 0) for i, person in enumerate(people)])
    return Block(
        birth_day=np.tile(np.array([person.birth_day for person in people], dtype=np.int32), n),
        key=keys(int(name_key(f"{case.module}: {case.name}")), np.arange(n * size)),
        relatives=relatives.reshape(n * size, len(OTHERS)),
        attributes=np.tile(values, (n, 1)),
        unit_size=np.full(n, size, dtype=np.int32),
    )


def _columns(person: Resident, program: Program, is_resident: bool) -> np.ndarray:
    values = {**person.values, GOES_ON: float(is_resident)}
    return np.array([values.get(attribute.name, attribute.default) for attribute in program.attributes])
