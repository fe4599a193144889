"""What became of everybody in a run: who came and left, who lived where and with whom, in columns for the records."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from abmsim.days import NEVER
from abmsim.engine.institution_records import InstitutionRecords
from abmsim.population.care_patterns import CARE_KINDS as CARE_KINDS
from abmsim.population.membership import MembershipSpells, membership_spells
from abmsim.population.past_moves import MOVE_KINDS as MOVE_KINDS
from abmsim.population.people import Households, People, Population
from abmsim.population.places import Place
from abmsim.population.unions import UNION_ENDS as UNION_ENDS

ENTRIES = ("base_date", "birth", "immigration", "move_in")
"""How residents came into the run."""

DEPARTURES = ("none", "death", "emigration", "move_out")
"""How residents left it; `none` for who is there on the horizon."""

CARE_ENDS = (
    "none", "recovered", "cared_for_died", "carer_died", "cared_for_left", "carer_left", "cared_for_to_institution",
    "carer_to_institution", "carer_limited", "overload", "moved_apart",
)  # fmt: skip
"""How somebody's care for another ended; `none` while it goes on."""

UNKNOWN = -1
"""A row, label or flag that the run does not know."""


@dataclass(slots=True)
class Unions:
    """Couples, one row each: `a`, `b` int32[u], rows in people (`b` -1: somebody outside the run); `from_day`,
    `married_day`, `to_day` int32[u], NEVER if not; `ended_by` int8[u], index into UNION_ENDS."""

    a: np.ndarray
    b: np.ndarray
    from_day: np.ndarray
    married_day: np.ndarray
    to_day: np.ndarray
    ended_by: np.ndarray

    @classmethod
    def none(cls) -> Unions:
        return cls(_rows(), _rows(), _rows(), _rows(), _rows(), _small())

    def __len__(self) -> int:
        return len(self.a)


@dataclass(slots=True)
class Moves:
    """Moves, one row a person: `person`, `day` int32[m]; `kind` int8[m], index into MOVE_KINDS; `from_municipality`,
    `to_municipality` int16[m], indices into `Lives.places`, -1 for a place outside the run."""

    person: np.ndarray
    day: np.ndarray
    kind: np.ndarray
    from_municipality: np.ndarray
    to_municipality: np.ndarray

    @classmethod
    def none(cls) -> Moves:
        return cls(_rows(), _rows(), _small(), _places(), _places())

    def __len__(self) -> int:
        return len(self.person)


@dataclass(slots=True)
class Births:
    """Children born in the live years: `child`, `mother`, `father` int32[b], rows in people (`father` -1: not in the
    run); `day` int32[b]."""

    child: np.ndarray
    mother: np.ndarray
    father: np.ndarray
    day: np.ndarray

    @classmethod
    def none(cls) -> Births:
        return cls(_rows(), _rows(), _rows(), _rows())

    def __len__(self) -> int:
        return len(self.child)


@dataclass(slots=True)
class Care:
    """Who cares or cared for whom: `carer`, `person` int32[c], rows in people (the person is cared for); `kind`
    int8[c], index into CARE_KINDS; `hours` int16[c] a week; `from_day`, `to_day` int32[c], NEVER while it goes on;
    `ended_by` int8[c], index into CARE_ENDS; `carried_over` int8[c], 1 if it was there before the live years;
    `place` int16[c], the municipality in which they both lived at its beginning, -1 if it was not one."""

    carer: np.ndarray
    person: np.ndarray
    kind: np.ndarray
    hours: np.ndarray
    from_day: np.ndarray
    to_day: np.ndarray
    ended_by: np.ndarray
    carried_over: np.ndarray
    place: np.ndarray

    @classmethod
    def none(cls) -> Care:
        return cls(_rows(), _rows(), _small(), _places(), _rows(), _rows(), _small(), _small(), _places())

    def __len__(self) -> int:
        return len(self.carer)


@dataclass(slots=True)
class Lives:
    """Everybody and every household that was ever in the run; newcomers stand after the residents of the base date.

    `people.municipality`, `.household` and `.position` are those on entry, `.mother`, `.father` rows anywhere.
    `entered_day` int32[n] (the base date for its residents, in the live years for others); `entered_by` int8[n], index
    into ENTRIES; `left_day` int32[n], first day not in the run any more, NEVER if there on the horizon; `left_by`
    int8[n], index into DEPARTURES; `origin` int8[n], index into the labels of the vocabulary, -1 if unknown;
    `born_abroad` int8[n], 0, 1 or -1 if unknown. `membership`: the live years, nobody in two places at a time.
    `institutions`: those of the run and who waited for them, None if nothing is told of any.
    """

    places: tuple[Place, ...]
    people: People
    households: Households
    entered_day: np.ndarray
    entered_by: np.ndarray
    left_day: np.ndarray
    left_by: np.ndarray
    origin: np.ndarray
    born_abroad: np.ndarray
    membership: MembershipSpells
    unions: Unions
    moves: Moves
    births: Births
    institutions: InstitutionRecords | None = None
    care: Care = field(default_factory=Care.none)

    def __len__(self) -> int:
        return len(self.people)

    @property
    def death_day(self) -> np.ndarray:
        """int32[n]: the day of death inside the run, NEVER for all others."""
        return np.where(self.left_by == DEPARTURES.index("death"), self.left_day, NEVER).astype(np.int32)

    @classmethod
    def of_population(cls, population: Population, death_day: np.ndarray, from_day: int, to_day: int) -> Lives:
        """The lives of a population in which nothing happens but deaths: `death_day` int32[n], NEVER for who lives."""
        n = len(population.people)
        died = death_day < to_day
        return cls(
            places=population.places,
            people=population.people,
            households=population.households,
            entered_day=np.full(n, from_day, dtype=np.int32),
            entered_by=np.zeros(n, dtype=np.int8),
            left_day=np.where(died, death_day, NEVER).astype(np.int32),
            left_by=np.where(died, DEPARTURES.index("death"), 0).astype(np.int8),
            origin=np.full(n, UNKNOWN, dtype=np.int8),
            born_abroad=np.full(n, UNKNOWN, dtype=np.int8),
            membership=membership_spells(population, death_day, from_day, to_day),
            unions=Unions.none(),
            moves=Moves.none(),
            births=Births.none(),
        )


def _rows() -> np.ndarray:
    return np.empty(0, dtype=np.int32)


def _places() -> np.ndarray:
    return np.empty(0, dtype=np.int16)


def _small() -> np.ndarray:
    return np.empty(0, dtype=np.int8)
