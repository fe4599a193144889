"""All modules together: what only shows when each has been checked, told from a summary of each.

A summary is small and imports little, so `abmsim check` can keep those of modules that have not changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from abmsim.problems import Problem
from abmsim.vocabulary import VOCABULARY, Attribute

ATTRIBUTE_TWICE, NEVER_READ = "E207", "W502"

ORIGINS = ("seen", "derived", "other", "assumed")
"""Where a number comes from: read in a publication, derived from such, a literal with a source of its own, assumed. The
last that fits counts."""


@dataclass(frozen=True, slots=True)
class Interface:
    """What other modules may know of a module.

    `calls`: the submodules that it calls, and those that these call. `attributes`: with those that its calls bring;
    `places`: file, line and column of each.
    """

    name: str
    path: Path
    file: str
    is_submodule: bool
    calls: frozenset[str]
    attributes: Mapping[str, Attribute]
    places: Mapping[str, tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Summary:
    """What the check of one module found.

    `made_of`: the modules whose texts it follows from, beside statistics, schema and vocabulary: itself, those that it
    uses, and the submodules that it and these call. `problems` holds its warnings too. `reads`: names that its
    expressions read, None if one of them could not be understood.
    """

    interface: Interface
    made_of: frozenset[str]
    problems: tuple[Problem, ...]
    reads: frozenset[str] | None

    @property
    def is_clean(self) -> bool:
        return self.reads is not None and all(problem.is_warning for problem in self.problems)


def problems_together(summaries: Iterable[Summary]) -> Iterator[Problem]:
    """The problems of each module, and those that they have with each other.

    What is wrong with a submodule by itself is not told again for each module that calls it.
    """
    summaries = sorted(summaries, key=lambda summary: summary.interface.name)
    of_submodules = [problem for one in summaries if one.interface.is_submodule for problem in one.problems]
    broken_files = {problem.file for problem in of_submodules if not problem.is_warning}
    yield from of_submodules
    running = [one for one in summaries if not one.interface.is_submodule]
    for one in running:
        own = one.interface.file
        yield from (problem for problem in one.problems if problem.file == own or problem.file not in broken_files)
    yield from owners(one.interface for one in running)[1]
    yield from _never_read(running)


def owners(interfaces: Iterable[Interface]) -> tuple[dict[str, str], list[Problem]]:
    """Attribute -> the module that owns it, of modules in order of name; a second owner is a problem."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for module in interfaces:
        for name in module.attributes:
            owner = "the vocabulary" if name in VOCABULARY else found.setdefault(name, module.name)
            if owner != module.name:
                text = f"the attribute '{name}' belongs to {owner} already"
                hint = "choose another name" + ("" if name in VOCABULARY else f", or read it: `uses: [{owner}]`")
                problems.append(Problem(*module.places[name], ATTRIBUTE_TWICE, text, hint))
    return found, problems


def _never_read(running: list[Summary]) -> Iterator[Problem]:
    """Attributes that no module reads, nor a test of their own; nothing if a module could not be understood."""
    read: set[str] = set()
    for one in running:
        if one.reads is None:
            return
        read |= one.reads
    for one in running:
        unread = [name for name in one.interface.places if name not in read]
        tested = _tests(one.interface) if unread else ""
        for name in unread:
            if not re.search(rf"\b{name}\b", tested):
                text = f"nothing reads the attribute '{name}'"
                yield Problem(*one.interface.places[name], NEVER_READ, text, "read it or remove it")


def _tests(module: Interface) -> str:
    """The text of the module's own tests: what they look at is of use."""
    try:
        return module.path.with_suffix(".test.yaml").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
