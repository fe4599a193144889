"""Blocks solved: those with the same run together, all unknowns from the same trials; nothing is written here."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from abmsim.calibrate.block import Block, RunSetting, Unknown, solved_name
from abmsim.calibrate.candidate import Candidates, Values, rounded, start_values, with_results
from abmsim.calibrate.checking import modules_of
from abmsim.calibrate.rerun import Counted, Rerun
from abmsim.calibrate.search import Search
from abmsim.calibrate.solver import MOST_RUNS, Solution, Trial, solve
from abmsim.loading import load_modules
from abmsim.problems import UsageError, UserError
from abmsim.stats.catalogue import Catalogue

if TYPE_CHECKING:
    from abmsim.lang.module import Module
    from abmsim.simulation import Progress

Tell = Callable[[str], None]

NOISE = 0.5
"""The part of a figure's Monte-Carlo error within which it is met: nearer would be solving for chance."""

LARGEST_ERROR = 0.3
"""A figure with a larger Monte-Carlo error, as a part of it, tells nothing of its unknown."""


@dataclass(frozen=True, slots=True)
class Sought:
    """An unknown with its block and where its search began."""

    block: Block
    unknown: Unknown
    start: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """Blocks that were solved together; `counted`: the figure of each unknown in the best trial."""

    setting: RunSetting
    blocks: tuple[Block, ...]
    sought: tuple[Sought, ...]
    solution: Solution
    counted: tuple[Counted, ...]
    read: frozenset[str]
    seconds: float

    def values(self, block: Block) -> Values:
        """What was found for the unknowns of a block."""
        return {one.unknown.name: rounded(value) for one, value in zip(self.sought, self.solution.best.values,
                                                                      strict=True) if one.block is block}  # fmt: skip


def together(blocks: Sequence[Block]) -> list[tuple[RunSetting, tuple[Block, ...]]]:
    """The blocks by the run that they ask for, in the order in which it is first asked for."""
    groups: dict[RunSetting, list[Block]] = {}
    for block in blocks:
        groups.setdefault(block.run, []).append(block)
    return [(setting, tuple(members)) for setting, members in groups.items()]


def changed_runs(
    blocks: Sequence[Block], residents: int | None = None, seeds: tuple[int, ...] | None = None
) -> list[Block]:
    """The blocks with other runs than they ask for."""
    changes: dict[str, object] = {}
    if residents is not None:
        changes["residents"] = residents
    if seeds is not None:
        changes["seeds"] = seeds
    return [replace(block, run=replace(block.run, **changes)) for block in blocks]  # type: ignore[arg-type]


def calibrate(blocks: Sequence[Block], catalogue: Catalogue, progress: Progress, tell: Tell) -> list[Outcome]:
    """Solve the blocks; raises UserError if a run cannot give a figure, ProblemsFound for faulty modules."""
    known = with_results(catalogue, blocks)
    checked = load_modules(known)
    checked.raise_errors()
    return [
        _solve(setting, members, known, checked.modules, progress, tell) for setting, members in together(blocks)
    ]  # fmt: skip


def _solve(
    setting: RunSetting, blocks: tuple[Block, ...], catalogue: Catalogue, modules: Sequence[Module],
    progress: Progress, tell: Tell,
) -> Outcome:  # fmt: skip
    begin = perf_counter()
    wanted = {name for block in blocks for name in modules_of(block)}
    chosen = [module for module in modules if module.name in wanted]
    _check_uses(chosen, wanted)
    names = _names_read(blocks, catalogue, chosen)
    sought = tuple(_sought(blocks, catalogue))
    searches = [Search(*one.unknown.between, one.start, one.unknown.tolerance, one.unknown.falls) for one in sought]
    tell(headline(setting, blocks))
    rerun = Rerun(setting, chosen, progress)
    counted: dict[tuple[float, ...], list[Counted]] = {}
    with tempfile.TemporaryDirectory(prefix="abmsim-") as folder:
        candidates = Candidates(catalogue, blocks, names, Path(folder))

        def count(values: tuple[float, ...]) -> list[tuple[float, float]]:
            started = perf_counter()
            tried = candidates.of([_values(block, sought, values) for block in blocks])
            found = rerun.count(tried, [one.unknown.figure for one in sought])
            ratios = [one.value / each.unknown.figure.published for one, each in zip(found, sought, strict=True)]
            _check_errors(found, sought)
            counted[values] = found
            noise = [NOISE * one.error / each.unknown.figure.published for one, each in zip(found, sought, strict=True)]
            tell(_run_line(len(counted), ratios, noise, sought, perf_counter() - started))
            return list(zip(ratios, noise, strict=True))

        groups = [blocks.index(one.block) for one in sought]
        solution = solve(searches, count, groups, MOST_RUNS)
    return Outcome(
        setting, blocks, sought, solution, tuple(counted[solution.best.values]), frozenset(rerun.read),
        perf_counter() - begin,
    )  # fmt: skip


def _check_errors(found: Sequence[Counted], sought: Sequence[Sought]) -> None:
    for counted, one in zip(found, sought, strict=True):
        error = counted.error / one.unknown.figure.published
        if error > LARGEST_ERROR:
            raise UserError(
                f"too few persons to solve {one.unknown.name}: the error of {one.unknown.figure.shown} is"
                f" {100 * error:.0f} % of it (say more --residents or --seeds)"
            )


