"""What `abmsim check` says of assumptions: each module's share of them, by numbers or by the residents of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from abmsim.lang.together import ORIGINS

if TYPE_CHECKING:
    from abmsim.lang.module import Module
    from abmsim.stats.card import Card

_DECIDED = """
    select module, why, count(distinct person_id) as residents from events
    group by module, why order by module, why
"""
"""Residents for whom a number decided where they went; a line of a module is counted once for each resident."""


def share_lines(numbers: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """A table: how many numbers of each module come from where."""
    return _table("numbers", numbers)


def weighted_lines(modules: Sequence[Module], cards: Mapping[str, Card], folder: Path) -> Iterator[str]:
    """The same, each number weighted by the residents of a run for whom it decided."""
    from abmsim.lang.assumed import origin_of
    from abmsim.life import open_run

    by_name = {module.name: module for module in modules}
    counts: dict[str, Counter[str]] = {name: Counter() for name in by_name}
    with open_run(folder) as tables:
        for name, why, residents in tables.execute(_DECIDED).fetchall():
            source = why.partition(" ")[2]
            if name in counts and source:
                counts[name][origin_of(source, by_name[name], cards)] += residents
    return _table("residents", counts)


def _table(what: str, counts: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    width = max(map(len, counts), default=0)
    yield f"{'module':{width}} {what:>9}" + "".join(f" {name:>8}" for name in ORIGINS) + "    share assumed"
    for name, found in counts.items():
        total = sum(found.values())
        share = f"{found.get('assumed', 0) / total:.0%}" if total else "-"
        numbers = "".join(f" {found.get(origin, 0):>8,}" for origin in ORIGINS)
        yield f"{name:{width}} {total:>9,}{numbers} {share:>16}"
