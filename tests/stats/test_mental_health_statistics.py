"""Mental health and circumstances: lives lived at the rates have as many ill, in debt or lonely as published."""

from __future__ import annotations

import math

import numpy as np
import pytest

from abmsim.paths import PUBLIC_STATS
from abmsim.stats import recipes_shelter as shelter
from abmsim.stats import recipes_social_problems as problems
from abmsim.stats.by_age import ages_of
from abmsim.stats.catalogue import load
from abmsim.stats.recipes_mortality import SEXES

CATALOGUE = load([PUBLIC_STATS])
LIVES = 20_000
AGES = range(18, 75)


def residents(age, sex):
    return CATALOGUE.table("residents_nl_by_age_sex").value(year="2021", age=str(age), sex=sex)


def lived(disorder, median, sigma, sex):
    """Lives month by month at the rates of the cards: who was ill in the last year, and ever, on average over AGES."""
    first, again = (CATALOGUE.table(f"{disorder}_{what}_rate") for what in ("begins", "returns"))
    draw = np.random.default_rng(20)
    until = np.zeros(LIVES)
    ever = np.zeros(LIVES, bool)
    in_year, so_far = {}, {}
    for age in range(AGES[-1] + 2):
        ill = until > age * 12
        rates = np.array([table.value(age=str(age), sex=sex) for table in (first, again)]) / 12
        for month in range(age * 12, age * 12 + 12):
            struck = (until <= month) & (draw.random(LIVES) < -np.expm1(-rates[ever.astype(int)]))
            until[struck] = month + draw.lognormal(math.log(median), sigma, struck.sum())
            ever |= struck
            ill |= struck
        in_year[age + 1], so_far[age + 1] = ill.mean(), ever.mean()
    number = [residents(age, sex) for age in AGES]
    return (np.average([found[age + 1] for age in AGES], weights=number) for found in (in_year, so_far))


@pytest.mark.parametrize(("sex", "word"), [("female", "women"), ("male", "men")])
def test_as_many_had_a_depression_in_the_year_and_ever_as_published(sex, word):
    survey = CATALOGUE.table("mental_disorders_2019_2022")
    sigma = CATALOGUE.table("depression_spread").value()
    in_year, ever = lived("depression", 6, sigma, sex)
    assert in_year == pytest.approx(survey.value(measure=f"depression_12_months_{word}") / 100, rel=0.06)
    assert ever == pytest.approx(survey.value(measure=f"depression_ever_{word}") / 100, rel=0.06)


def test_as_many_had_an_anxiety_disorder_in_the_year_and_ever_as_published():
    survey, assumed = (CATALOGUE.table(name) for name in ("mental_disorders_2019_2022", "mental_health_assumptions"))
    median, sigma = (assumed.value(assumption=f"anxiety_{what}") for what in ("median_months", "sigma"))
    found = [tuple(lived("anxiety", median, sigma, sex)) for sex in SEXES]
    in_year, ever = (sum(figures) / len(SEXES) for figures in zip(*found, strict=True))
    assert in_year == pytest.approx(survey.value(measure="anxiety_12_months") / 100, rel=0.06)
    assert ever == pytest.approx(survey.value(measure="anxiety_ever") / 100, rel=0.06)


def test_a_depression_lasts_as_long_as_published_on_average_over_three_years():
    """The mean was not given: median and those not recovered were."""
    sigma = CATALOGUE.table("depression_spread").value()
    lasts = np.random.default_rng(1).lognormal(math.log(6), sigma, 200_000)
    mean = CATALOGUE.table("depression_course_2018").value(measure="mean_months")
    assert np.minimum(lasts, 36).mean() == pytest.approx(mean, rel=0.1)


@pytest.mark.parametrize("sex", SEXES)
def test_as_many_have_had_a_psychosis_as_the_gp_knows(sex):
    rate = CATALOGUE.table("psychosis_begins_rate")
    ages = {label: ages_of(label, problems._OLDEST) for label in rate.labels["age"]}
    by_age = {age: rate.value(age=label, sex=sex) for label in ages for age in ages[label]}
    ever = np.cumsum([by_age[age] for age in range(105)])
    part = CATALOGUE.table("mental_health_shares").value(assumption="schizophrenia_part")
    known = CATALOGUE.table("schizophrenia_known_to_gp").value(measure="in_year", sex=sex)
    have = sum(residents(age, sex) * ever[age] for age in range(105)) * part
    assert have == pytest.approx(known, rel=0.06)


def test_loneliness_by_age_is_the_published_one():
    published, shares = CATALOGUE.table("loneliness_2022"), CATALOGUE.table("loneliness_share")
    groups = problems._positions(CATALOGUE)
    for level in ("some", "strong"):
        for label in published.labels["age"]:
            single = problems._part(groups, ages_of(label, 99), ("single",))
            alone, others = (shares.value(level=level, age=label, lives_alone=answer) for answer in ("yes", "no"))
            mixed = alone * single + others * (1 - single)
            assert mixed == pytest.approx(published.value(age=label, level=level) / 100, abs=0.001)


def test_as_many_are_in_debt_as_published():
    shares = problems.debt_shares(CATALOGUE)
    number = {age: sum(residents(age, sex) for sex in SEXES) for age in range(16, 105)}
    mean = sum(n * sum(share[age] + share[age + 1] for share in shares.values()) / 10 for age, n in number.items())
    assert mean / sum(number.values()) == pytest.approx(0.075, abs=0.0005)


def test_sheltered_living_and_shelter_are_those_of_the_year():
    years, came = shelter._stays(CATALOGUE)
    persons = CATALOGUE.table("wmo_residence_and_shelter_2020").value(sex="total")
    part = CATALOGUE.table("wmo_shelter_shares").value(figure="sheltered_living")
    assert years * came + came == pytest.approx(persons * part)
    ratio, come = CATALOGUE.table("wlz_psychiatric_ratio"), CATALOGUE.table("wlz_psychiatric_from")
    assert ratio.value(who="sheltered_living") > ratio.value(who="psychosis") > 1 > ratio.value(who="others")
    assert sum(come.cells.values()) == pytest.approx(1)
