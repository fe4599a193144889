"""Changes of households at the barrier: collected as orders, carried out by the kernel, one list after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from abmsim.engine import barrier
from abmsim.engine.agenda import Agenda
from abmsim.engine.columns import Columns

_ROOM_PER_CHANGE = 40
"""Residents whom a change can touch, at the most: the members of two households."""


class Changes:
    """The changes of one barrier on the day that begins the next tick; `agendas` are all of the town's."""

    def __init__(self, columns: Columns, agendas: Sequence[Agenda], day: int) -> None:
        self.columns = columns
        self.day = day
        self._agendas = agendas
        self._agenda = agendas[0]
        self._orders: list[np.ndarray] = []
        self._touched: list[np.ndarray] = []

    def alone(self, rows: np.ndarray, groups: np.ndarray) -> None:
        """These leave their households, each for a new group."""
        self._order(barrier.ALONE, rows, groups)

    def joins(self, rows: np.ndarray, others: np.ndarray) -> None:
        """These leave their households for those of the others."""
        self._order(barrier.JOINS, rows, others)

    def goes(self, rows: np.ndarray) -> None:
        """These leave their households and live nowhere any more."""
        self._order(barrier.GOES, rows, np.full(len(rows), -1))

    def pairs(self, rows: np.ndarray, others: np.ndarray) -> None:
        """These become partners."""
        self._order(barrier.PAIRS, rows, others)

    def parts(self, rows: np.ndarray) -> None:
        """These and their partners are partners no more."""
        self._order(barrier.PARTS, rows, np.full(len(rows), -1))

    def enters_institution(self, rows: np.ndarray, groups: np.ndarray) -> None:
        """These leave their households for an institution, each as a new group."""
        self._order(barrier.ENTERS_INSTITUTION, rows, groups)

    def look_again(self, rows: np.ndarray) -> None:
        """The household attributes of these follow what was set of them."""
        self._order(barrier.NOTHING, rows, np.full(len(rows), -1))

    def set(self, name: str, rows: np.ndarray, values: np.ndarray | float) -> None:
        """Sets an attribute at once, and wakes who reads it."""
        n = len(rows)
        if not n:
            return
        persons = np.ascontiguousarray(rows, dtype=np.int32)
        attributes = np.full(n, self.columns.program.attribute_index(name), dtype=np.int32)
        numbers = np.ascontiguousarray(np.broadcast_to(np.asarray(values, dtype=np.float64), n))
        barrier.assign(
            self._agenda.address, persons.ctypes.data, attributes.ctypes.data, numbers.ctypes.data, n, self.day
        )

    def end_care(self, rows: np.ndarray) -> None:
        """What runs of these is over on the day before: they leave the town, their rows are closed for that reason."""
        for agenda in self._agendas:
            own = np.ascontiguousarray(rows[(rows >= agenda.first) & (rows < agenda.end)], dtype=np.int32)
            if len(own):
                barrier.depart(agenda.address, own.ctypes.data, len(own), self.day - 1)

    def carry_out(self) -> None:
        """Carries out what was ordered since the last time; the household attributes follow."""
        if not self._orders:
            return
        orders = np.ascontiguousarray(np.concatenate(self._orders), dtype=np.int32)
        self._orders.clear()
        seen = np.empty(_ROOM_PER_CHANGE * len(orders) + _ROOM_PER_CHANGE, dtype=np.int32)
        count = barrier.change_households(
            self._agenda.address, orders.ctypes.data, len(orders), self.day, seen.ctypes.data
        )
        self._touched.append(np.unique(seen[:count]))

    def touched(self) -> np.ndarray:
        """int32[t]: everybody whose household has changed since the barrier began, in order of row."""
        return np.unique(np.concatenate(self._touched)) if self._touched else np.empty(0, dtype=np.int32)

    def _order(self, what: int, rows: np.ndarray, others: np.ndarray) -> None:
        if len(rows):
            self._orders.append(np.stack([np.full(len(rows), what), rows, others], axis=1))
