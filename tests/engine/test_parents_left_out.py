"""A reference to a row that was left out is empty, whatever the numbers of the rows that are there."""

from __future__ import annotations

import numpy as np

from abmsim.days import NEVER
from abmsim.engine.eventlog import LogRules, chunk_of
from abmsim.lang import layout as at

DECISION, PROVISION = 0, 1


def row(day: int, state: int, ordinal: int, end: int, parent: int = -1) -> np.ndarray:
    found = np.full(at.ROW_WIDTH, -1, dtype=np.int32)
    found[[at.ROW_PERSON, at.ROW_DAY, at.ROW_STATE, at.ROW_ORDINAL]] = 0, day, state, ordinal
    found[[at.ROW_END, at.ROW_PLANNED, at.ROW_TERM]] = end, NEVER, NEVER
    found[at.ROW_PARENTS] = parent
    return found


def test_the_last_of_several_decisions_lies_before_an_arrival_and_its_provision_runs_on() -> None:
    rules = LogRules(
        in_force=np.full(2, -NEVER), table=np.array([DECISION, PROVISION]), ends=np.array([True, True]),
        silent=np.zeros(2, dtype=bool), parents=np.array([[-1, -1], [DECISION, -1]]), history_from=-NEVER,
    )  # fmt: skip
    rows = np.stack([row(10, DECISION, 0, 20), row(30, DECISION, 1, 40), row(40, PROVISION, 0, NEVER, parent=1)])
    arrived = chunk_of(rows, 0, rules, entered=100)
    assert (arrived.state.tolist(), arrived.parents[:, 0].tolist()) == ([PROVISION], [-1])
    assert chunk_of(rows, 0, rules).parents[:, 0].tolist() == [-1, -1, 1]
