"""Where the kernel keeps what it knows of residents who wait for an institution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.engine.world import SLOT_EXIT, SLOT_STATE
from abmsim.lang import layout as at
from abmsim.lang.program import Program


@dataclass(frozen=True, slots=True)
class Awaiting:
    """The states that wait for an institution, by their number in the program: `institution` int64[states] (index in
    the program's institutions, -1 for none), `module`, `slot` (of the end of the wait), `exit_slot`, `state_slot`,
    `level` int64[states] (places in the columns of a resident)."""

    institution: np.ndarray
    module: np.ndarray
    slot: np.ndarray
    exit_slot: np.ndarray
    state_slot: np.ndarray
    level: np.ndarray

    @classmethod
    def of(cls, program: Program) -> Awaiting:
        words = program.words
        states = np.arange(len(program.states))
        module = words[at.STATES + states * at.STATE_WIDTH + at.STATE_MODULE].astype(np.int64)
        first = words[program.modules_place + module * at.MODULE_WIDTH + at.MODULE_SLOT].astype(np.int64)
        told = np.array([(info.awaits, info.await_slot, info.await_level) for info in program.states], dtype=np.int64)
        told = told.reshape(len(states), 3)
        return cls(told[:, 0], module, told[:, 1], first + int(SLOT_EXIT), first + int(SLOT_STATE), told[:, 2])

    @property
    def states(self) -> np.ndarray:
        """bool[states]: which of them wait."""
        return self.institution >= 0
