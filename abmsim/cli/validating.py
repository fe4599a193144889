"""`abmsim validate`: a run, or some runs of a place, held against published figures."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abmsim.cli.simulate import Modules, Size, To, Workers
from abmsim.problems import UsageError

if TYPE_CHECKING:
    from abmsim.plan import RunPlan

What = Annotated[str, typer.Argument(metavar="RUN|PLACE", help="Folder or name of a run; or a place to run.")]
Base = Annotated[
    str, typer.Option("--base", "--from", metavar="DATE", help="The base date, with which the live years begin.")
]
Seeds = Annotated[
    int, typer.Option("--seeds", metavar="K", help="So many runs with other seeds: how far chance moves each figure.")
]
Json = Annotated[bool, typer.Option("--json", help="The verdicts as JSON.")]
Only = Annotated[list[str] | None, typer.Option("--only", metavar="NAME", help="Only this target; may be repeated.")]

MOST_SEEDS = 1000


def validate(
    what: What,
    seeds: Seeds = 1,
    size: Size = None,
    from_date: Base = "",
    to_date: To = "",
    modules: Modules = "",
    workers: Workers = None,
    json: Json = False,
    only: Only = None,
) -> None:
    """Compare runs with published figures.

    Of a RUN: that run, and with --seeds K its settings again with K - 1 other seeds. Of a PLACE: K runs, which are not
    kept. Each figure is published, simulated with the interval of chance, and judged: equal within margin, different,
    or too few persons to judge.
    """
    from abmsim.cli.simulate import _progress, _stoppable
    from abmsim.loading import load_catalogue
    from abmsim.validate.seeds import more_runs, plan_of
    from abmsim.validate.validation import check_targets, counted_run, judged

    if not 1 <= seeds <= MOST_SEEDS:
        raise UsageError(f"--seeds is a number of runs from 1 to {MOST_SEEDS}, and {seeds} is not")
    catalogue, names = load_catalogue(), tuple(only or ())
    check_targets(catalogue, names)
    folder = _run_or_none(what, size, from_date, to_date, modules)
    runs = [] if folder is None else [counted_run(folder, catalogue, names)]
    if seeds > len(runs):
        asked = (what, size, from_date, to_date, modules, workers)
        plan = plan_of(folder, catalogue, workers) if folder else _plan(*asked)
        numbers = range(plan.seed + len(runs), plan.seed + seeds)
        with _stoppable(), _progress() as progress:
            runs += more_runs(plan, numbers, catalogue, names, progress, lambda line: print(line, file=sys.stderr))
    found = judged(runs, names)
    for line in [found.json] if json else found.lines():
        print(line)
    found.raise_differences()


def _run_or_none(what: str, *options: object) -> Path | None:
    """The folder of the run that is meant; None for a place. Raises UsageError for what is neither."""
    from abmsim.cli.runs import run_folder

    try:
        folder = run_folder(what)
    except UsageError as error:
        _check_place(what, str(error))
        return None
    if any(options):
        raise UsageError("-p, --base, --to and --modules are for a PLACE: a RUN has its own")
    return folder


def _check_place(what: str, why_no_run: str) -> None:
    """Raises UsageError for what is no place either."""
    from abmsim.loading import load_catalogue
    from abmsim.population.places import find
    from abmsim.project.regions import own_regions

    catalogue = load_catalogue()
    try:
        find(what, catalogue, own_regions(catalogue))
    except UsageError as error:
        raise UsageError(f"{why_no_run}; {error}") from None


def _plan(place: str, size: int | None, from_date: str, to_date: str, modules: str, workers: int | None) -> RunPlan:
    from abmsim.cli.simulate import LIVE_YEARS, _date, _listed
    from abmsim.plan import RunPlan

    begins = _date(from_date or "2020-01-01", "--base")
    ends = _date(to_date, "--to") if to_date else begins.replace(year=begins.year + LIVE_YEARS)
    return RunPlan(place, size, 1, begins, ends, _listed(modules), workers)
