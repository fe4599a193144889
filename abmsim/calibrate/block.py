"""What is solved together, as declared in `public_stats/calibration/<block>.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from abmsim.stats.cells import Where, shown_where
from abmsim.stats.solved import SUFFIX


@dataclass(frozen=True, slots=True)
class RunSetting:
    """The run that figures are counted in: one for each seed, their mean counts."""

    place: str
    residents: int
    seeds: tuple[int, ...]
    from_date: date
    to_date: date


@dataclass(frozen=True, slots=True)
class Figure:
    """The published figure that an unknown is solved for: a label of a statistic, or several added up.

    `published`: their sum; 0 until the block is checked.
    """

    statistic: str
    labels: tuple[str, ...]
    published: float = 0.0

    @property
    def shown(self) -> str:
        return f"{self.statistic} {' + '.join(self.labels)}"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A factor on some cells of a statistic (or the level of them all) and the figure that it is solved for.

    `between`: the least and the largest value that make sense; `falls`: the figure falls where the unknown rises;
    `tolerance`: how far the simulated figure may stay from the published one, as a part of that.
    """

    name: str
    about: str
    statistic: str
    where: Where
    is_level: bool
    between: tuple[float, float]
    between_why: str
    figure: Figure
    falls: bool
    tolerance: float
    tolerance_why: str
    line: int = 1
    column: int = 1

    @property
    def cells(self) -> str:
        return f"{self.statistic}: {shown_where(self.where)}"


@dataclass(frozen=True, slots=True)
class Block:
    """Unknowns with the run that they are solved in; `modules`: of that run, names or folders such as `lifecourse/`."""

    name: str
    about: str
    run: RunSetting
    modules: tuple[str, ...]
    unknowns: tuple[Unknown, ...]
    file: Path

    @property
    def statistics(self) -> tuple[str, ...]:
        """The statistics of which cells are solved."""
        return tuple(dict.fromkeys(unknown.statistic for unknown in self.unknowns))


def solved_name(statistic: str) -> str:
    """The name of a statistic with what was solved in it."""
    return f"{statistic}{SUFFIX}"
