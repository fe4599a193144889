"""The resident whose way is traced, and where they stand in each module."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from abmsim.days import NEVER, age_on, birthday
from abmsim.lang import layout as at


@dataclass(slots=True)
class Row:
    """What the kernel's log holds of an entered state, but for its reason: day numbers, and numbers of code lists."""

    day: int
    state: int
    ordinal: int = -1
    end: int = NEVER
    end_reason: int = -1
    planned_end: int = NEVER
    term: int = NEVER
    values: list[int] = field(default_factory=lambda: [0] * int(at.MOST_VALUES))
    parents: list[int] = field(default_factory=lambda: [-1] * int(at.MOST_PARENTS))


@dataclass(slots=True)
class Step:
    """One entered state and what is to be said of it; `notes` are lines, in the order in which things happen."""

    module: str
    state: str
    day: int
    age: int
    row: Row
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Hazard:
    """What is left of a hazard's threshold; `rates` is None while it does not run. `age` is exact, in years."""

    threshold: float
    remaining: float
    rates: tuple[float, ...] | None = None
    factor: float = 0.0
    age: float = 0.0
    told: tuple[str, ...] = ()


@dataclass(slots=True)
class Standing:
    """Where the resident stands in a module; `exit` is the number of the exit that comes first, None to look again."""

    due: int
    state: str = ""
    step: Step | None = None
    exit: int | None = None
    episode: int = -1
    visit: int = 0
    entered: int = 0
    waits: dict[int, int] = field(default_factory=dict)
    line: int = 0
    next_line: int = 0
    hazards: dict[int, Hazard] = field(default_factory=dict)
    visits: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    told: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def note(self, text: str) -> None:
        """Say something of the state that the resident is in."""
        if self.step is not None:
            self.step.notes.append(text)


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else of the household, who stands still; `role` as a case of a test names it."""

    role: str
    born: int
    values: Mapping[str, float]


@dataclass(slots=True)
class Person:
    """The resident: `values` are the stored attributes; records are told apart by (module, table)."""

    born: int
    key: int
    values: dict[str, float]
    others: tuple[Other, ...]
    immortal: bool = False
    death: int = NEVER
    ordinals: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    open: dict[tuple[str, str], Row] = field(default_factory=dict)
    last: dict[tuple[str, str], int] = field(default_factory=dict)
    planned: dict[tuple[str, str], int] = field(default_factory=dict)

    def age(self, day: int) -> int:
        return age_on(self.born, day)

    def exact_age(self, day: int) -> float:
        """Age in which every year between two birthdays has length 1."""
        age = self.age(day)
        begin, end = birthday(self.born, age), birthday(self.born, age + 1)
        return age + (day - begin) / (end - begin)

    def day_of_age(self, exact: float) -> int:
        """The day on which an exact age is reached."""
        age = int(exact)
        begin, end = birthday(self.born, age), birthday(self.born, age + 1)
        return begin + int((exact - age) * (end - begin))
