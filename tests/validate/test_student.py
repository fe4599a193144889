"""The t and the normal distribution, beside closed forms and printed tables."""

from math import atan, inf, pi, sqrt

import pytest

from abmsim.validate.student import incomplete_beta, quantile, two_sided, upper_tail

TABLE = [
    (0.95, 1, 6.313751514675), (0.975, 1, 12.706204736432), (0.975, 2, 4.302652729911), (0.95, 3, 2.353363434801),
    (0.975, 4, 2.776445105198), (0.95, 9, 1.833112932653), (0.995, 9, 3.249835541592), (0.975, 29, 2.045229642133),
    (0.95, inf, 1.644853626951), (0.975, inf, 1.959963984540),
]  # fmt: skip
"""Part, degrees of freedom, t: as in any printed table, with more digits."""


@pytest.mark.parametrize(("part", "df", "t"), TABLE)
def test_quantiles_are_those_of_the_table(part, df, t):
    assert quantile(part, df) == pytest.approx(t, rel=1e-10)
    assert upper_tail(t, df) == pytest.approx(1 - part, rel=1e-9)


@pytest.mark.parametrize("t", [0.0, 0.3, 1.0, 2.5, 12.0, 400.0])
def test_one_and_two_degrees_have_closed_forms(t):
    assert upper_tail(t, 1) == pytest.approx(0.5 - atan(t) / pi, rel=1e-9, abs=1e-15)
    assert upper_tail(t, 2) == pytest.approx(0.5 - t / (2 * sqrt(2 + t * t)), rel=1e-7, abs=1e-15)


def test_the_tails_are_alike_and_broken_degrees_lie_between():
    assert upper_tail(-1.3, 5) == pytest.approx(1 - upper_tail(1.3, 5))
    assert two_sided(-2, 7) == two_sided(2, 7)
    assert two_sided(2, 4) > two_sided(2, 4.5) > two_sided(2, 5) > two_sided(2, inf)
    assert two_sided(3, 1e7) == pytest.approx(two_sided(3, inf), rel=1e-5)


def test_the_beta_function_at_its_ends():
    assert (incomplete_beta(0, 2, 3), incomplete_beta(1, 2, 3)) == (0, 1)
    assert incomplete_beta(0.5, 2, 2) == pytest.approx(0.5)
    assert incomplete_beta(0.3, 1, 4) == pytest.approx(1 - 0.7**4)
