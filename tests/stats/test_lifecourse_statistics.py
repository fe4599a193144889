"""The statistics of the life course give back the published figures that they were derived from."""

from __future__ import annotations

import math

import pytest

from abmsim.paths import PUBLIC_STATS
from abmsim.stats.catalogue import Catalogue, load
from abmsim.stats.recipes_lifecourse import shares_of
from abmsim.stats.recipes_lifecourse_institutions import death_ratios, entering, mortality
from abmsim.stats.recipes_mortality import SEXES


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load([PUBLIC_STATS])


@pytest.mark.parametrize("sex", SEXES)
def test_who_leaves_home_leaves_as_many_at_home_as_published(catalogue, sex):
    leaving, seeking = catalogue.table("leaving_home_rate"), catalogue.table("partner_seeking_rate")
    at_home = catalogue.table("living_with_parents_2021")
    factor = catalogue.table("union_assumptions_seeking_at_home").value()
    rates = [
        leaving.value(age=str(age), sex=sex) + factor * seeking.value(age=str(age), sex=sex) for age in range(20, 30)
    ]
    share = at_home.value(age="20", sex=sex) / 100 * math.exp(-sum(rates))
    assert share == pytest.approx(at_home.value(age="30", sex=sex) / 100, abs=0.02)


@pytest.mark.parametrize("age", [72, 82, 87, 92])
def test_who_enters_an_institution_keeps_its_share_of_the_aged(catalogue, age):
    share, ratios, steps = shares_of(catalogue), death_ratios(catalogue), 1000
    dying = mortality(catalogue, age) / steps
    outside, inside = (dying * ratio for ratio in ratios[age // 5 * 5])
    enters = entering(share(age, "institution"), share(age + 1, "institution"), outside * steps, inside * steps) / steps
    within = share(age, "institution")
    at_home = 1 - within
    for _ in range(steps):
        within, at_home = within * (1 - inside) + at_home * enters, at_home * (1 - outside - enters)
    assert within / (within + at_home) == pytest.approx(share(age + 1, "institution"), rel=0.01)


def test_first_unions_end_within_five_years_as_often_as_published(catalogue):
    rates = catalogue.table("separation_rate_first_years")
    alone = rates.value(age="0-44", married="no", is_parent="no")
    parents = rates.value(age="0-44", married="no", is_parent="yes")
    assert 1 - math.exp(-6 * parents) == pytest.approx(0.18, abs=0.001)
    assert 1 - math.exp(-5 * parents) < 0.25 < 1 - math.exp(-5 * alone)


def test_incomes_keep_their_shares(catalogue):
    rises, falls = catalogue.table("income_rise_rate"), catalogue.table("income_fall_rate")
    for employed in ("no", "yes"):
        for tenth in range(1, 10):
            cell = {"employed": employed, "education": "middle"}
            up = catalogue.table(f"income_tenth_{tenth}").value(**cell) * rises.value(income_decile=str(tenth), **cell)
            above = catalogue.table(f"income_tenth_{tenth + 1}").value(**cell)
            assert up == pytest.approx(above * falls.value(income_decile=str(tenth + 1), **cell), rel=0.01)
