"""Modules that are known to be clean, kept from one `abmsim check` to the next.

What the check finds in a module follows from the texts that it was made of (its own, those of the modules that it
calls or uses) and from the world around: institutions, statistics, schema, this program and its Python. While none of
them changes, a module that had no error is not read again; what modules have to do with each other is looked at each
time. All is compared by its content, nothing by its date. Whatever is odd about the file of a project - old, half, not
to be read or written - means that everything is read, and so does a problem of an institution.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from abmsim.contents import content, program_files, town_files
from abmsim.lang.together import Interface, Summary, problems_together
from abmsim.paths import institution_roots, module_files, module_roots, shown, statistics_roots, user_cache
from abmsim.problems import Problem, ProblemsFound
from abmsim.sealed import read_sealed, write_sealed
from abmsim.vocabulary import Attribute

_Numbers = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Checked:
    """All problems, and for each module that runs its file and how many of its numbers come from where."""

    problems: tuple[Problem, ...]
    of_cards: tuple[Problem, ...]
    modules: Mapping[str, tuple[str, Mapping[str, int]]]


@dataclass(frozen=True, slots=True)
class _Fingerprint:
    """A hash of the world, and one of each module's text; `statistics` are the files that the first one holds."""

    world: str
    texts: Mapping[str, str]
    statistics: frozenset[str]


def check_changed() -> Checked:
    """Check all modules, of which those are read that are not known to be clean.

    Raises ProblemsFound if a card cannot be used.
    """
    files = module_files()
    before = _fingerprint(files)
    kept = _kept(before)
    known = {name: _summary(name, entry, files[name][0]) for name, entry in kept.items()}
    if known and len(known) == len(files):
        return _checked(sorted(set(problems_together(known.values()))), known.values(), _numbers(kept))
    from abmsim.lang.assumed import origins
    from abmsim.loading import load_changed, read_catalogue
    from abmsim.stats.unfilled import UNFILLED_CARD
    from abmsim.validate.target_problems import target_problems

    catalogue, of_cards = read_catalogue()
    if any(problem.code != UNFILLED_CARD for problem in of_cards):
        raise ProblemsFound(of_cards)
    of_cards = [*of_cards, *target_problems(catalogue, only_counted=True)]
    checked, unread = load_changed(catalogue, known)
    numbers = _numbers(kept) | {one.name: origins(one, catalogue.cards) for one in checked.modules}
    hashed = all(os.path.normpath(card.csv) in before.statistics for card in catalogue.cards.values())
    told = (*of_cards, *checked.of_institutions)
    if before.world and hashed and not told and _fingerprint(module_files()) == before:
        clean = [one for one in checked.summaries if one.is_clean and one.interface.name not in unread]
        _keep(before, clean, numbers)
    return _checked(checked.problems, checked.summaries, numbers, of_cards)


def _checked(
    problems: Iterable[Problem], summaries: Iterable[Summary], numbers: _Numbers, of_cards: Iterable[Problem] = ()
) -> Checked:
    running = sorted((one.interface.name, one.interface.file) for one in summaries if not one.interface.is_submodule)
    return Checked(tuple(problems), tuple(of_cards), {name: (file, numbers[name]) for name, file in running})


# --- what a check follows from ---------------------------------------------------------------------------------
def _fingerprint(files: Mapping[str, tuple[Path, Path]]) -> _Fingerprint:
    """Of everything as it is now; its world is "" if a file of it cannot be read, so that nothing is known."""
    world = hashlib.sha256(sys.version.encode())
    statistics: set[str] = set()
    texts = {}
    try:
        for label, path in (*program_files(), *town_files()):
            world.update(f"\0{label}\0".encode() + hashlib.sha256(content(path)).digest())
            statistics.add(os.path.normpath(path))
        for name, (path, _) in files.items():
            texts[name] = hashlib.sha256(f"{shown(path)}\0".encode() + content(path)).hexdigest()
    except OSError:
        return _Fingerprint("", {}, frozenset())
    return _Fingerprint(world.hexdigest(), texts, frozenset(statistics))


# --- what is kept ----------------------------------------------------------------------------------------------
def _place() -> str:
    """The file of this project, these institutions and statistics."""
    roots = "\0".join(map(str, (*module_roots(), *institution_roots(), *statistics_roots())))
    return os.path.join(user_cache(), "check", f"{hashlib.sha256(roots.encode()).hexdigest()[:16]}.json")


def _kept(now: _Fingerprint) -> dict[str, dict[str, Any]]:
    """The entries that still hold."""
    try:
        text = read_sealed(_place())
        if not now.world or text is None:
            return {}
        kept = json.loads(bytes(text))
        if kept["world"] != now.world:
            return {}
        entries = kept["modules"].items()
        return {name: entry for name, entry in entries if entry["texts"].items() <= now.texts.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _keep(now: _Fingerprint, clean: Sequence[Summary], numbers: _Numbers) -> None:
    """Write the file anew, at once for whoever reads it meanwhile; where that is not possible nothing is kept."""
    modules = {one.interface.name: _entry(one, now.texts, numbers) for one in clean}
    text = json.dumps({"world": now.world, "modules": modules}).encode()
    read = json.loads(text)["modules"]
    if any(_summary(one.interface.name, read[one.interface.name], one.interface.path) != one for one in clean):
        return
    write_sealed(_place(), text)


def _entry(one: Summary, texts: Mapping[str, str], numbers: _Numbers) -> dict[str, Any]:
    face = one.interface
    return {
        "texts": {name: texts[name] for name in one.made_of},
        "file": face.file,
        "is_submodule": face.is_submodule,
        "calls": sorted(face.calls),
        "attributes": {name: _values(given) for name, given in face.attributes.items()},
        "places": face.places,
        "problems": [_values(problem) for problem in one.problems],
        "reads": sorted(one.reads or ()),
        "numbers": numbers.get(face.name, {}),
    }


def _values(described: Attribute | Problem) -> list[Any]:
    return [getattr(described, name) for name in described.__slots__]


def _summary(name: str, entry: Mapping[str, Any], path: Path) -> Summary:
    attributes = {}
    for own, values in entry["attributes"].items():
        fields: list[Any] = [tuple(value) if isinstance(value, list) else value for value in values]
        attributes[own] = Attribute(*fields)
    face = Interface(
        name, path, entry["file"], entry["is_submodule"], frozenset(entry["calls"]), attributes,
        {own: (file, line, column) for own, (file, line, column) in entry["places"].items()},
    )  # fmt: skip
    problems = tuple(Problem(*fields) for fields in entry["problems"])
    return Summary(face, frozenset(entry["texts"]), problems, frozenset(entry["reads"]))


def _numbers(kept: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, int]]:
    return {name: entry["numbers"] for name, entry in kept.items() if not entry["is_submodule"]}
