"""What is said of published and simulated figures: chance is not called a difference, nor a difference chance."""

from math import inf, sqrt

import pytest
from toy_figures import comparison, figures, verdict

from abmsim.validate.figure import Figure
from abmsim.validate.judging import DIFFERENT, EQUAL, NO_FIGURE, NOT_JUDGED, TOO_FEW, WITHIN_MARGIN, judge

HELPED_2020 = 496_120


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (Figure("whole place", 106, 106), EQUAL),
        (Figure("whole place, one too many", 106, 107), DIFFERENT),
        (Figure("no chance, inside the margin", 100, 104, margin=0.05), WITHIN_MARGIN),
        (Figure("well inside the margin", 100, 102, error=1, margin=0.05), WITHIN_MARGIN),
        (Figure("inside, but chance reaches over it", 100, 104, error=1, margin=0.05), TOO_FEW),
        (Figure("beyond, but chance alone can do that", 100, 106, error=4, margin=0.05), TOO_FEW),
        (Figure("beyond the margin and chance", 100, 108, error=2, margin=0.05), DIFFERENT),
        (Figure("beyond chance, but inside the margin", 100, 104.9, error=0.1, margin=0.05), TOO_FEW),
        (Figure("hardly anybody", 100, 100, error=20, margin=0.05), TOO_FEW),
        (Figure("nothing to compare", None, 100, error=1), NO_FIGURE),
        (Figure("not simulated", 100, None), NOT_JUDGED),
        (Figure("history", 100, 50, error=1, note="before the live years"), NOT_JUDGED),
    ],
    ids=lambda value: value.label if isinstance(value, Figure) else "",
)
def test_a_figure_has_its_verdict(figure, expected):
    assert verdict(figure).verdict == expected


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize(("inside", "expected"), [(0.01, WITHIN_MARGIN), (-0.01, TOO_FEW)])
def test_equal_means_that_both_ends_of_the_interval_are_inside_the_margin(side, inside, expected):
    """The 90 % interval of one run reaches 1.645 errors on each side: 5 - 1.645 is as far as the figure may be off."""
    away = 5 - 1.6448536 - inside
    assert verdict(Figure("a", 100, 100 + side * away, error=1, margin=0.05)).verdict == expected


def test_over_runs_the_spread_between_them_is_the_error():
    found = verdict(*(Figure("a", 100, value, error=50, margin=0.05) for value in (99, 100, 101, 104)))
    assert (found.simulated, found.df) == (101, 3)
    assert found.error == pytest.approx(sqrt(14 / 3 / 4))
    assert found.half_width == pytest.approx(2.353363 * found.error, rel=1e-6)
    assert found.z == pytest.approx(1 / found.error)


def test_rounding_widens_what_chance_may_do():
    found = verdict(Figure("a", 1000, 1004, error=1, margin=0.01), rounding=10)
    assert found.z == pytest.approx(4 / sqrt(1 + 100 / 12))
    assert verdict(Figure("a", 1000, 1004, error=1, margin=0.01)).z == 4


def test_rounding_is_sure_and_gives_degrees_of_freedom():
    two = [Figure("a", 100, value) for value in (99.0, 101.0)]  # the error of their mean is 1, with one degree
    assert verdict(*two).p == pytest.approx(1)
    apart = [Figure("a", 95, value) for value in (99.0, 101.0)]
    alone, rounded = verdict(*apart), verdict(*apart, rounding=6)
    assert alone.df == rounded.df == 1
    assert alone.z == 5 and rounded.z == 2.5
    assert alone.p == pytest.approx(0.1256659) and rounded.p == pytest.approx(0.02367, abs=0.00001)  # 16 degrees


def test_rounding_alone_is_never_different():
    """A figure rounded to 10 is at most 5 off, which is 1.73 of the standard error of rounding."""
    assert verdict(Figure("a", 100, 105, error=1e-9), rounding=10).verdict == TOO_FEW
    assert verdict(Figure("a", 100, 105, error=1e-9), rounding=10).q == pytest.approx(0.0833, abs=0.0001)


def test_nobody_found_in_any_run_is_no_certainty():
    """Were the published 4 true, chance would find nobody in three runs quite often: the error of 2 each says so."""
    found = verdict(*(Figure("a", 4, 0, error=2, margin=0.1) for _ in range(3)))
    assert found.error == pytest.approx(2 / sqrt(3)) and found.df == inf
    assert found.verdict == DIFFERENT  # 0, 0, 0 where 12 were to be expected
    assert verdict(*(Figure("a", 1, 0, error=1, margin=0.1) for _ in range(3))).verdict == TOO_FEW


def test_a_run_that_has_nobody_to_ask_is_left_out():
    found = verdict(Figure("a", 30, None), Figure("a", 30, 29, error=1), Figure("a", 30, 31, error=1))
    assert found.runs == (29, 31)
    assert verdict(Figure("a", 30, None), Figure("a", 30, None)).note


@pytest.mark.parametrize(("role", "fails"), [("target", True), ("exact", True), ("parameter", False)])
def test_only_what_must_come_out_fails_a_run(role, fails):
    (judgement,) = judge([[comparison([Figure("a", 100, 200, error=1)], role)]])
    assert judgement.fails is fails


def helped_in_2020(run):
    return figures(run, "wmo_household_help_persons")["2020"]


def test_unbiased_toys_are_not_flagged(toy):
    """Each of 25 toys is judged alone at 5 %: six flags or more have a chance of 0.1 %."""
    share = HELPED_2020 / 17_407_585
    found = [verdict(helped_in_2020(toy(20_000, share, seed))) for seed in range(25)]
    assert sum((one.q or 0) <= 0.05 for one in found) <= 5


def test_a_bias_of_ten_percent_is_found(toy):
    """Of 400,000 residents 11,400 have help: one standard error is 0.9 %, and 10 % is far from the margin of 6 %."""
    share = HELPED_2020 / 17_407_585
    for seed in range(3):
        assert verdict(helped_in_2020(toy(400_000, 1.1 * share, seed))).verdict == DIFFERENT
        assert verdict(helped_in_2020(toy(400_000, share, seed))).verdict == WITHIN_MARGIN


def test_nobody_helped_is_not_taken_for_certainty(toy):
    found = verdict(helped_in_2020(toy(100, 0.0, 1)))
    assert found.simulated == 0
    assert found.verdict == TOO_FEW


def test_the_error_is_the_scatter_between_runs(toy):
    share = HELPED_2020 / 17_407_585
    found = [helped_in_2020(toy(10_000, share, seed)) for seed in range(50)]
    away = [(figure.simulated or 0) - HELPED_2020 for figure in found]
    scatter = (sum(gap * gap for gap in away) / len(away)) ** 0.5
    assert scatter == pytest.approx(found[0].error, rel=3 / (2 * len(away)) ** 0.5)


def test_as_many_found_in_each_run_is_no_certainty_either():
    """Fifteen in each of three samples that differ by a resident in size: chance of about four is in each of them."""
    agreed = [Figure("a", 47, 15 * scale, error=12, n=15, margin=0.05) for scale in (3.136, 3.125, 3.136)]
    assert verdict(*agreed).error == pytest.approx(12 / sqrt(3))
    assert verdict(*agreed).verdict == TOO_FEW
    spread = [Figure("a", 47, 3.136 * number, error=12, n=number, margin=0.05) for number in (14, 15, 16)]
    assert verdict(*spread).error == pytest.approx(3.136 / sqrt(3))
