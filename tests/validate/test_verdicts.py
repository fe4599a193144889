"""What is said of two figures: chance is not called a difference, and a difference is not called chance."""

import pytest

from abmsim.validate.figure import (
    DIFFERENT,
    EQUAL,
    NO_FIGURE,
    NOT_JUDGED,
    TOO_FEW,
    WITHIN_ERROR,
    WITHIN_MARGIN,
    Comparison,
    Figure,
)
from abmsim.validate.household_help import persons_by_period

HELPED_2020 = 496_120


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (Figure("whole place", 106, 106), EQUAL),
        (Figure("whole place", 106, 107), DIFFERENT),
        (Figure("inside the margin", 100, 104, error=1, margin=0.05), WITHIN_MARGIN),
        (Figure("outside the margin", 100, 106, error=1, margin=0.05), DIFFERENT),
        (Figure("three errors", 100, 106, error=2, margin=0.05), WITHIN_ERROR),
        (Figure("more than three errors", 100, 106.1, error=2, margin=0.05), DIFFERENT),
        (Figure("hardly anybody", 100, 100, error=20, margin=0.05), TOO_FEW),
        (Figure("nothing to compare", None, 100, error=1), NO_FIGURE),
        (Figure("not simulated", 100, None), NOT_JUDGED),
        (Figure("history", 100, 50, error=1, note="before the live years"), NOT_JUDGED),
    ],
    ids=lambda value: value.label if isinstance(value, Figure) else "",
)
def test_a_figure_has_its_verdict(figure, verdict):
    assert figure.verdict == verdict


@pytest.mark.parametrize(("role", "fails"), [("target", True), ("exact", True), ("parameter", False)])
def test_only_what_must_come_out_fails_a_run(role, fails):
    different = Figure("a", 100, 200, error=1)
    assert Comparison("x", "X", "", role, "persons", 0.0, "", (different,)).fails is fails


def helped_in_2020(run, margin):
    table = run.catalogue.table("wmo_household_help_persons")
    return next(figure for figure in persons_by_period(run, table, margin) if figure.label == "2020")


def test_unbiased_toys_are_not_flagged(toy):
    """Chance alone passes three standard errors once in 370 figures: one in sixty is already odd, two are wrong."""
    share = HELPED_2020 / 17_407_585
    verdicts = [helped_in_2020(toy(20_000, share, seed), margin=0.0).verdict for seed in range(60)]
    assert verdicts.count(DIFFERENT) <= 1


def test_a_bias_of_ten_percent_is_found(toy):
    """Of 400,000 residents 11,400 have help: one standard error is 0.9 %, and 10 % is far from the margin of 6 %."""
    share = HELPED_2020 / 17_407_585
    for seed in range(5):
        assert helped_in_2020(toy(400_000, 1.1 * share, seed), margin=0.06).verdict == DIFFERENT
        assert helped_in_2020(toy(400_000, share, seed), margin=0.06).verdict == WITHIN_MARGIN


def test_nobody_helped_is_not_taken_for_certainty(toy):
    found = helped_in_2020(toy(100, 0.0, 1), margin=0.06)
    assert found.simulated == 0
    assert found.verdict == TOO_FEW


def test_the_error_is_the_scatter_between_runs(toy):
    share = HELPED_2020 / 17_407_585
    figures = [helped_in_2020(toy(10_000, share, seed), margin=0.0) for seed in range(100)]
    away = [(figure.simulated or 0) - HELPED_2020 for figure in figures]
    scatter = (sum(gap * gap for gap in away) / len(away)) ** 0.5
    assert scatter == pytest.approx(figures[0].error, rel=3 / (2 * len(away)) ** 0.5)
