"""A town in the engine: lives up to the base date household by household, then month by month all together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from abmsim.days import NEVER, add_months, civil_date, civil_day
from abmsim.engine.agenda import Agenda, Block, Calendar
from abmsim.engine.columns import Columns, Newcomers, Script
from abmsim.engine.eventlog import LogChunk, LogRules, chunk_of
from abmsim.engine.incoming import Setting, live_up_to_now
from abmsim.engine.kernel import run_block
from abmsim.engine.lives import Lives
from abmsim.engine.monthly import Months
from abmsim.engine.register import Register
from abmsim.engine.world import (
    END_PERSON,
    FULL,
    GIVEN_UP,
    MONTHLY,
    NEXT_PERSON,
    REDRAWN,
    STEPS,
    STUCK_STATE,
    TICK_START,
    UNTIL,
)  # fmt: skip
from abmsim.lang.program import Program
from abmsim.population.customs import Customs
from abmsim.population.people import Population
from abmsim.problems import UserError
from abmsim.randomness import keys, mix, name_key
from abmsim.vocabulary import BASE_DATE

if TYPE_CHECKING:
    from abmsim.population.backstory import Backstory

BLOCK_RESIDENTS = 4096
"""Residents of a block (up to a household more). A constant: the order of the log must not depend on the machine."""

_PRIVATE = 0
_SPARE_ROWS = 0.35
"""Room for newcomers from the start, per resident of the base date; the columns grow if it is not enough."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Past:
    """What the residents of the base date have behind them: `backstory` (None: they were always as they are now) and
    the values of stored attributes on the base date by name, float64[n]."""

    attributes: Mapping[str, np.ndarray]
    backstory: Backstory | None = None


