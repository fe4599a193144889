"""The municipalities of 2020, which everything is counted by, and what a name stands for in them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from abmsim.problems import UsageError
from abmsim.stats.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality in the division of 2020; `population` on the base date."""

    code: str
    name: str
    population: int


@dataclass(frozen=True, slots=True)
class Named:
    """What one name stands for: municipalities of 2020.

    `kind`: `municipality`, or which region. `note`: the line that says what the name is taken as, empty if nothing
    needs saying. `since`: the year from which the municipality is what it is today, 0 if it has not changed since 2020.
    `also`: other ways to write the name.
    """

    name: str
    places: tuple[Place, ...]
    kind: str = "municipality"
    note: str = ""
    since: int = 0
    also: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """The ways to write it, folded."""
        return tuple(folded(name) for name in (self.name, *self.also))


def all_places(catalogue: Catalogue) -> tuple[Place, ...]:
    """The 355 municipalities, sorted by code; raises UsageError if the population of one is not there."""
    rows = sorted(catalogue.rows("municipalities_2020"), key=lambda row: row["municipality_code"])
    unknown = [row["name"] for row in rows if not row["population"].isdigit()]
    if unknown:
        raise UsageError(f"municipalities_2020 has no population for {', '.join(unknown)}")
    return tuple(Place(row["municipality_code"], row["name"], int(row["population"])) for row in rows)


def folded(name: str) -> str:
    """A name without case, accents, apostrophes and hyphens: `'s-Gravenhage` and `s gravenhage` fold alike."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    kept = (" " if letter in "-_/" else letter for letter in letters if not unicodedata.combining(letter))
    return " ".join("".join(letter for letter in kept if letter.isalnum() or letter == " ").split())
