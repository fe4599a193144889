"""`abmsim places`: what a name stands for, and which regions there are."""

from __future__ import annotations

from typing import Annotated

import typer

Text = Annotated[str, typer.Argument(metavar="[PLACE]", help="As `abmsim run` takes it; the regions if left out.")]


def places(text: Text = "") -> None:
    """Say which municipalities of 2020 a place is.

    Without a place: the regions that are known, and from which table or file.
    """
    from abmsim.loading import load_catalogue
    from abmsim.population.places import find
    from abmsim.population.regions import published_regions
    from abmsim.project.regions import own_regions

    catalogue = load_catalogue()
    own = own_regions(catalogue)
    if text:
        found = find(text, catalogue, own)
        for note in found.notes:
            print(note)
        for place in found.places:
            print(f"{place.code}  {place.name:30} {place.population:>10,}")
        print(f"{len(found.places)} of 2020: {sum(place.population for place in found.places):,} residents")
        return
    for region in [*own, *published_regions(catalogue)]:
        print(f"{region.kind:14}  {region.name:42} {len(region.places):>3} municipalities")
    print("sources: `abmsim stats show ggd_regions_2020`, `safety_regions_2020`; a project's own: regions/*.yaml")
    print("municipalities: `abmsim stats show municipalities_2020`, and `municipal_division_2026` for those of today")
