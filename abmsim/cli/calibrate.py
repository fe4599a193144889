"""`abmsim calibrate`: levels that nobody publishes, solved so that a run counts what is published."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from abmsim.problems import UsageError, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from abmsim.calibrate.block import Block
    from abmsim.calibrate.calibration import Outcome
    from abmsim.stats.catalogue import Catalogue

Blocks = Annotated[list[str] | None, typer.Argument(metavar="BLOCK", help="Blocks by name; all if none is named.")]
Check = Annotated[bool, typer.Option("--check", help="Only say which results have gone stale, and why; no run.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Solve, and write nothing.")]
Residents = Annotated[int | None, typer.Option("--residents", metavar="N", help="Residents of each run.")]
Seeds = Annotated[str, typer.Option("--seeds", metavar="1,2", help="Seeds whose runs are averaged.")]
Json = Annotated[bool, typer.Option("--json", help="The result for programs.")]


def calibrate(
    blocks: Blocks = None,
    check: Check = False,
    dry_run: DryRun = False,
    residents: Residents = None,
    seeds: Seeds = "",
    as_json: Json = False,
) -> None:
    """Solve what is not published so that a run gives what is.

    The blocks are in public_stats/calibration/; results go to public_stats/derived/ when all targets are met.
    """
    from abmsim.calibrate.calibration import changed_runs
    from abmsim.calibrate.checking import load_blocks
    from abmsim.loading import load_catalogue

    catalogue = load_catalogue()
    chosen = load_blocks(catalogue, blocks or [])
    if not chosen:
        raise UsageError("there are no blocks here (public_stats/calibration/*.yaml; see docs/calibration.md)")
    if check:
        _check(chosen, catalogue, as_json)
        return
    if residents is not None and residents < 1:
        raise UsageError(f"--residents is 1 or more, and {residents} is not")
    _solve(changed_runs(chosen, residents, _seeds(seeds)), catalogue, dry_run, as_json)


def _seeds(text: str) -> tuple[int, ...] | None:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isdigit() for part in parts) or len(set(parts)) < len(parts):
        raise UsageError(f"--seeds is a list of different whole numbers such as 1,2, and '{text}' is not")
    return tuple(map(int, parts)) or None


def _check(blocks: Sequence[Block], catalogue: Catalogue, as_json: bool) -> None:
    from dataclasses import asdict

    from abmsim.calibrate.lines import standing_lines
    from abmsim.calibrate.stale import standings

    found = standings(blocks, catalogue)
    if as_json:
        print(json.dumps([{**asdict(one), "stale": one.is_stale} for one in found], indent=2))
    else:
        print("\n".join(standing_lines(found)))
    if any(one.is_stale for one in found):
        raise typer.Exit(1)


def _solve(blocks: Sequence[Block], catalogue: Catalogue, dry_run: bool, as_json: bool) -> None:
    from datetime import date

    from abmsim.calibrate.calibration import calibrate, unmet
    from abmsim.calibrate.lines import as_data, outcome_lines
    from abmsim.calibrate.result import results_folder, write_results
    from abmsim.cli.simulate import _progress, _stoppable
    from abmsim.paths import shown

    if not dry_run:
        results_folder()  # where nothing can be written is told before the work
    with _stoppable(), _progress() as progress:
        outcomes = calibrate(blocks, catalogue, progress, lambda line: print(line, file=sys.stderr, flush=True))
    converged = all(outcome.solution.converged for outcome in outcomes)
    written = write_results(outcomes, catalogue, date.today()) if converged and not dry_run else []
    if as_json:
        print(json.dumps(as_data(outcomes, bool(written)), indent=2))
    else:
        _show(outcomes, outcome_lines)
        for path in written:
            print(f"written {shown(path)}")
    if not converged:
        reasons = "; ".join(reason for outcome in outcomes for reason in unmet(outcome))
        raise UserError(f"not converged, nothing was written: {reasons}")


def _show(outcomes: Sequence[Outcome], lines_of) -> None:
    for outcome in outcomes:
        for line in lines_of(outcome):
            print(line)
