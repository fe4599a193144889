"""A town in the engine: lives up to the base date household by household, then month by month all together."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from time import perf_counter

import numpy as np

from abmsim.days import NEVER, add_months, civil_date, civil_day, day_date
from abmsim.engine.admissions import Admissions
from abmsim.engine.agenda import Agenda, Calendar
from abmsim.engine.columns import Columns, Script
from abmsim.engine.eventlog import LogChunk, LogRules, chunk_of
from abmsim.engine.history import BLOCK_RESIDENTS, History, Past, group_households
from abmsim.engine.incoming import Setting
from abmsim.engine.kernel import run_block
from abmsim.engine.legacy import Legacy
from abmsim.engine.lives import Lives
from abmsim.engine.monthly import Months
from abmsim.engine.register import Register
from abmsim.engine.waiting import Stays
from abmsim.engine.world import (
    ACTS_FROM,
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
from abmsim.randomness import keys, name_key
from abmsim.vocabulary import BASE_DATE

_SPARE_ROWS = 0.35
"""Room for newcomers from the start, per resident of the base date; the columns grow if it is not enough."""

_CHUNKS_AHEAD = 4
"""Blocks whose log is put in order before it is asked for."""

_COUNTED = {"histories_drawn_again": REDRAWN, "histories_given_up": GIVEN_UP, "steps": STEPS}

Progress = Callable[[str, int, int], None]


class Town:
    """Runs a program over a population from birth to the horizon.

    `attributes` are those stored of the base date by name (see `population.attributes`), or a `Past`; without `customs`
    nobody pairs, moves or arrives. `run` does the work; who wants to look on calls `begin`, then `step` for each month
    until the town is `over`. `chunks()` gives the log in the order of the residents, whatever the number of threads;
    it, `lives`, `death_day` int32[n] and `counts` tell of what has been lived so far. `seconds` says how
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
        self.seed = seed
        self.base_day, self.from_day, self.to_day = base_day, from_day, to_day
        self.day = base_day
        self.workers = workers
        self.block_residents = block_residents
        self.customs = customs
        self.seconds = {"history": 0.0, "months": 0.0, "barriers": 0.0, "arrivals": 0.0}
        self.agendas: list[Agenda] = []
        self.columns: Columns | None = None
        self._progress = progress
        self._rules = LogRules.of(program, history_from)
        residents = np.bincount(population.people.municipality, minlength=len(population.places))
        regions = customs.regions if customs is not None else {}
        labels = customs.code_of_place.astype(np.int64) if customs is not None else None
        self.admissions = Admissions.of(program, population.places, residents, regions, labels)
        self._acts_from = NEVER
        self.register: Register | None = None
        self._months: Months | None = None

    # --- what is known of it -----------------------------------------------------------------------------------------
    @property
    def over(self) -> bool:
        """Whether the horizon is reached: no month is left to step through."""
        return self._months is not None and self.day >= self.to_day

    @property
    def month(self) -> tuple[int, int]:
        """Year and month of the next step; `day` is the first day that has not been lived yet."""
        year, month, _ = civil_date(self.day)
        return year, month

    @property
    def lives(self) -> Lives:
        """What has become of everybody; the town must have begun."""
        assert self.register is not None, "the town has not begun"
        lives = self.register.lives()
        stays = Stays(lives.left_day, lives.death_day < NEVER, self.day)
        return replace(lives, institutions=self.admissions.records(stays))

    @property
    def death_day(self) -> np.ndarray:
        """int32[n]: the day of death of everybody who was ever there, NEVER for all others."""
        return self.lives.death_day

    @property
    def counts(self) -> dict[str, int]:
        """Histories drawn again and given up, and steps of the kernel."""
        return {name: sum(int(one.world[field]) for one in self.agendas) for name, field in _COUNTED.items()}

    def chunks(self) -> Iterator[LogChunk]:
        """The log, block after block: the residents of the base date, then newcomers by month."""
        if self._months is None:
            self.run()
        # The next ones are put in order while one is written.
        with ThreadPoolExecutor(max_workers=self.workers) as ahead:
            waiting: deque[Future[LogChunk]] = deque()
            for agenda in self.agendas:
                waiting.append(ahead.submit(self._chunk, agenda))
                if len(waiting) > _CHUNKS_AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _chunk(self, agenda: Agenda) -> LogChunk:
        return chunk_of(agenda.log(), 0, self._rules, agenda.entered)

    # --- its life ----------------------------------------------------------------------------------------------------
    def run(self) -> None:
        """Everything that has not been lived yet, up to the horizon."""
        if self._months is None:
            self.begin()
        while not self.over:
            self.step()

    def begin(self) -> None:
        """Lives up to the base date and through it, without the live years; what was told of the past is let go."""
        assert self._months is None, "the town has begun already"
        n = len(self.population.people)
        self.columns = Columns(self.program, n + int(n * _SPARE_ROWS * self._years()) + 1024)
        seed_key = keys(int(name_key("abmsim")), np.array([self.seed], dtype=np.uint64))[0]
        calendar, legacy = Calendar.until(self.to_day), Legacy(self.agendas)
        setting = Setting(self.program, calendar, self.columns, self._rules, legacy, seed_key, self.seed)
        self.register = Register(self.population, group_households(self.population), self.from_day)
        self.register.know(self.past.attributes)
        if self.past.backstory is not None:
            self.register.remember(self.past.backstory)
        self._live_history(setting)
        self._months = Months(setting, self.register, self.customs, self.agendas, self._log_marks(), self.admissions)

    def step(self) -> None:
        """One month: everybody's modules, block by block on threads, then the barrier; UserError at the horizon."""
        assert self._months is not None, "the town has not begun"
        if self.over:
            raise UserError(f"the town has reached {day_date(self.to_day)}, the day it was to be run to")
        start, end = self.day, min(add_months(civil_day(*self.month, 1), 1), self.to_day)
        acts_from = self._acts_from
        with ThreadPoolExecutor(max_workers=self.workers) as pool:
            begin = perf_counter()
            list(pool.map(lambda agendas: _month_of(agendas, start, end, acts_from), self._shares()))
            for agenda in self.agendas:
                self._check_not_stuck(agenda)
            reached = perf_counter()
            self._months.barrier(start, end, pool)
        self.seconds["months"] += reached - begin
        self.seconds["barriers"] += perf_counter() - reached
        self.seconds["arrivals"] = self._months.arrival_seconds
        self.day = end
        if self.admissions.any_limited:
            self._acts_from = min(self._acts_from, end)
        self._progress("simulating the live years", end - self.base_day, self.to_day - self.base_day)

    def _shares(self) -> list[list[Agenda]]:
        """The blocks, those of few residents together, as a thread takes them on."""
        shares: list[list[Agenda]] = []
        room = 0
        for agenda in self.agendas:
            if room <= 0:
                shares.append([])
                room = self.block_residents
            shares[-1].append(agenda)
            room -= agenda.end - agenda.first
        return shares

    def let_go(self) -> None:
        """Lets go of what only further months need, once the town is over: its log and its lives stay."""
        assert self.over, "the town goes on"
        for agenda in self.agendas:
            agenda.let_go()
        if self.columns is not None:
            self.columns.arrays.clear()

    def _live_history(self, setting: Setting) -> None:
        begin = perf_counter()
        until = min(self.base_day + 1, self.to_day)
        history = History(setting, self.population, self.past, self.base_day, until, self.block_residents)
        with ThreadPoolExecutor(max_workers=self.workers) as pool:
            for agenda in history.live(pool):
                self._check_not_stuck(agenda)
                self.agendas.append(agenda)
                self._progress("living up to the base date", agenda.end, setting.columns.count)
        self.seconds["history"] = perf_counter() - begin
        self.past = Past({})
        setting.columns.tell(Script.empty(0))

    def _years(self) -> float:
        return max(self.to_day - self.base_day, 0) / 365.25 if self.customs is not None else 0.0

    def _log_marks(self) -> dict[str, np.ndarray]:
        """For each kind of happening the states that ask for it, bool[states]."""
        kinds = {state.happens for state in self.program.states if state.happens}
        return {kind: np.array([state.happens == kind for state in self.program.states]) for kind in sorted(kinds)}

    def _check_not_stuck(self, agenda: Agenda) -> None:
        stuck = int(agenda.world[STUCK_STATE])
        if stuck:
            raise UserError(_loop_without_time(self.program, stuck - 1))


def _month_of(agendas: Sequence[Agenda], start: int, end: int, acts_from: int) -> None:
    """Runs the modules of some blocks in the month [start, end); institutions have acted since `acts_from`."""
    for agenda in agendas:
        world = agenda.world
        world[MONTHLY], world[NEXT_PERSON], world[END_PERSON] = 1, agenda.first, agenda.end
        world[TICK_START], world[UNTIL], world[ACTS_FROM] = start, end, acts_from
        while run_block(agenda.address) == FULL:
            agenda.grow()


def _loop_without_time(program: Program, state: int) -> str:
    info = program.states[state]
    return (
        f"{info.file}:{info.line} the state '{info.name}' is part of a loop in which no time passes"
        " (let one of its states wait, or let its condition become false)"
    )