def _sought(blocks: Sequence[Block], catalogue: Catalogue) -> Iterator[Sought]:
    for block in blocks:
        starts = start_values(catalogue, block)
        for unknown in block.unknowns:
            yield Sought(block, unknown, starts[unknown.name])


def _values(block: Block, sought: Sequence[Sought], values: Sequence[float]) -> Values:
    return {one.unknown.name: value for one, value in zip(sought, values, strict=True) if one.block is block}


def _check_uses(chosen: Sequence[Module], wanted: set[str]) -> None:
    for module in chosen:
        for used in module.uses:
            if used not in wanted:
                raise UsageError(f"the module {module.name} reads {used}: add that to the run's modules too")


def _names_read(blocks: Sequence[Block], catalogue: Catalogue, modules: Sequence[Module]) -> Mapping[str, str]:
    """statistic -> the name that the modules read it by: the solved one, else (not yet) its source's.

    Raises UserError if they read neither: its unknowns would change nothing.
    """
    from abmsim.lang.compile import compile_modules
    from abmsim.loading import municipality_codes
    from abmsim.schema.schema import load_schema

    program = compile_modules(modules, catalogue.afresh(), load_schema(), tuple(municipality_codes(catalogue)))
    read = {whole_of(catalogue, name) for name in program.statistics}
    names = {}
    for block in blocks:
        for statistic in block.statistics:
            found = [name for name in (solved_name(statistic), statistic) if name in read]
            if not found:
                raise UserError(
                    f"no module of the block {block.name} reads {statistic} or {solved_name(statistic)}:"
                    " what is solved there changes nothing (add the module to the block's run)"
                )
            names[statistic] = found[0]
    return names


def whole_of(catalogue: Catalogue, part: str) -> str:
    """The name of the statistic of which another one is a part."""
    dimension, label = catalogue.card(part).part or ("", "")
    return part.removesuffix(f"_{label}") if dimension else part


def headline(setting: RunSetting, blocks: Sequence[Block]) -> str:
    seeds = f"seed{'s' * (len(setting.seeds) > 1)} {', '.join(map(str, setting.seeds))}"
    return (
        f"{', '.join(block.name for block in blocks)}: {setting.place}, {setting.residents:,} residents, {seeds},"
        f" {setting.from_date} to {setting.to_date}"
    )


def _run_line(
    number: int, ratios: Sequence[float], noise: Sequence[float], sought: Sequence[Sought], seconds: float
) -> str:
    within = [max(one.unknown.tolerance, chance) for one, chance in zip(sought, noise, strict=True)]
    met = sum(abs(ratio - 1) <= most for ratio, most in zip(ratios, within, strict=True))
    worst = max(range(len(ratios)), key=lambda i: abs(ratios[i] - 1) / within[i])
    return (
        f"run {number}: {met} of {len(ratios)} figures met; furthest off"
        f" {sought[worst].unknown.name} {100 * (ratios[worst] - 1):+.1f} % ({seconds:.1f} s)"
    )


def unmet(outcome: Outcome) -> list[str]:
    """For each figure that was not met: how far it is off and why, as far as the trials tell."""
    return [_why(outcome, i) for i, met in enumerate(outcome.solution.met) if not met]


def _why(outcome: Outcome, index: int) -> str:
    one, solution = outcome.sought[index], outcome.solution
    miss = solution.best.miss(index)
    text = f"{one.unknown.figure.shown} is {100 * miss:+.1f} % off with {one.unknown.name} at"
    text += f" {solution.best.values[index]:.4g}"
    if solution.at_end[index]:
        low, high = one.unknown.between
        text += f", an end of its bracket {low:g} to {high:g}"
    elif solution.jumps[index]:
        text += ": the figure jumps there (more residents or seeds make the steps smaller)"
    other = _rival(outcome, index)
    if other is not None:
        rival, trial = other
        text += (
            f"; it and {outcome.sought[rival].unknown.figure.shown} exclude each other: where this one came nearest"
            f" ({100 * trial.miss(index):+.1f} %), that one was {100 * trial.miss(rival):+.1f} % off"
        )
    return text


def _rival(outcome: Outcome, index: int) -> tuple[int, Trial] | None:
    """The figure that was furthest off where this one was nearest, if it is not met there and nearer elsewhere."""
    nearest = min(outcome.solution.trials, key=lambda trial: abs(trial.miss(index)))
    at_end = outcome.solution.at_end
    others = [i for i in range(len(outcome.sought)) if i != index and (at_end[i] or at_end[index])
              and abs(nearest.miss(i)) > max(outcome.sought[i].unknown.tolerance, 2 * _least(outcome, i))
              and outcome.sought[i].block is outcome.sought[index].block]  # fmt: skip
    if not others:
        return None
    return max(others, key=lambda i: abs(nearest.miss(i))), nearest


def _least(outcome: Outcome, index: int) -> float:
    return min(abs(trial.miss(index)) for trial in outcome.solution.trials)
