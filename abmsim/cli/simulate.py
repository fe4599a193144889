"""`abmsim run`: the options of a run, its progress, and what it left."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abmsim.problems import UsageError

if TYPE_CHECKING:
    from abmsim.runner import Progress, RunSummary

Place = Annotated[str, typer.Argument(metavar="PLACE", help="A municipality or region, several as A+B, or Nederland.")]
Size = Annotated[int | None, typer.Option("-p", "--people", metavar="N", help="Residents; all if left out.")]
Seed = Annotated[int, typer.Option("-s", "--seed", metavar="SEED", help="Another seed is another town.")]
Base = Annotated[str, typer.Option("--base", metavar="DATE", help="A 1 January: whose residents live from then on.")]
From = Annotated[str, typer.Option("--from", metavar="DATE", help="First day of the live years: the base date.")]
To = Annotated[str, typer.Option("--to", metavar="DATE", help="First day after them; five years on if left out.")]
Modules = Annotated[str, typer.Option("--modules", metavar="A,B", help="Modules by name; all if left out.")]
Workers = Annotated[int | None, typer.Option("--workers", metavar="N", help="Threads; all cores if left out.")]
Formats = Annotated[str, typer.Option("--format", metavar="csv,...", help="Formats besides DuckDB and Parquet.")]
Folder = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="DIR", help="Folder; outputs/<place>-<n>-<seed> if left out.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace an earlier run in that folder.")]
History = Annotated[
    str, typer.Option("--history", metavar="all|none|10y", help="Years before the run of which rows are written.")
]
Yes = Annotated[bool, typer.Option("--yes", help="More than two million residents is meant.")]

LIVE_YEARS = 5
"""How long a run goes on if it is not said."""


def run(
    place: Place,
    size: Size = None,
    seed: Seed = 1,
    base: Base = "2020-01-01",
    from_date: From = "",
    to_date: To = "",
    modules: Modules = "",
    workers: Workers = None,
    formats: Formats = "",
    output: Folder = None,
    force: Force = False,
    history: History = "all",
    yes: Yes = False,
) -> None:
    """Simulate a place and write its records."""
    from abmsim import runner
    from abmsim.cli.checking import tell_replaced
    from abmsim.plan import RunPlan

    base_date = _base(base, from_date)
    plan = RunPlan(
        place=place,
        size=size,
        seed=seed,
        from_date=base_date,
        to_date=_date(to_date, "--to") if to_date else base_date.replace(year=base_date.year + LIVE_YEARS),
        modules=_listed(modules),
        workers=workers,
        formats=_listed(formats),
        folder=output,
        force=force,
        history=history,
        sure=yes,
    )
    tell_replaced()
    started = time.perf_counter()
    with _stoppable(), _progress() as progress:
        summary = runner.carry_out(plan, progress, lambda line: print(line, file=sys.stderr))
    _show(summary, time.perf_counter() - started)


def _date(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} is a date such as 2025-01-01, and '{text}' is none") from None


def _base(base: str, begins: str) -> date:
    """The base date; raises UsageError if the live years are to begin on another day."""
    base_date = _date(base, "--base")
    if begins and _date(begins, "--from") != base_date:
        raise UsageError(f"--from can only be {base_date}: the residents are those of that day (--base says which day)")
    return base_date


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


@contextmanager
def _stoppable() -> Iterator[None]:
    """A request to terminate ends a run as Ctrl-C does, so that it too leaves no half-written folder."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on a terminal, nothing when piped."""
    if not sys.stderr.isatty():
        yield lambda stage, done, of: None
        return
    from rich import progress
    from rich.console import Console

    columns = (progress.TextColumn("{task.description:18}"), progress.BarColumn(), progress.TimeElapsedColumn())
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("starting", total=None)
        yield lambda stage, done, of: bars.update(task, description=stage, completed=done, total=of or None)


def _show(summary: RunSummary, seconds: float) -> None:
    """What came out and where it is; on a terminal and piped alike."""
    folder = summary.folder
    print(f"{summary.place}: {summary.residents:,} residents in {summary.households:,} households, ", end="")
    print(f"{summary.from_date} to {summary.to_date}, seed {summary.seed}, {seconds:.1f} s")
    widest = max(map(len, summary.rows), default=0)
    for table, count in summary.rows.items():
        print(f"  {table:{widest}} {count:>12,}")
    print(f"tables  {folder / 'abmsim.duckdb'}, {folder / 'tables'}")
    print(f"report  {folder / 'report.html'}")
    print(f"next    abmsim life {folder}    (one resident's story)")
    print("These data are artificially generated; any resemblance to real persons is coincidental.")
