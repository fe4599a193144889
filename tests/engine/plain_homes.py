"""Households in plain Python: who is whose relative, and who looks again when something changes."""

from __future__ import annotations

from plain_residents import Resident
from plain_times import Times

from abmsim.lang import layout as at
from abmsim.vocabulary import POSITIONS


class Homes(Times):
    """Attributes change here, and wake those who read them."""

    def own_children(self, person: Resident) -> list[Resident]:
        return [other for other in self.unit if person in (self.relative(other, 1), self.relative(other, 2))]

    def is_child(self, person: Resident) -> bool:
        if self.relative(person, 1) is None and self.relative(person, 2) is None:
            return False
        return self.relative(person, 0) is None and not self.own_children(person)

    def is_parent_here(self, person: Resident) -> bool:
        return any(map(self.is_child, self.own_children(person)))

    def refresh(self, asked: Resident, day: int) -> None:
        column = self.program.attribute_index
        if asked.values[column("in_institution")]:
            return

        def rank(person: Resident) -> tuple[int, int, int]:
            is_head = person.values[column("is_household_head")] != 0
            return 0 if is_head else 2 if self.is_child(person) else 1, person.born, person.number

        head = min(self.unit, key=rank)
        children = sum(map(self.is_child, self.unit))
        for person in self.unit:
            partner = self.relative(person, 0)
            parent = self.is_parent_here(person) or (partner is not None and self.is_parent_here(partner))
            married = partner is not None and person.values[column("married")] != 0
            for name, value in (
                ("household_size", len(self.unit)), ("lives_alone", len(self.unit) == 1),
                ("has_partner", partner is not None), ("married", married), ("is_parent", parent),
                ("single_parent", parent and partner is None), ("n_children", children),
                ("is_household_head", person is head),
            ):  # fmt: skip
                self.set(person, column(name), float(value), day)
            if partner is not None:
                position = f"partner_{'married' if married else 'unmarried'}_{'with' if parent else 'no'}_children"
            elif self.is_child(person):
                position = "child_at_home"
            else:
                position = "single" if len(self.unit) == 1 else "single_parent" if parent else "other_member"
            self.set(person, column("position"), float(POSITIONS.index(position)), day)

    def set(self, person: Resident, index: int, value: float, day: int) -> None:
        if person.values[index] != value:
            person.values[index] = value
            self.wake(person, self.program.readers_place, at.STATE_OWN, index, day)

    def wake(self, person: Resident, readers: int, reads: int, index: int, day: int) -> None:
        if person.death <= day:
            return
        for number in self.list_at(self.words[readers + index]):
            standing = person.modules[number]
            if standing.state is None or standing.due < day:
                continue
            if index in self.list_at(self.words[at.STATES + standing.state * at.STATE_WIDTH + reads]):
                standing.due, standing.exit = day, None

    def wake_everybody(self, day: int, but: Resident | None = None) -> None:
        for other in self.unit:
            for index in self.list_at(self.program.public_place) if other is not but else ():
                self.wake(other, self.program.relative_readers_place, at.STATE_RELATIVES, index, day)
