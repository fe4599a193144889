"""Cardiovascular statistics: the published example of SCORE2, and rates that give back what they were solved for."""

from __future__ import annotations

import pytest

from abmsim.paths import PUBLIC_STATS
from abmsim.stats import recipes_cardiovascular as events
from abmsim.stats import recipes_cardiovascular_risk as risk
from abmsim.stats import recipes_excess_deaths
from abmsim.stats.by_age import ages_of
from abmsim.stats.catalogue import load
from abmsim.stats.recipes_mortality import SEXES

CATALOGUE = load([PUBLIC_STATS])
TOPICS = (events.CORONARY, events.STROKE, events.HEART_FAILURE)


@pytest.mark.parametrize(("sex", "published"), [("male", 0.059), ("female", 0.042)])
def test_score2_of_the_published_example(sex, published):
    """A smoker of 50 with 140 mmHg, cholesterol 5.5 and HDL 1.3 mmol/l, in a region of low risk."""
    score = risk._Score(CATALOGUE, sex, old=False)
    assert round(score.risk(50, 1, 0, 140, 5.5, 1.3), 3) == published


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("sex", SEXES)
def test_all_that_is_bad_makes_the_risk_larger(sex, old):
    score = risk._Score(CATALOGUE, sex, old)
    age, values = (75 if old else 55), (0, 0, 140, 5.5, 1.3)
    healthy = score.risk(age, *values)
    for place, worse in enumerate((1, 1, 150, 6.0, 1.1)):
        changed = [*values[:place], worse, *values[place + 1 :]]
        assert score.risk(age, *changed) > healthy
    assert score.risk(age + 3, *values) > healthy


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
@pytest.mark.parametrize("sex", SEXES)
def test_admissions_are_those_published(topic, sex):
    rates = events.admission_rates(CATALOGUE, topic, sex)
    persons = CATALOGUE.table("residents_nl_by_age_sex")
    published = CATALOGUE.table(topic.admissions)
    for label in published.labels["age"]:
        ages = ages_of(label)
        found = sum(
            rate * persons.cells.get((topic.year, str(age), sex), 0.0)
            for age, rate in enumerate(rates)
            if age in ages
        )
        assert found == pytest.approx(published.value(age=label, sex=sex), rel=0.02)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_those_known_are_as_many_as_published(topic):
    for sex, (course, _) in events.solved(CATALOGUE, topic).items():
        persons = [events._persons(CATALOGUE, topic.patients_year, age, sex) for age in range(len(course.begins))]
        in_year = [known + (1 - known) * new for known, new in zip(course.known, course.begins, strict=True)]
        found = sum(number * share for number, share in zip(persons, in_year, strict=True))
        assert found == pytest.approx(CATALOGUE.table(topic.patients).value(sex=sex), rel=0.01)


def test_all_causes_of_death_add_up_to_the_published_mortality():
    all_deaths, rest = CATALOGUE.table("death_rate"), CATALOGUE.table("death_rate_rest_share")
    for age in all_deaths.labels["age"]:
        for sex in SEXES:
            published, share = all_deaths.value(age=age, sex=sex), rest.value(age=age, sex=sex)
            added = recipes_excess_deaths.excess_deaths(CATALOGUE, age, sex)
            assert 0.5 < share <= 1
            assert share * published + added == pytest.approx(published, rel=0.001)


def test_a_smoker_never_begins_again_and_the_low_educated_smoke_more():
    smoking = risk.smoking(CATALOGUE)
    for sex in SEXES:
        for education in risk.LEVELS:
            shares = smoking[sex, education]
            assert all(then <= now for now, then in zip(shares, shares[1:], strict=False))
        assert smoking[sex, "low"][20] > smoking[sex, "middle"][20] > smoking[sex, "high"][20]
