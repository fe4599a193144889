"""Runs of the same residents under other statistics: drawn once for each seed, they live again and again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

from abmsim.calibrate.block import Figure, RunSetting
from abmsim.plan import RunPlan
from abmsim.problems import UserError, suggestion
from abmsim.stats.catalogue import Catalogue

if TYPE_CHECKING:

    from abmsim.lang.module import Module
    from abmsim.lookup import Found
    from abmsim.simulation import Drawn, Prepared, Progress
    from abmsim.validate.estimate import Estimate
    from abmsim.validate.opened import OpenRun


@dataclass(frozen=True, slots=True)
class Counted:
    """A simulated figure: the mean over the seeds, and its Monte-Carlo error."""

    value: float
    error: float


class Rerun:
    """The run of a setting, for every seed, as often as wanted; nothing of it stays on disk."""

    def __init__(self, setting: RunSetting, modules: Sequence[Module], progress: Progress) -> None:
        from abmsim.lookup import look_up

        names = tuple(module.name for module in modules)
        self.modules = modules
        self.plans = [
            RunPlan(setting.place, setting.residents, seed, setting.from_date, setting.to_date, names, history="none")
            for seed in setting.seeds
        ]
        self.found: Found = look_up(self.plans[0], progress, lambda note: None)
        self.read: set[str] = set()
        self._progress = progress
        self._drawn: dict[int, Drawn] = {}

    def count(self, catalogue: Catalogue, figures: Sequence[Figure]) -> list[Counted]:
        """The figures in this order under the statistics of the catalogue."""
        found = [self._count_once(plan, catalogue, figures) for plan in self.plans]
        return [_mean([estimates[i] for estimates in found]) for i in range(len(figures))]

    def _count_once(self, plan: RunPlan, catalogue: Catalogue, figures: Sequence[Figure]) -> list[Estimate]:
        with self._opened(plan, self._lived(plan, catalogue)) as run:
            return estimates_of(run, figures)

    def _lived(self, plan: RunPlan, catalogue: Catalogue) -> Prepared:
        from abmsim.kept import program_of
        from abmsim.simulation import Prepared, draw, town_of

        if plan.seed not in self._drawn:
            read = catalogue.afresh()
            self._drawn[plan.seed] = draw(plan, self.found.places, read, self._progress)
            self.read |= read.read_so_far
        read = catalogue.afresh()
        drawn = deepcopy(self._drawn[plan.seed])  # the town makes them its own
        town = town_of(plan, drawn, program_of(self.modules, read), read, self._progress)
        town.run()
        self.read |= {*read.read_so_far, *town.program.statistics}
        return Prepared(town, read, drawn.codes, {}, {})

    @contextmanager
    def _opened(self, plan: RunPlan, lived: Prepared) -> Iterator[OpenRun]:
        """The tables that figures are counted in, without everything else that a run leaves."""
        from abmsim.life import open_tables
        from abmsim.simulation import write_records
        from abmsim.validate.opened import OpenRun

        places = [place.code for place in lived.population.places]
        settings = _settings(plan, self.found.name, places, self.modules, len(lived.population.people))
        with tempfile.TemporaryDirectory(prefix="abmsim-") as folder:
            write_records(lived, plan, Path(folder), only_counted=True)
            with open_tables(Path(folder)) as tables:
                yield OpenRun.of(tables, settings, lived.catalogue)


def _settings(
    plan: RunPlan, place: str, places: list[str], modules: Sequence[Module], drawn: int
) -> Mapping[str, object]:
    """What measures read of the settings of a run (see `records.runfile`)."""
    return {
        "place": place,
        "places": places,
        "residents": {"asked": plan.size, "drawn": drawn},
        "seed": plan.seed,
        "from": plan.from_date.isoformat(),
        "to": plan.to_date.isoformat(),
        "modules": {module.name: "" for module in modules},
    }


def estimates_of(run: OpenRun, figures: Sequence[Figure]) -> list[Estimate]:
    """The figures counted in a run, labels of one figure added up; raises UserError for one that it cannot give."""
    from abmsim.validate.simulated import simulated_figures

    found = simulated_figures(run, sorted({figure.statistic for figure in figures}))
    return [_of_figure(figure, found) for figure in figures]


def _of_figure(figure: Figure, found: Mapping[tuple[str, str], Estimate]) -> Estimate:
    from abmsim.validate.estimate import Estimate

    parts = []
    for label in figure.labels:
        known = [of for statistic, of in found if statistic == figure.statistic]
        fitting = [of for of in known if of == label.replace("_", " ") or of == label]
        fitting = fitting or [of for of in known if of.endswith(f" {label.replace('_', ' ')}")]
        if len(fitting) != 1:
            hint = suggestion(label, known, "figures")
            raise UserError(f"the run does not give the figure '{label}' of {figure.statistic} ({hint})")
        parts.append(found[figure.statistic, fitting[0]])
    error = sqrt(sum(part.error**2 for part in parts))
    return Estimate(sum(part.value for part in parts), error, sum(part.n for part in parts))


def _mean(estimates: Sequence[Estimate]) -> Counted:
    n = len(estimates)
    return Counted(sum(e.value for e in estimates) / n, sqrt(sum(e.error**2 for e in estimates)) / n)
