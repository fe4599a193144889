"""Regions of which a table says the municipalities: GGD regions and safety regions, in the division of 2020."""

from __future__ import annotations

from collections.abc import Sequence

from abmsim.population.municipality import Named, Place, all_places
from abmsim.stats.catalogue import Catalogue

GGD, SAFETY, OWN = "GGD region", "safety region", "own region"
_MOST_NAMED = 10


def published_regions(catalogue: Catalogue) -> list[Named]:
    """All regions of the tables, sorted by kind and name."""
    by_code = {place.code: place for place in all_places(catalogue)}
    found = []
    for kind, table in ((GGD, "ggd_regions_2020"), (SAFETY, "safety_regions_2020")):
        members: dict[str, list[Place]] = {}
        also: dict[str, tuple[str, ...]] = {}
        for row in catalogue.rows(table):
            members.setdefault(row["region"], []).append(by_code[row["municipality_code"]])
            also[row["region"]] = _also(row)
        found += [region(name, members[name], kind, also[name]) for name in sorted(members)]
    return found


def region(name: str, places: Sequence[Place], kind: str, also: tuple[str, ...] = (), more: str = "") -> Named:
    """A region with the line that says what it is taken as; `more` ends that line."""
    places = tuple(sorted(dict.fromkeys(places), key=lambda place: place.name))
    listed = " + ".join(place.name for place in places[:_MOST_NAMED])
    rest = f" and {len(places) - _MOST_NAMED} more" if len(places) > _MOST_NAMED else ""
    what = "1 municipality" if len(places) == 1 else f"{len(places)} municipalities"
    return Named(name, places, kind, f"{name} is taken as {what} of 2020: {listed}{rest}{more}", also=also)


def _also(row: dict[str, str]) -> tuple[str, ...]:
    """Other ways to write a region: its code, `GGD Utrecht` for `GGD regio Utrecht`, `safety region Utrecht`."""
    name = row["region"]
    other = (name.replace("GGD regio ", "GGD "), name.replace("Veiligheidsregio ", "safety region "))
    return (*(way for way in other if way != name), *([row["region_code"]] if "region_code" in row else []))
