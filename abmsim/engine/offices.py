"""Which institution of a town somebody turns to: each serves an area; those that share an area share its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from abmsim.engine.institutions import Institution, staffing_of
from abmsim.lang.institution import Institution as Described
from abmsim.population.municipality import Place

MUNICIPALITY, COUNTRY = "municipality", "country"

FEWEST_RESIDENTS = 25_000
"""Residents of a sample that one line serves at the least, about as many as a municipality in the middle has: with
fewer the chance of a month, not the staff, would say how long one waits."""


@dataclass(frozen=True, slots=True)
class Offices:
    """All institutions of a town, those of one kind together.

    `described`: the kinds, as the program has them; `areas`: for each of them the area that each municipality lies in;
    `of_place` int64[kinds, places]: the institution of each kind that serves each municipality.
    """

    described: tuple[Described, ...]
    institutions: tuple[Institution, ...]
    areas: tuple[tuple[str, ...], ...]
    of_place: np.ndarray

    @classmethod
    def of(
        cls, described: Sequence[Described], places: Sequence[Place], residents: np.ndarray,
        regions: Mapping[str, Sequence[str]],
    ) -> Offices:  # fmt: skip
        """The institutions that serve these municipalities, of which the run has `residents` int64[places].

        `regions`: the name of the region of each municipality, by kind of region. In a sample several areas with like
        staffing have an institution together.
        """
        institutions: list[Institution] = []
        named = tuple(tuple(area_names(one.serves, places, regions)) for one in described)
        of_place = np.zeros((len(described), len(places)), dtype=np.int64)
        for kind, (one, names) in enumerate(zip(described, named, strict=True)):
            areas = [_area(one, name, names, places, residents) for name in sorted(set(names))]
            for together in _lines(areas):
                served = {area.area for area in together}
                of_place[kind, [name in served for name in names]] = len(institutions)
                institutions.append(_shared(together))
        return cls(tuple(described), tuple(institutions), named, of_place)

    def __len__(self) -> int:
        return len(self.institutions)

    def turned_to(self, kind: np.ndarray, place: np.ndarray) -> np.ndarray:
        """int64[k]: the institution of a kind that somebody of a municipality goes to."""
        return self.of_place[kind, place]


def area_names(serves: str, places: Sequence[Place], regions: Mapping[str, Sequence[str]]) -> list[str]:
    """For each municipality the area of it that an institution serves: its code, its region, or the country.

    Where the regions are not told (towns made for a test) all municipalities are one.
    """
    if serves == MUNICIPALITY:
        return [place.code for place in places]
    return list(regions.get(serves, [COUNTRY] * len(places)))


def _area(
    described: Described, name: str, names: Sequence[str], places: Sequence[Place], residents: np.ndarray
) -> Institution:
    """The institution of one area."""
    inside = [number for number, other in enumerate(names) if other == name]
    population = sum(places[number].population for number in inside)
    here = int(residents[inside].sum())
    return Institution(described, name, here, here / population if population else 1.0, staffing_of(described, name))


def _lines(areas: Sequence[Institution]) -> Iterator[list[Institution]]:
    """Areas that share a line: each on its own, but in a sample as many of like staffing as make FEWEST_RESIDENTS."""
    small = [area for area in areas if area.scale < 1 and area.residents < FEWEST_RESIDENTS]
    yield from ([area] for area in areas if area not in small)
    line: list[Institution] = []
    lines: list[list[Institution]] = []
    for area in sorted(small, key=lambda area: (area.staffing, area.area)):
        line.append(area)
        if sum(one.residents for one in line) >= FEWEST_RESIDENTS:
            lines.append(line)
            line = []
    if line and lines:
        lines[-1] += line
    elif line:
        lines.append(line)
    yield from lines


def _shared(areas: Sequence[Institution]) -> Institution:
    """One institution for all these areas, with the staff of each."""
    if len(areas) == 1:
        return areas[0]
    residents = sum(area.residents for area in areas)
    population = sum(area.residents / area.scale for area in areas if area.scale)
    staff = sum(area.staffing * area.residents for area in areas)
    return Institution(
        areas[0].described, " ".join(sorted(area.area for area in areas)), residents,
        residents / population if population else 1.0, staff / residents if residents else 1.0,
    )  # fmt: skip
