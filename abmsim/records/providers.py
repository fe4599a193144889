"""The providers of help: who they are, and which of them helps a resident, where they lived when the help began."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from abmsim.engine.lives import Lives
from abmsim.engine.offices import Offices
from abmsim.lang.program import Program
from abmsim.randomness import keys, mix, name_key, uniform
from abmsim.records.keys import key_labels
from abmsim.records.residence import Residence

PROVIDER_PREFIX = "abp-"
LAWS = {"provider": "wmo", "youth_care_organisation": "youth"}
"""Kinds of institutions that deliver help, and the law under which they do."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One of the providers that share an area: `institution` is the index of the one whose line they share."""

    kind: int
    area: str
    ordinal: int
    institution: int
    title: str
    law: str

    @property
    def name(self) -> str:
        """`Provider of household help GM0546 1`: what it is, where, and which of several."""
        return f"{self.title} {self.area} {self.ordinal + 1}"


class Providers:
    """All providers of a run: `keys` uint64[p], the same in every run; those of one kind and area stand together."""

    def __init__(self, offices: Offices) -> None:
        self.all = tuple(_providers(offices))
        names = np.array([name_key(one.name) for one in self.all], dtype=np.uint64)
        self.keys = keys(int(name_key("providers")), names)
        kinds, places = offices.of_place.shape
        self.first = np.full((kinds, places), -1, dtype=np.int64)
        self.number = np.ones(kinds, dtype=np.int64)
        for row, one in enumerate(self.all):
            if one.ordinal == 0:
                here = [area == one.area for area in offices.areas[one.kind]]
                self.first[one.kind, here] = row
            self.number[one.kind] = max(self.number[one.kind], one.ordinal + 1)

    def labels(self, provider: np.ndarray) -> pa.DictionaryArray:
        """The keys of providers, null for none: int[k] -> dictionary<string>[k]."""
        return key_labels(provider, self.keys if len(self.keys) else np.zeros(1, dtype=np.uint64), PROVIDER_PREFIX)


def _providers(offices: Offices) -> Iterator[Provider]:
    for kind, described in enumerate(offices.described):
        if described.kind in LAWS:
            for area in sorted(set(offices.areas[kind])):
                institution = int(offices.of_place[kind, offices.areas[kind].index(area)])
                for ordinal in range(described.number):
                    yield Provider(kind, area, ordinal, institution, described.title, LAWS[described.kind])


class ProvidersOfHelp:
    """Finds the provider of rows of help: `provider(person, day, state)`.

    The states of a module are delivered by a provider whose turn the module waits for; a module that waits for none
    has none. A resident has the same one as long as they live there.
    """

    def __init__(self, program: Program, lives: Lives, residence: Residence) -> None:
        assert lives.institutions is not None, "the run tells nothing of institutions"
        self.providers = Providers(lives.institutions.offices)
        awaited: dict[str, int] = {}
        for state in program.states:
            if state.awaits >= 0 and program.institutions[state.awaits].kind in LAWS:
                awaited.setdefault(state.module, state.awaits)
        self._kind = np.array([awaited.get(state.module, -1) for state in program.states], dtype=np.int64)
        self._residence = residence
        self._keys = lives.people.key

    def provider(self, person: np.ndarray, day: np.ndarray, state: np.ndarray) -> np.ndarray:
        """int64[k]: the provider of each row, -1 for none."""
        kind = self._kind[state]
        found = np.full(len(person), -1, dtype=np.int64)
        rows = np.flatnonzero(kind >= 0)
        if len(rows):
            place, kind = self._residence.place(person[rows], day[rows]), kind[rows]
            u = uniform(mix(self._keys[person[rows]], name_key("provider of help") ^ kind.astype(np.uint64)))
            which = (u * self.providers.number[kind]).astype(np.int64)
            found[rows] = self.providers.first[kind, place] + which
        return found


def no_providers(count: int) -> pa.DictionaryArray:
    """The keys of nobody: dictionary<string>[count], all null."""
    return key_labels(np.full(count, -1), np.zeros(1, dtype=np.uint64), PROVIDER_PREFIX)
