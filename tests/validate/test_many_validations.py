"""Validations of a model without a fault, again and again: how often it is flagged, and how often a fault is found."""

from __future__ import annotations

from math import inf, sqrt

import numpy as np
import pytest
from toy_figures import comparison, verdict

from abmsim.randomness import keys, uniform
from abmsim.validate.figure import Figure
from abmsim.validate.judging import DIFFERENT, WITHIN_MARGIN, Judged, false_discovery, judge
from abmsim.validate.student import quantile, two_sided

RESIDENTS = 17_000


def counts(seed: int, expected: np.ndarray, runs: int) -> np.ndarray:
    """int64[runs, figures]: persons found of RESIDENTS, each figure about binomial (normal, in whole persons)."""
    share = expected / RESIDENTS
    u = uniform(keys(seed, np.arange(runs * len(expected), dtype=np.uint64))).reshape(runs, -1)
    normal = np.array([[_normal(x) for x in row] for row in u])
    return np.maximum(0, np.rint(expected + normal * np.sqrt(expected * (1 - share)))).astype(np.int64)


def _normal(u: float) -> float:
    """The value of the normal distribution below which the part u lies."""
    part = min(max(u, 1e-12), 1 - 1e-12)
    return quantile(part, inf) if part >= 0.5 else -quantile(1 - part, inf)


def validation(seed: int, expected: np.ndarray, runs: int, bias: np.ndarray | float = 1.0) -> list[Judged]:
    """One validation of figures that are published as `expected` and simulated with a bias."""
    found = counts(seed, expected * bias, runs)
    each = [
        comparison([
            Figure(str(number), float(published), float(value), sqrt(max(value, published)), margin=0.02)
            for number, (value, published) in enumerate(zip(row, expected, strict=True))
        ])
        for row in found
    ]  # fmt: skip
    return list(judge([[one] for one in each])[0].figures)


@pytest.mark.parametrize("runs", [1, 2, 3, 5, 10])
def test_an_unbiased_figure_is_flagged_at_the_nominal_rate(runs):
    """Of 1,600 unbiased figures 5 % have p <= 0.05, give or take four standard errors."""
    expected = np.tile(np.array([1000.0, 2000.0, 4000.0, 8000.0]), 400)
    flagged = sum((one.p or 0) <= 0.05 for one in validation(7, expected, runs))
    tolerance = 4 * sqrt(0.05 * 0.95 / len(expected))
    assert flagged / len(expected) == pytest.approx(0.05, abs=tolerance)


@pytest.mark.parametrize("runs", [1, 2, 5])
def test_small_counts_do_not_flag(runs):
    """Figures of one to five persons, in which whole numbers agree by chance: no more than 5 % and four errors."""
    expected = np.tile(np.array([1.0, 2.0, 3.0, 5.0]), 300)
    flagged = sum((one.p or 0) <= 0.05 for one in validation(11, expected, runs))
    assert flagged / len(expected) <= 0.05 + 4 * sqrt(0.05 * 0.95 / len(expected))


def test_a_validation_without_a_fault_calls_nothing_different():
    """The chance that any of 100 true figures is called different is at most 5 %: of 40 validations at most 7."""
    expected = np.geomspace(30, 8000, 100)
    flagged = [any(one.verdict == DIFFERENT for one in validation(seed, expected, 4)) for seed in range(40)]
    assert sum(flagged) <= 7  # eight or more have a chance of 0.1 %


def test_of_what_is_called_different_at_most_a_twentieth_is_true():
    """Half of 200 figures are 10 % off; over 20 validations the share of false ones stays below 5 % and its error."""
    expected = np.full(200, 6000.0)
    bias = np.where(np.arange(200) % 2, 1.1, 1.0)
    false = found = 0
    for seed in range(20):
        different = [int(one.label) % 2 for one in validation(seed, expected, 4, bias) if one.verdict == DIFFERENT]
        found, false = found + len(different), false + different.count(0)
    assert found > 0.9 * 20 * 100  # and nearly all that are 10 % off are found
    assert false / found <= 0.05 + 4 * sqrt(0.05 * 0.95 / found)


def test_a_bias_of_ten_percent_is_found_with_enough_persons():
    """6,000 persons: an error of 1.3 % a run, 0.6 % over five, so ten percent cannot hide; 60 persons can hide it."""
    assert {one.verdict for one in validation(3, np.full(50, 6000.0), 5, bias=1.1)} == {DIFFERENT}
    few = [one.verdict for one in validation(3, np.full(50, 60.0), 5, bias=1.1)]
    assert few.count(DIFFERENT) <= 5


def test_rounding_alone_does_not_flag():
    """Published in thousands, simulated exactly: every difference is within what rounding can do."""
    true = [470_000 + 37 * number for number in range(60)]
    figures = [Figure(str(value), round(value / 1000) * 1000, value, error=1.0, margin=0.01) for value in true]
    (judgement,) = judge([[comparison(figures, rounding=1000)]])
    assert {figure.verdict for figure in judgement.figures} == {WITHIN_MARGIN}
    assert min(figure.q or 0 for figure in judgement.figures) > 0.05


def test_a_naive_rule_of_five_percent_fails_an_unbiased_model():
    """Why there is none: of 300 true figures of 34 to 1,700 of 17,000 residents almost half are more than 5 % off.

    The chance of each is that of going beyond 5 % of its mean; their mean is 0.42, and four errors are 0.11.
    """
    expected = np.geomspace(0.002, 0.1, 300) * RESIDENTS
    chance = np.mean([two_sided(0.05 * sqrt(mean / (1 - mean / RESIDENTS)), inf) for mean in expected])
    (found,) = counts(1, expected, 1)
    naive = np.mean(np.abs(found / expected - 1) > 0.05)
    assert 0.4 < chance < 0.5
    assert naive == pytest.approx(chance, abs=4 * sqrt(0.25 / 300))
    assert not [one for one in validation(1, expected, 1) if one.verdict == DIFFERENT]


def test_q_is_that_of_benjamini_and_hochberg():
    p = [0.01, 0.04, 0.03, 0.20, 0.5]
    assert false_discovery(p) == pytest.approx([0.05, 0.2 / 3, 0.2 / 3, 0.25, 0.5])
    assert false_discovery([]) == []


def test_q_is_over_all_figures_of_the_validation():
    alone = verdict(Figure("a", 100, 108, error=3, margin=0.05))
    assert alone.q == alone.p and alone.verdict == DIFFERENT
    (judgement,) = judge([[comparison([Figure(str(n), 100, 108 if n == 0 else 100.5, error=3) for n in range(20)])]])
    assert judgement.figures[0].p == alone.p and (judgement.figures[0].q or 0) > 0.05
