"""Which households and residents a sample takes: those with the smallest hash, so that samples are nested."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.population.draws import key_of
from abmsim.population.fit import HouseholdList
from abmsim.randomness import keys, mix, name_key

_SLACK = 1.02
_MORE_PERSONS = 200


@dataclass(frozen=True, slots=True)
class SamplingUnits:
    """What can be drawn in one municipality: private households, and residents of institutions one by one.

    `households`; `unit`, `member` int64[r]: unit's ordinal and place in it of each resident of an institution.
    """

    municipality_code: str
    households: HouseholdList
    unit: np.ndarray
    member: np.ndarray

    def hashes(self, seed: int) -> np.ndarray:
        """uint64[households + residents]: addressed by seed, municipality and ordinal."""
        base = int(key_of(name_key("sample"), seed, name_key(self.municipality_code)))
        households = keys(base, np.arange(len(self.households.size)))
        residents = mix(keys(base, self.unit), self.member.astype(np.uint64))
        return np.concatenate([households, residents])

    def sizes(self) -> np.ndarray:
        """int64[households + residents]: persons in each unit."""
        return np.concatenate([self.households.size.astype(np.int64), np.ones(len(self.unit), dtype=np.int64)])


def sampling_units(code: str, households: HouseholdList, residents: int, per_unit: int) -> SamplingUnits:
    """Units of a municipality; its institutions follow its households in the order of ordinals."""
    number = np.arange(residents)
    return SamplingUnits(code, households, len(households.size) + number // per_unit, number % per_unit)


def choose(units: list[SamplingUnits], size: int, seed: int) -> list[np.ndarray]:
    """bool[households + residents] for each municipality: the units of smallest hash that make `size` residents.

    One order over all municipalities; the last unit taken is the one with which the size is reached.
    """
    total = sum(int(unit.sizes().sum()) for unit in units)
    share = (size + _MORE_PERSONS) / total * _SLACK
    while True:
        below = [_below(unit.hashes(seed), share) for unit in units]
        drawn = [unit.sizes()[rows] for unit, (rows, _) in zip(units, below, strict=True)]
        if share >= 1.0 or sum(int(sizes.sum()) for sizes in drawn) >= size:
            break
        share *= 2
    hashes = np.concatenate([found for _, found in below])
    order = np.argsort(hashes, kind="stable")
    reached = np.cumsum(np.concatenate(drawn)[order])
    taken = np.zeros(len(hashes), dtype=bool)
    taken[order[: int(np.searchsorted(reached, size)) + 1]] = True
    return _by_municipality(units, [rows for rows, _ in below], taken)


def _below(hashes: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Rows and hashes of the lowest `share` of all hashes: no need to sort the rest."""
    if share >= 1.0:
        return np.arange(len(hashes)), hashes
    rows = np.flatnonzero(hashes < np.uint64(int(share * 2.0**64)))
    return rows, hashes[rows]


def _by_municipality(units: list[SamplingUnits], rows: list[np.ndarray], taken: np.ndarray) -> list[np.ndarray]:
    masks, at = [], 0
    for unit, candidates in zip(units, rows, strict=True):
        mask = np.zeros(len(unit.households.size) + len(unit.unit), dtype=bool)
        mask[candidates[taken[at : at + len(candidates)]]] = True
        masks.append(mask)
        at += len(candidates)
    return masks
