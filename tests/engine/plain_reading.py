"""Expressions in plain Python, and what they can read: oneself, tables and those one lives with."""

from __future__ import annotations

from plain_numbers import BINARY, UNARY, compare
from plain_residents import Resident

from abmsim.days import NEVER, civil_date
from abmsim.lang import layout as at
from abmsim.lang.program import Program


class Reading:
    """The tables of a program, and values found in them; `unit` are those of the household who are alive."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.words: list[int] = program.words.tolist()
        self.numbers: list[float] = program.numbers.tolist()
        self.unit: list[Resident] = []
        self.tick = -NEVER

    def list_at(self, place: int) -> list[int]:
        return self.words[place + 1 : place + 1 + self.words[place]] if place else []

    def relative(self, person: Resident, which: int) -> Resident | None:
        """A relative in the household (0 partner, 1 mother, 2 father)."""
        return next((other for other in self.unit if other.number == person.relatives[which]), None)

    def value(self, person: Resident, number: int, place: int, day: int) -> float:
        stack: list[float] = []
        while True:
            op, *rest = self.words[place : place + 5]
            name = at.OPS[op]
            if name in ("stop_true", "stop_false"):
                return float(name == "stop_true")
            if name == "stop":
                return stack.pop()
            if name == "jump":
                place = rest[0]
            elif name == "jump_if_false":
                place = place + 2 if stack.pop() else rest[0]
            elif name == "jump_attribute":
                holds = compare(rest[0], person.values[rest[1]], self.numbers[rest[2]])
                place = rest[3] if holds else place + 5
            elif name == "jump_age":
                place = rest[2] if compare(rest[0], person.age(day), self.numbers[rest[1]]) else place + 4
            elif name in UNARY:
                stack.append(UNARY[name](stack.pop()))
                place += 1
            elif name in BINARY:
                right, left = stack.pop(), stack.pop()
                stack.append(BINARY[name](left, right))
                place += 1
            else:
                stack.append(float(self.read(person, number, name, rest, day)))
                place += {"age": 1, "today": 1, "year": 1, "birth_date": 1, "relative": 4, "aggregate": 5}.get(name, 2)

    def read(self, person: Resident, number: int, name: str, rest: list[int], day: int) -> float:
        if name == "constant":
            return self.numbers[rest[0]]
        if name == "attribute":
            return person.values[rest[0]]
        if name == "age":
            return person.age(day)
        if name == "today":
            return day
        if name == "year":
            return civil_date(day)[0]
        if name == "birth_date":
            return person.born
        if name == "lookup":
            cell = self.cell(person, rest[0], min(max(person.age(day), 0), int(at.AGES) - 1), day)
            return 0.0 if cell is None else self.numbers[cell]
        if name == "relative":
            other = self.relative(person, rest[0])
            if other is None or not self.present(other) or not self.at_home(person):
                return self.numbers[rest[2]]
            return self.of_other(other, rest[1])
        if name == "aggregate":
            members, how, index, nobody = rest[:4]
            return self.aggregate(person, members, how, index, self.numbers[nobody], day)
        if name == "line":
            line = person.modules[number].line
            return self.numbers[self.words[line + at.LINE_NUMBERS] + rest[0]] if line else 0.0
        if name == "planned_end":
            return person.planned.get(rest[0], NEVER)
        assert name == "is_open"
        return rest[0] in person.open

    def aggregate(self, person: Resident, members: int, how: int, index: int, nobody: float, day: int) -> float:
        values = []
        place = self.unit.index(person)
        for other in [*self.unit[place + 1 :], *self.unit[: place + 1]]:
            if other is person:
                own = person.values[index] if index >= 0 else self.of_other(person, index, day)
                values += [own] if members == at.HOUSEHOLD else []
            elif not self.at_home(person):
                continue
            elif self.present(other) and (members != at.CHILDREN or person.number in other.relatives[1:]):
                values.append(self.of_other(other, index))
        if nobody > 0:
            values = [value for value in values if value < nobody]
        if how in (at.ANY, at.COUNT):
            values = [float(value != 0.0) for value in values]
        if how in (at.COUNT, at.SUM):
            return sum(values)
        return (min if how == at.MIN else max)(values, default=nobody)

    def of_other(self, other: Resident, index: int, day: int | None = None) -> float:
        if index == at.AGE_OF:
            return float(other.age(self.tick if day is None else day))
        return float(other.born) if index == at.BIRTH_OF else other.seen[index]

    def at_home(self, person: Resident) -> bool:
        """Whether they lived with the others at the beginning of the month, or ever since their birth."""
        return person.joined <= max(self.tick, person.born)

    def present(self, person: Resident) -> bool:
        """Whether somebody was there at the beginning of the month."""
        return person.joined <= self.tick <= person.death

    def cell(self, person: Resident, place: int, age: int, day: int) -> int | None:
        index, count = self.words[place : place + 2]
        for i in range(count):
            source, attribute, lowest, values, positions, stride = self.words[place + 2 + i * at.LOOKUP_WIDTH :][:6]
            value = {
                int(at.BY_ATTRIBUTE): int(person.values[attribute]), int(at.BY_AGE): age,
                int(at.BY_YEAR): civil_date(day)[0],
            }[source]  # fmt: skip
            position = self.words[positions + min(max(value - lowest, 0), values - 1)]
            if position < 0:
                return None
            index += position * stride
        return index
