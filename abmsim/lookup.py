"""What a plan names, found: statistics, places, number of residents, modules. Every wrong name ends here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from abmsim.kept import catalogue_for, sound_modules
from abmsim.plan import RunPlan, check_dates, check_numbers, check_size, choose_modules, places_name
from abmsim.problems import UsageError
from abmsim.stats.catalogue import Catalogue

if TYPE_CHECKING:
    from abmsim.lang.module import Module
    from abmsim.population.places import Place
    from abmsim.simulation import Progress, Tell


@dataclass(frozen=True, slots=True)
class Found:
    """`name`: what the places are called together; `size`: how many residents are asked for."""

    catalogue: Catalogue
    places: tuple[Place, ...]
    name: str
    size: int


def look_up(plan: RunPlan, progress: Progress, tell: Tell) -> Found:
    """The places of a plan and how many residents it asks for; raises UsageError for numbers, dates and names that
    cannot be, ProblemsFound for faulty statistics. `tell` hears what a place is taken as."""
    from abmsim.population.places import all_places, find
    from abmsim.population.projection import places_of
    from abmsim.project.regions import own_regions

    check_numbers(plan)
    progress("reading statistics", 0, 0)
    catalogue = catalogue_for(plan.modules)
    check_dates(plan, catalogue)
    found = find(plan.place, catalogue, own_regions(catalogue))
    places = places_of(catalogue, found.places, plan.from_date.year)
    size = check_size(plan, places)
    for note in found.notes:
        tell(f"note: {note}")
    return Found(catalogue, places, places_name(places, len(all_places(catalogue)), found.named), size)


def modules_of(plan: RunPlan, catalogue: Catalogue) -> list[Module]:
    """The modules of the plan, checked; raises ProblemsFound with all that is wrong in any, and UsageError for an
    unknown name or one that another chosen module reads."""
    return _chosen(plan, sound_modules(catalogue))


def _chosen(plan: RunPlan, modules: Sequence[Module]) -> list[Module]:
    names = choose_modules(plan.modules, [module.name for module in modules])
    chosen = [module for module in modules if module.name in names]
    for module in chosen:
        for used in module.uses:
            if used not in names:
                raise UsageError(f"the module {module.name} reads {used}: name that with --modules too")
    return chosen
