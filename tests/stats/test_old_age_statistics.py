"""Dementia, falls, frailty and limitations: what was solved comes out, and so does what was published but not used."""

from __future__ import annotations

import pytest

from abmsim.paths import PUBLIC_STATS
from abmsim.stats import recipes_dementia as dementia
from abmsim.stats import recipes_falls as falls
from abmsim.stats import recipes_frailty as frailty
from abmsim.stats.catalogue import Catalogue, load
from abmsim.stats.recipes_limitations import limited
from abmsim.stats.recipes_mortality import SEXES

GP_KNOWN_AT_HOME_2021 = 45_400 + 71_100
IN_NURSING_HOMES_2021 = 71_000


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load([PUBLIC_STATS])


def _mean(values: dict[tuple[int, str], float], persons: dict[tuple[int, str], float], low: int, high: int) -> float:
    cells = [cell for cell in persons if low <= cell[0] <= high and cell in values]
    return sum(persons[cell] * values[cell] for cell in cells) / sum(persons[cell] for cell in cells)


def test_as_many_have_dementia_as_published(catalogue: Catalogue) -> None:
    persons, curve = dementia.residents(catalogue, "2021"), dementia.prevalence(catalogue)
    number = {cell: n * dementia.middle(curve[cell[1]], cell[0]) for cell, n in persons.items()}
    assert sum(number.values()) == pytest.approx(290_000, rel=0.001)
    assert sum(n for (age, _), n in number.items() if age < 65) == pytest.approx(15_000, rel=0.001)
    women = sum(n for (_, sex), n in number.items() if sex == "female")
    assert women / sum(number.values()) == pytest.approx(180 / 280, abs=0.001)


def test_dementia_begins_as_often_as_published_though_that_was_not_used(catalogue: Catalogue) -> None:
    """Alzheimer Nederland: 2 in 1,000 a year at 65-69, about 50 in 1,000 at 90 and older."""
    persons, curve = dementia.residents(catalogue, "2021"), dementia.prevalence(catalogue)
    begins = {(age, sex): dementia.onset_of_all(curve[sex], age) for age, sex in persons}
    assert _mean(begins, persons, 65, 69) == pytest.approx(0.002, rel=0.35)
    assert _mean(begins, persons, 90, 104) == pytest.approx(0.050, rel=0.15)


def test_as_many_cases_are_known_as_published_though_only_new_ones_were_used(catalogue: Catalogue) -> None:
    persons, curve = dementia.residents(catalogue, "2021"), dementia.prevalence(catalogue)
    assumed, rate = dementia.assumptions(catalogue), catalogue.table("dementia_noticed_rate").value(dementia="mild")
    known = sum(
        persons.get((age, sex), 0.0) * (sum(stages.known) - stages.asked)
        for sex in SEXES
        for age, stages in dementia.cohort(catalogue, curve[sex], rate, assumed)
    )
    assert known == pytest.approx(GP_KNOWN_AT_HOME_2021 + IN_NURSING_HOMES_2021, rel=0.1)


def test_as_many_come_and_die_after_a_fall_as_published(catalogue: Catalogue) -> None:
    early, late = (dementia.residents(catalogue, year) for year in ("2021", "2023"))
    visits, hips, deaths = falls.visits(catalogue), falls.hip_fractures(catalogue), falls.excess_deaths(catalogue)
    assert sum(late[cell] * rate for cell, rate in visits.items() if cell in late) == pytest.approx(112_000)
    assert sum(late[cell] * rate for cell, rate in hips.items() if cell in late) == pytest.approx(16_800)
    assert sum(early[cell] * rate for cell, rate in deaths.items() if cell in early) == pytest.approx(
        5_400, rel=0.01
    )


def test_falls_by_limitations_leave_the_mean_of_an_age_as_it_is(catalogue: Catalogue) -> None:
    found, table, visits = limited(catalogue), catalogue.table("fall_rate"), falls.visits(catalogue)
    for age in (65, 80, 95):
        severe = dementia.middle(found.severe["female"], age)
        either = dementia.middle(found.any["female"], age)
        shares = {"none": 1 - either, "some": either - severe, "severe": severe}
        rates = {label: table.value(age=str(age), sex="female", limitations=label) for label in shares}
        mean = sum(share * rates[label] for label, share in shares.items())
        assert mean == pytest.approx(visits[age, "female"], rel=0.01)
        assert rates["none"] < rates["some"] < rates["severe"]


def test_two_thirds_of_the_frail_at_home_are_women_though_that_was_not_used(catalogue: Catalogue) -> None:
    persons, curve = dementia.residents(catalogue, "2021"), frailty.shares(catalogue)
    frail = {(age, sex): n * curve[sex][age - frailty.FIRST_AGE] for (age, sex), n in persons.items() if age >= 65}
    women = sum(n for (_, sex), n in frail.items() if sex == "female")
    assert women / sum(frail.values()) == pytest.approx(2 / 3, abs=0.03)


def test_limitations_that_begin_by_themselves_are_fewer_where_others_bring_them(catalogue: Catalogue) -> None:
    table = catalogue.table("limitation_begins_rate")
    assert min(table.cells.values()) == 0
    for sex in SEXES:
        for years in ("1850-2019", "2020+"):
            assert table.value(year=years, age="80", sex=sex) > table.value(year=years, age="105", sex=sex)
