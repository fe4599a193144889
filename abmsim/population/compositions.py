"""Who else was there: how many people, children and partners lived in a home on each day on which that changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_DAY_BITS = 17
_FIRST_DAY = -60_000
"""Days run from 1805 to 2164 in 17 bits."""

_LAST_DAY = _FIRST_DAY + (1 << _DAY_BITS) - 1

_CHILD, _PARTNER, _MARRIED = 16, 32, 48
_MASK = (1 << 16) - 1


def moment(home: np.ndarray, day: np.ndarray) -> np.ndarray:
    """int64: home and day in one number that sorts by home, then day."""
    return (np.asarray(home, dtype=np.int64) << _DAY_BITS) + (np.asarray(day, dtype=np.int64) - _FIRST_DAY)


def person_and_day(moments: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(home or person, day), int64: the parts of `moment`."""
    return moments >> _DAY_BITS, (moments & ((1 << _DAY_BITS) - 1)) + _FIRST_DAY


class Changes:
    """Comings and goings, gathered part by part."""

    __slots__ = ("_moments", "_steps")

    def __init__(self) -> None:
        self._moments: list[np.ndarray] = []
        self._steps: list[np.ndarray] = []

    def add(
        self, home: np.ndarray, day: np.ndarray, persons: int = 0, children: int = 0, partners: int = 0,
        married: int = 0,
    ) -> None:  # fmt: skip
        """On these days so many more (or fewer) live in these homes."""
        step = persons + (children << _CHILD) + (partners << _PARTNER) + (married << _MARRIED)
        self._moments.append(moment(home, day))
        self._steps.append(np.full(len(home), step, dtype=np.int64))

    def between(
        self, home: np.ndarray, from_day: np.ndarray, to_day: np.ndarray, persons: int = 0, children: int = 0,
        partners: int = 0, married: int = 0,
    ) -> None:  # fmt: skip
        """So many more from one day to another; nothing where the days do not follow each other."""
        to_day = np.minimum(to_day, _LAST_DAY)
        some = np.flatnonzero(to_day > from_day)
        self.add(home[some], from_day[some], persons, children, partners, married)
        self.add(home[some], to_day[some], -persons, -children, -partners, -married)

    def settled(self, until: int) -> Homes:
        """Everything that happened up to the day `until`, in order."""
        moments, steps = np.concatenate(self._moments), np.concatenate(self._steps)
        past = (moments & ((1 << _DAY_BITS) - 1)) <= until - _FIRST_DAY
        moments, steps = moments[past], steps[past]
        order = np.argsort(moments, kind="stable")
        moments, steps = moments[order], steps[order]
        first = np.flatnonzero(np.concatenate([[True], moments[1:] != moments[:-1]]))
        moments, totals = moments[first], np.cumsum(np.add.reduceat(steps, first))
        home = moments >> _DAY_BITS
        begins = np.flatnonzero(np.concatenate([[True], home[1:] != home[:-1]]))
        before = np.concatenate([[0], totals[begins[1:] - 1]])
        totals = totals - np.repeat(before, np.diff(np.append(begins, len(home))))
        return Homes(moments, totals)


@dataclass(frozen=True, slots=True)
class Homes:
    """States of homes sorted by home and day: `moments` int64[s] (see `moment`), `states` int64[s]."""

    moments: np.ndarray
    states: np.ndarray

    def during(
        self, home: np.ndarray, from_day: np.ndarray, to_day: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, Composition]:
        """(spell int64[r], day int64[r], composition) of each state that a spell [from, to) in a home meets.

        The first row of a spell stands on its first day.
        """
        first = np.searchsorted(self.moments, moment(home, from_day), side="right") - 1
        last = np.searchsorted(self.moments, moment(home, to_day), side="left")
        number = last - first
        spell = np.repeat(np.arange(len(home)), number)
        begin = np.cumsum(number) - number
        rows = first[spell] + np.arange(len(spell)) - begin[spell]
        day = person_and_day(self.moments[rows])[1]
        day[begin] = from_day
        return spell, day, Composition.of(self.states[rows])


@dataclass(frozen=True, slots=True)
class Composition:
    """int64[r] each: persons, children and partners who lived there, and the married among the latter."""

    persons: np.ndarray
    children: np.ndarray
    partners: np.ndarray
    married: np.ndarray

    @classmethod
    def of(cls, state: np.ndarray) -> Composition:
        return cls(
            state & _MASK, (state >> _CHILD) & _MASK, (state >> _PARTNER) & _MASK, (state >> _MARRIED) & _MASK
        )
