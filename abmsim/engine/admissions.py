"""Institutions at the barrier: a month's requests come in, each plans, and who is next is told the day of the turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from abmsim.days import NEVER, add_months, civil_date
from abmsim.engine import waiting
from abmsim.engine.agenda import Agenda
from abmsim.engine.awaiting import Awaiting
from abmsim.engine.columns import Columns
from abmsim.engine.institution_records import InstitutionMonths, InstitutionRecords
from abmsim.engine.institutions import MILLION, Institution
from abmsim.engine.messages import Messages
from abmsim.engine.month import Month
from abmsim.engine.offices import Offices
from abmsim.engine.waiting import Stays
from abmsim.engine.world import MOST_MUNICIPALITIES
from abmsim.lang import layout as at
from abmsim.lang.program import Program
from abmsim.population.municipality import Place

_MONTHS_BEFORE = 12
_CLOSED = 0
"""In FREE_FROM: there is a line until the end of the month. Days of the live years are far above."""


def plan_all(institutions: Sequence[Institution]) -> None:
    """Each plans whom it takes on in the next month."""
    for institution in institutions:
        institution.plan()


@dataclass(slots=True)
class Admissions:
    """The waiting lists of a town and the institutions that work on them; one call of `barrier` a month.

    Before the first barrier a request passes with the published waiting time: whoever stands in one then joins the
    list with the day on which it was made. `plan` lets all institutions plan; who steps them otherwise may set it.
    `called` are those who were told a day in the month that runs: whoever goes on without it before has withdrawn.
    """

    program: Program
    offices: Offices
    awaiting: Awaiting
    limited: np.ndarray
    labels: np.ndarray | None = None
    queue: waiting.Requests = field(default_factory=waiting.Requests.none)
    called: waiting.Settled = field(default_factory=waiting.Settled.none)
    settled: list[waiting.Settled] = field(default_factory=list)
    months: list[InstitutionMonths] = field(default_factory=list)
    free_from: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    plan: Callable[[Sequence[Institution]], None] = plan_all
    begun: bool = False

    @classmethod
    def of(
        cls, program: Program, places: Sequence[Place], residents: np.ndarray, regions: Mapping[str, Sequence[str]],
        labels: np.ndarray | None = None,
    ) -> Admissions:  # fmt: skip
        """Those of a town with `residents` int64[places] of the run (see `Offices.of`); `labels` int64[places]: the
        value of municipality_code in each, looked up among the residents if not given."""
        offices = Offices.of(program.institutions, places, residents, regions)
        limited = np.array([one.is_limited for one in offices.institutions], dtype=bool)
        return cls(program, offices, Awaiting.of(program), limited, labels)

    @property
    def institutions(self) -> tuple[Institution, ...]:
        return self.offices.institutions

    @property
    def any_limited(self) -> bool:
        """Whether anybody may have to wait: if not, there is nothing to do at the barrier."""
        return bool(self.limited.any()) and bool(self.awaiting.states.any())

    @property
    def heard_of(self) -> np.ndarray:
        """bool[states]: the states of all modules that wait for an institution in one of them."""
        modules = np.unique(self.awaiting.module[self.awaiting.states])
        return np.isin(self.awaiting.module, modules)

    def barrier(self, month: Month, rows: np.ndarray, agendas: Sequence[Agenda]) -> None:
        """The end of a month, of whose rows of the log these are of modules that wait for an institution."""
        self._take_back(rows)
        self.collect(month, rows[self.awaiting.states[rows[:, at.ROW_STATE]]], agendas)
        self.plan(self.institutions)
        self.carry_out(month)

    def _take_back(self, rows: np.ndarray) -> None:
        """Settles who had been told a day of this month: by then they came, or had gone on without before it."""
        called, self.called = self.called, waiting.Settled.none()
        module = self.awaiting.module
        went_on = waiting.first_days(called.person, module[called.state], rows[:, at.ROW_PERSON],
                                     module[rows[:, at.ROW_STATE]], rows[:, at.ROW_DAY])  # fmt: skip
        self.settled.append(called.unless(went_on))

    # --- what is asked ---------------------------------------------------------------------------------------------
    def collect(self, month: Month, rows: np.ndarray, agendas: Sequence[Agenda]) -> None:
        """Takes in the month's rows of the log that wait for an institution, and tells each what is asked of it."""
        made = self._requests(month, rows)
        asked = Messages.of(made.office, made.key)
        if self.begun:
            passed = self._sort_out(month, made.where(self.limited[made.office]))
        else:
            passed = Messages.none()
            self._begin(month, agendas)
        self._tell(asked, passed, new_year=civil_date(month.end)[1] == 1)

    def _sort_out(self, month: Month, made: waiting.Requests) -> Messages:
        """Who stands in line joins it; those who came are settled. Returns what was passed without waiting in line."""
        waits = self._waits(month, made)
        at_once = ~waits & (made.crisis | (self.free_from[made.office] != _CLOSED))
        self._leave(month, made.where(~waits & ~at_once))
        came = made.where(at_once)
        self.settled.append(self._came(came))
        self._drop_out(month)
        self.queue = self.queue.and_of(made.where(waits))
        return Messages.of(came.office, came.key)

    def _tell(self, asked: Messages, passed: Messages, new_year: bool) -> None:
        n = len(self.offices)
        made, came, in_line = asked.counts(n), passed.counts(n), np.bincount(self.queue.office, minlength=n)
        for number, institution in enumerate(self.institutions):
            institution.asked, institution.passed = int(made[number]), int(came[number])
            institution.waiting, institution.new_year = int(in_line[number]), new_year

    def _came(self, came: waiting.Requests) -> waiting.Settled:
        """Whoever came without waiting in line: at once, or as soon as the line of the month before was served."""
        day = np.where(came.crisis, came.day, np.maximum(came.day, self.free_from[came.office]))
        return waiting.Settled.of(came, day, waiting.ADMITTED)

    def _requests(self, month: Month, rows: np.ndarray) -> waiting.Requests:
        person, state = rows[:, at.ROW_PERSON], rows[:, at.ROW_STATE]
        key = month.columns.column("PERSON_KEY")[person]
        place = month.register.stays["municipality"][person]
        cells = month.columns.arrays["POOL"].view(np.float64)
        level = month.columns.words(person, self.awaiting.module[state], 0) // 2 + self.awaiting.level[state]
        office = self.offices.turned_to(self.awaiting.institution[state], place)
        crisis = cells[level + 1] != 0
        return waiting.Requests(person, key, state, office, rows[:, at.ROW_DAY], cells[level], crisis)

    def _turns(self, month: Month, requests: waiting.Requests) -> np.ndarray:
        """int32[k]: the day that each was told to come, NEVER if none; -NEVER for who no longer stands in the state."""
        person, state = requests.person, requests.state
        module, columns = self.awaiting.module[state], month.columns
        stands = month.is_there(person) & (columns.states(person, module) == state)
        words = columns.words(person, module, self.awaiting.slot[state])
        return np.where(stands, columns.arrays["POOL"][words], -NEVER)

    def _waits(self, month: Month, requests: waiting.Requests) -> np.ndarray:
        """bool[k]: who still stands in the state and has not been told when to come."""
        return self._turns(month, requests) == NEVER

    def _drop_out(self, month: Month) -> None:
        """Whoever has died, left or gone on without is no longer in line."""
        waits = self._waits(month, self.queue)
        self._leave(month, self.queue.where(~waits))
        self.queue = self.queue.where(waits)

    def _leave(self, month: Month, gone: waiting.Requests) -> None:
        if not len(gone):
            return
        death = month.columns.column("DEATH")[gone.person]
        there = month.is_there(gone.person)
        outcome = np.where(death <= month.end, waiting.DECEASED, np.where(there, waiting.WITHDRAWN, waiting.DEPARTED))
        day = np.where(death <= month.end, death, month.day)
        self.settled.append(waiting.Settled.of(gone, np.maximum(day, gone.day), outcome))

    def records(self, stays: Stays) -> InstitutionRecords:
        """What is told of it all at the end: who still waits is told of too."""
        still = waiting.Settled.of(self.queue, NEVER, waiting.WAITING)
        settled = waiting.Settled.together([*self.settled, self.called, still]).until(stays)
        return InstitutionRecords(self.offices, settled, InstitutionMonths.together(self.months))

    # --- who comes -------------------------------------------------------------------------------------------------
    def carry_out(self, month: Month) -> None:
        """Tells those who are admitted their day in the next month, and everybody from when on they need not wait."""
        start, length = month.end, _length(month.end)
        line = self.queue.in_turn()
        place = line.place_in_turn()
        admits = np.array([one.admits for one in self.institutions], dtype=np.int64)
        comes = place < admits[line.office]
        admitted, day = line.where(comes), start + self._day_in_month(line.office[comes], place[comes], admits, length)
        self._call(month.columns, admitted, day)
        self.called = waiting.Settled.of(admitted, day, waiting.ADMITTED)
        self.queue = line.where(~comes)
        self._open(month, start, length)
        self._remember(month)

    def _day_in_month(self, office: np.ndarray, place: np.ndarray, admits: np.ndarray, length: int) -> np.ndarray:
        """int64[k]: the days are spread as evenly as the month's capacity is."""
        busy = np.array([one.busy for one in self.institutions], dtype=np.int64)
        turns = np.maximum(self._per_month(), 1)  # of a month, in millionths
        before = np.maximum(busy - admits * MILLION * MILLION // turns, 0)[office]
        turn = before + (2 * place + 1) * MILLION * MILLION // (2 * turns[office])
        return np.minimum(turn * length // MILLION, length - 1)

    def _per_month(self) -> np.ndarray:
        """int64[institutions]: requests a month, in millionths; as many as come where the work is not what is short."""
        return np.array([max(one.month, one.admits * MILLION) for one in self.institutions], dtype=np.int64)

    def _call(self, columns: Columns, admitted: waiting.Requests, day: np.ndarray) -> None:
        """Writes the end of the wait where the kernel reads it, and makes the module due by then."""
        person, state = admitted.person, admitted.state
        module = self.awaiting.module[state]
        columns.arrays["POOL"][columns.words(person, module, self.awaiting.slot[state])] = day
        earlier = columns.matrix("DUE")[person, module] < day
        columns.look_again(person[~earlier], module[~earlier])
        columns.make_due(person[~earlier], module[~earlier], day[~earlier])

    def _open(self, month: Month, start: int, length: int) -> None:
        """From which day on each resident need not wait at each kind of institution; _CLOSED where there is a line."""
        free = [
            (start + one.busy * length // MILLION if one.is_open else _CLOSED) if limited else start
            for one, limited in zip(self.institutions, self.limited, strict=True)
        ]
        self.free_from = np.array(free, dtype=np.int32)
        told = month.columns.arrays["FREE_FROM"].reshape(int(MOST_MUNICIPALITIES), -1)
        told[self._labels(month)] = self.free_from[self.offices.of_place].T

    def _labels(self, month: Month) -> np.ndarray:
        """int64[places]: the value of municipality_code in each municipality of the run."""
        if self.labels is None:
            here = month.columns.count
            self.labels = np.zeros(len(month.register.places), dtype=np.int64)
            self.labels[month.register.stays["municipality"][:here]] = month.columns.attribute("municipality_code")
        return self.labels

    def _remember(self, month: Month) -> None:
        counts = [
            (one.asked, one.admits + one.passed, one.waiting - one.admits, one.spent_cents) for one in self.institutions
        ]
        asked, admitted, in_line, spent = np.array(counts, dtype=np.int64).reshape(-1, 4).T
        office = np.arange(len(self.offices))
        month_of = np.full(len(office), month.start, dtype=np.int32)
        self.months.append(InstitutionMonths(office, month_of, asked, admitted, in_line, spent))

    # --- the beginning ---------------------------------------------------------------------------------------------
    def _begin(self, month: Month, agendas: Sequence[Agenda]) -> None:
        """Institutions learn of the requests of the year before; who waits since before the first barrier joins the
        line with the day of asking, whatever day the published waiting time had given them."""
        self.begun = True
        before = np.concatenate([agenda.requests for agenda in agendas])
        self._tell_of_last_year(month, self._requests(month, before[before[:, at.ROW_DAY] < month.start]))
        rows = np.concatenate([before, *(agenda.rows[: agenda.row_count] for agenda in agendas)])
        made = self._requests(month, rows[self.awaiting.states[rows[:, at.ROW_STATE]]])
        made = made.where(self.limited[made.office])
        self.queue = waiting.Requests.none().and_of(made.where(self._turns(month, made) >= month.end))
        columns, person, state = month.columns, self.queue.person, self.queue.state
        module = self.awaiting.module[state]
        columns.arrays["POOL"][columns.words(person, module, self.awaiting.slot[state])] = NEVER
        columns.look_again(person, module)
        columns.make_due(person, module, month.end)

    def _tell_of_last_year(self, month: Month, made: waiting.Requests) -> None:
        for back in range(_MONTHS_BEFORE, 0, -1):
            first, end = add_months(month.start, -back), add_months(month.start, 1 - back)
            within = (made.day >= first) & (made.day < end)
            counts = np.bincount(made.office[within], minlength=len(self.offices))
            for institution, count in zip(self.institutions, counts, strict=True):
                institution.earlier.append(int(count))


def _length(start: int) -> int:
    """Days of the month that begins on a day."""
    return add_months(start, 1) - start
