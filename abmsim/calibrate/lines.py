"""What calibration found, as lines for people and as data for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from abmsim.calibrate.calibration import Outcome, headline, unmet
from abmsim.calibrate.candidate import rounded
from abmsim.calibrate.stale import Standing

_HEAD = ("unknown", "start", "solved", "target", "published", "simulated", "error", "residual", "within")


def outcome_lines(outcome: Outcome) -> Iterator[str]:
    """A table with a line for each unknown, then runs and seconds."""
    rows = [_HEAD, *_rows(outcome)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEAD))]
    yield headline(outcome.setting, outcome.blocks)
    for row in rows:
        yield "  " + "  ".join(
            cell.ljust(width) if column in (0, 3) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
    verdict = "converged" if outcome.solution.converged else "not converged"
    yield f"  {verdict} in {len(outcome.solution.trials)} runs, {outcome.seconds:.0f} seconds"


def _rows(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    best = outcome.solution.best
    for i, (one, counted) in enumerate(zip(outcome.sought, outcome.counted, strict=True)):
        unknown, published = one.unknown, one.unknown.figure.published
        yield (
            unknown.name,
            f"{one.start:.4g}",
            f"{rounded(best.values[i]):.4g}",
            unknown.figure.shown,
            _number(published),
            _number(counted.value),
            f"± {_number(counted.error)}",
            f"{100 * best.miss(i):+.1f} %",
            f"{100 * max(unknown.tolerance, best.noise[i]):.1f} %" + ("" if outcome.solution.met[i] else " not met"),
        )


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def as_data(outcomes: Sequence[Outcome], written: bool) -> dict[str, object]:
    """The same for `--json`."""
    return {
        "converged": all(outcome.solution.converged for outcome in outcomes),
        "written": written,
        "groups": [_group(outcome) for outcome in outcomes],
    }


def _group(outcome: Outcome) -> dict[str, object]:
    solution = outcome.solution
    return {
        "blocks": [block.name for block in outcome.blocks],
        "place": outcome.setting.place,
        "residents": outcome.setting.residents,
        "seeds": list(outcome.setting.seeds),
        "from": outcome.setting.from_date.isoformat(),
        "to": outcome.setting.to_date.isoformat(),
        "runs": len(solution.trials),
        "seconds": round(outcome.seconds, 1),
        "converged": solution.converged,
        "not_met": unmet(outcome),
        "unknowns": [
            {
                "block": one.block.name,
                "unknown": one.unknown.name,
                "statistic": one.unknown.statistic,
                "where": {name: list(labels) for name, labels in one.unknown.where.items()},
                "start": one.start,
                "solved": rounded(solution.best.values[i]),
                "target": one.unknown.figure.statistic,
                "labels": list(one.unknown.figure.labels),
                "published": one.unknown.figure.published,
                "simulated": outcome.counted[i].value,
                "error": outcome.counted[i].error,
                "residual": solution.best.miss(i),
                "tolerance": one.unknown.tolerance,
                "met": solution.met[i],
            }
            for i, one in enumerate(outcome.sought)
        ],
    }


def standing_lines(found: Sequence[Standing]) -> Iterator[str]:
    """A line for each solved statistic, and under a stale one what changed."""
    for one in found:
        if not one.is_stale:
            yield f"{one.statistic}: up to date, solved on {one.on}"
        elif not one.on:
            yield f"{one.statistic}: never solved (abmsim calibrate {one.block})"
        else:
            yield f"{one.statistic}: stale, solved on {one.on} (abmsim calibrate {one.block})"
            yield from (f"  {change}" for change in one.changes)
