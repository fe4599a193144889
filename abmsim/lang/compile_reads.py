"""What an expression depends on, and when time alone can change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from abmsim.days import DAYS_PER_YEAR, civil_day
from abmsim.expressions import Expression
from abmsim.expressions.node import number
from abmsim.expressions.resolve import KNOWN_BEFORE
from abmsim.lang import layout
from abmsim.lang.compile_tables import changes
from abmsim.vocabulary import NO_YEARS, RELATIVES, VOCABULARY

COMPUTED = {"age": "age", "today": "today", "year": "year", "birth_date": "birth_date"}
"""What is computed of the resident, with its op-code."""

FIRST_YEAR, LAST_YEAR = 1850, 2200
"""Between these years a comparison with a year is one with a day."""

_FEW = 24
"""Ages or years on which a figure changes, up to which they are named one by one."""


def since_of(name: str) -> str:
    """The date that `years_together` and its like count from; "" for all other names."""
    return VOCABULARY[name].since if name in VOCABULARY else ""


def is_years_since(name: tuple[str, ...]) -> bool:
    return bool(since_of(name[-1])) and (len(name) == 1 or name[0] in RELATIVES)


def years_since(name: tuple[str, ...]) -> Expression:
    """`partner.years_together` -> (today - partner.union_date) / 365.25, or 999 where there is no such day."""
    date = Expression("name", value=(*name[:-1], since_of(name[-1])))
    days = Expression("-", (Expression("name", value=("today",)), date))
    years = Expression("/", (days, number(DAYS_PER_YEAR)))
    return Expression("if", (Expression("<", (date, number(KNOWN_BEFORE))), years, number(NO_YEARS)))


@dataclass(slots=True)
class Reads:
    """What an expression depends on: columns of the resident, columns of relatives, ages and the calendar.

    `days` are what today is compared with: on those days, and the ones after, the truth can change.
    """

    own: set[int] = field(default_factory=set)
    relatives: set[int] = field(default_factory=set)
    ages: set[int] = field(default_factory=set)
    flags: int = 0
    days: list[Expression] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    def note_dimension(self, dimension: str, labels: tuple[str, ...]) -> None:
        """A statistic by age or year changes with some of them only: on those birthdays, or days of January, if few."""
        ways = changes(dimension, labels)
        if dimension == "age":
            if len(ways) > _FEW:
                self.flags |= layout.WAKE_EVERY_BIRTHDAY
            else:
                self.ages.update(ways)
        elif len(ways) > _FEW:
            self.flags |= layout.WAKE_EVERY_YEAR
        else:
            self.days += [new_year(year) for year in ways]

    def note_age(self, op: str, constant: float) -> None:
        """The birthdays on which a comparison with age can change."""
        age = int(constant) if constant == int(constant) else int(constant) + 1
        if op in ("==", "!="):
            self.ages |= {age, age + 1}
        else:
            self.ages.add(age + 1 if op in (">", "<=") and age == constant else age)

    def note_source(self, name: tuple[str, ...]) -> None:
        """What decided, if it has a name: a number has none."""
        if name:
            self.sources.append(".".join(name))

    def only_on(self, before: int, days: Sequence[Expression]) -> None:
        """What was read since the flags were `before` changes on these days, and the ones after them, alone."""
        self.flags = before
        self.days += days

    def take(self, other: Reads) -> None:
        self.own |= other.own
        self.relatives |= other.relatives
        self.ages |= other.ages
        self.flags |= other.flags
        self.days += other.days
        self.sources += other.sources


def new_year(year: int) -> Expression:
    """The first of January as a day."""
    return number(civil_day(year, 1, 1))


def is_calendar(expression: Expression, name: str) -> bool:
    """Whether an expression is `today` or `year` and nothing else, of whomever: it is everybody's."""
    return expression.op == "name" and expression.parts[-1] == name


def day_compared(one: Expression, other: Expression) -> Expression | None:
    """The day with which `one <= other` and its like compare today; None if they do not, or if time changes it."""
    day = None
    if is_calendar(one, "today"):
        day = other
    elif one.op == "-" and is_calendar(one.args[0], "today"):  # today - day <= days
        day = Expression("+", (one.args[1], other))
    return day if day is not None and all(map(_is_timeless, day.walk())) else None


def _is_timeless(node: Expression) -> bool:
    """Whether a part of an expression is what no time changes: an attribute, a planned end, an assumption."""
    if node.op != "name" or node.parts[0] == "assume":
        return True
    if len(node.parts) == 2:
        return node.parts[1] == "ends"
    return len(node.parts) == 1 and node.parts[0] not in COMPUTED and not is_years_since(node.parts)
