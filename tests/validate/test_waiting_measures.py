"""Weeks to household help, counted by hand in a few rows."""

from __future__ import annotations

import duckdb
import pytest

from abmsim.loading import load_catalogue
from abmsim.validate import waiting
from abmsim.validate.opened import OpenRun

REPORTS = 5
"""Of each of two desks, in weeks: the first decides after 4 and helps after 6, the second after 10 and 18."""
WEEKS = {"near": (4, 6), "far": (10, 18)}


TABLES = {
    "wmo_requests": "request_id text, person_id text, request_date date, reporter text",
    "wmo_decisions": "decision_id text, request_id text, application_date date, decision_date date",
    "wmo_provisions": "provision_id text, decision_id text, product text",
    "wmo_deliveries": "provision_id text, delivery_start date",
    "waiting_list": "person_id text, institution_id text, module text, state text, asked_date date",
}


@pytest.fixture
def run() -> OpenRun:
    tables = duckdb.connect()
    for name, columns in TABLES.items():
        tables.execute(f"create table {name} ({columns})")
    for desk, (decided, helped) in WEEKS.items():
        for number in range(REPORTS):
            who = f"{desk}{number}"
            first = f"date '2022-03-0{number + 1}'"
            tables.execute(f"insert into wmo_requests values ('{who}', '{who}', {first}, 'self')")
            line = f"('{who}', '{desk}', 'wmo/access', 'at_desk', {first})"
            tables.execute(f"insert into waiting_list values {line}")
            dates = f"{first} + 14, {first} + {7 * decided}"
            tables.execute(f"insert into wmo_decisions values ('{who}', '{who}', {dates})")
            # An objection is decided on two years later: that decision cites the same request.
            tables.execute(f"insert into wmo_decisions values ('{who} again', '{who}', {first} + 700, {first} + 710)")
            tables.execute(f"insert into wmo_provisions values ('{who}', '{who}', 'household_help')")
            tables.execute(f"insert into wmo_deliveries values ('{who}', {first} + {7 * helped})")
    settings = {"from": "2020-01-01", "to": "2025-01-01"}
    return OpenRun(tables, settings, load_catalogue(), ("GM0546",), 100, 100, True)


def test_the_mean_is_over_those_who_were_helped_after_their_report(run: OpenRun) -> None:
    table = run.catalogue.table("wmo_weeks_to_household_help")
    (figure,) = waiting.weeks(run, table, 0.1)
    assert figure.published == 11 and figure.simulated == 12 and figure.n == 2 * REPORTS


def test_a_desk_is_late_by_the_mean_of_its_first_decisions(run: OpenRun) -> None:
    table = run.catalogue.table("wmo_waiting_in_municipalities")
    late, long = waiting.municipalities(run, table, 0.2)
    assert (late.published, late.simulated, late.n) == (25, 50, 2)
    assert (long.published, long.simulated, long.n) == (20, 50, 2)


def test_a_desk_with_few_reports_says_nothing(run: OpenRun) -> None:
    run.tables.execute("delete from wmo_requests where person_id = 'far0'")
    late, _ = waiting.municipalities(run, run.catalogue.table("wmo_waiting_in_municipalities"), 0.2)
    assert (late.simulated, late.n) == (0, 1)


def test_before_the_year_is_over_nothing_is_said(run: OpenRun) -> None:
    short = OpenRun(run.tables, {**run.settings, "to": "2022-07-01"}, run.catalogue, run.places, 100, 100, True)
    (figure,) = waiting.weeks(short, run.catalogue.table("wmo_weeks_to_household_help"), 0.1)
    assert figure.simulated is None and figure.note
