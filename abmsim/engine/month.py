"""One barrier of a town: what was asked in the month, who is where, and the draws that decide what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from abmsim.days import NEVER
from abmsim.engine.changes import Changes
from abmsim.engine.columns import Columns
from abmsim.engine.register import Register
from abmsim.population.people import PRIVATE
from abmsim.randomness import mix, name_key, uniform
from abmsim.vocabulary import POSITIONS

PARTNER, MOTHER, FATHER = range(3)
CHILD_AT_HOME = POSITIONS.index("child_at_home")
ADULT_YEARS = 18
YEAR_DAYS = 365.25


@dataclass(frozen=True, slots=True)
class Asked:
    """Residents who asked for something in the month, in order of day and key: `rows`, `day` int32[k]."""

    rows: np.ndarray
    day: np.ndarray

    def where(self, kept: np.ndarray) -> Asked:
        """Those for whom `kept` is true."""
        return Asked(self.rows[kept], self.day[kept])


NOBODY = Asked(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32))


@dataclass(frozen=True, slots=True)
class Month:
    """The month [start, end); its changes are those of its last day, `day`, and are seen from `end` on.

    `wishes` are what residents asked for, by kind.
    """

    start: int
    end: int
    columns: Columns
    register: Register
    changes: Changes
    wishes: Mapping[str, Asked]

    @property
    def day(self) -> int:
        """The last day of the month: what is carried out at its barrier is dated so."""
        return self.end - 1

    def asked(self, kind: str) -> Asked:
        """Those who asked for a kind of happening and are still there."""
        asked = self.wishes.get(kind, NOBODY)
        return asked.where(self.is_there(asked.rows))

    def is_there(self, rows: np.ndarray) -> np.ndarray:
        """bool[k]: who lives in the town."""
        return self.columns.column("GROUP")[rows] >= 0

    def value(self, name: str, rows: np.ndarray) -> np.ndarray:
        """float64[k]: the present values of an attribute."""
        return self.columns.attribute(name)[rows].astype(np.float64)

    def age(self, rows: np.ndarray) -> np.ndarray:
        """float64[k]: years of age at the end of the month."""
        return (self.end - self.columns.column("BIRTH")[rows]) / YEAR_DAYS

    def relative(self, rows: np.ndarray, which: int) -> np.ndarray:
        """int32[k]: the row of a relative wherever they live in the town, -1 for none."""
        other = self.columns.matrix("RELATIVES")[rows, which]
        return np.where((other >= 0) & (self.columns.column("GROUP")[other] >= 0), other, -1)

    def partner(self, rows: np.ndarray) -> np.ndarray:
        """int32[k]: the row of the partner in the household, -1 for none."""
        group = self.columns.column("GROUP")
        other = self.relative(rows, PARTNER)
        return np.where(group[other] == group[rows], other, -1)

    def lives_with(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        """bool[k]: whether others (-1 for nobody) live in the household."""
        group = self.columns.column("GROUP")
        return (others >= 0) & (group[others] == group[rows])

    def members(self, rows: np.ndarray) -> np.ndarray:
        """int32[k]: everybody who lives in the households of these residents, themselves too, in order of row."""
        group = self.columns.column("GROUP")
        marked = np.zeros(len(self.register.groups) + 1, dtype=bool)
        marked[group[rows]] = True
        marked[-1] = False
        return np.flatnonzero(marked[group]).astype(np.int32)

    def draw(self, purpose: str, rows: np.ndarray) -> np.ndarray:
        """float64[k] in (0, 1), addressed by resident, purpose and month."""
        word = np.full(len(rows), name_key(f"barrier: {purpose}"), dtype=np.uint64)
        month = np.full(len(rows), self.end, dtype=np.uint64)
        return uniform(mix(mix(self.columns.column("PERSON_KEY")[rows], word), month))

    def new_key(self, purpose: str, rows: np.ndarray) -> np.ndarray:
        """uint64[k]: keys of what these residents found in this month (a household, an institution)."""
        word = np.full(len(rows), name_key(f"founds: {purpose}"), dtype=np.uint64)
        keys = mix(self.register.people["key"][rows], word)
        return mix(keys, np.full(len(rows), self.end, dtype=np.uint64))

    def own_household(self, rows: np.ndarray) -> np.ndarray:
        """int32[k]: new groups, each in a new household that one of these residents founds where they live."""
        return self.register.new_groups(self.found("household", rows, PRIVATE))

    def found(self, purpose: str, rows: np.ndarray, kind: int) -> np.ndarray:
        """int32[k]: new households that these residents found, or for whom an institution is founded."""
        municipality = self.register.stays["municipality"][rows]
        neighbourhood = self.value("neighbourhood_code", rows).astype(np.int16)
        return self.register.found(
            self.new_key(purpose, rows), municipality, neighbourhood, rows.astype(np.int32), kind=kind
        )

    def settle(self, rows: np.ndarray, day: np.ndarray) -> None:
        """Notes the households of these residents as they are since a day of each inside the month (the last of several
        of one household), not only since its end."""
        group = self.columns.column("GROUP")
        last = np.zeros(len(self.register.groups), dtype=np.int32)
        there = self.is_there(rows)
        np.maximum.at(last, group[rows[there]], day[there])
        members = self.members(rows[there])
        self.register.settle(self.columns, members, last[group[members]])

    def unmarried(self, rows: np.ndarray) -> None:
        """Marriages of these residents are over."""
        self.changes.set("married", rows, 0.0)

    def children_at_home(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(children, index of the parent in `rows`) of those who live as children with one of these residents."""
        members = self.members(rows)
        is_child = self.value("position", members) == CHILD_AT_HOME
        members = members[is_child]
        place = np.full(self.columns.count, -1, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        mother, father = (self.columns.matrix("RELATIVES")[members, which] for which in (MOTHER, FATHER))
        of_mother = np.where(self.lives_with(members, mother), place[mother], -1)
        of_father = np.where(self.lives_with(members, father), place[father], -1)
        of = np.where(of_mother >= 0, of_mother, of_father)
        return members[of >= 0], of[of >= 0]


def never(n: int) -> np.ndarray:
    """int32[n]: no day."""
    return np.full(n, NEVER, dtype=np.int32)
