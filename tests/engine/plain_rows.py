"""The log in plain Python: what entering a state does, and the rows that it opens and closes."""

from __future__ import annotations

import math

from plain_homes import Homes
from plain_residents import DrawAgain, Resident

from abmsim.days import NEVER
from abmsim.lang import layout as at
from abmsim.lang.program import Program


class Rows(Homes):
    """`rows` is the log as the kernel writes it."""

    def __init__(self, program: Program, base_day: int) -> None:
        super().__init__(program)
        self.base = base_day
        self.rows: list[list[int]] = []

    def actions(self, place: int) -> list[list[int]]:
        found = []
        widths = {at.ACTION_OPEN: 2, at.ACTION_TERM: 2, at.ACTION_PARENT: 3, at.ACTION_PLAN: 4}
        while place and self.words[place] != at.ACTION_STOP:
            width = widths.get(self.words[place], 5)  # type: ignore[call-overload]
            found.append(self.words[place : place + width])
            place += width
        return found

    def act(self, person: Resident, number: int, action: list[int], row: int | None, day: int) -> None:
        kind, operand, *rest = action
        if kind == at.ACTION_SET:
            return self.set(person, operand, self.given(person, number, rest, day), day)
        if kind == at.ACTION_CLOSE:
            return self.close(person, operand, int(self.given(person, number, rest, day)), day)
        assert row is not None
        log = self.rows[row]
        if kind == at.ACTION_OPEN:
            self.open_row(person, operand, row, day)
        elif kind == at.ACTION_SLOT:
            log[at.ROW_VALUES + operand] = math.floor(self.given(person, number, rest, day) + 0.5)
        elif kind == at.ACTION_PARENT:
            log[at.ROW_PARENTS + operand] = person.last.get(rest[0], -1)
        elif kind == at.ACTION_PLAN:
            end = self.end_of(person, number, rest[0], day, self.draw(person, number, rest[1]))
            log[at.ROW_PLANNED] = person.planned[operand] = end
        else:
            log[at.ROW_TERM] = self.end_of(person, number, operand, day, 0.5)

    def given(self, person: Resident, number: int, value: list[int], day: int) -> float:
        kind, operand, slot = value
        if kind == at.VALUE_LABEL:
            return float(operand)
        if kind == at.VALUE_EXPRESSION:
            return self.value(person, number, operand, day)
        if kind == at.VALUE_MAPPED:
            line = person.modules[number].line
            label = int(self.numbers[self.words[line + at.LINE_NUMBERS] + self.words[operand]])
            return float(self.words[operand + 2 + label])
        u = self.draw(person, number, slot)
        if kind == at.VALUE_DRAWN:
            return self.drawn(person, number, operand, day, u)
        return float(self.chosen(person, number, self.pairs(operand, 2), day, u)[0])

    def verb(self, verb: int) -> list[int]:
        return self.words[self.program.verbs_place + verb * at.VERB_WIDTH :][: at.VERB_MODULE]

    def open_row(self, person: Resident, verb: int, row: int, day: int) -> None:
        table, _, kills, ends, _ = self.verb(verb)
        if kills and person.immortal and day <= self.base:
            return
        self.close(person, verb, -1, day)
        ordinal = person.ordinals[table]
        person.ordinals[table] += 1
        self.rows[row][at.ROW_ORDINAL], self.rows[row][at.ROW_VERB] = ordinal, verb
        person.last[verb], person.planned[verb] = ordinal, NEVER
        if ends:
            person.open[verb] = row
        if kills:
            self.die(person, day)

    def close(self, person: Resident, verb: int, reason: int, day: int) -> None:
        row = person.open.pop(verb, None)
        if row is not None:
            self.rows[row][at.ROW_END], self.rows[row][at.ROW_REASON] = day, reason
            person.planned[verb] = NEVER

    def die(self, person: Resident, day: int) -> None:
        if day <= self.base:
            raise DrawAgain(person)
        person.death = day
        for verb in range(len(self.program.verbs)):
            self.close(person, verb, self.verb(verb)[at.VERB_ON_DEATH], day)
        for standing in person.modules:
            standing.due = NEVER

    def new_row(self, person: Resident, day: int, state: int, why: int) -> int:
        row = [0] * int(at.ROW_WIDTH)
        row[: at.ROW_VALUES] = [person.number, day, state, why, -1, NEVER, -1, NEVER, NEVER, -1]
        row[at.ROW_PARENTS :] = [-1] * int(at.MOST_PARENTS)
        self.rows.append(row)
        return len(self.rows) - 1
