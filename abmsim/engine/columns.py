"""The columns of a town's residents that the kernel works on: what they are, where they live, where they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from abmsim.days import NEVER
from abmsim.engine import world as of
from abmsim.lang.layout import (
    MODULE_CELLS,
    MODULE_FIRST_CELLS,
    MODULE_START,
    SLOT_EPISODE,
    SLOT_EXIT,
    SLOT_STATE,
    VERB_MODULE,
    VERB_OPEN,
    VERB_ROWS,
)
from abmsim.lang.program import Program

_CHUNK_RESIDENTS = 32
"""Residents for all of whose modules a part of the pool has room."""

_FEWEST_OF_A_BLOCK, _MORE_BLOCKS = 500, 64
"""How many blocks the pool must have a part for: more than there are."""


@dataclass(frozen=True, slots=True)
class Script:
    """What is told of the past of n residents: events in order of resident and day.

    `first` int64[n + 1], where the events of each begin; `day` int32, `attribute` int32 (column in the program),
    `value` float64 per event.
    """

    first: np.ndarray
    day: np.ndarray
    attribute: np.ndarray
    value: np.ndarray

    @classmethod
    def empty(cls, n: int) -> Script:
        """Nothing to tell of n residents."""
        none = np.zeros(0, dtype=np.int32)
        return cls(np.zeros(n + 1, dtype=np.int64), none, none, np.zeros(0))


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Some residents as the kernel wants them: birth_day int32[n], key uint64[n] (with the seed), relatives
    int32[n, 3] (rows of the town or -1), joined int32[n] (since when they live with their housemates)."""

    birth_day: np.ndarray
    key: np.ndarray
    relatives: np.ndarray
    joined: np.ndarray

    def __len__(self) -> int:
        return len(self.birth_day)


