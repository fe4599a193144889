"""Starts of youths who have several are less sure than as many starts of as many youths."""

import math

import duckdb
import pytest
from toy_figures import figures

from abmsim.validate.opened import OpenRun

SETTINGS = {"place": "Nederland", "seed": 1, "from": "2020-01-01", "to": "2025-01-01", "modules": {}}


@pytest.fixture
def country(catalogue):
    """A country of a hundred thousand residents without youth help, each of whom stands for ten."""
    tables = duckdb.connect()
    tables.execute("create table youth_help (person_id text, referral_id text, start_date date, end_date date)")
    tables.execute("create table youth_referrals (referral_id text, referrer text)")
    tables.execute("insert into youth_referrals values ('r', 'gp')")
    yield OpenRun(tables, SETTINGS, catalogue, (), 100_000, 1_000_000, is_country=True)
    tables.close()


def error_of_gp(country: OpenRun) -> float:
    return figures(country, "youth_trajectories_started_by_referrer")["gp"].error


@pytest.mark.parametrize("each", [1, 4])
def test_the_error_grows_with_the_starts_of_one_youth(country, each):
    country.tables.execute(
        f"insert into youth_help select 'p' || i, 'r', date '2021-02-01', null from range(1000) t(i), range({each})"
    )
    published = country.catalogue.table("youth_trajectories_started_by_referrer").value(referrer="gp") / 10
    assert error_of_gp(country) == pytest.approx(10 * math.sqrt(each * published), rel=0.06)


def test_nobody_found_is_as_unsure_as_the_published_number(country):
    published = country.catalogue.table("youth_trajectories_started_by_referrer").value(referrer="gp") / 10
    assert error_of_gp(country) == pytest.approx(10 * math.sqrt(published), rel=0.06)
