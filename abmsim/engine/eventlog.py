"""The event log: one row an entered state, in columns, block after block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.days import NEVER
from abmsim.lang import layout as at
from abmsim.lang.program import Program

_DAYS = 1 << 32
"""More than there are day numbers."""


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
        verbs = program.verb_words
        ends[verbs[:, at.VERB_TABLE]] = verbs[:, at.VERB_HAS_END] != 0
        table = np.array([numbers[state.table] for state in program.states])
        parents = np.full((len(program.states), at.MOST_PARENTS), -1)
        for number, state in enumerate(program.states):
            for place, parent in enumerate(state.parents):
                parents[number, place] = numbers.get(parent, -1)
        in_force = [-NEVER if force[state.module] is None else force[state.module] for state in program.states]
        silent = [state.silent for state in program.states]
        return cls(np.array(in_force), table, ends[table], np.array(silent), parents, history_from)

    def told(self, rows: np.ndarray, entered: int = -NEVER) -> tuple[np.ndarray, np.ndarray]:
        """(bool[n], bool[n]): which rows, int32[n, ROW_WIDTH], are told, and which of them ran before they are.

        Those before the law was in force are not, nor those before the day on which the residents entered the run;
        spells that ran on that day are, as carried over. Neither are rows before `history_from`, unless their spell
        still ran then.
        """
        state, day = rows[:, at.ROW_STATE], rows[:, at.ROW_DAY]
        since = self._since(state, entered)
        is_spell = (rows[:, at.ROW_ORDINAL] >= 0) & self.ends[state]
        end = np.minimum(rows[:, at.ROW_END], rows[:, at.ROW_PLANNED])
        carried = (day < since) & is_spell & (end > since)
        told = ((day >= since) | carried) & ((day >= self.history_from) | (is_spell & (end > self.history_from)))
        return told, carried

    def first_day(self, rows: np.ndarray, entered: int = -NEVER) -> np.ndarray:
        """int32[n]: the day of each row, or the one on which it is carried over."""
        return np.maximum(rows[:, at.ROW_DAY], self._since(rows[:, at.ROW_STATE], entered)).astype(np.int32)

    def _since(self, state: np.ndarray, entered: int) -> np.ndarray:
        return np.maximum(self.in_force[state], entered)


def chunk_of(rows: np.ndarray, first_person: int, rules: LogRules, entered: int = -NEVER) -> LogChunk:
    """The rows of a block that are told (see `LogRules.told`): int32[n, ROW_WIDTH] as the kernel wrote them."""
    columns = np.ascontiguousarray(rows.T)  # a copy if they do not lie so already
    told, carried = rules.told(columns.T, entered)
    kept = np.flatnonzero(told)
    day = rules.first_day(columns.T, entered)
    order = kept[np.argsort(columns[at.ROW_PERSON, kept].astype(np.int64) * _DAYS + day[kept], kind="stable")]
    columns = columns[:, order]
    return LogChunk(
        person=columns[at.ROW_PERSON] + np.int32(first_person),
        day=day[order],
        state=columns[at.ROW_STATE],
        why=columns[at.ROW_WHY],
        ordinal=columns[at.ROW_ORDINAL],
        end_day=columns[at.ROW_END],
        end_reason=columns[at.ROW_REASON],
        planned_end=columns[at.ROW_PLANNED],
        carried_over=carried[order],
        on_time=_on_time(columns.T),
        silent=rules.silent[columns[at.ROW_STATE]],
        values=np.ascontiguousarray(columns[at.ROW_VALUES : at.ROW_VALUES + at.MOST_VALUES].T),
        parents=_present_parents(columns.T, rules),
    )


def _on_time(rows: np.ndarray) -> np.ndarray:
    """int8[n]: 1 if a row was closed within its legal term, 0 if later, -1 without a term or an end."""
    term, end = rows[:, at.ROW_TERM], rows[:, at.ROW_END]
    known = (term != NEVER) & (end != NEVER)
    return np.where(known, end <= term, -1).astype(np.int8)


def _present_parents(rows: np.ndarray, rules: LogRules) -> np.ndarray:
    """int32[n, 2]: the parents' ordinals, -1 for a parent that was left out (it ended before its law was in force)."""
    parents = rows[:, at.ROW_PARENTS : at.ROW_PARENTS + at.MOST_PARENTS].copy()
    if not len(rows):
        return parents
    tables = int(max(rules.table.max(initial=0), rules.parents.max(initial=0))) + 2
    person = rows[:, at.ROW_PERSON] - rows[:, at.ROW_PERSON].min()
    table = rules.table[rows[:, at.ROW_STATE]] + 1  # 0: none
    ordinal = rows[:, at.ROW_ORDINAL]
    asking, number = np.nonzero(parents >= 0)
    wanted = parents[asking, number]
    of = person[asking] * tables + rules.parents[rows[asking, at.ROW_STATE], number] + 1
    records = np.flatnonzero(ordinal >= 0)
    # A place for every row of each table of each resident, up to the highest number; left-out ones have one too.
    most = np.zeros((int(person.max()) + 1) * tables, dtype=np.int64)
    np.maximum.at(most, person[records] * tables + table[records], ordinal[records] + 1)
    np.maximum.at(most, of, wanted + 1)
    first = np.cumsum(most) - most
    present = np.zeros(int(most.sum()), dtype=bool)
    present[first[person[records] * tables + table[records]] + ordinal[records]] = True
    lost = ~present[first[of] + wanted]
    parents[asking[lost], number[lost]] = -1
    return parents
