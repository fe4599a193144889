"""The two ends of a run: a town with its residents and their past made ready, and the records of what it lived."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from abmsim.plan import RunPlan
from abmsim.schema.schema import load_schema
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.verify import file_hash

if TYPE_CHECKING:
    from abmsim.engine.history import Past
    from abmsim.engine.town import Town
    from abmsim.lang.module import Module
    from abmsim.lang.program import Program
    from abmsim.population.people import Population
    from abmsim.population.places import Place

Progress = Callable[[str, int, int], None]
"""Called with what is being done now, how much of it is done, and how much there is."""

Tell = Callable[[str], None]
"""Called with one line for the user: `note: ...` or `warning: ...`."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A town that can begin to live, and what its records need beside it.

    `catalogue` is one of its own, which knows what was read; `projected`, `extended`: name -> rule (see `cautions`).
    `changes`: what was done to the town that its plan does not say.
    """

    town: Town
    catalogue: Catalogue
    codes: tuple[str, ...]
    projected: Mapping[str, str]
    extended: Mapping[str, str]
    changes: tuple[str, ...] = ()

    @property
    def population(self) -> Population:
        return self.town.population

    @property
    def program(self) -> Program:
        return self.town.program


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the rows of each table, and name -> hash of the statistics that were read."""

    rows: Mapping[str, int]
    statistics: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Who lives there on the base date and what is behind them: the same whatever the modules say."""

    population: Population
    past: Past
    codes: tuple[str, ...]


def prepare(
    plan: RunPlan,
    places: tuple[Place, ...],
    modules: Sequence[Module],
    catalogue: Catalogue,
    progress: Progress,
    tell: Tell,
) -> Prepared:
    """Residents with their past, how people live there, and the modules compiled; the modules are checked."""
    from abmsim.cautions import tell_extended, tell_projected, tell_vanished
    from abmsim.kept import keep, program_of

    read = catalogue.afresh()
    drawn = draw(plan, places, read, progress)
    projected = tell_projected(drawn.population, tell)
    tell_vanished(drawn.population, read, tell)
    program = program_of(modules, catalogue)
    keep(plan.modules, modules, catalogue)
    town = town_of(plan, drawn, program, read, progress)
    extended = tell_extended(read, town.program.statistics, plan.last_year, tell)
    return Prepared(town, read, drawn.codes, projected, extended)


def draw(plan: RunPlan, places: tuple[Place, ...], catalogue: Catalogue, progress: Progress) -> Drawn:
    """Residents and their past."""
    from abmsim.population.attributes import municipality_codes
    from abmsim.population.synthesis import synthesise

    progress("drawing residents", 0, 0)
    population = synthesise(places, plan.size, plan.seed, catalogue, plan.from_day)
    codes = tuple(municipality_codes(catalogue))
    progress("telling the past", 0, 0)
    return Drawn(population, _past(population, codes, catalogue, plan.seed), codes)


def town_of(plan: RunPlan, drawn: Drawn, program: Program, catalogue: Catalogue, progress: Progress) -> Town:
    """A town of these residents, which are its own from now on, that lives by this program and these statistics."""
    from abmsim.engine.town import Town
    from abmsim.population.customs import read_customs

    customs = read_customs(catalogue, drawn.population, drawn.codes)
    return Town(
        program, drawn.population, drawn.past, plan.seed, plan.from_day, plan.to_day, workers=plan.threads,
        history_from=plan.history_from, customs=customs, base_day=plan.from_day, progress=progress,
    )  # fmt: skip


def write_records(prepared: Prepared, plan: RunPlan, folder: Path, only_counted: bool = False) -> Written:
    """All tables of what the town has lived, up to the plan's end, in `folder`, which exists; as Parquet.

    `only_counted`: no events, nothing but the tables that figures are counted in.
    """
    from abmsim.records.neighbourhoods import AREA_STATISTICS
    from abmsim.records.people import PlanDates
    from abmsim.records.providers import ProvidersOfHelp
    from abmsim.records.residence import Residence, Responsible
    from abmsim.records.writer import RecordWriter

    town, read = prepared.town, prepared.catalogue
    lives = town.lives
    used = {*read.read_so_far, *town.program.statistics, *AREA_STATISTICS}
    statistics = {name: file_hash(read.card(name).csv) for name in sorted(used)}
    dates = PlanDates(plan.from_day, plan.to_day, plan.history_from)
    residence = Residence(lives)
    centre = {row["municipality_code"]: row["centre"] for row in read.rows("wmo_centre_municipality")}
    writer = RecordWriter(
        folder, lives.people.key, town.program, load_schema(), read, dates, events=not only_counted,
        providers=ProvidersOfHelp(town.program, lives, residence),
        responsible=Responsible(residence, [place.code for place in lives.places], centre),
    )  # fmt: skip
    try:
        for chunk in town.chunks():
            writer.add(chunk)
        return Written(writer.finish(lives), statistics)
    finally:
        writer.close()


def _past(population: Population, codes: tuple[str, ...], catalogue: Catalogue, seed: int) -> Past:
    """What the residents have behind them on the base date; their relatives in town are linked."""
    from abmsim.engine.history import Past
    from abmsim.population.attributes import attribute_columns
    from abmsim.population.backstory import tell_backstory
    from abmsim.population.kinship import link_relatives

    courses = link_relatives(population, catalogue, seed)
    present = attribute_columns(population, codes)
    backstory = tell_backstory(population, present, catalogue, seed, courses)
    return Past({**present, **backstory.present()}, backstory)
