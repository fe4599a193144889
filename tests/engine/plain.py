"""The compiled tables run in plain Python: slow, readable, and bit for bit what the kernel must do.

Nothing of the kernel is used here: words are read from `Program`, draws and days are made with Python's own numbers.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from abmsim.days import DAYS_PER_UNIT, NEVER, add_months, age_on, birthday, civil_date, civil_day
from abmsim.lang import layout as at
from abmsim.lang.program import Program
from abmsim.randomness import normal_quantile, portable_exp, portable_log
from abmsim.vocabulary import POSITIONS

_64_BITS = 2**64 - 1
_GOLDEN, _M1, _M2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_MOST_ATTEMPTS = 1000
_MOST_STEPS = 1_000
_LAST_DAY = 90_000
_SCHEDULE_OVER = 99


def mix(key: int, word: int) -> int:
    z = key ^ (word * _GOLDEN & _64_BITS)
    z = (z ^ z >> 30) * _M1 & _64_BITS
    z = (z ^ z >> 27) * _M2 & _64_BITS
    z = (z ^ z >> 31) + _GOLDEN & _64_BITS
    z = (z ^ z >> 30) * _M1 & _64_BITS
    z = (z ^ z >> 27) * _M2 & _64_BITS
    return z ^ z >> 31


def uniform(key: int) -> float:
    return ((key >> 11) + 0.5) * 2.0**-53


class Stuck(Exception):
    """A loop in which no time passes; the argument is the state."""


class DrawAgain(Exception):
    """A resident of the base date died before it."""


@dataclass
class Hazard:
    """What is left of a threshold; `row` is where the rate lies, None while it does not run."""

    remaining: float
    row: int | None = None
    factor: float = 0.0
    age: float = 0.0


@dataclass
class Standing:
    """Where a resident stands in a module."""

    due: int
    state: int | None = None
    exit: int | None = None
    episode: int = -1
    visit: int = 0
    waits: dict[int, int] = field(default_factory=dict)
    why: int = 0
    line: int = 0
    next_line: int = 0
    hazards: dict[int, Hazard] = field(default_factory=dict)


@dataclass
class Resident:
    number: int
    born: int
    key: int
    relatives: list[int]
    first_values: list[float]
    joined: int
    script: list[tuple[int, int, float]]
    attempt: int = 0
    immortal: bool = False

    def begin(self, program: Program, base: int) -> None:
        w = program.words
        self.draw_key = mix(self.key, self.attempt)
        self.death = NEVER
        self.values = list(self.first_values)
        self.seen = list(self.first_values)
        self.told = 0
        self.visits: dict[int, int] = defaultdict(int)
        self.ordinals: dict[int, int] = defaultdict(int)
        self.open: dict[int, int] = {}
        self.last: dict[int, int] = {}
        self.planned: dict[int, int] = {}
        self.priorities: dict[int, float] = {}
        self.modules = []
        for number in range(len(program.modules)):
            at_base = w[program.modules_place + number * at.MODULE_WIDTH + at.MODULE_BEGINS_BASE]
            self.modules.append(Standing(max(self.born, base) if at_base else self.born))

    def age(self, day: int) -> int:
        return age_on(self.born, day)

    def exact_age(self, day: int) -> float:
        age = self.age(day)
        begin, end = birthday(self.born, age), birthday(self.born, age + 1)
        return age + (day - begin) / (end - begin)

    def day_of_age(self, exact: float) -> int:
        age = int(exact)
        begin, end = birthday(self.born, age), birthday(self.born, age + 1)
        return begin + int((exact - age) * (end - begin))

    def script_day(self) -> int:
        return self.script[self.told][0] if self.told < len(self.script) else NEVER

    def module_due(self) -> int:
        return min((standing.due for standing in self.modules), default=NEVER)

    def due(self) -> int:
        return min(self.script_day(), self.module_due())


def _script(block, number: int) -> list[tuple[int, int, float]]:
    if block.script is None:
        return []
    first, end = block.script.first[number : number + 2]
    rows = slice(int(first), int(end))
    columns = (block.script.day, block.script.attribute, block.script.value)
    return [(int(day), int(index), float(value)) for day, index, value in zip(*(c[rows] for c in columns), strict=True)]


class Plain:
    """Runs households one after the other; `rows` is the log as the kernel writes it."""

    def __init__(self, program: Program, block, base_day: int, until_day: int, acts_from: int = NEVER) -> None:
        self.program = program
        self.words: list[int] = program.words.tolist()
        self.numbers: list[float] = program.numbers.tolist()
        self.base, self.until, self.acts_from = base_day, until_day, acts_from
        self.rows: list[list[int]] = []
        self.redrawn = 0
        joined = block.birth_day if block.joined is None else block.joined
        self.people = [
            Resident(
                number, int(born), int(key), [int(other) for other in relatives], [float(v) for v in values],
                int(since), _script(block, number),
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

    # --- households ----------------------------------------------------------------------------------------------
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
                person.immortal = person.immortal or person.attempt >= _MOST_ATTEMPTS
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

    def wake_everybody(self, day: int, but: Resident | None = None) -> None:
        for other in self.unit:
            for index in self.list_at(self.program.public_place) if other is not but else ():
                self.wake(other, self.program.relative_readers_place, at.STATE_RELATIVES, index, day)

    # --- who lives with whom -------------------------------------------------------------------------------------
    def relative(self, person: Resident, which: int) -> Resident | None:
        """A relative in the household (0 partner, 1 mother, 2 father)."""
        return next((other for other in self.unit if other.number == person.relatives[which]), None)

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

    def list_at(self, place: int) -> list[int]:
        return self.words[place + 1 : place + 1 + self.words[place]] if place else []

    # --- states --------------------------------------------------------------------------------------------------
    def advance(self, person: Resident, number: int, day: int) -> None:
        standing = person.modules[number]
        if standing.state is None:
            start, why = self.words[self.program.modules_place + number * at.MODULE_WIDTH :][:2]
            self.enter(person, number, start, why, day)
        leaving = standing.exit
        for _ in range(_MOST_STEPS):
            if person.death <= day:
                return
            if leaving is None:
                leaving = self.settle(person, number, day)
                if leaving is None:
                    return
            state, why = self.follow(person, number, leaving, day)
            if why & at.INHERITS:
                why = standing.why
            self.enter(person, number, state, why, day)
            leaving = None
        raise Stuck(standing.state)

    def state(self, number: int) -> list[int]:
        return self.words[at.STATES + number * at.STATE_WIDTH :][: at.STATE_WIDTH]

    def exits(self, number: int) -> list[int]:
        state = self.state(number)
        first, count = state[at.STATE_EXITS], state[at.STATE_EXIT_COUNT]
        return [first + i * int(at.EXIT_WIDTH) for i in range(count)]

    def enter(self, person: Resident, number: int, state: int, why: int, day: int) -> None:
        standing = person.modules[number]
        flags = self.state(state)[at.STATE_FLAGS]
        if flags & at.STARTS:
            standing.episode += 1
            first, count = self.words[self.program.modules_place + number * at.MODULE_WIDTH :][3:5]
            for other in range(first, first + count):
                person.visits[other] = 0
        standing.state, standing.visit, standing.exit = state, person.visits[state], None
        standing.why = why
        person.visits[state] = (person.visits[state] + 1) % 65536
        actions = self.actions(self.state(state)[at.STATE_ACTIONS])
        row = None
        if not flags & at.SILENT or any(action[0] != at.ACTION_SET for action in actions):
            row = self.new_row(person, day, state, why)
        for action in actions:
            self.act(person, number, action, row, day)
        for place in self.exits(state):
            self.begin_exit(person, number, place, day)

    def begin_exit(self, person: Resident, number: int, place: int, day: int) -> None:
        standing = person.modules[number]
        kind, operand = self.words[place + at.EXIT_KIND], self.words[place + at.EXIT_OPERAND]
        if kind in (at.WAIT, at.AWAIT):
            index = self.words[place + at.EXIT_INDEX]
            u = self.draw(person, number, at.DRAW_WAIT + index)
            duration = operand if kind == at.WAIT else self.words[operand + at.AWAIT_DURATION]
            standing.waits[index] = self.end_of(person, number, duration, day, u)
            if kind == at.AWAIT:
                standing.waits[index] = self.turn(person, number, operand, day, standing.waits[index])
        elif kind == at.HAZARD:
            index = self.words[place + at.EXIT_INDEX]
            threshold = -portable_log(self.draw(person, number, at.DRAW_HAZARD + index))
            standing.hazards[index] = Hazard(threshold)
        elif kind == at.SCHEDULE:
            line = self.next_line(person, standing.line, operand)
            standing.next_line = line
            standing.waits[self.words[place + at.EXIT_INDEX]] = max(self.line_day(person, line), day) if line else day

    def turn(self, person: Resident, number: int, asked: int, day: int, published: int) -> int:
        """The day of a turn at an institution; NEVER while it is for somebody else to say."""
        _, priority, crisis, level, acts = self.words[asked : asked + 5]
        person.priorities[level] = self.value(person, number, priority, day)
        person.priorities[level + 1] = 0.0
        if crisis and self.value(person, number, crisis, day):
            person.priorities[level + 1] = 1.0
            return day
        return NEVER if acts and day >= self.acts_from else published

    def settle(self, person: Resident, number: int, day: int) -> int | None:
        """The exit that is taken today; else None, with the next day that can matter as due day."""
        standing = person.modules[number]
        assert standing.state is not None
        best, chosen = NEVER, None
        for i, place in enumerate(self.exits(standing.state)):
            kind = self.words[place + at.EXIT_KIND]
            way = _SCHEDULE_OVER if kind == at.SCHEDULE and not standing.next_line else i
            fires = NEVER
            if kind == at.CONDITION:
                if self.value(person, number, self.words[place + at.EXIT_EXPRESSION], day):
                    return i
            elif kind == at.HAZARD:
                fires = self.hazard_day(person, number, place, day)
            elif kind == at.ENDS:
                fires = max(person.planned.get(self.words[place + at.EXIT_OPERAND], NEVER), day)
            else:
                fires = max(standing.waits[self.words[place + at.EXIT_INDEX]], day)
            if fires <= day:
                return way
            if fires < best:
                best, chosen = fires, way
            wake = self.next_wake(person, self.words[place + at.EXIT_WAKE], day)
            if wake <= best:
                best, chosen = wake, None
        standing.exit, standing.due = chosen, best
        return None

    def follow(self, person: Resident, number: int, leaving: int, day: int) -> tuple[int, int]:
        standing = person.modules[number]
        assert standing.state is not None
        if leaving == _SCHEDULE_OVER:
            branch = self.state(standing.state)[at.STATE_SCHEDULE_OVER]
        else:
            place = self.exits(standing.state)[leaving]
            branch = self.words[place + at.EXIT_BRANCH]
            if self.words[place + at.EXIT_KIND] == at.SCHEDULE:
                standing.line = standing.next_line
        while self.words[branch] == at.CONDITIONS:
            ways = self.pairs(branch + 1, 2)
            branch = next(to for asked, to in ways if not asked or self.value(person, number, asked, day))
        if self.words[branch] == at.SHARES:
            u = self.draw(person, number, at.DRAW_NEXT)
            state, why, _ = self.chosen(person, number, self.pairs(branch + 1, 3), day, u)
            return state, why
        return self.words[branch + 1], self.words[branch + 2]

    def pairs(self, place: int, width: int) -> list[list[int]]:
        return [self.words[place + 1 + i * width :][:width] for i in range(self.words[place])]

    def chosen(self, person: Resident, number: int, ways: list[list[int]], day: int, u: float) -> list[int]:
        total = 0.0
        for way in ways[:-1]:
            total += self.value(person, number, way[-1], day)
            if u < total:
                return way
        return ways[-1]

    def draw(self, person: Resident, number: int, slot: int) -> float:
        standing = person.modules[number]
        key = mix(person.draw_key, int(self.program.keys[standing.state]))
        return uniform(mix(key, (standing.episode << 40) | (standing.visit << 16) | int(slot)))

    # --- actions -------------------------------------------------------------------------------------------------
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
        return self.words[self.program.verbs_place + verb * at.VERB_WIDTH :][: at.VERB_WIDTH]

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

    # --- time ----------------------------------------------------------------------------------------------------
    def end_of(self, person: Resident, number: int, place: int, day: int, u: float) -> int:
        length = float(self.drawn(person, number, place, day, u))
        unit = at.UNITS[self.words[place + 3]]
        months = length * (12.0 if unit == "year" else 1.0)
        exact = self.words[place] == at.EXACT and unit in ("month", "year")
        if exact and months.is_integer() and 0 <= months < 1200:
            return add_months(day, int(months))
        return day + int(min(max(length, 0.0) * DAYS_PER_UNIT[unit] + 0.5, float(_LAST_DAY - day)))

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

    def next_wake(self, person: Resident, place: int, day: int) -> int:
        if not place:
            return NEVER
        flags, ages = self.words[place], self.list_at(place + 1)
        days = [birthday(person.born, age) for age in ages]
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

    # --- expressions ---------------------------------------------------------------------------------------------
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
                holds = _compare(rest[0], person.values[rest[1]], self.numbers[rest[2]])
                place = rest[3] if holds else place + 5
            elif name == "jump_age":
                place = rest[2] if _compare(rest[0], person.age(day), self.numbers[rest[1]]) else place + 4
            elif name in _UNARY:
                stack.append(_UNARY[name](stack.pop()))
                place += 1
            elif name in _BINARY:
                right, left = stack.pop(), stack.pop()
                stack.append(_BINARY[name](left, right))
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


def _compare(comparison: int, left: float, right: float) -> bool:
    return (left < right, left <= right, left > right, left >= right, left == right, left != right)[comparison]


def _divide(left: float, right: float) -> float:
    with np.errstate(all="ignore"):
        return float(np.float64(left) / np.float64(right))


_UNARY = {
    "negate": lambda x: -x, "not": lambda x: float(x == 0), "absolute": abs, "exp": portable_exp, "log": portable_log,
    "logit": lambda x: portable_log(x) - portable_log(1.0 - x), "logistic": lambda x: 1.0 / (1.0 + portable_exp(-x)),
}  # fmt: skip
_BINARY = {
    "add": lambda x, y: x + y, "subtract": lambda x, y: x - y, "multiply": lambda x, y: x * y, "divide": _divide,
    "minimum": min, "maximum": max, "less": lambda x, y: float(x < y), "less_equal": lambda x, y: float(x <= y),
    "greater": lambda x, y: float(x > y), "greater_equal": lambda x, y: float(x >= y),
    "equal": lambda x, y: float(x == y), "not_equal": lambda x, y: float(x != y),
}  # fmt: skip
