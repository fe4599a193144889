"""What a run's `events` say about the states and arrows of a module.

Silent states write no event, so a way through them is only seen from end to end. An arrow gets a number if every
silent way between two rows that follow each other takes it; then it was taken at least that often.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from abmsim.days import DAYS_PER_YEAR

if TYPE_CHECKING:
    import duckdb

Pair = tuple[str, str]
Ways = Mapping[str, tuple[str, ...]]

_FOLLOWED = """
    with rows as (
        select state, lead(state) over mine as next, lead(date) over mine - date as days
        from events where module = ? window mine as (partition by person_id order by rowid)
    )
"""
_MOVES = f"{_FOLLOWED} select state, next, count(*), median(days) from rows group by all order by all"
_STAYS = f"{_FOLLOWED} select state, median(days) from rows where next is not null group by all order by all"


@dataclass(frozen=True, slots=True)
class Taken:
    """How often an arrow was taken; `exact` unless silent states hide some, then `days` is unknown."""

    times: int
    exact: bool
    days: float | None = None


@dataclass(frozen=True, slots=True)
class RunCounts:
    """Counts of one run; `stays` are median days from a state's row to the person's next row of the module."""

    run: str
    entries: Mapping[str, int]
    last: Mapping[str, int]
    stays: Mapping[str, float]
    taken: Mapping[Pair, Taken]
    hidden: frozenset[str]
    """The silent states."""
    strange: tuple[str, ...] = ()

    def of_state(self, state: str) -> list[str]:
        if state in self.hidden:
            return []
        lines = [f"entered {_times(self.entries.get(state, 0))}"]
        if state in self.stays:
            lines.append(f"next row after {_days(self.stays[state])} (median)")
        if self.last.get(state):
            lines.append(f"last row of {_number(self.last[state], 'person', 'people')}")
        return lines

    def of_arrow(self, source: str, target: str) -> list[str]:
        taken = self.taken.get((source, target))
        if taken is None:
            return []
        days = f", after {_days(taken.days)}" if taken.days is not None else ""
        return [f"{'' if taken.exact else 'at least '}{_times(taken.times)}{days}"]

    def notes(self) -> tuple[str, ...]:
        """What a reader of the numbers must know."""
        said = (
            f"Bold: counts of run {self.run} over all years that it holds (those before its first day are of people "
            "who lived to see it); days are medians over what was over before the run ended."
        )
        notes = [said]
        if self.hidden:
            notes.append(
                "Silent states leave no row: they have no counts, an arrow that only they can prove says 'at least', "
                "and one of several silent ways has none."
            )
        if self.strange:
            names = ", ".join(self.strange)
            notes.append(
                f"Some rows that follow one of {names} are left out, as no way of the module explains them: they were "
                "carried over when the law came into force, or the run was made with another version of the module."
            )
        return tuple(notes)


def count_run(tables: duckdb.DuckDBPyConnection, run: str, name: str, ways: Ways, silent: frozenset[str]) -> RunCounts:
    """The counts of module `name` in an open run; `ways` are its states with the states that each leads to."""
    moves = tables.execute(_MOVES, [name]).fetchall()
    stays = tables.execute(_STAYS, [name]).fetchall()
    entries: dict[str, int] = {}
    for state, _, times, _ in moves:
        entries[state] = entries.get(state, 0) + times
    seen = {(state, next_): (times, days) for state, next_, times, days in moves if next_ is not None}
    taken, strange = arrows_taken(seen, ways, silent)
    return RunCounts(
        run=run,
        entries=entries,
        last={state: times for state, next_, times, _ in moves if next_ is None},
        stays=dict(stays),
        taken=taken,
        hidden=silent,
        strange=tuple(sorted({*strange, *(entries.keys() - ways.keys())})),
    )


def arrows_taken(
    seen: Mapping[Pair, tuple[int, float]], ways: Ways, silent: frozenset[str]
) -> tuple[dict[Pair, Taken], list[str]]:
    """(what is known of each arrow, states whose next row no way explains) from rows that follow each other."""
    taken: dict[Pair, Taken] = {}
    strange = []
    for (source, target), (times, days) in seen.items():
        if not _leads(source, target, ways, silent):
            strange.append(source)
            continue
        for arrow in _arrows_from(source, ways, silent):
            if not _leads(source, target, ways, silent, without=arrow):
                exact = arrow == (source, target)
                before = taken[arrow].times if arrow in taken else 0
                taken[arrow] = Taken(before + times, exact, days if exact else None)
    return taken, strange


def _leads(source: str, target: str, ways: Ways, silent: frozenset[str], without: Pair | None = None) -> bool:
    """Whether target can come after source with only silent states between, not using the arrow `without`."""
    return any(arrow[1] == target for arrow in _arrows_from(source, ways, silent, without))


def _arrows_from(source: str, ways: Ways, silent: frozenset[str], without: Pair | None = None) -> Iterator[Pair]:
    """Every arrow that can be taken after source before the next state that writes a row."""
    pending, met = [source], {source}
    while pending:
        state = pending.pop()
        for target in ways.get(state, ()):
            if (state, target) == without:
                continue
            yield state, target
            if target in silent and target not in met:
                met.add(target)
                pending.append(target)


def _times(times: int) -> str:
    return _number(times, "time", "times")


def _number(number: int, one: str, many: str) -> str:
    return f"{number:,}\N{NO-BREAK SPACE}{one if number == 1 else many}"


def _days(days: float) -> str:
    return _number(round(days), "day", "days") if days < 1000 else f"{days / DAYS_PER_YEAR:.1f}\N{NO-BREAK SPACE}years"
