"""Residents and households as columns, sorted so that the members of a household stand together."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from abmsim.population.places import Place
from abmsim.vocabulary import BASE_DATE, POSITIONS

__all__ = ["INSTITUTION", "KINDS", "POSITIONS", "PRIVATE", "Households", "People", "Population"]

KINDS = ("private", "institution")
PRIVATE, INSTITUTION = 0, 1


@dataclass(slots=True)
class People:
    """One row per resident, n rows.

    `key` uint64[n]; `birth_day` int32[n]; `sex` int8[n], 0 female, 1 male; `municipality` int16[n], index into
    `Population.places`; `household` int32[n], row in `Households`; `position` int8[n], index into POSITIONS;
    `partner` int32[n], who they live with; `mother`, `father`, `former_partner` int32[n], wherever they live: rows or
    -1 (see `kinship`; before it only parents of the same household are known). Without `former_partner` nobody has one.
    """

    key: np.ndarray
    birth_day: np.ndarray
    sex: np.ndarray
    municipality: np.ndarray
    household: np.ndarray
    position: np.ndarray
    partner: np.ndarray
    mother: np.ndarray
    father: np.ndarray
    former_partner: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int32))

    def __post_init__(self) -> None:
        if len(self.former_partner) != len(self.key):
            self.former_partner = np.full(len(self.key), -1, dtype=np.int32)

    def __len__(self) -> int:
        return len(self.key)


@dataclass(slots=True)
class Households:
    """One row per household, m rows.

    `key` uint64[m]; `municipality` int16[m]; `kind` int8[m], index into KINDS; `first` int32[m], row of the first
    member (the reference person of a private household); `size` int32[m], members (of a unit: those drawn);
    `neighbourhood` int16[m], index into `areas.neighbourhood_codes`, -1 where the municipality stands for it.
    """

    key: np.ndarray
    municipality: np.ndarray
    kind: np.ndarray
    first: np.ndarray
    size: np.ndarray
    neighbourhood: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int16))

    def __post_init__(self) -> None:
        if len(self.neighbourhood) != len(self.key):
            self.neighbourhood = np.full(len(self.key), -1, dtype=np.int16)

    def __len__(self) -> int:
        return len(self.key)


@dataclass(slots=True)
class Population:
    """The residents of some places on the base date `base_day`; households in the order of place and ordinal."""

    places: tuple[Place, ...]
    people: People
    households: Households
    base_day: int = BASE_DATE
