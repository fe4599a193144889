"""What a card says of its figures as a target of validation: whom they count, how exactly, how near a run must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ROLES = ("parameter", "target", "held_back")
"""What the model did with the figures: was given them, was made for them, has not seen them."""

VINTAGES = ("final", "provisional", "estimate", "unknown")
LIVING = ("any", "independently", "institution")
PRESENT = ("at date", "start", "end", "all year", "any part")
"""When somebody has to live here to count: on the day, on the first or last day of the period, in all or any of it."""
MOMENTS = ("date", "start", "end", "event")
"""When age and home are looked at: on the day, on the first or last day of the period, on the day of the event."""

PERIOD, NEW_YEAR, LAST_DAY, AGE, PLACE = "period", "1 January", "31 December", "age", "place"
MEANINGS = (PERIOD, NEW_YEAR, LAST_DAY, AGE, PLACE)
"""What a dimension's labels can be, beside values of a column: a period, a day of the year, ages, municipalities."""

KNOWN, EMPTY = "known", "empty"
SAME, DIFFERS = "same as ", "differs from "
"""What a condition on a column can say beside values: filled, not filled, as another column or not as that."""

SHARES = ("percent", "share")
"""Units of figures that are a part of a group."""

TOTAL = "total"
"""A label that stands for everybody, whatever the dimension."""

Conditions = Mapping[str, tuple[str, ...]]
"""Column -> the values of which it must have one; the key `age` has a range of ages."""


@dataclass(frozen=True, slots=True)
class Rounding:
    """Published figures are multiples of `to`, in `unit`."""

    to: float
    unit: str


@dataclass(frozen=True, slots=True)
class Vintage:
    """How definite the figures are (one of VINTAGES), and when or where they were published."""

    kind: str
    publication: str = ""


@dataclass(frozen=True, slots=True)
class People:
    """Of whom the figures are: `age` as `0-22` or `65+` in completed years, `living` and `present` as in the lists.

    `at`: when age and home are looked at; "" for what the counting rule makes of it.
    """

    age: str = ""
    living: str = "any"
    present: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Stratum:
    """What a dimension of the card is in a run: one of MEANINGS, a `column`, or conditions for each label."""

    meaning: str = ""
    column: str = ""
    labels: Mapping[str, Conditions] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of which table a figure counts: those that meet `where`, and `by` for each dimension of the card.

    `start`, `end`: other columns than those with these roles; `person`: another than the first that names one. `each`:
    how many the figure counts for one row. `drawn_by`: the column of what chance draws as a whole, `household` for the
    home; the person if empty. `of`: a share is one of `persons` or of the `spells` that meet `where`, of which `having`
    says which are counted.
    """

    table: str
    where: Conditions = field(default_factory=dict)
    by: Mapping[str, Stratum] = field(default_factory=dict)
    having: Conditions = field(default_factory=dict)
    of: str = "persons"
    start: str = ""
    end: str = ""
    person: str = ""
    each: float = 1.0
    drawn_by: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """How a run is held against the figures of a card; exactly one of `counts` and `measure` says how it counts them.

    `margin`: how far a run may be off, as a part of the figure, for `margin_reason`. `module`: whose lives are counted.
    `period`: a year, half-year or day, where no dimension says it. `measure`: the name of a function of
    `validate/measures.py`. `strata_lack`: how much of the total is in no stratum. `lines`: key -> place in the card.
    """

    role: str
    margin: float
    margin_reason: str
    rounding: Rounding
    vintage: Vintage
    module: str
    population: People = People()
    period: str = ""
    counts: Counts | None = None
    measure: str = ""
    strata_lack: float = 0.0
    lines: Mapping[str, tuple[int, int]] = field(default_factory=dict)
