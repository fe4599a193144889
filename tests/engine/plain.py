"""The compiled tables run in plain Python: slow, readable, and bit for bit what the kernel must do.

Nothing of the kernel is used here: words are read from `Program`, draws and days are made with Python's own numbers.
From the bottom up: `plain_numbers`, `plain_residents`, `plain_reading`, `plain_times`, `plain_homes`, `plain_rows`,
`plain_states`, and here the households and their months.
"""

from __future__ import annotations

import numpy as np
from plain_residents import DrawAgain, Resident, script_of
from plain_states import States

from abmsim.days import NEVER, add_months, civil_date, civil_day
from abmsim.lang import layout as at
from abmsim.lang.program import Program

MOST_ATTEMPTS = 1000


class Plain(States):
    """Runs households one after the other; `rows` is the log as the kernel writes it."""

    def __init__(self, program: Program, block, base_day: int, until_day: int, acts_from: int = NEVER) -> None:
        super().__init__(program, base_day)
        self.until, self.acts_from = until_day, acts_from
        self.redrawn = 0
        joined = block.birth_day if block.joined is None else block.joined
        self.people = [
            Resident(
                number, int(born), int(key), [int(other) for other in relatives], [float(v) for v in values],
                int(since), script_of(block, number),
            )
            for number, (born, key, relatives, values, since) in enumerate(
                zip(block.birth_day, block.key, block.relatives, block.attributes, joined, strict=True)
            )
        ]  # fmt: skip
        first = 0
        for size in block.unit_size.tolist():
            self.run_household(self.people[first : first + size])
            first += size

    def log(self) -> np.ndarray:
        return np.array(self.rows, dtype=np.int32).reshape(-1, at.ROW_WIDTH)

    def run_household(self, unit: list[Resident]) -> None:
        self.household = unit
        first_row = len(self.rows)
        while True:
            self.unit = list(unit)
            for person in unit:
                person.begin(self.program, self.base)
            try:
                self.run_months()
                return
            except DrawAgain as died:
                person = died.args[0]
                person.attempt += 1
                person.immortal = person.immortal or person.attempt >= MOST_ATTEMPTS
                self.redrawn += 1
                del self.rows[first_row:]

    def run_months(self) -> None:
        alone = len(self.household) == 1
        seen = -NEVER
        while (day := self.next_day(seen)) < self.until:
            year, month, _ = civil_date(day)
            self.tick = day if alone else civil_day(year, month, 1)
            end = self.until if alone else min(add_months(civil_day(year, month, 1), 1), self.until)
            for person in self.household:
                self.run_person(person, end)
            if not alone:
                self.show_changes(end)
                seen = end

    def next_day(self, seen: int) -> int:
        """The next day on which somebody is due, or begins to live with the others."""
        joins = [person.joined for person in self.household if person.joined >= seen and len(self.household) > 1]
        return min([*joins, *(person.due() for person in self.household)])

    def run_person(self, person: Resident, end: int) -> None:
        while (day := person.due()) < end:
            if person.script_day() <= day:
                while person.script_day() <= day:
                    _, index, value = person.script[person.told]
                    person.told += 1
                    self.set(person, index, value, day)
                continue
            number = next(i for i, standing in enumerate(person.modules) if standing.due == day)
            self.advance(person, number, day)

    def show_changes(self, end: int) -> None:
        """The end of a month: deaths change the household, and what has changed becomes visible to the others."""
        public = self.list_at(self.program.public_place)
        for person in self.household:
            if self.tick <= person.death < end:
                place = self.unit.index(person)
                self.unit.remove(person)
                if self.unit:
                    self.refresh(self.unit[place % len(self.unit)], end)
                self.wake_everybody(end)
            if self.tick <= person.joined < end:
                self.wake_everybody(end, but=None if person.joined > person.born else person)
        for index in public:
            for person in self.household:
                if person.values[index] != person.seen[index]:
                    person.seen[index] = person.values[index]
                    for other in self.unit if person in self.unit else ():
                        if other is not person:
                            self.wake(other, self.program.relative_readers_place, at.STATE_RELATIVES, index, end)
