"""A resident in plain Python: who it is, what it has lived, and where it stands in each module."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from plain_numbers import mix

from abmsim.days import NEVER, age_on, birthday
from abmsim.lang import layout as at
from abmsim.lang.program import Program


class Stuck(Exception):
    """A loop in which no time passes; the argument is the state."""


class DrawAgain(Exception):
    """A resident of the base date died before it."""


@dataclass
class Hazard:
    """What is left of a threshold; `row` is where the rate lies, None while it does not run."""

    remaining: float
    row: int | None = None
    factor: float = 0.0
    age: float = 0.0


@dataclass
class Standing:
    """Where a resident stands in a module."""

    due: int
    state: int | None = None
    exit: int | None = None
    episode: int = -1
    visit: int = 0
    waits: dict[int, int] = field(default_factory=dict)
    why: int = 0
    line: int = 0
    next_line: int = 0
    hazards: dict[int, Hazard] = field(default_factory=dict)


@dataclass
class Resident:
    number: int
    born: int
    key: int
    relatives: list[int]
    first_values: list[float]
    joined: int
    script: list[tuple[int, int, float]]
    attempt: int = 0
    immortal: bool = False

    def begin(self, program: Program, base: int) -> None:
        w = program.words
        self.draw_key = mix(self.key, self.attempt)
        self.death = NEVER
        self.values = list(self.first_values)
        self.seen = list(self.first_values)
        self.told = 0
        self.visits: dict[int, int] = defaultdict(int)
        self.ordinals: dict[int, int] = defaultdict(int)
        self.open: dict[int, int] = {}
        self.last: dict[int, int] = {}
        self.planned: dict[int, int] = {}
        self.priorities: dict[tuple[int, int], float] = {}
        self.modules = []
        for number in range(len(program.modules)):
            at_base = w[program.modules_place + number * at.MODULE_WIDTH + at.MODULE_BEGINS_BASE]
            self.modules.append(Standing(max(self.born, base) if at_base else self.born))

    def age(self, day: int) -> int:
        return age_on(self.born, day)

    def exact_age(self, day: int) -> float:
        age = self.age(day)
        begin, end = birthday(self.born, age), birthday(self.born, age + 1)
        return age + (day - begin) / (end - begin)

    def day_of_age(self, exact: float) -> int:
        age = int(exact)
        begin, end = birthday(self.born, age), birthday(self.born, age + 1)
        return begin + int((exact - age) * (end - begin))

    def script_day(self) -> int:
        return self.script[self.told][0] if self.told < len(self.script) else NEVER

    def module_due(self) -> int:
        return min((standing.due for standing in self.modules), default=NEVER)

    def due(self) -> int:
        return min(self.script_day(), self.module_due())


def script_of(block, number: int) -> list[tuple[int, int, float]]:
    if block.script is None:
        return []
    first, end = block.script.first[number : number + 2]
    rows = slice(int(first), int(end))
    columns = (block.script.day, block.script.attribute, block.script.value)
    return [(int(day), int(index), float(value)) for day, index, value in zip(*(c[rows] for c in columns), strict=True)]
