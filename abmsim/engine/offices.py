"""Which institution of a town somebody turns to: each serves an area, and several may share one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from abmsim.engine.institutions import Institution, staffing_of
from abmsim.lang.institution import Institution as Described
from abmsim.population.municipality import Place
from abmsim.randomness import mix, name_key, uniform

MUNICIPALITY, COUNTRY = "municipality", "country"


@dataclass(frozen=True, slots=True)
class Offices:
    """All institutions of a town, those of one kind together, by area and then by number.

    Per kind (index in the program's institutions): `first` int64[k], the first of them; `number` int64[k], how many
    share an area; `area` int64[k, places], the number of the area that each municipality lies in; `word` uint64[k],
    the key of the kind's name.
    """

    institutions: tuple[Institution, ...]
    first: np.ndarray
    number: np.ndarray
    area: np.ndarray
    word: np.ndarray

    @classmethod
    def of(
        cls, described: Sequence[Described], places: Sequence[Place], residents: np.ndarray,
        regions: Mapping[str, Sequence[str]],
    ) -> Offices:  # fmt: skip
        """The institutions that serve these municipalities, of which the run has `residents` int64[places].

        `regions`: the name of the region of each municipality, by kind of region.
        """
        institutions: list[Institution] = []
        first, area = [], []
        for one in described:
            names = area_names(one.serves, places, regions)
            known = sorted(dict.fromkeys(names))
            first.append(len(institutions))
            area.append([known.index(name) for name in names])
            for name in known:
                inside = np.array([other == name for other in names])
                institutions += _of_area(one, name, int(residents[inside].sum()), _population(places, inside))
        return cls(
            tuple(institutions),
            np.array(first, dtype=np.int64),
            np.array([one.number for one in described], dtype=np.int64),
            np.array(area, dtype=np.int64).reshape(len(first), len(places)),
            np.array([name_key(f"institution: {one.name}") for one in described], dtype=np.uint64),
        )

    def __len__(self) -> int:
        return len(self.institutions)

    def turned_to(self, kind: np.ndarray, place: np.ndarray, person_key: np.ndarray) -> np.ndarray:
        """int64[k]: the institution of a kind that somebody of a municipality goes to; the same one each time."""
        u = uniform(mix(person_key, self.word[kind]))
        which = (u * self.number[kind]).astype(np.int64)
        return self.first[kind] + self.area[kind, place] * self.number[kind] + which


def area_names(serves: str, places: Sequence[Place], regions: Mapping[str, Sequence[str]]) -> list[str]:
    """For each municipality the area of it that an institution serves: its code, its region, or the country.

    Where the regions are not told (towns made for a test) all municipalities are one.
    """
    if serves == MUNICIPALITY:
        return [place.code for place in places]
    return list(regions.get(serves, [COUNTRY] * len(places)))


def _of_area(described: Described, area: str, residents: int, population: int) -> list[Institution]:
    """Those that share an area, and its residents evenly."""
    staffing = staffing_of(described, area)
    share, rest = divmod(residents, described.number)
    scale = residents / population if population else 1.0
    return [
        Institution(described, area, ordinal, share + (ordinal < rest), scale, staffing)
        for ordinal in range(described.number)
    ]


def _population(places: Sequence[Place], inside: np.ndarray) -> int:
    return sum(place.population for place, within in zip(places, inside, strict=True) if within)
