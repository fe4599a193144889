"""Several unknowns at once, each with its own figure, all counted in the same run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from abmsim.calibrate.search import FLATTEST, STEEPEST, Search, doubt

MOST_RUNS = 20
"""Who has not met the targets by then does not."""


OTHERS = 0.25
"""How readily a surprise is laid to another unknown of the group, against the figure's own."""

Count = Callable[[tuple[float, ...]], Sequence[tuple[float, float]]]
"""A run: the value of each unknown -> simulated over published of its figure, and how much of that chance moves."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One run: the value of each unknown, and simulated over published of its figure with what chance moves of it."""

    values: tuple[float, ...]
    ratios: tuple[float, ...]
    noise: tuple[float, ...]

    def miss(self, index: int) -> float:
        """How far a figure is from its target, as a part of that."""
        return self.ratios[index] - 1


@dataclass(frozen=True, slots=True)
class Solution:
    """The trials in order; `best` is the last one if it met every target, else the one that came nearest."""

    trials: tuple[Trial, ...]
    best: Trial
    met: tuple[bool, ...]
    at_end: tuple[bool, ...]
    jumps: tuple[bool, ...]

    @property
    def converged(self) -> bool:
        return all(self.met)


def solve(
    searches: Sequence[Search],
    count: Count,
    groups: Sequence[int] = (),
    most_runs: int = MOST_RUNS,
) -> Solution:
    """Run `count` until all figures are met, or nothing moves.

    `groups`: a number for each unknown; those of one number may move each other's figures. Without it all do.
    """
    trials: list[Trial] = []
    links = _Links(groups or [0] * len(searches))
    while True:
        values = tuple(search.value for search in searches)
        moved = links.moved(values, trials[-1].values if trials else values)
        ratios, noise = zip(*count(values), strict=True)
        trials.append(Trial(values, ratios, noise))
        for search, ratio, others, chance in zip(searches, ratios, moved, noise, strict=True):
            search.tell(ratio, others, chance)
        if all(search.met for search in searches) or len(trials) == most_runs or _stuck(searches):
            break
        for search, together in zip(searches, links.moves(searches), strict=True):
            search.step(together)
    best = trials[-1] if all(search.met for search in searches) else _nearest(trials, searches)
    met = tuple(abs(best.miss(i)) <= max(search.tolerance, best.noise[i]) for i, search in enumerate(searches))
    return Solution(
        tuple(trials), best, met, tuple(s.at_end for s in searches), tuple(s.jumps for s in searches)
    )  # fmt: skip


class _Links:
    """How each figure moves with the unknowns of its group, learnt from run to run (Broyden's secant of many)."""

    def __init__(self, groups: Sequence[int]) -> None:
        self._same = np.equal.outer(groups, groups)
        self._alone = self._same.sum(axis=1) == 1
        self._slopes = np.eye(len(groups))

    def moved(self, values: Sequence[float], before: Sequence[float]) -> list[float]:
        """For each unknown how far the others of its group have moved, in logarithms."""
        steps = np.abs(np.log(np.array(values) / np.array(before)))
        return [float(others) for others in self._same @ steps - steps]

    def moves(self, searches: Sequence[Search]) -> list[float]:
        """The moves that would meet all figures together; 0 for an unknown without links, which goes its own way."""
        if self._alone.all():
            return [0.0] * len(searches)
        if len(searches[0].points) > 1:
            self._learn(searches)
        gaps = np.array([search.last.gap for search in searches])
        moves = np.linalg.solve(self._slopes, -gaps)
        return [0.0 if alone else float(move) for alone, move in zip(self._alone, moves, strict=True)]

    def _learn(self, searches: Sequence[Search]) -> None:
        before, now = ([search.points[i] for search in searches] for i in (-2, -1))
        run = np.array([b.at - a.at for a, b in zip(before, now, strict=True)])
        rise = np.array([b.gap - a.gap for a, b in zip(before, now, strict=True)])
        own = np.where(self._same, run, 0.0)
        own = own * np.where(np.eye(len(run)) > 0, 1.0, OTHERS)
        length = (own * run).sum(axis=1) + np.array([doubt(search.noise) for search in searches])
        wrong = np.divide(rise - self._slopes @ run, length, out=np.zeros(len(run)), where=length > 0)
        self._slopes += own * wrong[:, None]
        # A figure follows its own unknown more than all others of its group, or the unknowns could not be told apart.
        own_slope = np.clip(np.diag(self._slopes), FLATTEST, STEEPEST)
        np.fill_diagonal(self._slopes, 0.0)
        others = np.abs(self._slopes).sum(axis=1)
        self._slopes *= np.minimum(1.0, 0.9 * own_slope / np.maximum(others, 1e-12))[:, None]
        np.fill_diagonal(self._slopes, own_slope)


def _stuck(searches: Sequence[Search]) -> bool:
    """Whether every figure that is not met cannot be: its unknown is at an end of the bracket, or it jumps."""
    return all(search.met or search.at_end or search.jumps for search in searches)


def _nearest(trials: Sequence[Trial], searches: Sequence[Search]) -> Trial:
    """The trial whose worst figure, in tolerances, is best."""

    def worst(trial: Trial) -> float:
        return max(abs(trial.miss(i)) / max(s.tolerance, trial.noise[i]) for i, s in enumerate(searches))

    return min(trials, key=worst)


def values_of(names: Sequence[str], trial: Trial) -> Mapping[str, float]:
    return dict(zip(names, trial.values, strict=True))
