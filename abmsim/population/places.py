"""Municipalities of 2020 by name or code, as people write them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from abmsim.problems import UsageError, nearest
from abmsim.stats.catalogue import Catalogue

COUNTRY = "Nederland"

ALIASES = {
    "den haag": "GM0518",
    "the hague": "GM0518",
    "den bosch": "GM0796",
    "nuenen": "GM0820",
}
"""Names in everyday use beside the published ones, folded."""


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality in the division of 2020; `population` on the base date."""

    code: str
    name: str
    population: int


def all_places(catalogue: Catalogue) -> tuple[Place, ...]:
    """The 355 municipalities, sorted by code."""
    rows = sorted(catalogue.rows("municipalities_2020"), key=lambda row: row["municipality_code"])
    return tuple(Place(row["municipality_code"], row["name"], int(row["population"])) for row in rows)


def folded(name: str) -> str:
    """A name without case, accents, apostrophes and hyphens: `'s-Gravenhage` and `s gravenhage` fold alike."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    kept = (" " if letter in "-_/" else letter for letter in letters if not unicodedata.combining(letter))
    return " ".join("".join(letter for letter in kept if letter.isalnum() or letter == " ").split())


def find_places(text: str, catalogue: Catalogue) -> tuple[Place, ...]:
    """The places that `text` names: a name, a code, several joined by `+`, or `Nederland`.

    Raises UsageError with the nearest names if one of them is unknown.
    """
    places = all_places(catalogue)
    if folded(text) in (folded(COUNTRY), "netherlands", "the netherlands"):
        return places
    names = _names(places)
    found = [_find(part.strip(), names, places) for part in text.split("+")]
    return tuple(dict.fromkeys(found))


def _names(places: tuple[Place, ...]) -> dict[str, Place]:
    by_code = {place.code: place for place in places}
    names = {alias: by_code[code] for alias, code in ALIASES.items() if code in by_code}
    for place in places:
        names[folded(place.name)] = place
        names[place.code.casefold()] = place
    return names


def _find(name: str, names: dict[str, Place], places: tuple[Place, ...]) -> Place:
    if not name:
        raise UsageError("a place is missing: give a municipality such as Leiden, GM0546 or Urk+Noordoostpolder")
    found = names.get(folded(name))
    if found is not None:
        return found
    close = dict.fromkeys(names[near].name for near in nearest(folded(name), names))
    hint = f"did you mean {' or '.join(close)}?" if close else f"give one of the {len(places)} municipalities of 2020"
    raise UsageError(f"there is no municipality '{name}' in 2020 ({hint})")
