"""The waiting lists of a town: who asked which institution for what, who comes next, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from abmsim.days import NEVER

OUTCOMES = ("waiting", "admitted", "withdrawn", "deceased", "departed")
"""What became of a request: `withdrawn` is whoever no longer needed it, or went on without."""

WAITING, ADMITTED, WITHDRAWN, DECEASED, DEPARTED = range(len(OUTCOMES))


@dataclass(frozen=True, slots=True)
class Requests:
    """k requests: `person` int32[k], rows of the town; `key` uint64[k] of them; `state` int32[k], the state in which
    they wait; `office` int64[k]; `day` int32[k] of asking; `priority` float64[k]; `crisis` bool[k]."""

    person: np.ndarray
    key: np.ndarray
    state: np.ndarray
    office: np.ndarray
    day: np.ndarray
    priority: np.ndarray
    crisis: np.ndarray

    @classmethod
    def none(cls) -> Requests:
        whole = np.empty(0, dtype=np.int32)
        key, office = np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64)
        return cls(whole, key, whole, office, whole, np.empty(0), np.empty(0, dtype=bool))

    def __len__(self) -> int:
        return len(self.person)

    def columns(self) -> tuple[np.ndarray, ...]:
        return (self.person, self.key, self.state, self.office, self.day, self.priority, self.crisis)

    def where(self, kept: np.ndarray) -> Requests:
        """Those at these places, or for which `kept` is true."""
        return Requests(*(column[kept] for column in self.columns()))

    def and_of(self, others: Requests) -> Requests:
        """These and others; of two of one person in one state the later one counts."""
        both = Requests(*map(np.concatenate, zip(self.columns(), others.columns(), strict=True)))
        order = np.lexsort((both.day, both.state, both.person))
        person, state = both.person[order], both.state[order]
        last = np.append((person[1:] != person[:-1]) | (state[1:] != state[:-1]), True)[: len(order)]
        return both.where(np.sort(order[last]))

    def in_turn(self) -> Requests:
        """By institution, crises first, then by priority and day; who is left equal goes by key, which is chance."""
        return self.where(np.lexsort((self.key, self.day, -self.priority, ~self.crisis, self.office)))

    def place_in_turn(self) -> np.ndarray:
        """int64[k]: how many stand before each at the same institution; the requests are in turn."""
        if not len(self):
            return np.empty(0, dtype=np.int64)
        begins = np.concatenate([[0], np.flatnonzero(np.diff(self.office)) + 1])
        sizes = np.diff(np.append(begins, len(self)))
        return np.arange(len(self)) - np.repeat(begins, sizes)


@dataclass(frozen=True, slots=True)
class Stays:
    """How long residents were there: `left_day` int32[n], NEVER for who still is, `died` bool[n]; and the horizon."""

    left_day: np.ndarray
    died: np.ndarray
    to_day: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of k requests: `person` int32, `state` int32, `office` int64, `asked_day` int32, `to_day` int32 (of
    coming or of leaving the list, NEVER while waiting), `outcome` int8 (index into OUTCOMES), `crisis` bool."""

    person: np.ndarray
    state: np.ndarray
    office: np.ndarray
    asked_day: np.ndarray
    to_day: np.ndarray
    outcome: np.ndarray
    crisis: np.ndarray

    @classmethod
    def of(cls, requests: Requests, to_day: np.ndarray | int, outcome: np.ndarray | int) -> Settled:
        n = len(requests)
        return cls(
            requests.person, requests.state, requests.office, requests.day,
            np.broadcast_to(np.asarray(to_day, dtype=np.int32), n),
            np.broadcast_to(np.asarray(outcome, dtype=np.int8), n), requests.crisis,
        )  # fmt: skip

    @classmethod
    def none(cls) -> Settled:
        return cls.of(Requests.none(), NEVER, WAITING)

    def unless(self, went_on: np.ndarray) -> Settled:
        """The same where nobody had gone on, `went_on` int32[k], before the day: whoever had, withdrew on that day."""
        withdrew = went_on < self.to_day
        return replace(
            self, to_day=np.where(withdrew, went_on, self.to_day).astype(np.int32),
            outcome=np.where(withdrew, WITHDRAWN, self.outcome).astype(np.int8),
        )  # fmt: skip

    @classmethod
    def together(cls, parts: list[Settled]) -> Settled:
        """All of several parts, by person and day. Whoever asked again before the day that they had been told had
        withdrawn."""
        names = ("person", "state", "office", "asked_day", "to_day", "outcome", "crisis")
        given = [cls.none(), *parts]
        all_of = cls(*(np.concatenate([getattr(part, name) for part in given]) for name in names))
        order = np.lexsort((all_of.asked_day, all_of.state, all_of.person))
        before, after = order[:-1], order[1:]
        same = (all_of.person[before] == all_of.person[after]) & (all_of.state[before] == all_of.state[after])
        again = np.full(len(order), NEVER, dtype=np.int32)
        again[before[same]] = all_of.asked_day[after[same]]
        all_of = all_of.unless(again)
        order = np.lexsort((all_of.state, all_of.asked_day, all_of.person))
        return cls(*(getattr(all_of, name)[order] for name in names))

    def until(self, stays: Stays) -> Settled:
        """As they are known at the end: whoever was told a day but was gone by then had no turn, and a turn beyond the
        horizon is still waited for."""
        left, died = stays.left_day[self.person], stays.died[self.person]
        gone = (self.to_day > left) & (left < stays.to_day)
        outcome = np.where(gone, np.where(died, DECEASED, DEPARTED), self.outcome)
        to_day = np.where(gone, np.maximum(left, self.asked_day), self.to_day)
        later = to_day >= stays.to_day
        return replace(
            self, to_day=np.where(later, NEVER, to_day).astype(np.int32),
            outcome=np.where(later, WAITING, outcome).astype(np.int8),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.person)


def first_days(
    person: np.ndarray, module: np.ndarray, of_person: np.ndarray, of_module: np.ndarray, day: np.ndarray
) -> np.ndarray:
    """int32[k]: for each resident and module (each pair once) the first `day` int32[n] of the rows of both, NEVER if
    there is none."""
    first = np.full(len(person), NEVER, dtype=np.int32)
    asked, told = _pair(person, module), _pair(of_person, of_module)
    order = np.argsort(asked, kind="stable")
    place = np.minimum(np.searchsorted(asked[order], told), max(len(order) - 1, 0))
    found = asked[order][place] == told if len(order) else np.zeros(len(told), dtype=bool)
    np.minimum.at(first, order[place[found]], day[found])
    return first


def _pair(person: np.ndarray, module: np.ndarray) -> np.ndarray:
    """int64: one number for a resident and a module."""
    return (person.astype(np.int64) << 16) | module.astype(np.int64)
