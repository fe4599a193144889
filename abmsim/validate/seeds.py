"""The same run with other seeds: made in a folder of its own, counted, and removed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

from abmsim.paths import institution_files, module_files
from abmsim.plan import RunPlan
from abmsim.problems import UserError
from abmsim.records.runfile import read_run_file
from abmsim.runner import carry_out
from abmsim.simulation import Progress
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.verify import file_hash
from abmsim.validate.validation import CountedRun, counted_run

Tell = Callable[[str], None]


def plan_of(folder: Path, catalogue: Catalogue, workers: int | None = None) -> RunPlan:
    """The plan of the run in a folder, to make it again with another seed.

    Raises UserError if its modules, institutions or statistics are not those of today: the mean over two models says
    nothing.
    """
    settings = cast(Mapping[str, Any], read_run_file(folder))
    changed = list(_changed(settings, catalogue))
    if changed:
        text = f"{', '.join(changed[:3])}{' ...' if len(changed) > 3 else ''} changed since {folder} was run"
        raise UserError(f"{text}: run it again with --force, then validate with --seeds")
    everywhere = len(settings["places"]) == len(catalogue.rows("municipalities_2020"))
    return RunPlan(
        place="Nederland" if everywhere else "+".join(settings["places"]),
        size=settings["residents"]["asked"],
        seed=settings["seed"],
        from_date=date.fromisoformat(settings["from"]),
        to_date=date.fromisoformat(settings["to"]),
        modules=tuple(settings["modules"]),
        history=settings["history"],
        workers=workers,
        sure=True,
    )


def _changed(settings: Mapping[str, Any], catalogue: Catalogue) -> Iterator[str]:
    """The modules, institutions and statistics of a run that are others now, or gone."""
    files: dict[str, Mapping[str, Path]] = {
        "module": {name: path for name, (path, _) in module_files().items()},
        "institution": institution_files(),
        "statistic": {name: card.csv for name, card in catalogue.cards.items()},
    }
    for kind, now in files.items():
        for name, then in settings.get(f"{kind}s", {}).items():
            if name not in now or file_hash(now[name]) != then:
                yield f"{kind} {name}"


def more_runs(
    plan: RunPlan, seeds: Collection[int], catalogue: Catalogue, names: Collection[str], progress: Progress, tell: Tell
) -> Iterator[CountedRun]:
    """The plan carried out and counted with each of the seeds; nothing of the runs is left."""
    for number, seed in enumerate(seeds, start=1):
        tell(f"run {number} of {len(seeds)}: seed {seed}")
        with tempfile.TemporaryDirectory(prefix="abmsim-validate-") as parent:
            folder = Path(parent, "run")
            notes: Tell = tell if number == 1 else lambda note: None  # each run has the same ones
            carry_out(replace(plan, seed=seed, folder=folder), progress, notes)
            yield counted_run(folder, catalogue, names)
