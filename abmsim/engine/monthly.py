"""The barrier of a town at the end of every month: what was asked is carried out, and all can be seen afterwards."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from concurrent.futures import Executor
from time import perf_counter

import numpy as np

from abmsim.days import civil_date
from abmsim.engine import happenings, incoming, moving
from abmsim.engine.admissions import Admissions
from abmsim.engine.agenda import Agenda
from abmsim.engine.barrier import publish
from abmsim.engine.caring import Caring
from abmsim.engine.changes import Changes
from abmsim.engine.incoming import Setting
from abmsim.engine.month import Asked, Month
from abmsim.engine.pairing import Market
from abmsim.engine.register import Register
from abmsim.lang import layout as at
from abmsim.population.arrivals import arriving
from abmsim.population.customs import Customs

_MIGRATION = ("moves_away", "emigrates")
_REMEMBERED_MONTHS = 12


class Months:
    """Carries out the barriers of a town. `marks`: kind of happening -> bool[states], the states that ask for it."""

    def __init__(
        self, setting: Setting, register: Register, customs: Customs | None, agendas: list[Agenda],
        marks: Mapping[str, np.ndarray], admissions: Admissions,
    ) -> None:  # fmt: skip
        self._setting = setting
        self._register = register
        self._customs = customs
        self._agendas = agendas
        self._marks = marks
        self._admissions = admissions
        self._asks = np.logical_or.reduce([*marks.values(), admissions.heard_of])
        self._read = [agenda.row_count for agenda in agendas]
        self._market = Market(setting.seed)
        self._caring = Caring()
        self.arrival_seconds = 0.0
        self._gone: deque[np.ndarray] = deque(maxlen=_REMEMBERED_MONTHS)

    def barrier(self, start: int, end: int, pool: Executor) -> None:
        """The end of the month [start, end); newcomers live up to it on the pool."""
        setting, register = self._setting, self._register
        room = self._room_for_newcomers()
        if setting.make_room(room):
            for agenda in self._agendas:
                agenda.find_columns()
        changes = Changes(setting.columns, self._agendas, end)
        rows = self._new_rows()
        month = Month(start, end, setting.columns, register, changes, self._wishes(rows))
        if self._customs is not None:
            born = incoming.births(month, setting, self._customs)
            # Known before anybody leaves: a newborn can leave with its household in the same month.
            self._take_in([born] if born is not None else [])
        left, day = happenings.deaths(month)
        if self._customs is not None:
            happenings.care_for_orphans(month, left, self._customs)
        register.settle(setting.columns, left, day)
        if self._customs is not None:
            self._live_on(month, pool)
        register.settle(setting.columns, changes.touched(), month.day)
        if self._admissions.any_limited:
            self._admissions.barrier(month, rows[self._admissions.heard_of[rows[:, at.ROW_STATE]]], self._agendas)
        if civil_date(end)[1] == 1:
            self._pack(pool)
        publish(self._agendas[0].address, 0, setting.columns.count, end)

    def _live_on(self, month: Month, pool: Executor) -> None:
        """All that happens but births and deaths, in this order; newcomers are the last."""
        customs = self._customs
        assert customs is not None
        happenings.separations(month, customs)
        happenings.leaving_home(month)
        happenings.institutions(month)
        happenings.other_parents(month)
        happenings.marriages(month)
        self._market.open(month, customs)
        happenings.moves_within(month, customs)
        emigrated = moving.emigrations(month)
        moved = moving.departures(month, customs)
        places = month.register.stays["municipality"]
        self._gone.append(np.bincount(places[moved], minlength=len(customs.place_codes)))
        touched = month.changes.touched()
        stayed = np.setdiff1d(touched, np.concatenate([emigrated, moved]))
        happenings.care_for_orphans(month, stayed, customs)
        if "seeks_carer" in self._marks:
            self._caring.open(month, customs.care)
        if any(kind in self._marks for kind in _MIGRATION):
            begin = perf_counter()
            coming = self._coming(month, customs)
            self._take_in(incoming.arrivals(month, self._setting, coming, customs, pool))
            self.arrival_seconds += perf_counter() - begin

    def _coming(self, month: Month, customs: Customs):
        """Who arrives: from abroad as published, from other municipalities as many as go there."""
        expected = np.mean(self._gone, axis=0)
        return arriving(
            customs.place_codes, customs.residents, month.day, expected, customs.arrivals, self._setting.seed
        )

    def _take_in(self, newcomers: list[Agenda]) -> None:
        """Blocks of newcomers are the town's."""
        self._agendas += newcomers
        self._read += [agenda.row_count for agenda in newcomers]

    def _pack(self, pool: Executor) -> None:
        """Once a year what is over is kept small."""
        list(pool.map(Agenda.pack, self._agendas))
        self._read = [agenda.row_count for agenda in self._agendas]

    def _room_for_newcomers(self) -> int:
        return 4096 + self._setting.columns.count // 20

    def _new_rows(self) -> np.ndarray:
        """int32[k, row]: the log's new rows of states that ask for something, in order of day and key."""
        found = []
        for number, agenda in enumerate(self._agendas):
            rows = agenda.rows[self._read[number] : agenda.row_count]
            self._read[number] = agenda.row_count
            found.append(rows[self._asks[rows[:, at.ROW_STATE]]])
        rows = np.concatenate(found)
        key = self._setting.columns.column("PERSON_KEY")[rows[:, at.ROW_PERSON]]
        return rows[np.lexsort((key, rows[:, at.ROW_DAY]))]

    def _wishes(self, rows: np.ndarray) -> dict[str, Asked]:
        """What these rows ask for, by kind of happening."""
        return {
            kind: Asked(rows[mark, at.ROW_PERSON], rows[mark, at.ROW_DAY])
            for kind, states in self._marks.items()
            for mark in [states[rows[:, at.ROW_STATE]]]
        }


