"""One resident in one module on one day: expressions valued with what they read, and draws by their address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from abmsim.areas import open_labels
from abmsim.casework.workshop import Workshop
from abmsim.days import DAYS_PER_YEAR, NEVER, age_on, civil_date, civil_day, day_date
from abmsim.explain.figures import Figure, figure
from abmsim.explain.person import Other, Person, Standing
from abmsim.expressions import Expression
from abmsim.expressions.resolve import KNOWN_BEFORE, MEMBERS
from abmsim.lang import layout as at
from abmsim.lang.compile_reads import since_of
from abmsim.lang.module import Module
from abmsim.lang.program import Program
from abmsim.lang.read_given import value_text
from abmsim.randomness import keys, name_key, portable_exp, portable_log, uniform
from abmsim.vocabulary import NO_YEARS, RELATIVES, VOCABULARY, Attribute


def month_begin(day: int) -> int:
    """The first day of the month of a day."""
    year, month, _ = civil_date(day)
    return civil_day(year, month, 1)


def draw_key(key: int, word: int) -> int:
    """`randomness.mix` of two plain numbers."""
    return int(keys(key, np.array([word], dtype=np.uint64))[0])


@dataclass(slots=True)
class Here:
    """What a module's numbers are asked of; `reads` gathers what was read since it was last emptied, name -> text."""

    books: Workshop
    program: Program
    attributes: Mapping[str, Attribute]
    person: Person
    module: Module
    standing: Standing
    day: int
    reads: dict[str, str] = field(default_factory=dict)

    def draw(self, slot: int) -> float:
        """The draw of this visit of the state for one of its decisions (docs/engine.md, Draws)."""
        standing = self.standing
        state = int(name_key(f"{self.module.name}:{standing.state}"))
        address = standing.episode << 40 | standing.visit << 16 | slot
        return float(uniform(np.uint64(draw_key(draw_key(self.person.key, state), address))))

    def taken(self) -> str:
        """` (age 82, has_partner false)`: what was read, then forgotten; "" if nothing was."""
        text = ", ".join(self.reads.values())
        self.reads.clear()
        return f" ({text})" if text else ""

    def table_of(self, verb: str) -> tuple[str, str]:
        """The key of this module's records of a verb."""
        return self.module.name, self.books.schema.verbs[verb].name

    # --- expressions ---------------------------------------------------------------------------------------------
    def value(self, node: Expression) -> float:
        """The value of a resolved expression; what decides nothing any more is not read."""
        op, args = node.op, node.args
        if op == "number":
            return node.figure
        if op == "name":
            return self.named(node.parts)
        if op == "and":
            return float(all(self.value(arg) for arg in args))
        if op == "or":
            return float(any(self.value(arg) for arg in args))
        if op == "if":
            return self.value(args[1] if self.value(args[0]) else args[2])
        values = [self.value(arg) for arg in args]
        return float(_FUNCTIONS[str(node.value) if op == "call" else op](*values))

    def named(self, name: tuple[str, ...]) -> float:
        """The value behind a name, noted as read."""
        head = name[0]
        if head == "stats":
            found = self.figure(name[1])
            self.reads[".".join(name)] = str(found)
            return found.value or 0.0
        if head == "assume":
            value = self.value(self.module.assumptions[name[1]].quantity.parameters[0])
            self.reads[".".join(name)] = f"{'.'.join(name)} {value:.6g}"
            return value
        value, text = self._known(name)
        self.reads[".".join(name)] = f"{'.'.join(name)} {text}"
        return value

    def _known(self, name: tuple[str, ...]) -> tuple[float, str]:
        """(value, text) of what is neither a statistic nor an assumption."""
        head = name[0]
        if head in RELATIVES:
            other = next((person for person in self.present() if person.role == head), None)
            if since_of(name[1]):
                since = self.of_nobody(since_of(name[1])) if other is None else other.values[since_of(name[1])]
                return self.years(since), self.said(name[1], self.years(since))
            if other is None:
                return self.of_nobody(name[1]), f"of nobody: no {head}"
            value = self.of_other(other, name[1])
            return value, self.said(name[1], value)
        if head in MEMBERS:
            value = self.aggregate(head, name[1], name[2])
            return value, (str(bool(value)).lower() if name[1] == "any" else f"{value:.6g}")
        if head == "schedule":
            return self.scheduled(name[1])
        if len(name) == 2:
            key = self.table_of(head)
            if name[1] == "open":
                return float(key in self.person.open), str(key in self.person.open).lower()
            day = self.person.planned.get(key, NEVER)
            return day, "none" if day == NEVER else str(day_date(day))
        value = self.computed(head) if head in VOCABULARY and VOCABULARY[head].computed else self.person.values[head]
        return value, self.said(head, value)

    def computed(self, name: str) -> float:
        """What follows from the day."""
        if since_of(name):
            return self.years(self.person.values[since_of(name)])
        days = {"today": self.day, "birth_date": self.person.born}
        if name in days:
            return float(days[name])
        return float(self.person.age(self.day) if name == "age" else civil_date(self.day)[0])

    def years(self, since: float) -> float:
        """Years from a day to today."""
        return (self.day - since) / DAYS_PER_YEAR if since < KNOWN_BEFORE else NO_YEARS

    def said(self, name: str, value: float) -> str:
        """An attribute's value as people write it."""
        attribute = VOCABULARY.get(name) or self.attributes[name]
        return value_text(value, attribute, self.labels(attribute))

    def labels(self, attribute: Attribute) -> tuple[str, ...]:
        return attribute.labels or open_labels(attribute.name, self.books.municipality_codes)

    # --- the household ---------------------------------------------------------------------------------------------
    def present(self) -> list[Other]:
        """Who of the others was there at the beginning of the month."""
        return [other for other in self.person.others if other.born <= month_begin(self.day)]

    def of_other(self, other: Other | Person, name: str) -> float:
        """What is read of somebody together with others: an age is that at the beginning of the month."""
        if name == "age":
            return float(age_on(other.born, month_begin(self.day)))
        return float(other.born) if name == "birth_date" else other.values[name]

    def of_nobody(self, name: str) -> float:
        """What is read where there is nobody: an empty date, else nought."""
        attribute = VOCABULARY.get(name) or self.attributes.get(name)
        is_date = attribute is not None and attribute.is_date
        return float(NEVER) if is_date else 0.0

    def aggregate(self, members: str, how: str, name: str) -> float:
        """An attribute over several members of the household; of a case nobody is a child of the resident."""
        values = [self.of_other(other, name) for other in self.present()] if members != "children" else []
        if members == "household":
            values.append(float(self.person.age(self.day)) if name == "age" else self.of_other(self.person, name))
        nobody = self.of_nobody(name)
        values = [value for value in values if not nobody or value < nobody]
        if how == "any":
            return float(any(values))
        if how in ("count", "sum"):
            return float(sum(map(bool, values)) if how == "count" else sum(values))
        return (min if how == "min" else max)(values, default=nobody)

    # --- statistics and schedules ------------------------------------------------------------------------------------
    def figure(self, name: str) -> Figure:
        """The cell of a statistic that holds for the resident today."""
        table = self.books.catalogue.table(name)
        return figure(table, self.dimensions(table.by))

    def dimensions(self, names: tuple[str, ...]) -> dict[str, float | str]:
        """What the resident is in each dimension of a statistic."""
        found: dict[str, float | str] = {}
        for name in names:
            if name in ("age", "year") or since_of(name):
                found[name] = self.computed(name)
                continue
            value, attribute = self.person.values[name], self.attributes[name]
            if attribute.type == "number":
                found[name] = min(max(value, 0.0), 255.0)
            else:
                labels = ("no", "yes") if attribute.type == "bool" else self.labels(attribute)
                found[name] = labels[int(value)]
        return found

    @property
    def schedule(self) -> str:
        """The name of the module's one schedule; "" if it has none."""
        exits = (exit_ for state in self.module.states.values() for exit_ in state.exits)
        return next((exit_.schedule for exit_ in exits if exit_.kind == "schedule"), "")

    def scheduled(self, column: str, line: int = 0) -> tuple[float, str]:
        """(number, text) of a column of a schedule's line, by default the one reached last; 0 before the first."""
        line = line or self.standing.line
        if not line:
            return 0.0, "of no line yet"
        columns = self.books.catalogue.card(self.schedule).columns
        first = int(self.program.words[line + at.LINE_NUMBERS])
        number = float(self.program.numbers[first + list(columns).index(column)])
        if columns[column] != "category":
            return number, f"{number:.6g}"
        labels = dict.fromkeys(row[column] for row in self.books.catalogue.rows(self.schedule))
        return number, list(labels)[int(number)]


def _divide(left: float, right: float) -> float:
    with np.errstate(all="ignore"):
        return float(np.float64(left) / np.float64(right))


def _fold(of: Callable[[float, float], float]) -> Callable[..., float]:
    def folded(first: float, *others: float) -> float:
        for other in others:
            first = of(first, other)
        return first

    return folded


_FUNCTIONS: dict[str, Callable[..., float]] = {
    "not": lambda x: x == 0, "negate": lambda x: -x, "+": lambda x, y: x + y, "-": lambda x, y: x - y,
    "*": lambda x, y: x * y, "/": _divide, "<": lambda x, y: x < y, "<=": lambda x, y: x <= y,
    ">": lambda x, y: x > y, ">=": lambda x, y: x >= y, "==": lambda x, y: x == y, "!=": lambda x, y: x != y,
    "min": _fold(min), "max": _fold(max), "abs": lambda x: abs(x), "exp": portable_exp, "log": portable_log,
    "logit": lambda x: portable_log(x) - portable_log(1.0 - x), "logistic": lambda x: 1.0 / (1.0 + portable_exp(-x)),
}  # fmt: skip
