"""What the schema is made of: tables, columns, keys and code lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

TYPES = ("id", "ref", "date", "code", "bool", "integer", "number", "text")
"""What a column may hold; `id` is a key of its own, `ref` the key of another table, both opaque text."""

ROLES = ("none", "start", "end", "planned_end", "end_reason", "on_time", "carried_over", "provider", "municipality")
"""What the engine fills in by itself: a module never writes a column with a role."""

PERSONS, HOUSEHOLDS, MUNICIPALITIES, NEIGHBOURHOODS = "persons", "households", "municipalities", "neighbourhoods"
INSTITUTIONS, PROVIDERS = "institutions", "providers"


@dataclass(frozen=True, slots=True)
class Code:
    """One label of a code list, with the Dutch term and the code in the standard."""

    label: str
    about: str
    dutch: str = ""
    standard_code: str = ""


@dataclass(frozen=True, slots=True)
class CodeList:
    """The labels that a column may hold, in a fixed order: a code's index is its place in `labels`."""

    name: str
    about: str
    codes: tuple[Code, ...]
    standard: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(code.label for code in self.codes)

    def index(self, label: str) -> int:
        """The index of a label; raises ValueError if the list does not hold it."""
        return self.labels.index(label)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, what it refers to and its names in the standards.

    `codes` names a code list, `refers` a table, `refers_by` the column that names the table.
    `on_death` and `on_departure` (on the end_reason column) are the labels that a person's death, and their leaving the
    municipality, close an open row with.
    """

    name: str
    type: str
    about: str
    dutch: str
    role: str = "none"
    nullable: bool = False
    codes: str = ""
    refers: str = ""
    refers_by: str = ""
    unit: str = ""
    on_death: str = ""
    on_departure: str = ""
    standard: Mapping[str, str] = field(default_factory=dict)

    @property
    def written(self) -> bool:
        """Whether a module writes it: the rest is filled in by the engine."""
        return self.role == "none" and self.type not in ("id", "ref")


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table; with a `verb` it is what a module's state may write."""

    name: str
    about: str
    dutch: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    verb: str | None = None
    large: bool = False
    kills: bool = False

    def column(self, name: str) -> Column:
        """The column of that name; raises KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def by_role(self, role: str) -> Column | None:
        """The column that plays a role, or None."""
        return next((column for column in self.columns if column.role == role), None)

    @property
    def written(self) -> tuple[Column, ...]:
        """The columns whose values a module gives."""
        return tuple(column for column in self.columns if column.written)

    @property
    def parents(self) -> tuple[Column, ...]:
        """The references to rows of other verbs, in the order of the log's parent ordinals."""
        return tuple(column for column in self.columns if self.verb and column.refers not in ("", PERSONS, PROVIDERS))

    @property
    def ends(self) -> bool:
        """Whether a row can be open and closed later."""
        return any(self.by_role(role) for role in ("end", "planned_end"))


@dataclass(frozen=True, slots=True)
class Schema:
    """All tables, parents before the tables that refer to them, and all code lists."""

    tables: Mapping[str, TableSchema]
    codes: Mapping[str, CodeList]
    verbs: Mapping[str, TableSchema]

    def codes_of(self, column: Column) -> CodeList | None:
        return self.codes[column.codes] if column.codes else None


def parents_first(tables: Mapping[str, TableSchema]) -> dict[str, TableSchema]:
    """The tables ordered by name, but each after those that it refers to (a circle is broken where it closes)."""
    ordered: dict[str, TableSchema] = {}
    entered: set[str] = set()

    def place(name: str) -> None:
        if name in entered:
            return
        entered.add(name)
        for column in tables[name].columns:
            if column.refers:
                place(column.refers)
        ordered[name] = tables[name]

    for name in sorted(tables):
        place(name)
    return ordered
