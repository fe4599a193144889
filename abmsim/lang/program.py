"""A compiled program: the flat tables that the kernel runs, and the names that lead back to the modules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from abmsim.lang.institution import Institution
from abmsim.lang.layout import MODULE_WIDTH, VERB_WIDTH
from abmsim.vocabulary import Attribute


@dataclass(frozen=True, slots=True)
class ColumnSource:
    """Where a record's column comes from.

    `label`: index in the column's code list; `slot`: index in the row's values; `parent`: in the row's parents.
    """

    column: str
    kind: str
    value: int


@dataclass(frozen=True, slots=True)
class StateInfo:
    """A state by name, with its place in the module's file and the table that entering it writes to.

    `parents` are the tables that its row refers to, in the order of the log's parent ordinals; `happens` is the
    kind of `HAPPENINGS` that entering asks for. The log has a row of each entering, silent or not, that asks or writes.
    `awaits` is the number among the program's institutions of the one whose turn is waited for, -1 for none;
    `await_slot` is the word of that wait's end, `await_level` the cell of the request's priority in the record of the
    module.
    """

    module: str
    name: str
    file: str
    line: int
    about: str
    silent: bool
    table: str | None
    columns: tuple[ColumnSource, ...]
    parents: tuple[str, ...] = ()
    happens: str = ""
    awaits: int = -1
    await_slot: int = -1
    await_level: int = -1


@dataclass(frozen=True, slots=True)
class Why:
    """Why a state was entered: the line of the module and the statistic or assumption that decided."""

    file: str
    line: int
    source: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.source}".rstrip()

    @property
    def statistic(self) -> str | None:
        """The name of the statistic that decided, if one did."""
        return self.source.removeprefix("stats.") if self.source.startswith("stats.") else None


@dataclass(frozen=True, slots=True)
class ModuleInfo:
    """A module by name; `in_force` is a day number or None."""

    name: str
    file: str
    first_state: int
    state_count: int
    in_force: int | None
    law: str
    assumptions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Program:
    """All modules of a run, flattened.

    `words` int32, `numbers` float64, `keys` uint64[states] (the random key of each state, from its name). The places
    say where in `words` the tables of verbs, modules, readers and public attributes begin (`public_places`: for each
    attribute its number among these); `attributes` are the stored ones, in the order of their columns; `public` are
    those that relatives read; `verbs` pair a module with the table it writes to. `cells` is the size of the records of
    where a resident stands in all modules (see `layout`). `institutions` are those that a module
    awaits and all others that are known, in order of name.
    """

    words: np.ndarray
    numbers: np.ndarray
    keys: np.ndarray
    verbs_place: int
    modules_place: int
    readers_place: int
    relative_readers_place: int
    public_place: int
    public_places: int
    states: tuple[StateInfo, ...]
    whys: tuple[Why, ...]
    modules: tuple[ModuleInfo, ...]
    attributes: tuple[Attribute, ...]
    public: tuple[str, ...]
    verbs: tuple[tuple[str, str], ...]
    tables: tuple[str, ...]
    statistics: tuple[str, ...]
    cells: int
    institutions: tuple[Institution, ...] = ()
    _places: dict[str, int] = field(default_factory=dict, init=False)
    label_count: int = field(default=0, init=False)
    """How many of the attributes are of a category or say yes or no: they are the first."""

    def __post_init__(self) -> None:
        self._places.update({attribute.name: place for place, attribute in enumerate(self.attributes)})
        object.__setattr__(self, "label_count", sum(attribute.type != "number" for attribute in self.attributes))

    @property
    def amount_count(self) -> int:
        """How many of the attributes are numbers or dates: they are the last."""
        return len(self.attributes) - self.label_count

    @property
    def verb_words(self) -> np.ndarray:
        """int32[verbs, VERB_WIDTH]: what `words` tells of each verb; a view."""
        return self._described(self.verbs_place, len(self.verbs), int(VERB_WIDTH))

    @property
    def module_words(self) -> np.ndarray:
        """int32[modules, MODULE_WIDTH]: what `words` tells of each module; a view."""
        return self._described(self.modules_place, len(self.modules), int(MODULE_WIDTH))

    def _described(self, place: int, count: int, width: int) -> np.ndarray:
        return self.words[place : place + count * width].reshape(count, width)

    def attribute_index(self, name: str) -> int:
        """The column of a stored attribute."""
        return self._places[name]
