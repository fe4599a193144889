"""Who suffers violence, and which regions keep the terms of Veilig Thuis, counted by hand in a few rows."""

from __future__ import annotations

import duckdb
import pytest

from abmsim.loading import load_catalogue
from abmsim.validate import violence
from abmsim.validate.opened import OpenRun

TABLES = {
    "events": "person_id text, module text, state text, date date",
    "persons": "person_id text, sex text, birth_date date, entered_date date, left_date date",
    "violence_reports": "person_id text, report_date date, on_time boolean",
    "violence_inquiries": "person_id text, inquiry_start date, on_time boolean",
    "waiting_list": "person_id text, institution_id text, module text, state text, asked_date date",
}
SPELLS = [
    ("long_ago", "partner_violence", "2010-01-01"), ("long_ago", "stopped", "2012-01-01"),
    ("before", "partner_violence", "2013-01-01"), ("before", "stopped", "2016-01-01"),
    ("still", "elder_abuse", "2019-06-01"),
    ("grown_up", "child_abuse", "2014-01-01"), ("grown_up", "stopped", "2018-01-01"),
    ("child", "child_abuse", "2018-01-01"), ("child", "stopped", "2019-03-01"),
]  # fmt: skip
PERSONS = [
    ("long_ago", "female", 1980), ("before", "female", 1980), ("still", "male", 1940), ("grown_up", "male", 2000),
    ("child", "female", 2010), ("nobody", "male", 1970),
]  # fmt: skip


@pytest.fixture
def run() -> OpenRun:
    tables = duckdb.connect()
    for name, columns in TABLES.items():
        tables.execute(f"create table {name} ({columns})")
    for person, sex, year in PERSONS:
        tables.execute(f"insert into persons values ('{person}', '{sex}', '{year}-01-01', '2020-01-01', null)")
    for person, state, day in SPELLS:
        tables.execute(f"insert into events values ('{person}', 'primary_care/domestic_violence', '{state}', '{day}')")
    settings = {"from": "2020-01-01", "to": "2025-01-01"}
    return OpenRun(tables, settings, load_catalogue(), ("GM0546",), 100, 100, True)


def test_adults_count_who_suffered_as_adults_in_the_five_years(run: OpenRun) -> None:
    table = run.catalogue.table("violence_in_five_years")
    found = {figure.label: figure.simulated for figure in violence.adults_in_five_years(run, table, 0.1)}
    assert found == {"total": 40, "female": 50, "male": pytest.approx(100 / 3)}


def test_children_count_who_are_children_still(run: OpenRun) -> None:
    (figure,) = violence.children_in_a_year(run, run.catalogue.table("child_abuse_in_a_year"), 0.1)
    assert (figure.published, figure.simulated) == (108_500, 1)


def test_of_a_later_year_those_who_still_suffer(run: OpenRun) -> None:
    figures = violence.of_16_in_a_year(run, run.catalogue.table("violence_in_a_year"), 0.1)
    assert [figure.simulated for figure in figures] == [1, 1]


def test_a_region_is_in_time_by_its_reports(run: OpenRun) -> None:
    for region, in_time in (("quick", 20), ("slow", 17), ("small", 5)):
        for number in range(5 if region == "small" else 20):
            who = f"{region}{number}"
            run.tables.execute(f"insert into violence_reports values ('{who}', '2022-03-01', {number < in_time})")
            line = f"('{who}', '{region}', 'wmo/veilig_thuis', 'report', '2022-03-01')"
            run.tables.execute(f"insert into waiting_list values {line}")
    reports, inquiries = violence.regions_in_time(run, run.catalogue.table("veilig_thuis_in_time"), 0.1)
    assert (reports.published, reports.simulated, reports.n) == (7, 13, 2)
    assert inquiries.simulated is None
