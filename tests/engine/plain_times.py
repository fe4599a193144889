"""Draws and days in plain Python: how long a wait lasts, when a hazard fires, when to look again."""

from __future__ import annotations

import math
from bisect import bisect_right

from plain_numbers import mix, uniform
from plain_reading import Reading
from plain_residents import Resident

from abmsim.days import DAYS_PER_UNIT, NEVER, add_months, birthday, civil_date, civil_day
from abmsim.lang import layout as at
from abmsim.randomness import normal_quantile, portable_exp, portable_log

LAST_DAY = 90_000


class Times(Reading):
    """What chance and the calendar say."""

    def draw(self, person: Resident, number: int, slot: int) -> float:
        standing = person.modules[number]
        key = mix(person.draw_key, int(self.program.keys[standing.state]))
        return uniform(mix(key, (standing.episode << 40) | (standing.visit << 16) | int(slot)))

    def pairs(self, place: int, width: int) -> list[list[int]]:
        return [self.words[place + 1 + i * width :][:width] for i in range(self.words[place])]

    def chosen(self, person: Resident, number: int, ways: list[list[int]], day: int, u: float) -> list[int]:
        total = 0.0
        for way in ways[:-1]:
            total += self.value(person, number, way[-1], day)
            if u < total:
                return way
        return ways[-1]

    def end_of(self, person: Resident, number: int, place: int, day: int, u: float) -> int:
        length = float(self.drawn(person, number, place, day, u))
        unit = at.UNITS[self.words[place + 3]]
        months = length * (12.0 if unit == "year" else 1.0)
        exact = self.words[place] == at.EXACT and unit in ("month", "year")
        if exact and months.is_integer() and 0 <= months < 1200:
            return add_months(day, int(months))
        return day + int(min(max(length, 0.0) * DAYS_PER_UNIT[unit] + 0.5, float(LAST_DAY - day)))

    def drawn(self, person: Resident, number: int, place: int, day: int, u: float) -> float:
        kind, one, other = self.words[place : place + 3]
        if kind == at.EMPIRICAL:
            return self.empirical(one, u)
        first = self.value(person, number, one, day)
        second = self.value(person, number, other, day) if other else 0.0
        return {
            int(at.EXACT): lambda: first,
            int(at.UNIFORM): lambda: first + u * (second - first),
            int(at.NORMAL): lambda: first + second * normal_quantile(u),
            int(at.LOGNORMAL): lambda: first * portable_exp(min(second * normal_quantile(u), 50.0)),
            int(at.EXPONENTIAL): lambda: -portable_log(u) * first,
            int(at.WEIBULL): lambda: first * portable_exp(min(portable_log(-portable_log(u)) / second, 50.0)),
        }[kind]()

    def empirical(self, place: int, u: float) -> float:
        count, first = self.words[place : place + 2]
        below = 0.0
        for i in range(count):
            begin, end, upto = self.numbers[first + 3 * i : first + 3 * i + 3]
            if u < upto or i == count - 1:
                share = min((u - below) / (upto - below), 1.0) if upto > below else 0.0
                return begin + share * (end - begin)
            below = upto
        return 0.0

    def next_wake(self, person: Resident, number: int, place: int, day: int) -> int:
        if not place:
            return NEVER
        flags, ages = self.words[place], self.list_at(place + 1)
        days = [birthday(person.born, age) for age in ages]
        for compared in self.list_at(place + 2 + len(ages)):
            value = self.value(person, number, compared, day)
            if value < NEVER:
                days += [math.floor(value), math.floor(value) + 1]
        if flags & at.WAKE_EVERY_DAY:
            days.append(day + 1)
        if flags & at.WAKE_EVERY_MONTH:
            year, month, _ = civil_date(day)
            days.append(civil_day(year + month // 12, month % 12 + 1, 1))
        if flags & at.WAKE_EVERY_YEAR:
            days.append(civil_day(civil_date(day)[0] + 1, 1, 1))
        if flags & at.WAKE_EVERY_BIRTHDAY:
            days.append(birthday(person.born, person.age(day) + 1))
        return min((other for other in days if other > day), default=NEVER)

    def hazard_day(self, person: Resident, number: int, place: int, day: int) -> int:
        """The day on which a hazard fires if nothing changes; what has run since the last look is used up."""
        hazard = person.modules[number].hazards[self.words[place + at.EXIT_INDEX]]
        exact = person.exact_age(day)
        if hazard.row is not None:
            run = self.cumulated(hazard.row, exact) - self.cumulated(hazard.row, hazard.age)
            hazard.remaining = max(hazard.remaining - hazard.factor * run, 0.0)
            hazard.row = None
        asked = self.words[place + at.EXIT_EXPRESSION]
        if asked and not self.value(person, number, asked, day):
            return NEVER
        table, times, _ = self.words[self.words[place + at.EXIT_OPERAND] :][:3]
        row = self.cell(person, table, 0, day)
        factor = self.value(person, number, times, day) if times else 1.0
        if row is None or not factor > 0.0:
            return NEVER
        hazard.row, hazard.factor, hazard.age = row, factor, exact
        level = self.cumulated(row, exact) + hazard.remaining / factor
        last = int(at.AGES) - 1
        first = min(int(exact), last)
        age = bisect_right(self.numbers, level, row + first + 1, row + last + 1) - 1 - row
        begin, end = self.numbers[row + age], self.numbers[row + age + 1]
        if age == last and end <= level and end <= begin:
            return NEVER
        return max(person.day_of_age(max(exact, age + (level - begin) / (end - begin))), day)

    def cumulated(self, row: int, exact: float) -> float:
        age = min(int(exact), int(at.AGES) - 1)
        begin, end = self.numbers[row + age : row + age + 2]
        return begin + (exact - age) * (end - begin)

    def next_line(self, person: Resident, last: int, schedule: int) -> int:
        first = schedule + 2
        for line in range(first, first + self.words[schedule] * int(at.LINE_WIDTH), int(at.LINE_WIDTH)):
            _, _, sex, born_from, born_until, _ = self.words[line : line + at.LINE_WIDTH]
            if line > last and sex in (-1, person.values[0]) and born_from <= person.born < born_until:
                return line
        return 0

    def line_day(self, person: Resident, line: int) -> int:
        return add_months(person.born, self.words[line + at.LINE_MONTHS]) + self.words[line + at.LINE_DAYS]
