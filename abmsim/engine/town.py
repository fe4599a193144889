"""A town in the engine: residents cut into fixed blocks of whole households, run on threads, logged in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from abmsim.days import NEVER
from abmsim.engine.agenda import Agenda, Block, Calendar
from abmsim.engine.eventlog import LogChunk, LogRules, chunk_of
from abmsim.engine.kernel import run_units
from abmsim.engine.world import FULL, GIVEN_UP, REDRAWN, STEPS, STUCK_STATE
from abmsim.lang.program import Program
from abmsim.population.people import Population
from abmsim.problems import UserError
from abmsim.randomness import keys, mix, name_key
from abmsim.vocabulary import BASE_DATE

BLOCK_RESIDENTS = 4096
"""Residents of a block (up to a household more). A constant: the order of the log must not depend on the machine."""

_PRIVATE = 0


class Town:
    """Runs a program over a population from birth to the horizon.

    `attributes` are the stored attributes by name (see `population.attributes`). `chunks()` gives the log in the order
    of the residents, whatever the number of threads; afterwards `death_day` int32[n] and `counts` are complete.
    """

    def __init__(
        self,
        program: Program,
        population: Population,
        attributes: Mapping[str, np.ndarray],
        seed: int,
        from_day: int,
        to_day: int,
        workers: int = 1,
        history_from: int = -NEVER,
        block_residents: int = BLOCK_RESIDENTS,
    ) -> None:
        self.program = program
        self.population = population
        self.attributes = attributes
        self.seed_key = keys(int(name_key("abmsim")), np.array([seed], dtype=np.uint64))[0]
        self.from_day = from_day
        self.to_day = to_day
        self.workers = workers
        self.block_residents = block_residents
        self.death_day = np.full(len(population.people.key), NEVER, dtype=np.int32)
        self.counts = {"histories_drawn_again": 0, "histories_given_up": 0, "steps": 0}
        self._calendar = Calendar.until(to_day)
        self._rules = LogRules.of(program, history_from)
        self._unit_size = _unit_sizes(population)

    def chunks(self) -> Iterator[LogChunk]:
        """The log, block after block; at most a few blocks are held in memory."""
        bounds = _block_bounds(self._unit_size, self.block_residents)
        with ThreadPoolExecutor(max_workers=self.workers) as pool:
            waiting: deque[Future[tuple[LogChunk, np.ndarray]]] = deque()
            try:
                for bound in bounds:
                    waiting.append(pool.submit(self._run_block, *bound))
                    if len(waiting) > 2 * self.workers:
                        yield self._counted(*waiting.popleft().result())
                while waiting:
                    yield self._counted(*waiting.popleft().result())
            finally:
                for future in waiting:
                    future.cancel()

    def _counted(self, chunk: LogChunk, world: np.ndarray) -> LogChunk:
        self.counts["histories_drawn_again"] += int(world[REDRAWN])
        self.counts["histories_given_up"] += int(world[GIVEN_UP])
        self.counts["steps"] += int(world[STEPS])
        return chunk

    def _run_block(self, first_unit: int, last_unit: int, first: int, last: int) -> tuple[LogChunk, np.ndarray]:
        block = self._block(first_unit, last_unit, first, last)
        agenda = Agenda(self.program, block, self._calendar, BASE_DATE, self.to_day)
        while run_units(agenda.address) == FULL:
            agenda.grow()
        stuck = int(agenda.world[STUCK_STATE])
        if stuck:
            raise UserError(_loop_without_time(self.program, stuck - 1))
        self.death_day[first:last] = agenda.deaths
        return chunk_of(agenda.rows[: agenda.row_count], first, self._rules), agenda.world

    def _block(self, first_unit: int, last_unit: int, first: int, last: int) -> Block:
        people = self.population.people
        relatives = np.stack([people.partner[first:last], people.mother[first:last], people.father[first:last]], axis=1)
        columns = np.zeros((last - first, len(self.program.attributes)))
        for index, attribute in enumerate(self.program.attributes):
            given = self.attributes.get(attribute.name)
            columns[:, index] = attribute.default if given is None else given[first:last]
        return Block(
            birth_day=people.birth_day[first:last],
            key=mix(np.full(last - first, self.seed_key, dtype=np.uint64), people.key[first:last]),
            relatives=np.where(relatives >= 0, relatives - first, -1),
            attributes=columns,
            unit_size=self._unit_size[first_unit:last_unit],
        )


def _unit_sizes(population: Population) -> np.ndarray:
    """int32[units]: residents who read each other: private households; residents of institutions are on their own."""
    households = population.households
    private = households.kind == _PRIVATE
    repeats = np.where(private, 1, households.size)
    return np.repeat(np.where(private, households.size, 1), repeats).astype(np.int32)


def _block_bounds(unit_size: np.ndarray, block_residents: int) -> Iterator[tuple[int, int, int, int]]:
    """(first unit, end unit, first resident, end resident) of each block: whole units, about the same size."""
    ends = np.cumsum(unit_size, dtype=np.int64)
    if len(ends) == 0:
        return
    unit, resident = 0, 0
    while unit < len(unit_size):
        end_unit = min(int(np.searchsorted(ends, resident + block_residents)) + 1, len(unit_size))
        end_resident = int(ends[end_unit - 1])
        yield unit, end_unit, resident, end_resident
        unit, resident = end_unit, end_resident


def _loop_without_time(program: Program, state: int) -> str:
    info = program.states[state]
    return (
        f"{info.file}:{info.line} the state '{info.name}' is part of a loop in which no time passes"
        " (let one of its states wait, or let its condition become false)"
    )
