"""Municipalities of 2020, and those of today as their parts of 2020: what merged since, and how that is said."""

from __future__ import annotations

from collections.abc import Sequence

from abmsim.population.municipality import Named, Place, all_places
from abmsim.stats.catalogue import Catalogue

LAST_YEAR = 2026
"""The municipalities of today are those of the years since the last merger up to this one."""

Merger = dict[str, str]
"""A row of `municipal_mergers_2020_2023`: what became of one municipality of 2020, or of a part of it."""


def municipalities_of_2020(catalogue: Catalogue) -> list[Named]:
    """The 355 by name and code; the note of one that has grown since says what it is today."""
    today = {one.also[0]: one for one in municipalities_of_today(catalogue)}
    return [
        Named(place.name, (place,), note=_grown(place, today.get(place.code), catalogue), also=(place.code,))
        for place in all_places(catalogue)
    ]


def municipalities_of_today(catalogue: Catalogue) -> list[Named]:
    """The 342 by name and code, each as its parts of 2020; every municipality of 2020 is a part of one of them."""
    by_code = {place.code: place for place in all_places(catalogue)}
    return [_today(row, by_code, catalogue) for row in catalogue.rows("municipal_division_2026")]


def _today(row: dict[str, str], by_code: dict[str, Place], catalogue: Catalogue) -> Named:
    code = row["municipality_code"]
    before = by_code.get(code)
    name = before.name if before else row["name"]
    mergers = _mergers(code, catalogue)
    taken = [by_code[merger["part_code"]] for merger in mergers if merger["taken"] == "yes"]
    if before:
        taken.append(before)
    parts = tuple(sorted(taken, key=lambda place: place.name))
    if not mergers:
        return Named(name, parts, also=(code, row["name"]))
    since = max(int(merger["from_date"][:4]) for merger in mergers)
    note = f"{name} ({since}) is taken as {_joined(parts)} of 2020"
    divided = "".join(_divided(merger, by_code, catalogue) for merger in mergers if merger["how"] == "divided")
    return Named(name, parts, note=note + divided, since=since, also=(code, row["name"]))


def _mergers(code: str, catalogue: Catalogue) -> list[Merger]:
    """What became part of this municipality of today."""
    return [row for row in catalogue.rows("municipal_mergers_2020_2023") if row["municipality_code"] == code]


def _divided(merger: Merger, by_code: dict[str, Place], catalogue: Catalogue) -> str:
    """How a municipality that was divided is taken, as the end of a line."""
    part = by_code[merger["part_code"]].name
    rows = [row for row in catalogue.rows("municipal_mergers_2020_2023") if row["part_code"] == merger["part_code"]]
    over = sorted(by_code[row["municipality_code"]].name for row in rows)
    heir = next(by_code[row["municipality_code"]].name for row in rows if row["taken"] == "yes")
    whole = f"{part} is taken whole {'here' if merger['taken'] == 'yes' else f'with {heir}'}"
    return f" ({part} was divided over {', '.join(over[:-1])} and {over[-1]}: {merger['note']} came here; {whole})"


def _grown(place: Place, today: Named | None, catalogue: Catalogue) -> str:
    """The note for a municipality of 2020 that is larger today under the same name; empty for any other."""
    if today is None or not today.since:
        return ""
    villages = [merger["note"] for merger in _mergers(place.code, catalogue) if merger["how"] == "divided"]
    larger = f"{villages[0]} is part of it" if villages else f"it is {_joined(today.places)}"
    asked = f"'{place.name} ({LAST_YEAR})'"
    that = _joined(today.places) if villages else "that"
    adds = f" (write {asked} for {that})" if len(today.places) > 1 else ""
    return f"{place.name} is taken as it was in 2020; since {today.since} {larger}{adds}"


def _joined(places: Sequence[Place]) -> str:
    return " + ".join(place.name for place in places)
