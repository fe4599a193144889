"""The event log: one row an entered state, in columns, block after block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.days import NEVER
from abmsim.lang import layout as at
from abmsim.lang.program import Program


@dataclass(frozen=True, slots=True)
class LogChunk:
    """The rows of some whole residents, sorted by (person, day, sequence); all columns have the same length.

    `person` int32 (row in people), `day` int32, `state` and `why` int32 (indices in the program), `ordinal` int32 (per
    person and table, from 0; -1 where the state writes to no table), `end_day` and `planned_end` int32 (NEVER if
    none), `end_reason` int32 (index in the code list, -1 if none), `carried_over` and `silent` bool, `on_time` int8
    (-1 unknown, 0, 1), `values` int32[n, 4], `parents` int32[n, 2] (ordinals, -1 for none).
    """

    person: np.ndarray
    day: np.ndarray
    state: np.ndarray
    why: np.ndarray
    ordinal: np.ndarray
    end_day: np.ndarray
    end_reason: np.ndarray
    planned_end: np.ndarray
    carried_over: np.ndarray
    on_time: np.ndarray
    silent: np.ndarray
    values: np.ndarray
    parents: np.ndarray

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True, slots=True)
class LogRules:
    """What the log keeps, per state: `in_force` (first day of its law), `table`, `ends` (its rows can be open),
    `silent`, `parents` int[states, 2] (tables referred to); and the day `history_from` before which nothing is told."""

    in_force: np.ndarray
    table: np.ndarray
    ends: np.ndarray
    silent: np.ndarray
    parents: np.ndarray
    history_from: int

    @classmethod
    def of(cls, program: Program, history_from: int) -> LogRules:
        """The rules of a program."""
        force = {module.name: module.in_force for module in program.modules}
        numbers = {name: number for number, name in enumerate(program.tables)} | {None: -1}
        ends = np.zeros(len(program.tables) + 1, dtype=bool)
        for verb in range(len(program.verbs)):
            place = program.verbs_place + verb * at.VERB_WIDTH
            ends[program.words[place + at.VERB_TABLE]] = program.words[place + at.VERB_HAS_END] != 0
        table = np.array([numbers[state.table] for state in program.states])
        parents = np.full((len(program.states), at.MOST_PARENTS), -1)
        for number, state in enumerate(program.states):
            for place, parent in enumerate(state.parents):
                parents[number, place] = numbers.get(parent, -1)
        in_force = [-NEVER if force[state.module] is None else force[state.module] for state in program.states]
        silent = [state.silent for state in program.states]
        return cls(np.array(in_force), table, ends[table], np.array(silent), parents, history_from)


def chunk_of(rows: np.ndarray, first_person: int, rules: LogRules, entered: int = -NEVER) -> LogChunk:
    """The kept rows of a block: int32[n, ROW_WIDTH] as the kernel wrote them.

    Rows before the law was in force, and before the day on which the block's residents entered the run, are left out;
    spells that ran on that day begin there, marked carried over. Rows before `history_from` are left out too, unless
    their spell still ran then.
    """
    rows = rows[np.argsort(rows[:, at.ROW_PERSON], kind="stable")]
    state, day = rows[:, at.ROW_STATE], rows[:, at.ROW_DAY]
    in_force = np.maximum(rules.in_force[state], entered)
    is_spell = (rows[:, at.ROW_ORDINAL] >= 0) & rules.ends[state]
    end = np.minimum(rows[:, at.ROW_END], rows[:, at.ROW_PLANNED])
    carried = (day < in_force) & is_spell & (end > in_force)
    kept = ((day >= in_force) | carried) & ((day >= rules.history_from) | (is_spell & (end > rules.history_from)))
    rows, carried = rows[kept], carried[kept]
    day = np.where(carried, in_force[kept], rows[:, at.ROW_DAY]).astype(np.int32)
    parents = rows[:, at.ROW_PARENTS : at.ROW_PARENTS + at.MOST_PARENTS]
    if not kept.all():
        parents = _present_parents(rows, rules)
    order = np.lexsort((day, rows[:, at.ROW_PERSON])) if carried.any() else slice(None)
    columns = {
        "person": rows[:, at.ROW_PERSON] + np.int32(first_person),
        "day": day,
        "state": rows[:, at.ROW_STATE],
        "why": rows[:, at.ROW_WHY],
        "ordinal": rows[:, at.ROW_ORDINAL],
        "end_day": rows[:, at.ROW_END],
        "end_reason": rows[:, at.ROW_REASON],
        "planned_end": rows[:, at.ROW_PLANNED],
        "carried_over": carried,
        "on_time": _on_time(rows),
        "silent": rules.silent[rows[:, at.ROW_STATE]],
        "values": rows[:, at.ROW_VALUES : at.ROW_VALUES + at.MOST_VALUES],
        "parents": parents,
    }
    return LogChunk(**{name: np.ascontiguousarray(column[order]) for name, column in columns.items()})


def _on_time(rows: np.ndarray) -> np.ndarray:
    """int8[n]: 1 if a row was closed within its legal term, 0 if later, -1 without a term or an end."""
    term, end = rows[:, at.ROW_TERM], rows[:, at.ROW_END]
    known = (term != NEVER) & (end != NEVER)
    return np.where(known, end <= term, -1).astype(np.int8)


def _present_parents(rows: np.ndarray, rules: LogRules) -> np.ndarray:
    """int32[n, 2]: the parents' ordinals, -1 for a parent that was left out (it ended before its law was in force)."""
    parents = rows[:, at.ROW_PARENTS : at.ROW_PARENTS + at.MOST_PARENTS].copy()
    # A parent that was left out can have a higher number than all rows that are there.
    most = int(max(rows[:, at.ROW_ORDINAL].max(initial=0), parents.max(initial=0))) + 1
    tables = len(rules.ends) + 1

    def key(person: np.ndarray, table: np.ndarray, ordinal: np.ndarray) -> np.ndarray:
        return (person.astype(np.int64) * tables + table) * most + ordinal

    person, state = rows[:, at.ROW_PERSON], rows[:, at.ROW_STATE]
    records = rows[:, at.ROW_ORDINAL] >= 0
    present = key(person[records], rules.table[state[records]], rows[records, at.ROW_ORDINAL])
    for number in range(at.MOST_PARENTS):
        asked = np.flatnonzero(parents[:, number] >= 0)
        wanted = key(person[asked], rules.parents[state[asked], number], parents[asked, number])
        parents[asked[~np.isin(wanted, present)], number] = -1
    return parents
