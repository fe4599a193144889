"""Lives up to the base date and through it: every household by itself from its first birth on, in blocks on threads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from abmsim.engine.agenda import Agenda, Block
from abmsim.engine.columns import Newcomers, Script
from abmsim.engine.incoming import Setting, live_up_to_now
from abmsim.population.people import PRIVATE, Population

if TYPE_CHECKING:
    from abmsim.lang.program import Program
    from abmsim.population.backstory import Backstory

BLOCK_RESIDENTS = 4096
"""Residents of a block (up to a household more). A constant: the order of the log must not depend on the machine."""


@dataclass(frozen=True, slots=True)
class Past:
    """What the residents of the base date have behind them: `backstory` (None: they were always as they are now) and
    the values of stored attributes on the base date by name, float64[n]."""

    attributes: Mapping[str, np.ndarray]
    backstory: Backstory | None = None


@dataclass(frozen=True, slots=True)
class History:
    """The residents of the base date with their past, to be lived up to `until_day` (exclusive)."""

    setting: Setting
    population: Population
    past: Past
    base_day: int
    until_day: int
    block_residents: int = BLOCK_RESIDENTS

    def live(self, pool: Executor) -> Iterator[Agenda]:
        """Adds the residents to the columns of the town and runs their lives; gives block after block."""
        columns = self.setting.columns
        columns.add(self._residents())
        values, script = self._beginnings()
        columns.tell(script)
        unit_size = _unit_sizes(self.population)
        bounds = _block_bounds(unit_size, self.block_residents)
        yield from pool.map(lambda bound: live_up_to_now(self._agenda(bound, values, unit_size)), bounds)

    def _residents(self) -> Newcomers:
        people = self.population.people
        backstory = self.past.backstory
        joined = people.birth_day if backstory is None else np.maximum(backstory.joined, people.birth_day)
        relatives = np.stack([people.partner, people.mother, people.father], axis=1)
        return Newcomers(people.birth_day, self.setting.key(people.key), relatives, joined.astype(np.int32))

    def _beginnings(self) -> tuple[dict[int, np.ndarray], Script]:
        """The values at birth of the stored attributes that are known, by column, and what is told after it."""
        program = self.setting.program
        known = {
            index: np.asarray(self.past.attributes[attribute.name], dtype=np.float64)
            for index, attribute in enumerate(program.attributes)
            if attribute.name in self.past.attributes
        }
        backstory = self.past.backstory
        if backstory is None:
            return known, Script.empty(len(self.population.people))
        return _at_birth(known, backstory, program, self.population.people.birth_day)

    def _agenda(
        self, bound: tuple[int, int, int, int], values: Mapping[int, np.ndarray], unit_size: np.ndarray
    ) -> Agenda:
        setting, people = self.setting, self.population.people
        first_unit, end_unit, first, end = bound
        attributes = np.empty((end - first, len(setting.program.attributes)))
        for index, attribute in enumerate(setting.program.attributes):
            attributes[:, index] = values[index][first:end] if index in values else attribute.default
        none = np.full((end - first, 3), -1)
        block = Block(
            people.birth_day[first:end], people.key[first:end], none, attributes, unit_size[first_unit:end_unit]
        )
        return Agenda(
            setting.program, block, setting.calendar, self.base_day, self.until_day, setting.columns, first, first_unit,
            rules=setting.rules,
        )  # fmt: skip


def group_households(population: Population) -> np.ndarray:
    """int[units]: the household of each group of residents who read each other."""
    return np.repeat(np.arange(len(population.households)), _units_of(population))


def _at_birth(
    known: dict[int, np.ndarray], backstory: Backstory, program: Program, birth_day: np.ndarray
) -> tuple[dict[int, np.ndarray], Script]:
    """What is told of the day of birth becomes the value at birth; the rest stays to be told later."""
    columns = {attribute.name: index for index, attribute in enumerate(program.attributes)}
    index = np.array([columns.get(name, -1) for name in backstory.names], dtype=np.int32)
    person = np.repeat(np.arange(len(birth_day)), np.diff(backstory.first))
    attribute = index[backstory.attribute]
    at_birth = (backstory.day <= birth_day[person]) & (attribute >= 0)
    for name in backstory.names:
        if columns.get(name, -1) >= 0:
            default = program.attributes[columns[name]].default
            known[columns[name]] = np.full(len(birth_day), default)
            told = at_birth & (attribute == columns[name])
            known[columns[name]][person[told]] = backstory.value[told]
    later = ~at_birth & (attribute >= 0)
    first = np.searchsorted(person[later], np.arange(len(birth_day) + 1))
    return known, Script(first, backstory.day[later], attribute[later], backstory.value[later])


def _units_of(population: Population) -> np.ndarray:
    """int[households]: units of each household: one of a private one, one a resident of an institution."""
    households = population.households
    return np.where(households.kind == PRIVATE, 1, households.size)


def _unit_sizes(population: Population) -> np.ndarray:
    """int32[units]: residents who read each other: private households; residents of institutions are on their own."""
    households = population.households
    size = np.where(households.kind == PRIVATE, households.size, 1)
    return np.repeat(size, _units_of(population)).astype(np.int32)


def _block_bounds(unit_size: np.ndarray, block_residents: int) -> Iterator[tuple[int, int, int, int]]:
    """(first unit, end unit, first resident, end resident) of each block: whole units, about the same size."""
    ends = np.cumsum(unit_size, dtype=np.int64)
    if len(ends) == 0:
        return
    unit, resident = 0, 0
    while unit < len(unit_size):
        end_unit = min(int(np.searchsorted(ends, resident + block_residents)) + 1, len(unit_size))
        end_resident = int(ends[end_unit - 1])
        yield unit, end_unit, resident, end_resident
        unit, resident = end_unit, end_resident
