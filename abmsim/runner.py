"""One run from plan to folder: statistics and modules in, residents, their lives, and the records out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abmsim import __version__
from abmsim.loading import load_catalogue, load_modules
from abmsim.paths import SCHEMA_TABLES
from abmsim.plan import RunPlan, check_dates, check_numbers, check_size, choose_modules, default_folder, places_name
from abmsim.problems import UsageError
from abmsim.records.runfile import write_run_file
from abmsim.records.runfolder import check_target, run_folder
from abmsim.simulation import Progress, Simulated, Tell, simulate
from abmsim.stats.verify import file_hash

if TYPE_CHECKING:
    from abmsim.lang.module import Module

@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run left; `rows` are those of each table."""

    place: str
    residents: int
    households: int
    from_date: date
    to_date: date
    seed: int
    rows: Mapping[str, int]
    folder: Path


def run(place: str, size: int | None = None, seed: int = 1, **options: Any) -> RunSummary:
    """Simulate a place and write its records; the options are the fields of `RunPlan`.

    Raises UserError for a plan that cannot be carried out, ProblemsFound for faulty modules or statistics.
    """
    return carry_out(RunPlan(place, size, seed, **options))


def carry_out(
    plan: RunPlan, progress: Progress = lambda stage, done, of: None, tell: Tell = lambda note: None
) -> RunSummary:
    """Do what the plan says; see `run`. `tell` is called with what needs saying: what the place is taken as, which
    figures are carried on past their years or projected to the base date, which households are too few to be drawn."""
    from abmsim.population.places import all_places, find
    from abmsim.population.projection import places_of
    from abmsim.project.regions import own_regions

    check_numbers(plan)
    progress("reading statistics", 0, 0)
    catalogue = load_catalogue()
    check_dates(plan, catalogue)
    found = find(plan.place, catalogue, own_regions(catalogue))
    places = places_of(catalogue, found.places, plan.from_date.year)
    size = check_size(plan, places)
    name = places_name(places, len(all_places(catalogue)), found.named)
    for note in found.notes:
        tell(f"note: {note}")
    target = plan.folder or default_folder(name, size, plan.seed)
    check_target(target, plan.force)
    checked = load_modules(catalogue)
    checked.raise_errors()
    modules = _chosen(plan, checked.modules)
    with run_folder(target, plan.force) as folder:
        from abmsim.report import write_report

        simulated = simulate(plan, places, modules, catalogue, folder, progress, tell)
        progress("writing the report", 0, 0)
        write_run_file(folder, _settings(plan, name, size, modules, simulated))
        write_report(folder)
    people, households = simulated.population.people, simulated.population.households
    return RunSummary(
        name, len(people), len(households), plan.from_date, plan.to_date, plan.seed, simulated.rows, target
    )


def _chosen(plan: RunPlan, modules: Sequence[Module]) -> list[Module]:
    """The modules of the plan; raises UsageError for an unknown name or one that another chosen module reads."""
    names = choose_modules(plan.modules, [module.name for module in modules])
    chosen = [module for module in modules if module.name in names]
    for module in chosen:
        for used in module.uses:
            if used not in names:
                raise UsageError(f"the module {module.name} reads {used}: name that with --modules too")
    return chosen


def _settings(
    plan: RunPlan, place: str, size: int, modules: Sequence[Module], simulated: Simulated
) -> dict[str, object]:
    """Everything that is needed to repeat the run; no clock, path or number of workers, which change nothing."""
    return {
        "abmsim": __version__,
        "place": place,
        "places": [area.code for area in simulated.population.places],
        "residents": {"asked": size, "drawn": len(simulated.population.people)},
        "seed": plan.seed,
        "from": plan.from_date.isoformat(),
        "to": plan.to_date.isoformat(),
        "history": plan.history,
        "formats": ["duckdb", "parquet", *sorted(plan.formats)],
        "modules": {module.name: file_hash(module.path) for module in modules},
        "statistics": dict(simulated.statistics),
        "projected": dict(simulated.projected),
        "extended": dict(simulated.extended),
        "schema": _schema_hash(),
        "counts": dict(simulated.counts),
        "rows": dict(simulated.rows),
    }


def _schema_hash() -> str:
    """One hash over the tables and code lists that the records follow."""
    files = [*sorted(SCHEMA_TABLES.glob("*.yaml")), SCHEMA_TABLES.parent / "codes.yaml"]
    return hashlib.sha256("".join(f"{file.name} {file_hash(file)}\n" for file in files).encode()).hexdigest()
