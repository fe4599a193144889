"""One block of residents on the kernel's agenda: the world array that tells it where everything is, and the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from abmsim.days import NEVER, civil_date, civil_day
from abmsim.engine import world as of
from abmsim.engine.closedlog import ClosedLog
from abmsim.engine.columns import Columns, Newcomers, Script
from abmsim.engine.eventlog import LogRules
from abmsim.lang.layout import ROW_DAY, ROW_END, ROW_PERSON, ROW_STATE, ROW_VERB, ROW_WIDTH
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
    of.MARRIED: "married",
    of.MUNICIPALITY: "municipality_code",
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
    """Some whole households as they begin; rows of `relatives` count inside the block, -1 for none.

    birth_day int32[n], key uint64[n] (of the person, with the seed), relatives int32[n, 3], attributes
    float64[n, attributes] at birth, unit_size int32[units]: residents who live together, in order. `joined` int32[n]
    is the day since which they do (birth if not given), `script` what is told of them.
    """

    birth_day: np.ndarray
    key: np.ndarray
    relatives: np.ndarray
    attributes: np.ndarray
    unit_size: np.ndarray
    joined: np.ndarray | None = None
    script: Script | None = None

    def newcomers(self, first: int) -> Newcomers:
        """The residents of the block with their relatives as rows of a town, of which the first is `first`."""
        joined = self.birth_day if self.joined is None else self.joined
        relatives = np.where(self.relatives >= 0, self.relatives + first, -1)
        return Newcomers(self.birth_day.astype(np.int32), self.key.astype(np.uint64), relatives, joined)


@dataclass(slots=True)
class Agenda:
    """A block on the agenda: owns its log, its world array and the state of its households at birth.

    `shared` are the columns of the town in which the block has its rows from `first` on; without it the block is a town
    of its own. From the day `acts_from` on the turn at an institution that has a capacity is given by whoever plans it.
    `requests` are the rows of those who asked one in the last year before the base date. `rules` and the day `entered`
    on which its residents came say which rows will be told.
    """

    program: Program
    block: Block
    calendar: Calendar
    base_day: int
    until_day: int
    shared: Columns | None = None
    first: int = 0
    first_group: int = 0
    acts_from: int = NEVER
    closed: ClosedLog = field(default_factory=ClosedLog)
    rules: LogRules | None = None
    entered: int = -NEVER
    requests: np.ndarray = field(default_factory=lambda: np.empty((0, ROW_WIDTH), dtype=np.int32))
    kept: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    columns: dict[str, np.ndarray] = field(default_factory=dict)
    world: np.ndarray = field(default_factory=lambda: np.zeros(len(of.FIELDS), dtype=np.int64))
    rows: np.ndarray = field(default_factory=lambda: np.empty((0, ROW_WIDTH), dtype=np.int32))

    def __post_init__(self) -> None:
        n = len(self.block.birth_day)
        if self.shared is None:
            self.shared = Columns(self.program, n)
            self.shared.add(self.block.newcomers(0))
            if self.block.script is not None:
                self.shared.tell(self.block.script)
        self._give_program()
        self.find_columns()
        self._give_households()
        self._give_calendar()
        self._give("STACK", np.zeros(_STACK_DEPTH, dtype=np.float64))
        self._give_rows(max(of.ROOM * 4, n * _ROWS_PER_PERSON))
        self._give("POOL_FREE", np.zeros(self.program.cells + 1, dtype=np.int32))
        self._set({of.POOL_ROOM: self.program.cells})
        self._give_pool()

    @property
    def address(self) -> int:
        return self.world.ctypes.data

    def grow(self) -> None:
        """Makes room for what the kernel has too little for: doubles the log, keeping its rows, or adds to its pool."""
        assert self.shared is not None
        if self.world[of.POOL_NEXT] + self.world[of.POOL_ROOM] > self.world[of.POOL_END]:
            self._give_pool()
        if self.row_count + of.ROOM > len(self.rows):
            self._keep_rows(2 * len(self.rows))

    def pack(self) -> None:
        """Puts the rows that nothing changes any more aside, without those that will never be told, and gives back the
        room that the log does not use."""
        assert self.shared is not None
        used = self.rows[: self.row_count]
        open_rows, words = self._open_rows()
        is_open = np.zeros(len(used), dtype=bool)
        is_open[open_rows] = True
        numbers = self._numbers(len(used))
        over = ~is_open if self.rules is None else ~is_open & self.rules.told(used, self.entered)[0]
        self.closed.add(used[over], numbers[over])
        self.closed.before += len(used) - len(self.kept)
        self.kept = numbers[is_open]
        place = np.cumsum(is_open) - 1
        self.shared.arrays["POOL"][words] = place[open_rows]
        rows = used[is_open]
        self._give_rows(len(rows) + 4 * int(of.ROOM))
        self.rows[: len(rows)] = rows
        self.world[of.ROW_COUNT] = len(rows)

    def _open_rows(self) -> tuple[np.ndarray, np.ndarray]:
        """int64[k]: the numbers of the block's rows that are open, and where in the pool each number stands."""
        assert self.shared is not None
        used = self.rows[: self.row_count]
        number = np.flatnonzero((used[:, ROW_VERB] >= 0) & (used[:, ROW_END] == NEVER))
        words = self.shared.words_of_open_rows(used[number, ROW_PERSON], used[number, ROW_VERB])
        is_open = (words >= 0) & (self.shared.arrays["POOL"][words] == number)
        return number[is_open], words[is_open]

    def let_go(self) -> None:
        """Lets go of all but the log: no month can be run any more."""
        self.columns.clear()
        self.shared = None

    def log(self) -> np.ndarray:
        """int32[n, ROW_WIDTH]: all rows, packed ones too, in the order in which they were written; each column lies
        together."""
        columns, numbers = self.closed.read()
        used = self.rows[: self.row_count]
        columns = np.concatenate([columns, used.T], axis=1)
        order = np.argsort(np.concatenate([numbers, self._numbers(len(used))]), kind="stable")
        return columns[:, order].T

    def _numbers(self, count: int) -> np.ndarray:
        """int64[count]: where the rows of the log stood when they were written; first those kept by `pack`."""
        return np.concatenate([self.kept, self.closed.before + np.arange(count - len(self.kept))])

    def remember_requests(self, since: int) -> None:
        """Keeps at hand the rows from a day on of who asked an institution for something: it will want to know."""
        asks = np.array([state.awaits >= 0 for state in self.program.states], dtype=bool)
        rows = self.rows[: self.row_count]
        self.requests = rows[asks[rows[:, ROW_STATE]] & (rows[:, ROW_DAY] >= since)]

    def forget_beginnings(self) -> None:
        """Lets go of what only the lives up to the base date need."""
        self.block = replace(self.block, attributes=np.empty((0, 0)), relatives=np.empty((0, 3)), script=None)
        for name in ("SCRIPT_DAYS", "SCRIPT_ATTRIBUTES", "SCRIPT_VALUES"):
            self._give(name, np.zeros(1, dtype=self.columns[name].dtype))
        self._give("FIRST_ATTRIBUTES", np.zeros(1))

    @property
    def row_count(self) -> int:
        return int(self.world[of.ROW_COUNT])

    @property
    def end(self) -> int:
        """The row after the last resident of the block."""
        return self.first + len(self.block.birth_day)

    @property
    def deaths(self) -> np.ndarray:
        """int32[n]: the day of death of the block's residents, NEVER for those who live."""
        assert self.shared is not None
        return self.shared.column("DEATH")[self.first : self.end]

    def attributes(self) -> np.ndarray:
        """float64[n, attributes]: the present values of all stored attributes of the block's residents."""
        assert self.shared is not None
        return self.shared.attributes(slice(self.first, self.end))

    def find_columns(self) -> None:
        """Looks up where the columns of the town lie; needed again when they have grown."""
        assert self.shared is not None
        for name, array in self.shared.arrays.items():
            self._place(name, array)
            self.columns[name] = array

    def _place(self, name: str, array: np.ndarray, before: int = 0) -> None:
        self.world[of.FIELDS.index(name)] = array.ctypes.data - before * array.itemsize

    def _give(self, name: str, array: np.ndarray, before: int = 0) -> None:
        """Keeps an array and tells the kernel its address, as if `before` elements lay in front of it."""
        self.columns[name] = np.ascontiguousarray(array)
        self._place(name, self.columns[name], before)

    def _give_pool(self) -> None:
        assert self.shared is not None
        first, end = self.shared.more_pool()
        self._set({of.POOL_NEXT: first, of.POOL_END: end})

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
            of.MODULE_COUNT: len(program.modules), of.ATTRIBUTE_COUNT: len(program.attributes),
            of.LABEL_COUNT: program.label_count, of.AMOUNT_COUNT: program.amount_count,
            of.VERB_COUNT: len(program.verbs), of.TABLE_COUNT: len(program.tables),
            of.PUBLIC_COUNT: max(len(program.public), 1), of.PUBLIC_PLACES: program.public_places,
            of.INSTITUTION_COUNT: max(len(program.institutions), 1),
        })  # fmt: skip
        self._set({position: program.attribute_index(name) for position, name in HOUSEHOLD_ATTRIBUTES.items()})

    def _give_households(self) -> None:
        """The households and the residents' attributes at birth lie in the block, counted from its first row."""
        attributes = self.block.attributes.astype(np.float64)
        self._give("FIRST_ATTRIBUTES", attributes, before=self.first * len(self.program.attributes))
        sizes = self.block.unit_size.astype(np.int32)
        self._give("UNIT_SIZE", sizes)
        self._give("UNIT_FIRST", (self.first + np.cumsum(sizes) - sizes).astype(np.int32))
        self._set({of.UNIT_COUNT: len(sizes), of.FIRST_GROUP: self.first_group})

    def _give_calendar(self) -> None:
        self._give("MONTH_BEGINS", self.calendar.begins)
        self._give("MONTH_ENDS", self.calendar.ends)
        self._set({of.FIRST_DAY: self.calendar.first, of.BASE: self.base_day, of.UNTIL: self.until_day})
        self._set({of.ACTS_FROM: self.acts_from})

    def _give_rows(self, capacity: int) -> None:
        self.rows = np.empty((capacity, ROW_WIDTH), dtype=np.int32)
        self._set({of.ROWS: self.rows.ctypes.data, of.ROW_CAPACITY: capacity})

    def _keep_rows(self, capacity: int) -> None:
        used = self.rows[: self.row_count]
        self._give_rows(capacity)
        self.rows[: len(used)] = used
