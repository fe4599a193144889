"""Institutions of a town: each plans at the end of a month whom it takes on in the next one, by what it can do."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from abmsim.lang.institution import Institution as Described
from abmsim.randomness import keys, name_key, normal_quantile, portable_exp, uniform

MILLION = 1_000_000
"""Capacity is kept in millionths of a request, so that what decides is a whole number."""

_MONTHS = 12
_DAYS_PER_MONTH = 365.25 / _MONTHS
_CENTS = 100


@dataclass(slots=True)
class Institution:
    """One desk, team, group of providers or region: what is asked of it, what it can do and what it has done.

    `area`: code or name of what it serves (several after each other in a sample); `residents` of the run that it
    serves, each for `1 / scale` real ones; `staffing`: what its area has of the usual capacity. Set before `plan`:
    `asked`, `passed`, `waiting` (requests of the month that ends, those of them that were taken on in it, and all that
    wait at its end), `new_year` (whether the next month begins one, with its budget). Set by `plan`: `admits` (how many
    of these come in the next month), `allowance` (what is left then, millionths of requests).
    """

    described: Described
    area: str
    residents: int
    scale: float = 1.0
    staffing: float = 1.0
    earlier: deque[int] = field(default_factory=lambda: deque(maxlen=_MONTHS))
    asked: int = 0
    passed: int = 0
    waiting: int = 0
    new_year: bool = False
    admits: int = 0
    allowance: int = 0
    month: int = 0
    spent_cents: int = 0

    @property
    def name(self) -> str:
        """`wmo_desk GM0546`: what it is, and where."""
        return f"{self.described.name} {self.area}"

    @property
    def is_limited(self) -> bool:
        """Whether somebody may have to wait for it."""
        return self.described.acts

    def capacity(self) -> int:
        """What it can take on in a month, in millionths of a request: staff that is there, and found for who waits."""
        capacity = self.described.capacity
        if capacity is None:
            return MILLION * (self.waiting + self.asked + 1)
        if capacity.a_month is not None:
            usual = capacity.a_month * self.described.number * self.scale
        elif capacity.per_1000_residents_a_year is not None:
            usual = capacity.per_1000_residents_a_year * self.residents / 1000 / _MONTHS
        else:
            assert capacity.of_requests is not None, "a capacity says one of three things"
            usual = capacity.of_requests * sum(self.earlier) / max(len(self.earlier), 1)
        more = 0.0
        if capacity.catches_up_days:
            more = self.waiting / (capacity.catches_up_days / _DAYS_PER_MONTH)
        return round(MILLION * (usual * self.staffing + more))

    def plan(self) -> None:
        """Decides how many of those who wait come in the next month; a month's staff that nobody needed is gone."""
        self.earlier.append(self.asked)
        left = min(self.allowance - MILLION * self.passed, MILLION - 1)
        self.month = self.capacity()
        self.spend(self.passed)
        if self.new_year:
            self.spent_cents = 0
        free = left + self.month
        self.admits = min(self.waiting, max(free // MILLION, 0), self.affordable())
        self.spend(self.admits)
        self.allowance = free - MILLION * self.admits

    @property
    def is_open(self) -> bool:
        """Whether who asks in the next month need not wait behind others until the month after."""
        return self.admits == self.waiting and self.allowance > 0 and self.affordable() > 0

    @property
    def busy(self) -> int:
        """The part of the next month, in millionths, in which it is busy with those who waited."""
        if not self.month:
            return MILLION
        return min(max(MILLION - self.allowance * MILLION // self.month, 0), MILLION)

    # --- money -----------------------------------------------------------------------------------------------------
    def spend(self, requests: int) -> None:
        """Pays for requests that it takes on."""
        if self.described.budget is not None:
            self.spent_cents += round(requests * self.described.budget.euros_a_request * _CENTS)

    def affordable(self) -> int:
        """How many requests the rest of the year's budget pays for; as many as there are without a budget."""
        budget = self.described.budget
        if budget is None:
            return self.waiting + 1
        left = budget.euros_per_resident_a_year * self.residents * _CENTS - self.spent_cents
        return max(int(left // (budget.euros_a_request * _CENTS)), 0)



def staffing_of(described: Described, area: str) -> float:
    """What an area has of the usual staff: lognormal with median 1 and the spread that is described.

    The draw is the area's, whatever the institution: where staff is short, the desk and its providers lack it alike.
    """
    spread = described.capacity.differs if described.capacity is not None else 0.0
    u = float(uniform(keys(int(name_key("staffing of an area")), np.array([name_key(area)])))[0])
    return portable_exp(spread * normal_quantile(u)) if spread else 1.0
