"""How people live together and move, as far as the engine decides it: all patterns of the live years in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from abmsim.areas import neighbourhood_codes
from abmsim.days import civil_date
from abmsim.population.arrival_patterns import ArrivalPatterns, read_arrivals
from abmsim.population.births import BirthPatterns, read_births
from abmsim.population.care_patterns import CarePatterns, read_care
from abmsim.population.market import MarketPatterns, read_market
from abmsim.population.patterns import patterns_of
from abmsim.population.people import Population
from abmsim.population.projection import margins_of
from abmsim.population.rounding import on_grid
from abmsim.stats.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Customs:
    """What the barrier draws on.

    `place_codes` of the run's municipalities; `code_of_place` float64[places], the values of the attribute
    municipality_code there; `addresses` per place the values of neighbourhood_code of its households. `residents`
    int64[places], the run's on the base date. `stays_inside` float64[places]: share of those who move to another
    municipality whose new one is part of the run; `target_shares` float64[places]: cumulated residents. `regions`: by
    kind of region the one that each municipality lies in.
    """

    market: MarketPatterns
    births: BirthPatterns
    arrivals: ArrivalPatterns
    care: CarePatterns
    children_stay_with_mother: float
    youngest_on_ones_own: int
    place_codes: tuple[str, ...]
    code_of_place: np.ndarray
    addresses: tuple[np.ndarray, ...]
    residents: np.ndarray
    stays_inside: np.ndarray
    target_shares: np.ndarray
    regions: Mapping[str, tuple[str, ...]]

    def neighbourhood(self, municipality: np.ndarray, u: np.ndarray) -> np.ndarray:
        """float64[k]: where in each municipality somebody comes to live: where a household of the base date lives."""
        found = np.empty(len(municipality))
        for place in np.unique(municipality):
            there = np.flatnonzero(municipality == place)
            homes = self.addresses[place]
            found[there] = homes[(u[there] * len(homes)).astype(np.int64)]
        return found

    def destinations(self, municipality: np.ndarray, u: np.ndarray) -> np.ndarray:
        """int64[k]: the municipality of the run that each moves to from theirs, -1 for one outside it.

        In proportion to residents: how near a municipality lies is not known here.
        """
        inside = u < self.stays_inside[municipality]
        share = np.where(inside, u / np.maximum(self.stays_inside[municipality], 1e-9), 0.0)
        begin = np.concatenate([[0.0], self.target_shares])
        own = begin[municipality + 1] - begin[municipality]
        # One's own municipality is left out: what lies behind it moves up.
        at = share * (1.0 - own)
        at = np.where(at >= begin[municipality], at + own, at)
        target = np.minimum(np.searchsorted(self.target_shares, at, side="right"), len(self.target_shares) - 1)
        return np.where(inside, target, -1)


def read_customs(catalogue: Catalogue, population: Population, codes: Sequence[str]) -> Customs:
    """The customs of a run from their cards."""
    margins = margins_of(catalogue, civil_date(population.base_day)[0])
    patterns = patterns_of(catalogue, margins)
    places = population.places
    people = np.array([place.population for place in places], dtype=np.float64)
    country = float(margins.persons.sum())
    with_one = catalogue.table("children_with_one_parent_2016")
    mother, father = with_one.value(parent="mother"), with_one.value(parent="father")
    place_codes = tuple(place.code for place in places)
    return Customs(
        market=read_market(catalogue, int(patterns.assumed["widest_age_gap"])),
        births=read_births(catalogue),
        arrivals=read_arrivals(catalogue, margins, patterns),
        care=read_care(catalogue),
        children_stay_with_mother=mother / (mother + father),
        youngest_on_ones_own=int(patterns.assumed["youngest_age_on_ones_own"]),
        place_codes=place_codes,
        code_of_place=np.array([list(codes).index(code) for code in place_codes], dtype=np.float64),
        addresses=tuple(_addresses(population, place) for place in range(len(places))),
        residents=np.bincount(population.people.municipality, minlength=len(places)),
        stays_inside=on_grid((people.sum() - people) / (country - people)),
        target_shares=on_grid(np.cumsum(people) / people.sum()),
        regions={"ggd_region": _ggd_regions(catalogue, place_codes)},
    )


def _addresses(population: Population, place: int) -> np.ndarray:
    """float64[k]: the neighbourhood of each household of a municipality; its own, where a small sample drew none."""
    households = population.households
    found = households.neighbourhood[households.municipality == place]
    if not len(found):
        found = np.array([neighbourhood_codes().index(population.places[place].code)])
    return found.astype(np.float64)


def _ggd_regions(catalogue: Catalogue, place_codes: Sequence[str]) -> tuple[str, ...]:
    """The GGD region that each of these municipalities lies in."""
    region = {row["municipality_code"]: row["region"] for row in catalogue.rows("ggd_regions_2020")}
    return tuple(region[code] for code in place_codes)
