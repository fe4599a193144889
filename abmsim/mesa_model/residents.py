"""Residents of a town as objects: views of a row, made when somebody asks and never kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from abmsim.areas import open_labels
from abmsim.days import NEVER, age_on, day_date
from abmsim.engine.columns import Columns
from abmsim.engine.register import Register
from abmsim.engine.town import Town
from abmsim.lang.program import ModuleInfo
from abmsim.problems import UserError, suggestion
from abmsim.records.keys import PERSON_PREFIX, key_bytes
from abmsim.vocabulary import RELATIVES, Attribute

Value = bool | int | float | str | date | None


@dataclass(frozen=True, slots=True)
class Residents:
    """Everybody who lives in the town now, in the order of their rows: `len`, a loop, and `one` by key."""

    town: Town
    municipality_codes: Sequence[str]

    @property
    def columns(self) -> Columns:
        assert self.town.columns is not None, "the town has not begun"
        return self.town.columns

    @property
    def register(self) -> Register:
        assert self.town.register is not None, "the town has not begun"
        return self.town.register

    def __len__(self) -> int:
        return int(np.count_nonzero(self.columns.column("GROUP") >= 0))

    def __iter__(self) -> Iterator[Resident]:
        for row in np.flatnonzero(self.columns.column("GROUP") >= 0).tolist():
            yield Resident(self, row)

    def one(self, key: str | int) -> Resident:
        """Somebody who is or was there, by key (`abm-...`, as in the tables) or by row; raises UserError for nobody."""
        if isinstance(key, str):
            return Resident(self, self._row(key))
        if not 0 <= key < self.columns.count:
            raise UserError(f"there is no row {key}: rows are numbered from 0 to {self.columns.count - 1}")
        return Resident(self, int(key))

    def _row(self, key: str) -> int:
        people = self.register.people["key"]
        texts = key_bytes(people, PERSON_PREFIX)
        wanted = np.frombuffer(key.encode(), dtype=np.uint8)
        if len(wanted) == texts.shape[1]:
            found = np.flatnonzero((texts == wanted).all(axis=1)).tolist()
            if found:
                return found[0]
        some = ", ".join(one.key for _, one in zip(range(3), self, strict=False))
        raise UserError(f"there is no person '{key}' in this town (some that are: {some})")


class Resident:
    """One resident: `resident.married`, and any other stored attribute of the vocabulary or of a module, as it is now.

    Categories are read as their labels, days as dates (None for never). Nothing can be set: what changes in a life is
    written by its modules, and by the town at the end of a month.
    """

    __slots__ = ("_of", "row")

    _of: Residents
    row: int

    def __init__(self, of: Residents, row: int) -> None:
        object.__setattr__(self, "_of", of)
        object.__setattr__(self, "row", row)

    def __getattr__(self, name: str) -> Value:
        attributes = self._of.town.program.attributes
        for attribute in attributes:
            if attribute.name == name:
                return self._value(attribute, float(self._of.columns.attribute(name)[self.row]))
        hint = suggestion(name, [attribute.name for attribute in attributes], "attributes")
        raise AttributeError(f"a resident has no attribute '{name}' ({hint})")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"'{name}' of a resident cannot be set: modules and the town write what changes in a life")

    def __dir__(self) -> list[str]:
        return sorted([*super().__dir__(), *(attribute.name for attribute in self._of.town.program.attributes)])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Resident) and (self._of.town, self.row) == (other._of.town, other.row)

    def __hash__(self) -> int:
        return hash((id(self._of.town), self.row))

    def __repr__(self) -> str:
        there = "" if self.is_there else ", not there any more"
        return f"{self.key} ({self.sex}, {self.age}{there})"

    def _value(self, attribute: Attribute, value: float) -> Value:
        if attribute.type == "bool":
            return value != 0
        if attribute.type == "category":
            labels = attribute.labels or open_labels(attribute.name, self._of.municipality_codes)
            return labels[int(value)]
        if attribute.is_date:
            return _date(int(value))
        return int(value) if attribute.unit == "persons" else value

    # --- who it is ---------------------------------------------------------------------------------------------------
    @property
    def key(self) -> str:
        """The key of the person, as in the tables of a run."""
        number = self._of.register.people["key"][self.row : self.row + 1]
        return key_bytes(number, PERSON_PREFIX).tobytes().decode("ascii")

    @property
    def birth_date(self) -> date:
        return day_date(self._birth_day)

    @property
    def age(self) -> int:
        """Completed years on the first day that has not been lived yet, or on the day of leaving the town."""
        return age_on(self._birth_day, min(self._of.town.day, self._left_day))

    @property
    def is_there(self) -> bool:
        """Whether the resident lives in the town: has neither died nor left."""
        return bool(self._of.columns.column("GROUP")[self.row] >= 0)

    @property
    def left_date(self) -> date | None:
        """The day of death or of leaving the town; None for who is there."""
        return _date(self._left_day)

    @property
    def _birth_day(self) -> int:
        return int(self._of.columns.column("BIRTH")[self.row])

    @property
    def _left_day(self) -> int:
        return int(self._of.register.stays["left_day"][self.row])

    # --- with whom ---------------------------------------------------------------------------------------------------
    @property
    def household(self) -> tuple[Resident, ...]:
        """Everybody of the household, this resident too; a resident of an institution is alone, who is gone in none."""
        if not self.is_there:
            return ()
        ring, members = self._of.columns.column("RING"), [self.row]
        while (following := int(ring[members[-1]])) != self.row:
            members.append(following)
        return tuple(Resident(self._of, row) for row in sorted(members))

    @property
    def partner(self) -> Resident | None:
        """Who the resident lives with as a couple."""
        other = self._relative("partner")
        return other if other is not None and other in self.household else None

    @property
    def mother(self) -> Resident | None:
        """The mother, if she is or was a resident of the town."""
        return self._relative("mother")

    @property
    def father(self) -> Resident | None:
        """The father, if he is or was a resident of the town."""
        return self._relative("father")

    def _relative(self, which: str) -> Resident | None:
        row = int(self._of.columns.matrix("RELATIVES")[self.row, RELATIVES.index(which)])
        return Resident(self._of, row) if row >= 0 else None

    # --- where it stands ---------------------------------------------------------------------------------------------
    def state(self, module: str) -> str | None:
        """The state of a module in which the resident is; None if the module has not begun, or they are gone.

        Raises UserError for a module that the town does not run.
        """
        program = self._of.town.program
        place = program.modules.index(_module(module, program.modules))
        number = int(self._of.columns.states(np.array([self.row]), np.array([place]))[0])
        return program.states[number].name if number >= 0 else None


def _module(name: str, modules: Sequence[ModuleInfo]) -> ModuleInfo:
    for info in modules:
        if info.name == name:
            return info
    hint = suggestion(name, [info.name for info in modules], "modules")
    raise UserError(f"the town runs no module '{name}' ({hint})")


def _date(day: int) -> date | None:
    return None if day == NEVER else day_date(day)
