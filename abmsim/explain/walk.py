"""The way of one resident through the modules, decision by decision, as the kernel goes it (engine/step.py)."""

from __future__ import annotations

from collections.abc import Mapping

from abmsim.casework.workshop import Workshop
from abmsim.days import NEVER, add_months, birthday, civil_date, civil_day, day_date
from abmsim.explain.chance import ages, duration_end, pick
from abmsim.explain.entering import Entering
from abmsim.explain.hazards import hazard_day, threshold_text
from abmsim.explain.here import Here, month_begin
from abmsim.explain.person import Hazard, Person, Row, Standing, Step
from abmsim.explain.turns import turn_of
from abmsim.expressions import Expression, show
from abmsim.lang import layout as at
from abmsim.lang.module import Branch, Exit, Module, State
from abmsim.lang.program import Program
from abmsim.randomness import portable_log

_SCHEDULE_OVER = -1
"""The exit of a schedule without a further line."""

_AT_ONCE = Expression("number", value=1.0)
_OVER = {"wait": "the wait is over", "await": "it is their turn", "schedule": "the schedule's line is reached"}


class DrawAgain(Exception):
    """The resident died on the base date or before it."""


class Walk:
    """Steps a resident from day to day; `steps` are the states entered, in order.

    `modules` are those of the program by name. The others of the household stand still.
    """

    def __init__(
        self, program: Program, modules: Mapping[str, Module], books: Workshop, person: Person, base_day: int
    ) -> None:
        self.program = program
        self.words: list[int] = program.words.tolist()
        self.base_day = base_day
        self.steps: list[Step] = []
        self.person = person
        self.numbers = {(info.module, info.name): number for number, info in enumerate(program.states)}
        attributes = {attribute.name: attribute for attribute in program.attributes}
        self.places: list[Here] = []
        for info in program.modules:
            module = modules[info.name]
            due = max(person.born, base_day) if module.begins == "base_date" else person.born
            self.places.append(Here(books, program, attributes, person, module, Standing(due), 0))

    def run(self, until: int) -> None:
        """Goes on to a day; raises DrawAgain if the resident dies on the base date or before it."""
        while (here := min(self.places, key=lambda place: place.standing.due)).standing.due < until:
            here.day = here.standing.due
            self._advance(here)

    # --- states ------------------------------------------------------------------------------------------------------
    def _advance(self, here: Here) -> None:
        standing = here.standing
        if not standing.state:
            self._enter(here, here.module.start)
        leaving = standing.exit
        while self.person.death > here.day:
            if leaving is None:
                leaving = self._settle(here)
                if leaving is None:
                    return
            elif standing.step is not None:
                standing.note(f"{day_date(here.day)}: {self._reached(here, leaving)}")
            self._enter(here, self._follow(here, leaving))
            leaving = None
        standing.due = NEVER

    def _enter(self, here: Here, name: str) -> None:
        standing, state = here.standing, here.module.states[name]
        if name == here.module.start:
            standing.episode += 1
            standing.visits.clear()
        standing.state, standing.visit, standing.exit, standing.entered = name, standing.visits[name], None, here.day
        standing.visits[name] = (standing.visits[name] + 1) % 65536
        row = Row(here.day, self.numbers[(here.module.name, name)])
        standing.step = None
        if not name.startswith("("):
            standing.step = Step(here.module.name, name, here.day, self.person.age(here.day), row)
            self.steps.append(standing.step)
        entering = Entering(here, state, row, self.base_day)
        entering.act()
        if self.person.death <= self.base_day:
            raise DrawAgain
        for changed in entering.changes:
            self._wake(changed, here.day)
        standing.told.clear()
        for number, exit_ in enumerate(exits_of(state)):
            self._begin_exit(here, number, exit_)

    def _wake(self, attribute: str, day: int) -> None:
        """Those who wait in a state that reads the attribute look again today."""
        if self.person.death <= day:
            return
        index = self.program.attribute_index(attribute)
        for number in self._list(self.words[self.program.readers_place + index]):
            place = self.places[number]
            standing = place.standing
            if not standing.state or standing.due < day:
                continue
            state = self.numbers[(place.module.name, standing.state)]
            if index in self._list(self.words[at.STATES + state * at.STATE_WIDTH + at.STATE_OWN]):
                standing.due, standing.exit = day, None

    def _list(self, place: int) -> list[int]:
        return self.words[place + 1 : place + 1 + self.words[place]] if place else []

    # --- time --------------------------------------------------------------------------------------------------------
    def _begin_exit(self, here: Here, number: int, exit_: Exit) -> None:
        """What an exit draws once for this visit."""
        standing, place = here.standing, self._exit_place(here, number)
        slot = int(at.DRAW_WAIT) + self.words[place + at.EXIT_INDEX]
        if exit_.kind == "wait":
            assert exit_.quantity is not None
            here.reads.clear()
            standing.waits[number], text = duration_end(here, exit_.quantity, here.draw(slot))
            standing.note(f"{exit_.name}{': ' if exit_.name else ''}waits {text}")
        elif exit_.kind == "await":
            assert exit_.turn is not None
            standing.waits[number], lines = turn_of(here, exit_.turn, here.draw(slot))
            for line in lines:
                standing.note(f"{exit_.name}{': ' if exit_.name else ''}{line}")
        elif exit_.kind == "hazard":
            u = here.draw(int(at.DRAW_HAZARD) + self.words[place + at.EXIT_INDEX])
            threshold = -portable_log(u)
            standing.hazards[number] = Hazard(threshold, threshold)
            standing.note(f"{_named(exit_, 'hazard')}: draw {u:.6f} gives the threshold {threshold:.6g}")
        elif exit_.kind == "schedule":
            line = self._next_line(standing.line, self.words[place + at.EXIT_OPERAND])
            standing.next_line = line
            standing.waits[number] = max(self._line_day(line), here.day) if line else here.day
            standing.note(f"schedule stats.{exit_.schedule}: {self._line_text(here, line, standing.waits[number])}")

    def _settle(self, here: Here) -> int | None:
        """The exit that is taken today; else None, and the next day that can matter is due."""
        standing = here.standing
        best, chosen = NEVER, None
        for number, exit_ in enumerate(exits_of(here.module.states[standing.state])):
            way = _SCHEDULE_OVER if exit_.kind == "schedule" and not standing.next_line else number
            fires = self._fires(here, number, exit_)
            if fires <= here.day:
                if standing.step is not None and exit_.expression is not _AT_ONCE and exit_.kind != "condition":
                    standing.note(f"{day_date(here.day)}: {self._reached(here, way)}")
                return way
            if fires < best:
                best, chosen = fires, way
            wake = self._next_wake(self.words[self._exit_place(here, number) + at.EXIT_WAKE], here.day)
            if wake <= best:
                best, chosen = wake, None
        birth_seen = self._birth_seen(here)
        if birth_seen <= best:
            best, chosen = birth_seen, None
        standing.exit, standing.due = chosen, best
        return None

    def _birth_seen(self, here: Here) -> int:
        """The first of the next month after the next birth in the household, for a state that reads the others."""
        state = self.numbers[(here.module.name, here.standing.state)]
        if not self.words[at.STATES + state * at.STATE_WIDTH + at.STATE_RELATIVES]:
            return NEVER
        seen = [add_months(month_begin(other.born), 1) for other in self.person.others]
        return min((day for day in seen if day > here.day), default=NEVER)

    def _fires(self, here: Here, number: int, exit_: Exit) -> int:
        """The day on which an exit fires if nothing changes; told if it is not what was told before."""
        standing = here.standing
        if exit_.kind == "condition":
            return self._condition_day(here, number, exit_)
        if exit_.kind == "hazard":
            hazard = standing.hazards[number]
            fires = hazard_day(here, exit_, hazard)
            self._tell(here, number, hazard.told, (*hazard.told, threshold_text(here, hazard, fires)), exit_.name)
            return fires
        if exit_.kind == "ends":
            day = max(self.person.planned.get(here.table_of(exit_.verb), NEVER), here.day)
            text = f"until {exit_.verb}.ends: {day_date(day) if day < NEVER else 'no planned end'}"
            self._tell(here, number, (text,), (text,), exit_.name)
            return day
        return max(standing.waits[number], here.day)

    def _condition_day(self, here: Here, number: int, exit_: Exit) -> int:
        assert exit_.expression is not None
        if exit_.expression is _AT_ONCE:
            return here.day
        here.reads.clear()
        holds = bool(here.value(exit_.expression))
        text = f"`{show(exit_.expression)}` is {str(holds).lower()}"
        self._tell(here, number, (text,), (f"{text}{here.taken()}",), exit_.name)
        return here.day if holds else NEVER

    def _tell(self, here: Here, number: int, key: tuple[str, ...], lines: tuple[str, ...], name: str) -> None:
        """How an exit stands, with the day if it has been told otherwise in this visit."""
        standing = here.standing
        if standing.told.get(number) == key:
            return
        again = f"{day_date(here.day)}: " if here.day > standing.entered else ""
        standing.told[number] = key
        for line in lines:
            standing.note(f"{again}{name}{': ' if name else ''}{line}")

    def _reached(self, here: Here, leaving: int) -> str:
        """Why the state is left today by an exit that had to come."""
        state = here.module.states[here.standing.state]
        if leaving == _SCHEDULE_OVER:
            return "no line of the schedule is left"
        exit_ = exits_of(state)[leaving]
        if exit_.kind == "hazard":
            return f"{_named(exit_, 'hazard')}: the threshold is reached at age {self.person.age(here.day)}"
        told = f"{exit_.verb}.ends" if exit_.kind == "ends" else _OVER.get(exit_.kind, "the condition holds")
        return f"{exit_.name}{': ' if exit_.name else ''}{told}"

    def _next_wake(self, place: int, day: int) -> int:
        """The next day on which time alone can change what a condition or a rate says."""
        if not place:
            return NEVER
        flags = self.words[place]
        ages = self._list(place + 1)
        days = [birthday(self.person.born, age) for age in ages]
        for compared in self._list(place + 2 + len(ages)):
            days += self._days_compared(compared, day)
        if flags & at.WAKE_EVERY_DAY:
            days.append(day + 1)
        if flags & at.WAKE_EVERY_MONTH:
            days.append(add_months(month_begin(day), 1))
        if flags & at.WAKE_EVERY_YEAR:
            days.append(civil_day(civil_date(day)[0] + 1, 1, 1))
        if flags & at.WAKE_EVERY_BIRTHDAY:
            days.append(birthday(self.person.born, self.person.age(day) + 1))
        return min((other for other in days if other > day), default=NEVER)

    def _days_compared(self, place: int, day: int) -> tuple[int, ...]:
        """The days on which a comparison of today can change: known if with a number or a date, else every day can."""
        code, index, stop = self.words[place : place + 3]
        if stop != at.STOP or code not in (at.CONSTANT, at.ATTRIBUTE):
            return (day + 1,)
        numbers, values = self.program.numbers, self.person.values
        compared = numbers[index] if code == at.CONSTANT else values[self.program.attributes[index].name]
        return int(compared), int(compared) + 1

    # --- ways out ----------------------------------------------------------------------------------------------------
    def _follow(self, here: Here, leaving: int) -> str:
        """The state that an exit leads to."""
        state = here.module.states[here.standing.state]
        if leaving == _SCHEDULE_OVER:
            return state.schedule_over
        exit_ = exits_of(state)[leaving]
        if exit_.kind == "schedule":
            here.standing.line = here.standing.next_line
        branch = state.next.get(exit_.name) or state.next[""]
        while branch.conditions:
            branch = self._first_that_holds(here, branch)
        if branch.to:
            return branch.to
        here.reads.clear()
        target, text = pick(here, branch.shares, int(at.DRAW_NEXT))
        here.standing.note(f"next: {text}")
        return target

    def _first_that_holds(self, here: Here, branch: Branch) -> Branch:
        for condition in branch.conditions[:-1]:
            assert condition.when is not None
            here.reads.clear()
            holds = bool(here.value(condition.when))
            here.standing.note(f"next: `{show(condition.when)}` is {str(holds).lower()}{here.taken()}")
            if holds:
                return condition.to
        return branch.conditions[-1].to

    # --- schedules ---------------------------------------------------------------------------------------------------
    def _next_line(self, last: int, schedule: int) -> int:
        """The place of the next line that is valid for the resident; 0 if none is left."""
        first = schedule + 2
        for line in range(first, first + self.words[schedule] * int(at.LINE_WIDTH), int(at.LINE_WIDTH)):
            _, _, sex, born_from, born_until, _ = self.words[line : line + at.LINE_WIDTH]
            if line > last and sex in (-1, self.person.values["sex"]) and born_from <= self.person.born < born_until:
                return line
        return 0

    def _line_day(self, line: int) -> int:
        return add_months(self.person.born, self.words[line + at.LINE_MONTHS]) + self.words[line + at.LINE_DAYS]

    def _line_text(self, here: Here, line: int, day: int) -> str:
        if not line:
            return "no line is left"
        columns = here.books.catalogue.card(here.schedule).columns
        payload = ", ".join(f"{column} {here.scheduled(column, line)[1]}" for column in columns)
        months, days = self.words[line + at.LINE_MONTHS], self.words[line + at.LINE_DAYS]
        age = " and ".join(ages(months, days)) or "birth"
        return f"the next line is at {age}, {payload} -> {day_date(day)}"

    def _exit_place(self, here: Here, number: int) -> int:
        state = at.STATES + self.numbers[(here.module.name, here.standing.state)] * at.STATE_WIDTH
        return int(self.words[state + at.STATE_EXITS] + number * at.EXIT_WIDTH)


def exits_of(state: State) -> tuple[Exit, ...]:
    """A state without time leaves at once: as if it waited for what is always true."""
    if state.exits or state.final:
        return state.exits
    return (Exit("", "condition", state.spot, _AT_ONCE),)


def _named(exit_: Exit, otherwise: str) -> str:
    """The name that a competing exit has."""
    return exit_.name or otherwise