@dataclass(slots=True)
class Columns:
    """Every column by the name of its field in `world`, with room for `capacity` residents, of whom `count` are there.

    Room that nobody uses costs no memory: the operating system gives it when it is first written.
    """

    program: Program
    capacity: int
    count: int = 0
    pool_used: int = 1
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        for name, (width, kind) in self._shapes().items():
            self.arrays[name] = np.zeros(self.capacity * width, dtype=kind)
        kinds = max(len(self.program.institutions), 1)
        self.arrays["FREE_FROM"] = np.zeros(int(of.MOST_MUNICIPALITIES) * kinds, dtype=np.int32)
        self._reserve_pool()
        self.tell(Script.empty(0))

    def _shapes(self) -> dict[str, tuple[int, type]]:
        """Columns per resident and type of each array."""
        program = self.program
        modules = len(program.modules)
        one = ("BIRTH", "BIRTH_YEAR", "BIRTH_MONTH", "BIRTH_MONTH_DAY", "AGE", "AGE_BEGAN", "AGE_ENDS", "RING", "GROUP",
               "JOINED", "DEATH", "ATTEMPT", "IMMORTAL", "NEXT_DUE",
               "SCRIPT_BEGIN", "SCRIPT_END", "SCRIPT_NEXT")  # fmt: skip
        return {
            **{name: (1, np.int32) for name in one},
            "PERSON_KEY": (1, np.uint64),
            "DRAW_KEY": (1, np.uint64),
            "RELATIVES": (int(of.RELATIVE_COUNT), np.int32),
            "CHANGED": (1, np.uint16),
            "DUE": (modules, np.int32),
            "PLACE": (modules, np.int32),
            "LABELS": (max(program.label_count, 1), np.int16),
            "AMOUNTS": (max(program.amount_count, 1), np.float64),
            "SNAPSHOT": (max(len(program.public), 1), np.float64),
            "ORDINALS": (max(len(program.tables), 1), np.int32),
        }

    # --- the records of where residents stand --------------------------------------------------------------------
    def _reserve_pool(self) -> None:
        """Room for every record that there can be; what is never used costs no memory."""
        blocks = self.capacity // _FEWEST_OF_A_BLOCK + _MORE_BLOCKS
        cells = self.pool_used + (self.capacity * self.program.cells * 33) // 32 + blocks * self.pool_chunk
        larger = np.zeros(2 * cells, dtype=np.int32)
        if self.pool_used > 1:
            larger[: 2 * self.pool_used] = self.arrays["POOL"][: 2 * self.pool_used]
        self.arrays["POOL"] = larger

    @property
    def pool_chunk(self) -> int:
        """Cells that a block is given at a time: enough for all modules of some residents."""
        return _CHUNK_RESIDENTS * max(self.program.cells, 1)

    def more_pool(self) -> tuple[int, int]:
        """A part of the pool for one block alone: its first cell, and the one after its last."""
        with self._lock:
            first = self.pool_used
            self.pool_used += self.pool_chunk
        assert 2 * self.pool_used <= len(self.arrays["POOL"]), "more records than residents and modules"
        return first, first + self.pool_chunk

    def words(self, person: np.ndarray, module: np.ndarray, word: np.ndarray | int) -> np.ndarray:
        """int64[k]: where in the pool's words one of each resident's record of a module lies; -1 without a record."""
        place = self.matrix("PLACE")[person, module].astype(np.int64)
        return np.where(place > 0, 2 * place + word, -1)

    def states(self, person: np.ndarray, module: np.ndarray) -> np.ndarray:
        """int64[k]: the states in which residents stand in a module; -1 where it has not begun or they are gone."""
        place = self.matrix("PLACE")[person, module].astype(np.int64)
        halves = self.arrays["POOL"].view(np.int16)
        first = self.program.module_words[module, MODULE_START]
        found = halves[4 * np.maximum(place, 0) + SLOT_STATE].astype(np.int64)
        return np.where(place > 0, found, np.where(place == of.AT_REST, first, -1))

    def words_of_open_rows(self, person: np.ndarray, verb: np.ndarray) -> np.ndarray:
        """int64[k]: where in the pool's words the number of a resident's open row of a verb stands (the number is
        negative if none is open); -1 if nothing of the verb has ever been written."""
        told = self.program.verb_words[verb]
        word = self.words(person, told[:, VERB_MODULE], told[:, VERB_ROWS] + int(VERB_OPEN))
        return np.where(self._is_short(person, told[:, VERB_MODULE]), -1, word)

    def _is_short(self, person: np.ndarray, module: np.ndarray) -> np.ndarray:
        """bool[k]: whether a resident's record of a module is the short one of the first stay in the start state."""
        start, cells, first = self.program.module_words[module][:, [MODULE_START, MODULE_CELLS, MODULE_FIRST_CELLS]].T
        halves, slot = self.arrays["POOL"].view(np.uint16), 2 * np.maximum(self.words(person, module, 0), 0)
        is_first = (halves[slot + SLOT_STATE] == start) & (halves[slot + SLOT_EPISODE] == 0)
        return (first < cells) & is_first

    def make_due(self, person: np.ndarray, module: np.ndarray, day: np.ndarray | int) -> None:
        """Makes the modules of residents due on a day."""
        self.matrix("DUE")[person, module] = day
        np.minimum.at(self.column("NEXT_DUE"), person, day)

    def look_again(self, person: np.ndarray, module: np.ndarray) -> None:
        """Makes residents, who have a record of the module, choose their exit anew when it is due."""
        self.arrays["POOL"].view(np.int16)[2 * self.words(person, module, 0) + SLOT_EXIT] = of.NO_EXIT

    def matrix(self, name: str) -> np.ndarray:
        """The rows that are there, as [count, columns of a resident]; a view: what is written to it stays."""
        width = len(self.arrays[name]) // self.capacity
        return self.arrays[name].reshape(self.capacity, width)[: self.count]

    def column(self, name: str) -> np.ndarray:
        """A column with one value a resident, of those who are there; a view."""
        return self.arrays[name][: self.count]

    def attribute(self, name: str) -> np.ndarray:
        """The present value of a stored attribute of everybody; a view, int16 of a category or of yes and no."""
        index, labels = self.program.attribute_index(name), self.program.label_count
        return self.matrix("LABELS")[:, index] if index < labels else self.matrix("AMOUNTS")[:, index - labels]

    def attributes(self, rows: slice = slice(None)) -> np.ndarray:
        """float64[k, attributes]: the present values of all stored attributes of these residents."""
        labels, amounts = self.program.label_count, self.program.amount_count
        return np.hstack([self.matrix("LABELS")[rows, :labels], self.matrix("AMOUNTS")[rows, :amounts]])

    def set_attributes(self, first: int, values: np.ndarray) -> None:
        """Gives the residents from row `first` on these values, float64[k, attributes]."""
        labels, rows = self.program.label_count, slice(first, first + len(values))
        self.matrix("LABELS")[rows, :labels] = values[:, :labels]
        self.matrix("AMOUNTS")[rows, : self.program.amount_count] = values[:, labels:]

    def has_room(self, n: int) -> bool:
        return self.count + n <= self.capacity

    def grow(self, n: int) -> None:
        """Makes room for n more residents and half as many again; the addresses change."""
        old = self.capacity
        self.capacity = self.count + n + (self.count + n) // 2
        for name in self._shapes():
            width = len(self.arrays[name]) // max(old, 1)
            larger = np.zeros(self.capacity * width, dtype=self.arrays[name].dtype)
            larger[: self.count * width] = self.arrays[name][: self.count * width]
            self.arrays[name] = larger
        self._reserve_pool()

    def add(self, people: Newcomers) -> int:
        """Gives the next rows to these residents, who stand alone and in no group; returns the first row."""
        first, n = self.count, len(people)
        self.count += n
        rows = slice(first, first + n)
        year, month, month_day = _civil_columns(people.birth_day)
        given = {
            "BIRTH": people.birth_day, "BIRTH_YEAR": year, "BIRTH_MONTH": month, "BIRTH_MONTH_DAY": month_day,
            "PERSON_KEY": people.key, "JOINED": people.joined, "DEATH": NEVER, "GROUP": -1,
            "RING": np.arange(first, first + n),
        }  # fmt: skip
        for name, values in given.items():
            self.column(name)[rows] = values
        self.matrix("RELATIVES")[rows] = people.relatives
        self.matrix("DUE")[rows] = NEVER
        self.column("NEXT_DUE")[rows] = NEVER
        return first

    def tell(self, script: Script, first: int = 0) -> None:
        """Sets what is told of the residents from row `first` on; it replaces what was told before of anybody."""
        n = len(script.first) - 1
        for name in ("SCRIPT_BEGIN", "SCRIPT_END", "SCRIPT_NEXT"):
            self.column(name)[:] = 0
        self.arrays["SCRIPT_BEGIN"][first : first + n] = script.first[:-1]
        self.arrays["SCRIPT_END"][first : first + n] = script.first[1:]
        # One more than there are: an address is needed even if nothing is told.
        self.arrays["SCRIPT_DAYS"] = np.append(script.day, 0).astype(np.int32)
        self.arrays["SCRIPT_ATTRIBUTES"] = np.append(script.attribute, 0).astype(np.int32)
        self.arrays["SCRIPT_VALUES"] = np.append(script.value, 0.0)


def _civil_columns(days: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Year, month and day of the month of day numbers: int32[n] each."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    year = dates.astype("datetime64[Y]").astype(np.int32) + 1970
    month = months.astype(np.int32) % 12 + 1
    return year.astype(np.int32), month.astype(np.int32), ((dates - months).astype(np.int32) + 1).astype(np.int32)