class Town:
    """Runs a program over a population from birth to the horizon.

    `attributes` are those stored of the base date by name (see `population.attributes`), or a `Past`; without `customs`
    nobody pairs, moves or arrives. `run` does the work, `chunks()` then gives the log in the order of the residents,
    whatever the number of threads; `lives`, `death_day` int32[n] and `counts` are complete then. `seconds` says how
    long the history, the months and the barriers between them took (with newcomers' lives up to their arrival, which
    are apart in `arrivals` too).
    """

    def __init__(
        self,
        program: Program,
        population: Population,
        attributes: Mapping[str, np.ndarray] | Past,
        seed: int,
        from_day: int,
        to_day: int,
        workers: int = 1,
        history_from: int = -NEVER,
        block_residents: int = BLOCK_RESIDENTS,
        customs: Customs | None = None,
        base_day: int = BASE_DATE,
        progress: Progress = lambda stage, done, of: None,
    ) -> None:
        self.program = program
        self.population = population
        self.past = attributes if isinstance(attributes, Past) else Past(attributes)
        self.seed, self.seed_key = seed, keys(int(name_key("abmsim")), np.array([seed], dtype=np.uint64))[0]
        self.base_day, self.from_day, self.to_day = base_day, from_day, to_day
        self.workers = workers
        self.block_residents = block_residents
        self.customs = customs
        self.counts = {"histories_drawn_again": 0, "histories_given_up": 0, "steps": 0}
        self.seconds = {"history": 0.0, "months": 0.0, "barriers": 0.0, "arrivals": 0.0}
        self._progress = progress
        self._calendar = Calendar.until(to_day)
        self._rules = LogRules.of(program, history_from)
        self._unit_size = _unit_sizes(population)
        self.agendas: list[Agenda] = []
        self.columns: Columns | None = None
        self._register: Register | None = None

    @property
    def lives(self) -> Lives:
        """What became of everybody; the run must be over."""
        assert self._register is not None, "the town has not been run"
        return self._register.lives()

    @property
    def death_day(self) -> np.ndarray:
        """int32[n]: the day of death of everybody who was ever there, NEVER for all others."""
        return self.lives.death_day

    def chunks(self) -> Iterator[LogChunk]:
        """The log, block after block: the residents of the base date, then newcomers by month."""
        if self._register is None:
            self.run()
        for agenda in self.agendas:
            newcomers = agenda.first >= len(self.population.people)
            entered = agenda.base_day if newcomers else -NEVER
            yield chunk_of(agenda.log(), 0, self._rules, entered)

    def run(self) -> None:
        """Lives up to the base date, then month by month to the horizon."""
        self.run_history()
        with ThreadPoolExecutor(max_workers=self.workers) as pool:
            self._run_months(pool)
        for agenda in self.agendas:
            self.counts["histories_drawn_again"] += int(agenda.world[REDRAWN])
            self.counts["histories_given_up"] += int(agenda.world[GIVEN_UP])
            self.counts["steps"] += int(agenda.world[STEPS])

    def run_history(self) -> None:
        """Lives up to the base date and through it, without the live years; what was told of the past is let go."""
        n = len(self.population.people)
        group_household = np.repeat(np.arange(len(self.population.households)), _units_of(self.population))
        self.columns = Columns(self.program, n + int(n * _SPARE_ROWS * self._years()) + 1024)
        self._register = Register(self.population, group_household, self.from_day)
        self._register.know(self.past.attributes)
        if self.past.backstory is not None:
            self._register.remember(self.past.backstory)
        begin = perf_counter()
        with ThreadPoolExecutor(max_workers=self.workers) as pool:
            self._run_history(pool)
        self.seconds["history"] = perf_counter() - begin
        self.past = Past({})
        self.columns.tell(Script.empty(0))

    def _years(self) -> float:
        return max(self.to_day - self.base_day, 0) / 365.25 if self.customs is not None else 0.0

    # --- up to the base date -----------------------------------------------------------------------------------------
    def _run_history(self, pool: ThreadPoolExecutor) -> None:
        """Everybody's life up to the base date and through that day."""
        columns = self.columns
        assert columns is not None
        columns.add(self._residents())
        values, script = self._beginnings()
        columns.tell(script)
        bounds = _block_bounds(self._unit_size, self.block_residents)
        for agenda in pool.map(lambda bound: live_up_to_now(self._agenda(bound, values)), bounds):
            self._check_not_stuck(agenda)
            self.agendas.append(agenda)
            self._progress("living up to the base date", agenda.end, columns.count)

    def _residents(self) -> Newcomers:
        people = self.population.people
        backstory = self.past.backstory
        joined = people.birth_day if backstory is None else np.maximum(backstory.joined, people.birth_day)
        relatives = np.stack([people.partner, people.mother, people.father], axis=1)
        return Newcomers(people.birth_day, self._key(people.key), relatives, joined.astype(np.int32))

    def _key(self, key: np.ndarray) -> np.ndarray:
        return mix(np.full(len(key), self.seed_key, dtype=np.uint64), key)

    def _beginnings(self) -> tuple[dict[int, np.ndarray], Script]:
        """The values at birth of the stored attributes that are known, by column, and what is told after it."""
        known = {
            index: np.asarray(self.past.attributes[attribute.name], dtype=np.float64)
            for index, attribute in enumerate(self.program.attributes)
            if attribute.name in self.past.attributes
        }
        backstory = self.past.backstory
        if backstory is None:
            return known, Script.empty(len(self.population.people))
        return _at_birth(known, backstory, self.program, self.population.people.birth_day)

    def _agenda(self, bound: tuple[int, int, int, int], values: dict[int, np.ndarray]) -> Agenda:
        people = self.population.people
        first_unit, end_unit, first, end = bound
        attributes = np.empty((end - first, len(self.program.attributes)))
        for index, attribute in enumerate(self.program.attributes):
            attributes[:, index] = values[index][first:end] if index in values else attribute.default
        none = np.full((end - first, 3), -1)
        block = Block(people.birth_day[first:end], people.key[first:end], none, attributes,
                      self._unit_size[first_unit:end_unit])  # fmt: skip
        until = min(self.base_day + 1, self.to_day)
        return Agenda(self.program, block, self._calendar, self.base_day, until, self.columns, first, first_unit)

    # --- the live years ----------------------------------------------------------------------------------------------
    def _run_months(self, pool: ThreadPoolExecutor) -> None:
        """Month by month: everybody's modules, then the barrier."""
        assert self.columns is not None and self._register is not None
        setting = Setting(self.program, self._calendar, self.columns, self.seed_key, self.seed)
        months = Months(setting, self._register, self.customs, self.agendas, self._log_marks(), pool)
        start = self.base_day
        year, month, _ = civil_date(start)
        while start < self.to_day:
            end = min(add_months(civil_day(year, month, 1), 1), self.to_day)
            begin = perf_counter()
            for agenda in pool.map(lambda agenda, span=(start, end): self._month_of(agenda, *span), self.agendas):
                self._check_not_stuck(agenda)
            reached = perf_counter()
            months.barrier(start, end)
            self.seconds["months"] += reached - begin
            self.seconds["barriers"] += perf_counter() - reached
            self.seconds["arrivals"] = months.arrival_seconds
            self._progress("simulating the live years", end - self.base_day, self.to_day - self.base_day)
            start = end
            year, month, _ = civil_date(start)

    @staticmethod
    def _month_of(agenda: Agenda, start: int, end: int) -> Agenda:
        world = agenda.world
        world[MONTHLY], world[NEXT_PERSON], world[END_PERSON] = 1, agenda.first, agenda.end
        world[TICK_START], world[UNTIL] = start, end
        while run_block(agenda.address) == FULL:
            agenda.grow()
        return agenda

    def _log_marks(self) -> dict[str, np.ndarray]:
        """For each kind of happening the states that ask for it, bool[states]."""
        kinds = {state.happens for state in self.program.states if state.happens}
        return {kind: np.array([state.happens == kind for state in self.program.states]) for kind in sorted(kinds)}

    def _check_not_stuck(self, agenda: Agenda) -> None:
        stuck = int(agenda.world[STUCK_STATE])
        if stuck:
            raise UserError(_loop_without_time(self.program, stuck - 1))


