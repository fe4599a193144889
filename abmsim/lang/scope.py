"""What the compiler knows while it flattens one module: attributes, verbs, statistics and the tables built so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from abmsim.areas import as_statistics, open_labels
from abmsim.lang.assembler import Assembler
from abmsim.lang.compile_record import Record
from abmsim.lang.module import Module, Spot
from abmsim.lang.program import Why
from abmsim.schema.schema import Schema
from abmsim.stats.catalogue import Catalogue
from abmsim.vocabulary import VOCABULARY, Attribute


@dataclass(frozen=True, slots=True)
class Schedule:
    """A compiled schedule: its place in the words, its payload columns, and the labels of the categorical ones."""

    place: int
    columns: tuple[str, ...]
    labels: Mapping[str, tuple[str, ...]]


def stored_attributes(modules: Sequence[Module]) -> tuple[Attribute, ...]:
    """The attributes that have a column: the vocabulary's, then each module's, modules by name; numbers come last."""
    own = [attribute for module in modules for attribute in module.attributes.values()]
    stored = [*(attribute for attribute in VOCABULARY.values() if not attribute.computed), *own]
    return tuple(sorted(stored, key=lambda attribute: attribute.type == "number"))


@dataclass(slots=True)
class CompileScope:
    """Shared by all modules of a program; `module` is the one being compiled.

    `record` is how what is kept of a resident in it lies in memory, `verb_rows` where what is kept of each verb lies.
    """

    assembler: Assembler
    catalogue: Catalogue
    schema: Schema
    municipality_codes: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    verbs: list[tuple[str, str]]
    tables: tuple[str, ...]
    state_numbers: Mapping[tuple[str, str], int]
    module: Module
    module_number: int = 0
    whys: list[Why] = field(default_factory=list)
    why_numbers: dict[Why, int] = field(default_factory=dict)
    lookups: dict[tuple[str, bool], dict[tuple[int, ...], int]] = field(default_factory=dict)
    schedules: dict[str, Schedule] = field(default_factory=dict)
    statistics: set[str] = field(default_factory=set)
    public: set[int] = field(default_factory=set)
    schedule: str = ""
    record: Record = Record()
    verb_rows: dict[tuple[str, str], int] = field(default_factory=dict)
    institution_numbers: Mapping[str, int] = field(default_factory=dict)

    def stored(self, name: str) -> tuple[int, Attribute]:
        """The column of a stored attribute and what it is."""
        for index, attribute in enumerate(self.attributes):
            if attribute.name == name:
                return index, attribute
        raise KeyError(name)

    def labels(self, attribute: Attribute) -> tuple[str, ...]:
        """The labels of a categorical attribute."""
        return attribute.labels or open_labels(attribute.name, self.municipality_codes)

    def verb(self, verb: str) -> int:
        """The number of this module's slot for the table that `verb` writes to."""
        return self.verbs.index((self.module.name, self.schema.verbs[verb].name))

    def why(self, spot: Spot, source: str) -> int:
        """The number of a reason, kept once; what came from a submodule is told with its file."""
        why = Why(spot.file or self.module.file, spot.line, as_statistics(source))
        if why not in self.why_numbers:
            self.why_numbers[why] = len(self.whys)
            self.whys.append(why)
        return self.why_numbers[why]
