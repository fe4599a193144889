"""Why things are as they are: `abmsim why` for a record of a run, `abmsim module trace` for one resident's way."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Run = Annotated[str, typer.Argument(metavar="RUN", help="Folder of a run, or its name below outputs/.")]
Table = Annotated[str, typer.Argument(metavar="TABLE", help="A table of the run, such as wmo_deliveries.")]
RowKey = Annotated[str, typer.Argument(metavar="ROW", help="The row's key, such as abm-0123456789abc-1.")]


def why(run: Run, table: Table, row: RowKey) -> None:
    """Tell why a row of a run is there.

    Its values, the events that led to it since its episode began, the records it refers to, and the statistics.
    """
    from abmsim.cli.runs import run_folder
    from abmsim.explain.record import why_lines

    for line in why_lines(run_folder(run), table, row):
        print(line)


File = Annotated[Path, typer.Argument(metavar="FILE", help="A module's file, or its name such as wmo/household_help.")]
Given = Annotated[str, typer.Option("--given", metavar="MAP", help="Who it is: 'age: 82, sex: female'.")]
Seed = Annotated[int, typer.Option("-s", "--seed", min=0, help="Another seed is other luck.")]
From = Annotated[str, typer.Option("--from", metavar="DAY", help="base_date (1 January 2020) or birth.")]
Until = Annotated[str, typer.Option("--run", metavar="TIME", help="How long from the base date on.")]
Begin = Annotated[str, typer.Option("--begin", metavar="STATE", help="State to begin in; the start if none.")]


def trace(
    file: File, given: Given = "", seed: Seed = 1, from_: From = "base_date", run: Until = "5 years", begin: Begin = ""
) -> None:
    """Step one resident through a module.

    Each decision with the numbers that the kernel used: rates, thresholds, shares, draws, durations and conditions.
    """
    from abmsim.explain.asking import question
    from abmsim.explain.loading import module_to_trace
    from abmsim.explain.trace import trace as follow
    from abmsim.explain.trace import trace_lines

    module, books = module_to_trace(file)
    asked = question(module, given, begin, from_, run, seed, books)
    for line in trace_lines(follow(asked, books), books):
        print(line)