def _at_birth(
    known: dict[int, np.ndarray], backstory: Backstory, program: Program, birth_day: np.ndarray
) -> tuple[dict[int, np.ndarray], Script]:
    """What is told of the day of birth becomes the value at birth; the rest stays to be told later."""
    columns = {attribute.name: index for index, attribute in enumerate(program.attributes)}
    index = np.array([columns.get(name, -1) for name in backstory.names], dtype=np.int32)
    person = np.repeat(np.arange(len(birth_day)), np.diff(backstory.first))
    attribute = index[backstory.attribute]
    at_birth = (backstory.day <= birth_day[person]) & (attribute >= 0)
    for name in backstory.names:
        if columns.get(name, -1) >= 0:
            default = program.attributes[columns[name]].default
            known[columns[name]] = np.full(len(birth_day), default)
            told = at_birth & (attribute == columns[name])
            known[columns[name]][person[told]] = backstory.value[told]
    later = ~at_birth & (attribute >= 0)
    first = np.searchsorted(person[later], np.arange(len(birth_day) + 1))
    return known, Script(first, backstory.day[later], attribute[later], backstory.value[later])


def _units_of(population: Population) -> np.ndarray:
    """int[households]: units of each household: one of a private one, one a resident of an institution."""
    households = population.households
    return np.where(households.kind == _PRIVATE, 1, households.size)


def _unit_sizes(population: Population) -> np.ndarray:
    """int32[units]: residents who read each other: private households; residents of institutions are on their own."""
    households = population.households
    size = np.where(households.kind == _PRIVATE, households.size, 1)
    return np.repeat(size, _units_of(population)).astype(np.int32)


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
