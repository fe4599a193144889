"""What a run tells of its institutions at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from abmsim.engine.offices import Offices
from abmsim.engine.waiting import Settled


@dataclass(frozen=True, slots=True)
class InstitutionMonths:
    """What institutions did, one row a month of each: `office` int64, `month_day` int32 (its first day), and counts
    int64: requests made, residents told when to come, those still in line, and cents spent since 1 January."""

    office: np.ndarray
    month_day: np.ndarray
    asked: np.ndarray
    admitted: np.ndarray
    waiting: np.ndarray
    spent_cents: np.ndarray

    @classmethod
    def together(cls, parts: Sequence[InstitutionMonths]) -> InstitutionMonths:
        """All of several parts, by institution and month."""
        none = np.empty(0, dtype=np.int64)
        names = ("office", "month_day", "asked", "admitted", "waiting", "spent_cents")
        columns = [np.concatenate([none, *(getattr(part, name) for part in parts)]) for name in names]
        order = np.lexsort((columns[1], columns[0]))
        return cls(*(column[order] for column in columns))


@dataclass(frozen=True, slots=True)
class InstitutionRecords:
    """All institutions of a run, what became of each request since the first barrier, and their months."""

    offices: Offices
    settled: Settled
    months: InstitutionMonths

    @classmethod
    def none(cls) -> InstitutionRecords:
        """A run without institutions."""
        offices = Offices.of((), (), np.empty(0, dtype=np.int64), {})
        return cls(offices, Settled.together([]), InstitutionMonths.together([]))
