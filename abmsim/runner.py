"""One run from plan to folder: statistics and modules in, residents, their lives, and the records out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abmsim import __version__
from abmsim.lookup import Found, look_up, modules_of
from abmsim.paths import SCHEMA_TABLES, institution_files
from abmsim.plan import RunPlan, default_folder
from abmsim.records.runfile import write_run_file
from abmsim.records.runfolder import check_target, run_folder
from abmsim.schema.schema import load_schema
from abmsim.simulation import Prepared, Progress, Tell, Written, prepare, write_records
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
    found = look_up(plan, progress, tell)
    target = plan.folder or default_folder(found.name, found.size, plan.seed)
    check_target(target, plan.force)
    modules = modules_of(plan, found.catalogue)
    with run_folder(target, plan.force) as folder:
        prepared = prepare(plan, found.places, modules, found.catalogue, progress, tell)
        prepared.town.run()
        prepared.town.let_go()
        written = write_run(folder, plan, found, modules, prepared, progress)
    return summary(target, plan, found, prepared, written)


def write_run(
    folder: Path, plan: RunPlan, found: Found, modules: Sequence[Module], prepared: Prepared, progress: Progress
) -> Written:
    """Everything that a run leaves, in `folder`, which exists: tables, settings, report."""
    from abmsim.life.asked import asking_of
    from abmsim.records.formats import formats_written_beside
    from abmsim.report import write_report

    progress("writing tables", 0, 0)
    written = write_records(prepared, plan, folder)
    write_run_file(folder, _settings(plan, found, modules, prepared, written))
    progress("writing the database and the report", 0, 0)
    with formats_written_beside(folder, load_schema(), written.rows, plan.formats):
        write_report(folder, found.catalogue, asking_of(modules))
    return written


def summary(folder: Path, plan: RunPlan, found: Found, prepared: Prepared, written: Written) -> RunSummary:
    """What is said of a run whose records are written."""
    people, households = prepared.population.people, prepared.population.households
    return RunSummary(
        found.name, len(people), len(households), plan.from_date, plan.to_date, plan.seed, written.rows, folder
    )


def _settings(
    plan: RunPlan, found: Found, modules: Sequence[Module], prepared: Prepared, written: Written
) -> dict[str, object]:
    """Everything that is needed to repeat the run; no clock, path or number of workers, which change nothing.

    Only a model that is stepped can have `changes`: with those the settings alone do not repeat it.
    """
    population = prepared.population
    return {
        "abmsim": __version__,
        "place": found.name,
        "places": [area.code for area in population.places],
        "residents": {"asked": found.size, "drawn": len(population.people)},
        "seed": plan.seed,
        "from": plan.from_date.isoformat(),
        "to": plan.to_date.isoformat(),
        "history": plan.history,
        "formats": ["duckdb", "parquet", *sorted(plan.formats)],
        "modules": {module.name: file_hash(module.path) for module in modules},
        "institutions": {name: file_hash(path) for name, path in institution_files().items()},
        "statistics": dict(written.statistics),
        "projected": dict(prepared.projected),
        "extended": dict(prepared.extended),
        "schema": _schema_hash(),
        "counts": prepared.town.counts,
        "rows": dict(written.rows),
        **({"changes": list(prepared.changes)} if prepared.changes else {}),
    }


def _schema_hash() -> str:
    """One hash over the tables and code lists that the records follow."""
    files = [*sorted(SCHEMA_TABLES.glob("*.yaml")), *sorted((SCHEMA_TABLES.parent / "codes").glob("*.yaml"))]
    return hashlib.sha256("".join(f"{file.name} {file_hash(file)}\n" for file in files).encode()).hexdigest()
