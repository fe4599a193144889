"""Places as people write them: a municipality of 2020 or of today, a region, several of these, or the country."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from abmsim.population.municipality import Named, Place, all_places, folded
from abmsim.population.regions import published_regions
from abmsim.population.today import LAST_YEAR, municipalities_of_2020, municipalities_of_today
from abmsim.problems import UsageError, nearest
from abmsim.stats.catalogue import Catalogue

__all__ = ["Found", "Gazetteer", "Named", "Place", "all_places", "find", "find_places", "folded"]

COUNTRY = "Nederland"

ALIASES = {
    "den haag": "GM0518",
    "the hague": "GM0518",
    "den bosch": "GM0796",
    "nuenen": "GM0820",
}
"""Names in everyday use beside the published ones, folded."""

BASE_YEAR = 2020

_OF_A_YEAR = re.compile(r"(.+?)\s*\((\d{4})\)")


@dataclass(frozen=True, slots=True)
class Found:
    """What a text names: `named` in the order given, `places` each once."""

    named: tuple[Named, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(dict.fromkeys(place for one in self.named for place in one.places))

    @property
    def notes(self) -> tuple[str, ...]:
        """A line for each name that is not simply a municipality of 2020."""
        return tuple(one.note for one in self.named if one.note)


def find_places(text: str, catalogue: Catalogue, own: Iterable[Named] = ()) -> tuple[Place, ...]:
    """The municipalities of 2020 that `text` names; see `find`."""
    return find(text, catalogue, own).places


def find(text: str, catalogue: Catalogue, own: Iterable[Named] = ()) -> Found:
    """What `text` names: a name or code of 2020 or today, a region, several joined by `+`, or `Nederland`.

    `own`: regions of the user's, which go before the published ones. Raises UsageError with the nearest names if
    one is unknown.
    """
    if folded(text) in (folded(COUNTRY), "netherlands", "the netherlands"):
        return Found(tuple(Named(place.name, (place,)) for place in all_places(catalogue)))
    gazetteer = Gazetteer.of(catalogue, [*own, *published_regions(catalogue)])
    named = [gazetteer.find(part.strip()) for part in text.split("+")]
    return Found(tuple(dict.fromkeys(named)))


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Everything that has a name, by that name folded: `of_2020`, `of_today` and `regions`."""

    of_2020: Mapping[str, Named]
    of_today: Mapping[str, Named]
    regions: Mapping[str, Named]

    @classmethod
    def of(cls, catalogue: Catalogue, regions: Iterable[Named] = ()) -> Gazetteer:
        """All municipalities, and these regions (of two with one name the first goes)."""
        by_code = {one.places[0].code: one for one in municipalities_of_2020(catalogue)}
        aliases = {alias: by_code[code] for alias, code in ALIASES.items() if code in by_code}
        today = _by_spelling(municipalities_of_today(catalogue))
        return cls(aliases | _by_spelling(by_code.values()), today, _by_spelling(regions))

    def find(self, name: str) -> Named:
        """What one name stands for; raises UsageError with the nearest names if it is unknown."""
        if not name:
            raise UsageError("a place is missing: give a municipality such as Leiden, GM0546 or Urk+Noordoostpolder")
        found = self.municipality(name) or self.regions.get(folded(name))
        if found is not None:
            return found
        close = self.near(name)
        hint = f"did you mean {' or '.join(close)}?" if close else "`abmsim places` says what can be given"
        raise UsageError(f"there is no municipality or region '{name}' ({hint})")

    def municipality(self, name: str) -> Named | None:
        """The municipality of that name: of 2020, else of today; `Amsterdam (2026)` asks for that of a year."""
        asked = _OF_A_YEAR.fullmatch(name.strip())
        if asked is not None:
            return self._of_year(asked[1], int(asked[2]))
        return self.of_2020.get(folded(name)) or self.of_today.get(folded(name))

    def _of_year(self, name: str, year: int) -> Named | None:
        """As it was in that year: what it is today if it already was, else what it was in 2020."""
        if not BASE_YEAR <= year <= LAST_YEAR:
            raise UsageError(f"the municipalities of {year} are not known (from {BASE_YEAR} to {LAST_YEAR} they are)")
        before = self.of_2020.get(folded(name))
        if year == BASE_YEAR:
            return before
        today = self.of_today.get(folded(before.name if before else name))
        return today if today is not None and year >= today.since else before

    def near(self, name: str) -> list[str]:
        """The names that look most like this one."""
        known = {**self.regions, **self.of_today, **self.of_2020}
        return list(dict.fromkeys(known[near].name for near in nearest(folded(name), known)))


def _by_spelling(named: Iterable[Named]) -> dict[str, Named]:
    found: dict[str, Named] = {}
    for one in named:
        for spelling in one.spellings:
            found.setdefault(spelling, one)
    return found
