"""Where the kernel keeps what it knows of residents who wait for an institution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.lang import layout as at
from abmsim.lang.program import Program


@dataclass(frozen=True, slots=True)
class Awaiting:
    """The states that wait for an institution, by their number in the program: `institution` int64[states] (index in
    the program's institutions, -1 for none), `module`; `slot` (the word of the end of the wait) and `level`
    int64[states] (the cell of the priority) in the record of the module."""

    institution: np.ndarray
    module: np.ndarray
    slot: np.ndarray
    level: np.ndarray

    @classmethod
    def of(cls, program: Program) -> Awaiting:
        words = program.words
        states = np.arange(len(program.states))
        module = words[at.STATES + states * at.STATE_WIDTH + at.STATE_MODULE].astype(np.int64)
        told = np.array([(info.awaits, info.await_slot, info.await_level) for info in program.states], dtype=np.int64)
        told = told.reshape(len(states), 3)
        return cls(told[:, 0], module, told[:, 1], told[:, 2])

    @property
    def states(self) -> np.ndarray:
        """bool[states]: which of them wait."""
        return self.institution >= 0
