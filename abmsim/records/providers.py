"""Which provider delivers a resident's help: the one that they turn to where they lived when it began."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from abmsim.engine.lives import Lives
from abmsim.lang.program import Program
from abmsim.records.institutions import LAWS, PREFIXES, institution_keys
from abmsim.records.keys import key_labels
from abmsim.schema.schema import PROVIDERS

_DAYS = np.int64(1) << np.int64(20)
"""More than there are days in a run: person * _DAYS + day puts spells in order of both."""


class ProvidersOfHelp:
    """Finds the provider of rows of help: `provider(person, day, state)`.

    The states of a module are delivered by the provider whose turn the module waits for; a module that waits for none
    has none.
    """

    def __init__(self, program: Program, lives: Lives) -> None:
        assert lives.institutions is not None, "the run tells nothing of institutions"
        self._offices = lives.institutions.offices
        self._run_keys = lives.institutions.run_keys
        self.keys = institution_keys(self._offices.institutions, PROVIDERS)
        awaited: dict[str, int] = {}
        for state in program.states:
            if state.awaits >= 0 and program.institutions[state.awaits].kind in LAWS:
                awaited.setdefault(state.module, state.awaits)
        self._kind = np.array([awaited.get(state.module, -1) for state in program.states], dtype=np.int64)
        spells = lives.membership
        self._spell = spells.person.astype(np.int64) * _DAYS + spells.from_day
        self._place = lives.households.municipality[spells.household].astype(np.int64)
        self._person = spells.person

    def provider(self, person: np.ndarray, day: np.ndarray, state: np.ndarray) -> np.ndarray:
        """int64[k]: the provider of each row, an index into the institutions, -1 for none."""
        kind = self._kind[state]
        found = np.full(len(person), -1, dtype=np.int64)
        rows = np.flatnonzero(kind >= 0)
        if len(rows):
            place = self._municipality(person[rows], day[rows])
            found[rows] = self._offices.turned_to(kind[rows], place, self._run_keys[person[rows]])
        return found

    def _municipality(self, person: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Where they lived on that day; before the live years, where they lived when these began."""
        place = np.searchsorted(self._spell, person.astype(np.int64) * _DAYS + day, side="right") - 1
        place = np.maximum(place, 0)
        before = self._person[place] != person
        return self._place[np.where(before, np.minimum(place + 1, len(self._place) - 1), place)]


def labels_of_providers(provider: np.ndarray, providers: ProvidersOfHelp | None) -> pa.DictionaryArray:
    """The keys of providers, null for none: int[k] -> dictionary<string>[k]."""
    keys = np.zeros(1, dtype=np.uint64) if providers is None else providers.keys
    return key_labels(provider, keys, PREFIXES[PROVIDERS])
