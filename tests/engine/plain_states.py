"""States in plain Python: entering one, the exits that compete, and the way that is followed."""

from __future__ import annotations

from plain_residents import Hazard, Resident, Stuck
from plain_rows import Rows

from abmsim.days import NEVER
from abmsim.lang import layout as at
from abmsim.randomness import portable_log

MOST_STEPS = 1_000
SCHEDULE_OVER = 99


class States(Rows):
    """A resident goes on in a module, as far as the day allows."""

    acts_from = NEVER

    def advance(self, person: Resident, number: int, day: int) -> None:
        standing = person.modules[number]
        if standing.state is None:
            start, why = self.words[self.program.modules_place + number * at.MODULE_WIDTH :][:2]
            self.enter(person, number, start, why, day)
        leaving = standing.exit
        for _ in range(MOST_STEPS):
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
            module = self.program.modules[number]
            for other in range(module.first_state, module.first_state + module.state_count):
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
        person.priorities[number, level] = self.value(person, number, priority, day)
        person.priorities[number, level + 1] = 0.0
        if crisis and self.value(person, number, crisis, day):
            person.priorities[number, level + 1] = 1.0
            return day
        return NEVER if acts and day >= self.acts_from else published

    def settle(self, person: Resident, number: int, day: int) -> int | None:
        """The exit that is taken today; else None, with the next day that can matter as due day."""
        standing = person.modules[number]
        assert standing.state is not None
        best, chosen = NEVER, None
        for i, place in enumerate(self.exits(standing.state)):
            kind = self.words[place + at.EXIT_KIND]
            way = SCHEDULE_OVER if kind == at.SCHEDULE and not standing.next_line else i
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
            wake = self.next_wake(person, number, self.words[place + at.EXIT_WAKE], day)
            if wake <= best:
                best, chosen = wake, None
        standing.exit, standing.due = chosen, best
        return None

    def follow(self, person: Resident, number: int, leaving: int, day: int) -> tuple[int, int]:
        standing = person.modules[number]
        assert standing.state is not None
        if leaving == SCHEDULE_OVER:
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
