"""Which municipality decides on sheltered living and shelter: one for each region."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from abmsim.stats.catalogue import Catalogue


def centre_municipality(catalogue: Catalogue) -> Sequence[dict[str, str]]:
    """For every municipality of 2020 the one with most residents in its GGD region."""
    residents = catalogue.table("municipalities_2020")
    region = {row["municipality_code"]: row["region"] for row in catalogue.rows("ggd_regions_2020")}
    centre: dict[str, str] = {}
    for code in sorted(region, key=lambda code: residents.value(municipality_code=code)):
        centre[region[code]] = code
    return [{"municipality_code": code, "centre": centre[region[code]]} for code in sorted(region)]


RECIPES: dict[str, Callable[[Catalogue], Sequence[dict[str, str]]]] = {"centre_municipality": centre_municipality}
