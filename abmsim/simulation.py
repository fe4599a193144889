"""The work of a run: residents with their past, their live years, and the records of it all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from abmsim.loading import municipality_codes
from abmsim.plan import RunPlan
from abmsim.schema.schema import load_schema
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.verify import file_hash

if TYPE_CHECKING:
    from abmsim.engine.town import Past
    from abmsim.lang.module import Module
    from abmsim.population.people import Population
    from abmsim.population.places import Place

Progress = Callable[[str, int, int], None]
"""Called with what is being done now, how much of it is done, and how much there is."""

Tell = Callable[[str], None]
"""Called with one line for the user: `note: ...` or `warning: ...`."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """What the run's settings and summary need to know of the work done.

    `statistics`: name -> hash of those read; `projected`, `extended`: name -> rule (see `cautions`).
    """

    population: Population
    counts: Mapping[str, int]
    rows: Mapping[str, int]
    statistics: Mapping[str, str]
    projected: Mapping[str, str]
    extended: Mapping[str, str]


def simulate(
    plan: RunPlan,
    places: tuple[Place, ...],
    modules: Sequence[Module],
    catalogue: Catalogue,
    folder: Path,
    progress: Progress,
    tell: Tell,
) -> Simulated:
    """Residents, their lives and all tables in `folder`, which exists; the modules are checked."""
    from abmsim.cautions import tell_extended, tell_projected, tell_vanished
    from abmsim.engine.town import Town
    from abmsim.lang.compile import compile_modules
    from abmsim.population.customs import read_customs
    from abmsim.population.synthesis import synthesise
    from abmsim.records.neighbourhoods import AREA_STATISTICS
    from abmsim.records.people import PlanDates
    from abmsim.records.writer import RecordWriter

    tables, rows = {}, {}
    read = Catalogue(catalogue.cards, tables, rows)  # one of its own, so that it knows what this run has read
    progress("drawing residents", 0, 0)
    population = synthesise(places, plan.size, plan.seed, read, plan.from_day)
    projected = tell_projected(population, tell)
    tell_vanished(population, read, tell)
    codes = tuple(municipality_codes(catalogue))
    program = compile_modules(modules, read, load_schema(), codes)
    customs = read_customs(read, population, codes)
    extended = tell_extended(read, program.statistics, plan.last_year, tell)
    progress("telling the past", 0, 0)
    past = _past(population, codes, read, plan.seed)
    days = (plan.from_day, plan.to_day)
    town = Town(
        program, population, past, plan.seed, *days, workers=plan.threads, history_from=plan.history_from,
        customs=customs, base_day=plan.from_day, progress=progress,
    )  # fmt: skip
    del past  # it is large, and the town lets go of it too
    town.run()
    progress("writing tables", 0, 0)
    lives = town.lives
    used = {*tables, *rows, *program.statistics, *AREA_STATISTICS}
    statistics = {name: file_hash(catalogue.card(name).csv) for name in sorted(used)}
    dates = PlanDates(*days, plan.history_from)
    writer = RecordWriter(folder, lives.people.key, program, load_schema(), catalogue, dates, plan.formats)
    try:
        for chunk in town.chunks():
            writer.add(chunk)
        return Simulated(population, town.counts, writer.finish(lives), statistics, projected, extended)
    finally:
        writer.close()


def _past(population: Population, codes: tuple[str, ...], catalogue: Catalogue, seed: int) -> Past:
    """What the residents have behind them on the base date; their relatives in town are linked."""
    from abmsim.engine.town import Past
    from abmsim.population.attributes import attribute_columns
    from abmsim.population.backstory import tell_backstory
    from abmsim.population.kinship import link_relatives

    courses = link_relatives(population, catalogue, seed)
    present = attribute_columns(population, codes)
    backstory = tell_backstory(population, present, catalogue, seed, courses)
    return Past({**present, **backstory.present()}, backstory)
