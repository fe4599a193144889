"""Figures are counted as the publishers count them."""

import datetime
from dataclasses import replace

import duckdb
import pytest
from toy_figures import figures, verdict

from abmsim.validate.counting import NOT_BORN
from abmsim.validate.estimate import year_of
from abmsim.validate.judging import NOT_JUDGED
from abmsim.validate.measures import MEASURES
from abmsim.validate.opened import OpenRun
from abmsim.validate.target_problems import MEASURES as NAMES
from abmsim.validate.target_problems import target_problems

SETTINGS = {"place": "Nederland", "seed": 1, "from": "2020-01-01", "to": "2025-01-01", "modules": {}}


@pytest.fixture
def country(catalogue):
    """An empty country of a thousand residents, each of whom stands for one."""
    tables = duckdb.connect()
    tables.execute("""create table persons (
        person_id text, birth_date date, death_date date, sex text, entered_by text as ('base_date'),
        entered_date date as (greatest(birth_date, date '2020-01-01')), left_date date as (death_date))""")
    tables.execute("create table youth_help (person_id text, referral_id text, start_date date, end_date date)")
    tables.execute("create table youth_referrals (referral_id text, referrer text)")
    tables.execute("create table vaccinations (person_id text, vaccine text, dose integer, date date)")
    yield OpenRun(tables, SETTINGS, catalogue, (), 1000, 1000, is_country=True)
    tables.close()


def test_every_target_can_be_counted_and_every_measure_is_used(catalogue):
    assert not target_problems(catalogue)
    assert set(MEASURES) == set(NAMES)
    assert set(MEASURES) == {card.target.measure for card in catalogue.cards.values() if card.target} - {""}


def test_a_label_of_a_period_is_half_open():
    assert year_of("2024") == (datetime.date(2024, 1, 1), datetime.date(2025, 1, 1))
    assert year_of("2024H1") == (datetime.date(2024, 1, 1), datetime.date(2024, 7, 1))
    assert year_of("2022H2") == (datetime.date(2022, 7, 1), datetime.date(2023, 1, 1))


def test_stock_counts_who_is_helped_on_the_day_by_age_on_the_day(country):
    country.tables.execute("""insert into persons values
        ('a', '2013-12-31', null, 'male'), ('b', '2014-01-01', null, 'male'), ('c', '2013-06-01', null, 'female')""")
    country.tables.execute("""insert into youth_help values
        ('a', 'r', '2023-01-01', null), ('b', 's', '2023-12-31', '2024-02-01'),
        ('c', 't', '2023-01-01', '2023-12-31')""")
    found = figures(country, "youth_care_stock_by_age")
    assert found["10"].simulated == 1  # a turned ten that day; the help of c ended the day before
    assert found["9"].simulated == 1
    assert verdict(found["3"]).verdict == NOT_JUDGED and found["3"].note == NOT_BORN
    assert found["4"].simulated == 0


def test_starts_are_counted_by_who_referred(country):
    country.tables.execute("insert into youth_referrals values ('r', 'gp'), ('s', 'judge')")
    country.tables.execute("""insert into youth_help values
        ('a', 'r', '2021-02-01', null), ('a', 'r', '2021-12-31', null), ('b', 's', '2022-01-01', null)""")
    found = figures(country, "youth_trajectories_started_by_referrer")
    assert [found[who].simulated for who in ("gp", "judge", "total")] == [2, 0, 2]


def test_coverage_asks_for_every_dose_of_the_cohort(country):
    country.tables.execute("""insert into persons values
        ('all', '2017-05-01', null, 'male'), ('three', '2017-05-01', null, 'female'),
        ('older', '2016-05-01', null, 'male')
    """)
    months = ("07", "08", "09")
    for person in ("all", "three"):
        for dose, month in enumerate(months, start=1):
            country.tables.execute(
                "insert into vaccinations values (?, 'DKTP_Hib_HepB', ?, ?)", [person, dose, f"2017-{month}-01"]
            )
    country.tables.execute("insert into vaccinations values ('all', 'DKTP_Hib_HepB', 4, '2018-04-01')")
    country.tables.execute("insert into vaccinations values ('three', 'BMR', 1, '2018-07-01')")
    found = figures(country, "rvp_coverage")
    assert found["DKTP, report 2019, born 2017"].simulated == 50
    assert found["BMR-1, report 2019, born 2017"].simulated == 50
    assert verdict(found["DKTP, report 2023, born 2021"]).verdict == NOT_JUDGED


def test_life_expectancy_is_that_of_the_life_table(country):
    """A hundred persons of each age with a birthday in July; one of each dies just before it."""
    country.tables.execute("""insert into persons
        select 'p' || a || '-' || i, make_date(2019 - a, 7, 2), if(i = 0, date '2020-07-01', null), 'female'
        from range(106) ages(a), range(100) members(i)""")
    years_lived = [50.0, *[99.5] * 99]  # nobody is born, so age 0 is lived for half the year
    oldest = (49.5 + 6 * 99.5) / 6  # years lived at 100 and older for each death there
    alive, expected = 1.0, 0.0
    for lived in years_lived:
        chance = 1 / lived / (1 + 1 / lived / 2)
        expected += alive * (1 - chance / 2)
        alive *= 1 - chance
    found = figures(country, "life_expectancy_nl")
    assert found["2020 female"].simulated == pytest.approx(expected + alive * oldest, rel=0.005)
    assert verdict(found["2020 male"]).verdict == NOT_JUDGED
    assert verdict(found["2019 female"]).verdict == NOT_JUDGED


def test_a_run_that_ends_early_is_not_judged_on_later_years(country):
    short = replace(country, settings={**SETTINGS, "to": "2021-01-01"})
    found = figures(short, "youth_trajectories_started_by_referrer").values()
    assert {verdict(figure).verdict for figure in found} == {NOT_JUDGED}
