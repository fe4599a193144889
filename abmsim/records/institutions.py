"""The tables of institutions: who they are, who waited for them, and what they did from month to month."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from abmsim.engine.institution_records import InstitutionRecords
from abmsim.lang.program import Program
from abmsim.randomness import keys, name_key
from abmsim.records import columns as arrow
from abmsim.records.encoding import Encoder, Numbers, Tables
from abmsim.records.fictional_names import fictional_name
from abmsim.records.keys import PERSON_PREFIX
from abmsim.records.providers import PROVIDER_PREFIX, Providers
from abmsim.schema.schema import INSTITUTIONS, PERSONS, PROVIDERS, Schema

INSTITUTION_PREFIX = "abi-"
_CENTS = 100


class InstitutionTables:
    """Makes the tables about institutions; `person_keys` uint64[n] are those of everybody of the run."""

    def __init__(self, records: InstitutionRecords, program: Program, person_keys: np.ndarray, schema: Schema) -> None:
        self.records = records
        self.program = program
        self.schema = schema
        self._all = records.offices.institutions
        self._providers = Providers(records.offices)
        names = np.array([name_key(one.name) for one in self._all], dtype=np.uint64)
        self._keys = {
            PERSONS: (person_keys, PERSON_PREFIX),
            INSTITUTIONS: (keys(int(name_key("institutions")), names), INSTITUTION_PREFIX),
            PROVIDERS: (self._providers.keys, PROVIDER_PREFIX),
        }

    def tables(self) -> Tables:
        """Every table, parents first."""
        made = {
            INSTITUTIONS: self._institutions(), PROVIDERS: self._of_help(), "waiting_list": self._waiting_list(),
            "institution_months": self._months(),
        }  # fmt: skip
        encoder = Encoder(self.schema, self._keys)
        for name, given in made.items():
            yield from encoder.tables(name, given)

    def _institutions(self) -> Numbers:
        return {
            "institution_id": np.arange(len(self._all)),
            "kind": self._labels("institution_kind", [one.described.kind for one in self._all]),
            "institution": [one.described.name for one in self._all],
            "name": [fictional_name(one.name, one.described.title) for one in self._all],
            "serves": [one.area for one in self._all],
            "number": np.array([one.described.number for one in self._all], dtype=np.int32),
            "residents": np.array([one.residents for one in self._all], dtype=np.int32),
        }

    def _of_help(self) -> Numbers:
        providers = self._providers.all
        return {
            "provider_id": np.arange(len(providers)),
            "institution_id": np.array([one.institution for one in providers], dtype=np.int32),
            "name": [fictional_name(one.name, one.title) for one in providers],
            "serves": [one.area for one in providers],
            "law": self._labels("provider_law", [one.law for one in providers]),
        }

    def _waiting_list(self) -> Numbers:
        settled = self.records.settled
        states = self.program.states
        return {
            "person_id": settled.person,
            "institution_id": settled.office,
            "module": [states[state].module for state in settled.state],
            "state": [states[state].name for state in settled.state],
            "asked_date": settled.asked_day,
            "to_date": settled.to_day,
            "outcome": settled.outcome,
            "crisis": settled.crisis.astype(np.int8),
        }

    def _months(self) -> Numbers:
        """The months of those that may let somebody wait."""
        months = self.records.months
        limited = np.array([one.is_limited for one in self._all], dtype=bool)
        paid = np.array([one.described.budget is not None for one in self._all], dtype=bool)
        rows = np.flatnonzero(limited[months.office])
        office = months.office[rows]
        spent = months.spent_cents[rows] * (arrow.PARTS_OF_NUMBERS // _CENTS)
        return {
            "institution_id": office,
            "month": months.month_day[rows],
            **{name: getattr(months, name)[rows].astype(np.int32) for name in ("asked", "admitted", "waiting")},
            "spent": np.where(paid[office], spent, arrow.MISSING),
        }

    def _labels(self, codes: str, labels: Sequence[str]) -> np.ndarray:
        return np.array([self.schema.codes[codes].index(label) for label in labels], dtype=np.int32)
