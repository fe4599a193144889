"""What a module is: the plain description that the reader makes, the checker completes and the compiler flattens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from abmsim.expressions import Expression
from abmsim.problems import Problem
from abmsim.vocabulary import Attribute

if TYPE_CHECKING:
    from abmsim.lang.institution import Institution


@dataclass(frozen=True, slots=True)
class Spot:
    """A position in a module's file, or in `file` (what came from a submodule); both count from 1."""

    line: int
    column: int
    file: str = ""


def place_of(node: Expression) -> Spot:
    """Where an expression stands."""
    return Spot(node.line, node.column, node.file)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A share, a rate or a duration, with where it comes from.

    `kind` is `value` (a number: share, rate), or for durations `exact`, `uniform` (low, high), `normal` (mean, sd; what
    is below 0 counts as 0), `lognormal` (median, sigma), `exponential` (mean), `weibull` (scale, shape), `empirical`
    (no parameters: a span of the statistic `card` by its figure, then anywhere in it). `parameters` are expressions in
    `unit` (day, week, month, year; sigma and shape have none). `source` names it for people: `stats.x`, `assume.x`,
    `Wmo 2015 art. 2.3.2`. The kind `probability` (of something within `over` years) is there before the check only,
    which makes a rate of it.
    """

    kind: str
    parameters: tuple[Expression, ...]
    unit: str
    source: str
    spot: Spot
    card: str = ""
    over: float = 0.0


@dataclass(frozen=True, slots=True)
class Share:
    """One of several ways, with its share; `share` is None for the `rest`."""

    label: str
    share: Quantity | None
    spot: Spot


@dataclass(frozen=True, slots=True)
class Condition:
    """Where to go when `when` holds; `when` is None for the closing `else`."""

    when: Expression | None
    to: Branch
    spot: Spot


@dataclass(frozen=True, slots=True)
class Branch:
    """Where a state leads: exactly one of a state's name, shares, or conditions."""

    spot: Spot
    to: str = ""
    shares: tuple[Share, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def targets(self) -> Iterator[tuple[str, Spot]]:
        """All states that this branch can lead to."""
        if self.to:
            yield self.to, self.spot
        for share in self.shares:
            yield share.label, share.spot
        for condition in self.conditions:
            yield from condition.to.targets()


@dataclass(frozen=True, slots=True)
class Await:
    """A turn at an institution that is asked for: the larger `priority` goes first, a crisis passes at once.

    `at` is the name, at `spot`; `institution` is there once it has been checked.
    """

    at: str
    spot: Spot
    priority: Expression | None = None
    crisis: Expression | None = None
    institution: Institution | None = None


@dataclass(frozen=True, slots=True)
class Exit:
    """One way in which the time in a state ends; the earliest of a state's exits wins.

    `kind`: `condition` (when `expression` becomes true), `hazard` (`quantity` per person-year, times the expression
    `times`, while `expression` holds if given), `wait` (`quantity`), `ends` (the planned end of the open record of
    `verb`), `schedule` (the next line of the schedule `schedule`), `await` (the turn at an institution, `turn`).
    """

    name: str
    kind: str
    spot: Spot
    expression: Expression | None = None
    quantity: Quantity | None = None
    times: Expression | None = None
    verb: str = ""
    schedule: str = ""
    turn: Await | None = None


@dataclass(frozen=True, slots=True)
class ColumnValue:
    """What a column gets: a `label`, `shares` of labels, an `expression`, a `schedule` column or a `duration`."""

    kind: str
    spot: Spot
    label: str = ""
    shares: tuple[Share, ...] = ()
    expression: Expression | None = None
    schedule_column: str = ""
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """The row that entering a state opens: the verb of a table and the values of its columns."""

    verb: str
    columns: Mapping[str, ColumnValue]
    spot: Spot


@dataclass(frozen=True, slots=True)
class Setting:
    """A new value for an attribute of the module: an expression, or one draw from a distribution of numbers.

    The kinds of `distribution` are those of durations but for `exact` and `empirical`; its unit is "" and nothing is
    cut at 0.
    """

    attribute: str
    spot: Spot
    expression: Expression | None = None
    source: str = ""
    distribution: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """Closes the open row of `verb` with an end reason (None where the table has no reasons)."""

    verb: str
    reason: ColumnValue | None
    spot: Spot


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a submodule is told by the module that calls it.

    `type` is `code` (a label of the code list `codes`), `duration`, `share`, `rate`, `number`, `bool`, `attribute` (a
    bool of the caller that the submodule sets) or `institution` (that it awaits).
    """

    name: str
    type: str
    spot: Spot
    codes: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Argument:
    """The value of a parameter in one call; `type` is the parameter's, known once the call is expanded."""

    name: str
    quantity: Quantity
    spot: Spot
    type: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A submodule that takes the place of a state; the state's `next` maps its final states to branches.

    The checker puts the submodule's states into the caller, and leaves the call for those who draw or explain.
    """

    module: str
    arguments: tuple[Argument, ...]
    spot: Spot


@dataclass(frozen=True, slots=True)
class State:
    """One state: what entering it does, how long it lasts, and where it leads.

    `next` maps the names of the exits to branches; the key `""` serves every exit that is not named. `happens` is
    a kind of `HAPPENINGS` that entering the state asks for, "" for none.
    """

    name: str
    spot: Spot
    about: str = ""
    silent: bool = False
    final: bool = False
    closings: tuple[Closing, ...] = ()
    record: Record | None = None
    settings: tuple[Setting, ...] = ()
    exits: tuple[Exit, ...] = ()
    term: Quantity | None = None
    next: Mapping[str, Branch] = field(default_factory=dict)
    schedule_over: str = ""
    schedule_over_spot: Spot | None = None
    call: Call | None = None
    happens: str = ""
    happens_spot: Spot | None = None

    def targets(self) -> Iterator[tuple[str, Spot]]:
        """All states that this state can lead to."""
        for branch in self.next.values():
            yield from branch.targets()
        if self.schedule_over and self.schedule_over_spot is not None:
            yield self.schedule_over, self.schedule_over_spot


@dataclass(frozen=True, slots=True)
class Assumption:
    """A number of this module that no publication gives, and why it is what it is."""

    name: str
    quantity: Quantity
    why: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Module:
    """One care module: a state machine over one resident.

    `in_force` is a day number or None; `begins` is `birth` or `base_date`. A submodule has `parameters` (perhaps none):
    it runs in the modules that call it and never by itself. `shared` are its attributes that all calls have in common.
    `renamed` are attributes that a call has brought, with their names in the submodule. A row refers to the last one of
    the module `follows` in each table that this module does not write to itself.
    """

    name: str
    path: Path
    file: str
    spot: Spot
    about: str
    start: str
    states: Mapping[str, State]
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    attribute_spots: Mapping[str, Spot] = field(default_factory=dict)
    assumptions: Mapping[str, Assumption] = field(default_factory=dict)
    law: str = ""
    in_force: int | None = None
    begins: str = "birth"
    uses: tuple[str, ...] = ()
    start_spot: Spot = Spot(1, 1)
    uses_spots: tuple[Spot, ...] = ()
    parameters: Mapping[str, Parameter] | None = None
    shared: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=dict)
    follows: str = ""
    follows_spot: Spot = Spot(1, 1)

    @property
    def is_submodule(self) -> bool:
        return self.parameters is not None

    def writer_of(self, verb: str | None) -> str:
        """The module whose rows of a verb its rows refer to: itself, or the one that it follows if it writes none."""
        writes = any(state.record is not None and state.record.verb == verb for state in self.states.values())
        return self.name if writes else self.follows

    def problem(self, spot: Spot, code: str, text: str, hint: str = "") -> Problem:
        """A problem at a place in this module's file, or in that of the submodule which the place is of."""
        return Problem(spot.file or self.file, spot.line, spot.column, code, text, hint)
