"""The solver on functions of which we know the answer: increasing, steep, flat, broken, linked, out of reach."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, floor, log

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from abmsim.calibrate.search import Search
from abmsim.calibrate.solver import Solution, solve
from abmsim.randomness import keys, uniform

LOW, HIGH = 0.2, 5.0
TOLERANCE = 0.005
bends = st.lists(st.tuples(st.floats(0.02, 0.98), st.floats(0.02, 0.98)), min_size=0, max_size=5)


def broken_line(points: Sequence[tuple[float, float]], rise: float, root: float):
    """An increasing function of x through bends (parts of the bracket and of the rise), 1 at the root."""
    span = log(HIGH) - log(LOW)
    xs = [0.0, *sorted(x for x, _ in points), 1.0]
    ys = [0.0, *sorted(y for _, y in points), 1.0]

    def at(x: float) -> float:
        part = (log(x) - log(LOW)) / span
        for (x0, y0), (x1, y1) in zip(zip(xs, ys, strict=True), list(zip(xs, ys, strict=True))[1:], strict=False):
            if part <= x1:
                return rise * (y0 + (y1 - y0) * (part - x0) / (x1 - x0) if x1 > x0 else y1)
        return rise

    return lambda x: exp(at(x) - at(root))


def solved(functions, start=1.0, falls=False, most_runs=60, tolerance=TOLERANCE) -> Solution:
    searches = [Search(LOW, HIGH, start, tolerance, falls) for _ in functions]
    return solve(searches, lambda values: [(f(values), 0.0) for f in functions], most_runs=most_runs)


@settings(max_examples=100, deadline=None)
@given(bends, st.floats(0.05, 12), st.floats(LOW * 1.01, HIGH / 1.01), st.booleans())
@example([(0.0234375, 0.0703125)], 0.8984375, 0.5, True)
def test_any_increasing_function_is_solved(points, rise, root, falls):
    f = broken_line(points, rise, root)
    solution = solved([lambda v: 1 / f(v[0]) if falls else f(v[0])], falls=falls)
    assert solution.converged, solution.trials
    assert len(solution.trials) <= 45


@pytest.mark.parametrize("power", [0.5, 1, 1.5, 2])
@pytest.mark.parametrize("root", [0.5, 0.8, 1.3, 3])
def test_a_figure_that_follows_its_rate_takes_few_runs(power, root):
    assert len(solved([lambda v: (v[0] / root) ** power]).trials) <= 5


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0.5, 2), min_size=2, max_size=6),
    st.lists(st.floats(-0.9, 0.9), min_size=36, max_size=36),
    st.lists(st.floats(0.4, 2.5), min_size=6, max_size=6),
)
def test_linked_unknowns_are_solved_together(powers, links, roots):
    """Each figure follows its own unknown more than all the others together."""
    n = len(powers)
    total = [sum(abs(links[6 * i + j]) for j in range(n) if j != i) for i in range(n)]

    def figure(i):
        scale = 0.5 * powers[i] / max(total[i], 1.0)
        return lambda v: exp(
            powers[i] * log(v[i] / roots[i])
            + sum(scale * links[6 * i + j] * log(v[j] / roots[j]) for j in range(n) if j != i)
        )

    assert solved([figure(i) for i in range(n)]).converged


@settings(max_examples=40, deadline=None)
@given(st.integers(2000, 200_000), st.floats(0.4, 2.5))
def test_counts_are_met_as_near_as_they_can_be(persons, root):
    """A run counts whole persons: the figure is a staircase."""
    tolerance = max(TOLERANCE, 2 / persons)
    assert solved([lambda v: floor(persons * v[0] / root) / persons], tolerance=tolerance).converged


def test_a_target_out_of_reach_stops_at_the_end_of_the_bracket():
    solution = solved([lambda v: v[0] / 20])
    assert not solution.converged and solution.at_end == (True,)
    assert solution.best.values == pytest.approx((HIGH,))
    assert len(solution.trials) <= 6


def test_a_figure_that_nothing_moves_is_given_up():
    solution = solved([lambda v: 0.8])
    assert not solution.converged and solution.at_end == (True,)


def test_a_figure_that_jumps_over_its_target_is_given_up():
    solution = solved([lambda v: 0.5 if v[0] < 1.7 else 2.0])
    assert not solution.converged and solution.jumps == (True,)


def test_nobody_counted_is_a_step_up_and_no_error():
    assert solved([lambda v: 0.0 if v[0] < 2 else v[0] / 3.0]).converged


def test_two_figures_that_exclude_each_other_are_not_both_met():
    solution = solved([lambda v: v[0] * v[1] / 1.5, lambda v: v[0] * v[1] / 0.7], most_runs=20)
    assert not solution.converged
    assert max(abs(miss - 1) for miss in solution.best.ratios) > 0.1


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.4, 2.5), st.floats(0.6, 1.5))
def test_chance_beside_the_figure_does_not_lead_astray(seed, root, power):
    """Two linked figures that chance moves by 2 % from run to run, known to within that: met in a few runs."""
    draws = iter(normal(seed, 400))
    noise = 0.02

    def count(v):
        first = (v[0] / root) ** power * (1 + noise * next(draws))
        return [(first, noise), ((v[1] / 1.4) ** power * (v[0] / root) ** 0.3 * (1 + noise * next(draws)), noise)]

    solution = solve([Search(LOW, HIGH, 1.0, TOLERANCE) for _ in range(2)], count, most_runs=40)
    assert solution.converged
    assert solution.best.values == pytest.approx((root, 1.4), rel=0.15)


def normal(seed: int, n: int) -> list[float]:
    """Draws of chance, nearly normal."""
    u = uniform(keys(seed, np.arange(12 * n, dtype=np.uint64))).reshape(n, 12)
    return list(u.sum(axis=1) - 6)
