"""One unknown and the one figure that rises with it: a bracketed secant on logarithms, safeguarded by bisection."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, log

WIDEST_GAP = 5.0
"""A figure further from its target than e to this power (148 times) counts as that far; so does one of zero."""
FLATTEST, STEEPEST = 0.4, 2.5
"""Percent that a figure may rise with a percent of its unknown, as far as a secant through two points is believed."""
CLOSED = 1e-5
"""A bracket narrower than this part of its value is closed: the figure jumps there."""
MOST_JUMPS = 2


def doubt(noise: float) -> float:
    """How much a slope known before weighs against a new one, beside the square of the step behind that.

    Chance moves both ends of the step: the variance of their difference is twice that of each, doubled once more as
    `noise` is but part of an error.
    """
    return 4 * noise * noise


@dataclass(frozen=True, slots=True)
class Point:
    """Where a figure was counted: logarithm of the unknown, logarithm of simulated over published."""

    at: float
    gap: float


@dataclass(slots=True)
class _End:
    """A point on one side of the target. `drift`: how far the other unknowns have moved since; `gap` falls by half
    each time that the other side moves alone (Illinois)."""

    at: float
    gap: float
    drift: float = 0.0

    def holds(self, noise: float) -> bool:
        """Whether this end is still on its side whatever the other unknowns did (they act by less than one to one)
        and however chance moved the figure."""
        return abs(self.gap) > self.drift + noise


@dataclass(slots=True)
class Search:
    """The state of one search; `value` is what to try next, between `low` and `high`.

    `tolerance`: how far from the target is near enough, as a part of it; `falls`: the figure falls where the unknown
    rises; `noise`: the part of the figure that chance alone may move from run to run.
    """

    low: float
    high: float
    start: float
    tolerance: float
    falls: bool = False
    points: list[Point] = field(default_factory=list)
    noise: float = 0.0
    _at: float = 0.0
    _ratio: float = 0.0
    _slope: float = 1.0
    _same_side: int = 0
    _slow: int = 0
    _jumps: int = 0
    _below: _End | None = None
    _above: _End | None = None

    def __post_init__(self) -> None:
        self._at = log(min(max(self.start, self.low), self.high))

    @property
    def last(self) -> Point:
        return self.points[-1]

    @property
    def value(self) -> float:
        return min(max(exp(self._at), self.low), self.high)

    @property
    def met(self) -> bool:
        """Whether the figure was met where it was counted last."""
        return bool(self.points) and abs(self._ratio - 1) <= self.near_enough

    @property
    def near_enough(self) -> float:
        """The tolerance; what chance moves anyway is not solved for."""
        return max(self.tolerance, self.noise)

    @property
    def at_end(self) -> bool:
        """Whether the unknown stands at an end of its bracket, beyond which the target lies."""
        at, end = self.points[-1].at, self._declared(self._gap)
        return not self.met and abs(at - end) < CLOSED

    @property
    def jumps(self) -> bool:
        """Whether the figure passes its target by a jump, with nothing between."""
        return not self.met and self._jumps >= MOST_JUMPS

    @property
    def _gap(self) -> float:
        return self.points[-1].gap

    def tell(self, ratio: float, others_moved: float = 0.0, noise: float = 0.0) -> None:
        """What was counted at `value`: simulated over published, and how much of it chance moves.

        `others_moved`: how far the other unknowns moved since the last time (sum of logarithms).
        """
        self.noise, self._ratio = noise, ratio
        gap = -WIDEST_GAP if ratio <= 0 else min(max(log(ratio), -WIDEST_GAP), WIDEST_GAP)
        point = Point(self._at, -gap if self.falls else gap)
        width = self._width
        for end in (self._below, self._above):
            if end is not None:
                end.drift += others_moved
        self._learn_slope(point, others_moved)
        self._same_side = self._same_side + 1 if self.points and self.points[-1].gap * point.gap > 0 else 0
        self.points.append(point)
        self._narrow(point)
        self._slow = self._slow + 1 if self._width > width / 2 else 0

    def step(self, together: float = 0.0) -> None:
        """Move to where the figure is to be counted next; a figure that is met stays.

        `together`: the move (of the logarithm) that would meet the figure if the others made theirs, 0 if unknown.
        """
        if not self.met:
            self._at = self._next(together)
        elif abs(together) > self.noise:
            self._at = min(max(self._at + together, log(self.low)), log(self.high))

    # --- what is known -------------------------------------------------------------------------------------------
    @property
    def _width(self) -> float:
        if self._below is None or self._above is None:
            return float("inf")
        return self._above.at - self._below.at

    def _learn_slope(self, point: Point, others_moved: float) -> None:
        if not self.points:
            return
        run, rise = point.at - self.points[-1].at, point.gap - self.points[-1].gap
        if abs(run) > max(CLOSED, others_moved / 2):
            slope = (run * rise + doubt(self.noise) * self._slope) / (run * run + doubt(self.noise))
            self._slope = min(max(slope, FLATTEST), STEEPEST)

    def _narrow(self, point: Point) -> None:
        """The point becomes an end of the bracket; ends that cannot be right any more are let go."""
        end = _End(point.at, point.gap)
        if point.gap < 0:
            self._below = end
        else:
            self._above = end
        other = self._above if point.gap < 0 else self._below
        if other is not None and not other.holds(self.noise):
            other = None
            self._below, self._above = (end, None) if point.gap < 0 else (None, end)
        if other is None:
            return
        if self._width < CLOSED:  # either the figure jumps, or the other unknowns have moved the target out of here
            self._jumps += 1
            self._below, self._above = (end, None) if point.gap < 0 else (None, end)
        elif self._same_side:
            other.gap /= 2

    # --- where to go -----------------------------------------------------------------------------------------------
    def _declared(self, gap: float) -> float:
        """The end of the bracket that was given, on the side of the target."""
        return log(self.high if gap < 0 else self.low)

    def _next(self, together: float) -> float:
        last = self.points[-1]
        end = self._above if last.gap < 0 else self._below
        newton = last.at + (together if together * last.gap < 0 else -last.gap / self._slope)
        if end is None:  # the target is not enclosed: longer steps each time
            reach = last.at + (newton - last.at) * 2**self._same_side
            bound = self._declared(last.gap)
            return min(reach, bound) if last.gap < 0 else max(reach, bound)
        if self._slow >= 2:
            return (last.at + end.at) / 2
        if min(last.at, end.at) < newton < max(last.at, end.at):
            return newton
        return (last.at * end.gap - end.at * last.gap) / (end.gap - last.gap)
