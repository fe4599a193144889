"""What a run gives for a published figure, with its error, for those who solve the model for it."""

import pytest

from abmsim.problems import UserError
from abmsim.validate.simulated import simulated_figures

HELPED_2020 = 496_120


def test_a_figure_is_simulated_with_its_error(toy):
    share = HELPED_2020 / 17_407_585
    run = toy(20_000, share, 1)
    found = simulated_figures(run, ["wmo_household_help_persons"])
    helped = found["wmo_household_help_persons", "2020"]
    assert helped.error == pytest.approx(HELPED_2020 * (1 / (share * 20_000)) ** 0.5, rel=0.1)
    assert abs(helped.value - HELPED_2020) < 4 * helped.error


def test_an_unknown_name_is_told_with_the_nearest(toy):
    with pytest.raises(UserError, match="did you mean 'wmo_household_help_persons'"):
        simulated_figures(toy(100, 0.1, 1), ["wmo_household_help_person"])
