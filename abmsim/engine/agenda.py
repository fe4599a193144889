"""The columns of one block of residents, and the world array that tells the kernel where they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from abmsim.days import NEVER, civil_date, civil_day
from abmsim.engine import world as of
from abmsim.lang.layout import ROW_WIDTH
from abmsim.lang.program import Program

_FIRST_DAY = civil_day(1850, 1, 1)
_STACK_DEPTH = 64
_ROWS_PER_PERSON = 40
"""Room that a new log starts with; it doubles whenever it is full."""

HOUSEHOLD_ATTRIBUTES = {
    of.HOUSEHOLD_SIZE: "household_size",
    of.LIVES_ALONE: "lives_alone",
    of.HAS_PARTNER: "has_partner",
    of.IS_PARENT: "is_parent",
    of.SINGLE_PARENT: "single_parent",
    of.N_CHILDREN: "n_children",
    of.POSITION: "position",
    of.IN_INSTITUTION: "in_institution",
    of.IS_HEAD: "is_household_head",
}


@dataclass(frozen=True, slots=True)
class Calendar:
    """The months between 1850 and the horizon: the first day of the month of day `first + i`, and of the next one."""

    first: int
    begins: np.ndarray
    ends: np.ndarray

    @classmethod
    def until(cls, last_day: int) -> Calendar:
        """All months up to the one of `last_day`."""
        year, _, _ = civil_date(last_day)
        starts = np.array([civil_day(y, m, 1) for y in range(1850, year + 2) for m in range(1, 13)], dtype=np.int32)
        lengths = np.diff(starts)
        return cls(_FIRST_DAY, np.repeat(starts[:-1], lengths), np.repeat(starts[1:], lengths))


@dataclass(frozen=True, slots=True)
class Block:
    """Some whole households as the kernel wants them; rows of `relatives` count inside the block, -1 for none.

    birth_day int32[n], key uint64[n] (of the person, without the seed), relatives int32[n, 3], attributes
    float64[n, attributes], unit_size int32[units]: residents who read each other, in order.
    """

    birth_day: np.ndarray
    key: np.ndarray
    relatives: np.ndarray
    attributes: np.ndarray
    unit_size: np.ndarray


@dataclass(slots=True)
class Agenda:
    """Owns every array that the kernel touches while it runs a block."""

    program: Program
    block: Block
    calendar: Calendar
    base_day: int
    until_day: int
    columns: dict[str, np.ndarray] = field(default_factory=dict)
    world: np.ndarray = field(default_factory=lambda: np.zeros(len(of.FIELDS), dtype=np.int64))
    rows: np.ndarray = field(default_factory=lambda: np.empty((0, ROW_WIDTH), dtype=np.int32))

    def __post_init__(self) -> None:
        n = len(self.block.birth_day)
        self._give_program()
        self._give_residents(n)
        self._give_places(n)
        self._give_calendar()
        self._give_rows(max(of.ROOM * 4, n * _ROWS_PER_PERSON))

    @property
    def address(self) -> int:
        return self.world.ctypes.data

    def grow(self) -> None:
        """Doubles the room of the log, keeping its rows."""
        used = self.rows[: self.row_count].copy()
        self._give_rows(2 * len(self.rows))
        self.rows[: len(used)] = used

    @property
    def row_count(self) -> int:
        return int(self.world[of.ROW_COUNT])

    @property
    def deaths(self) -> np.ndarray:
        """int32[n]: the day of death, NEVER for those who live."""
        return self.columns["DEATH"]

    def _give(self, name: str, array: np.ndarray) -> None:
        self.columns[name] = np.ascontiguousarray(array)
        self.world[of.FIELDS.index(name)] = self.columns[name].ctypes.data

    def _set(self, values: Mapping[int, int]) -> None:
        for position, value in values.items():
            self.world[position] = value

    def _give_program(self) -> None:
        program = self.program
        self._give("WORDS", program.words)
        self._give("NUMBERS", program.numbers)
        self._give("STATE_KEYS", program.keys)
        self._set({
            of.VERBS: program.verbs_place, of.MODULES: program.modules_place, of.READERS: program.readers_place,
            of.RELATIVE_READERS: program.relative_readers_place, of.PUBLIC: program.public_place,
            of.MODULE_COUNT: len(program.modules), of.STATE_COUNT: len(program.states),
            of.ATTRIBUTE_COUNT: len(program.attributes), of.VERB_COUNT: len(program.verbs),
            of.TABLE_COUNT: len(program.tables),
        })  # fmt: skip
        self._set({position: program.attribute_index(name) for position, name in HOUSEHOLD_ATTRIBUTES.items()})

    def _give_residents(self, n: int) -> None:
        block = self.block
        self._give("BIRTH", block.birth_day.astype(np.int32))
        year, month, month_day = _civil_columns(block.birth_day)
        self._give("BIRTH_YEAR", year)
        self._give("BIRTH_MONTH", month)
        self._give("BIRTH_MONTH_DAY", month_day)
        for name in ("AGE", "AGE_BEGAN", "AGE_ENDS"):
            self._give(name, np.zeros(n, dtype=np.int32))
        self._give("PERSON_KEY", block.key.astype(np.uint64))
        self._give("DRAW_KEY", np.zeros(n, dtype=np.uint64))
        self._give("RELATIVES", block.relatives.astype(np.int32))
        self._give("FIRST_ATTRIBUTES", block.attributes.astype(np.float64))
        self._give("UNIT", np.repeat(np.arange(len(block.unit_size), dtype=np.int32), block.unit_size))
        self._give("UNIT_SIZE", block.unit_size.astype(np.int32))
        self._give("UNIT_FIRST", (np.cumsum(block.unit_size) - block.unit_size).astype(np.int32))
        self._set({of.UNIT_COUNT: len(block.unit_size)})

    def _give_places(self, n: int) -> None:
        program = self.program
        modules, verbs = len(program.modules), len(program.verbs)
        self._give("DEATH", np.full(n, NEVER, dtype=np.int32))
        for name in ("ATTEMPT", "IMMORTAL"):
            self._give(name, np.zeros(n, dtype=np.int32))
        self._give("DUE", np.full(n * modules, NEVER, dtype=np.int32))
        self._give("SLOTS", np.zeros(n * modules * of.SLOT_WIDTH, dtype=np.int32))
        self._give("LEVELS", np.zeros(n * modules * of.LEVEL_WIDTH, dtype=np.float64))
        for name in ("ATTRIBUTES", "SNAPSHOT"):
            self._give(name, np.zeros(n * len(program.attributes), dtype=np.float64))
        self._give("VISITS", np.zeros(n * len(program.states), dtype=np.uint16))
        self._give("ORDINALS", np.zeros(n * max(len(program.tables), 1), dtype=np.int32))
        for name in ("OPEN_ROWS", "LAST_ROWS", "PLANNED"):
            self._give(name, np.zeros(n * max(verbs, 1), dtype=np.int32))
        self._give("STACK", np.zeros(_STACK_DEPTH, dtype=np.float64))

    def _give_calendar(self) -> None:
        self._give("MONTH_BEGINS", self.calendar.begins)
        self._give("MONTH_ENDS", self.calendar.ends)
        self._set({of.FIRST_DAY: self.calendar.first, of.BASE: self.base_day, of.UNTIL: self.until_day})

    def _give_rows(self, capacity: int) -> None:
        self.rows = np.empty((capacity, ROW_WIDTH), dtype=np.int32)
        self._set({of.ROWS: self.rows.ctypes.data, of.ROW_CAPACITY: capacity})


def _civil_columns(days: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Year, month and day of the month of day numbers: int32[n] each."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    year = dates.astype("datetime64[Y]").astype(np.int32) + 1970
    month = months.astype(np.int32) % 12 + 1
    return year.astype(np.int32), month.astype(np.int32), ((dates - months).astype(np.int32) + 1).astype(np.int32)
