"""What deliveries cost and how many provisions a client has, counted by hand in a few rows."""

from __future__ import annotations

import duckdb
import pytest

from abmsim.loading import load_catalogue
from abmsim.validate import wmo_provisions
from abmsim.validate.opened import OpenRun

PROVISIONS = (
    # person, product, volume, frequency, tariff, first day, last day; cost in 2023
    ("anna", "guidance", 2, "week", 70, "2022-01-01", None),  # 365 / 7 * 140 = 7,300
    ("anna", "transport_services", 2, "month", 14, "2023-12-02", "2023-12-12"),  # 10 days
    ("bert", "short_stay", 1, "day", 180, "2023-12-31", "2024-01-10"),  # one day: 180
    ("bert", "home_adaptations", 1, "total", 5000, "2023-06-01", None),  # once
    ("carl", "home_adaptations", 1, "total", 5000, "2022-06-01", None),  # paid the year before
    ("carl", "household_help", None, None, None, "2020-06-01", "2023-03-01"),  # nothing is known of its cost
    ("carl", "household_help", None, None, None, "2023-03-01", None),  # another right
    ("dora", "sheltered_living", 1, "day", 100, "2023-01-01", "2023-01-11"),  # 1,000
)
GUIDANCE, TRANSPORT, OTHERS = 7300.0, 28 * 10 / (365.25 / 12), 180 + 5000


@pytest.fixture
def run() -> OpenRun:
    tables = duckdb.connect()
    tables.execute("create table wmo_provisions (provision_id int, volume double, frequency text, tariff_eur double)")
    tables.execute(
        "create table wmo_deliveries "
        "(provision_id int, person_id text, product text, delivery_start date, delivery_end date)"
    )
    for number, (person, product, volume, frequency, tariff, start, end) in enumerate(PROVISIONS):
        tables.execute("insert into wmo_provisions values (?, ?, ?, ?)", [number, volume, frequency, tariff])
        tables.execute("insert into wmo_deliveries values (?, ?, ?, ?, ?)", [number, person, product, start, end])
    settings = {"from": "2020-01-01", "to": "2025-01-01"}
    return OpenRun(tables, settings, load_catalogue(), ("GM1680",), 100, 100, True)


def test_a_year_costs_its_days_times_volume_times_tariff(run: OpenRun) -> None:
    (figure,) = wmo_provisions.cost(run, run.catalogue.table("wmo_expenditure"), 0.2)
    assert figure.simulated == pytest.approx((GUIDANCE + TRANSPORT + OTHERS + 1000) / 1e6)
    assert figure.published == pytest.approx(5483.969)


def test_a_place_has_the_types_that_are_published_of_it(run: OpenRun) -> None:
    table = run.catalogue.table("wmo_expenditure_of_a_place")
    (figure,) = wmo_provisions.cost_of_a_place(run, table, 0.2)
    assert (figure.published, figure.simulated) == (6758, pytest.approx((GUIDANCE + TRANSPORT + OTHERS + 1000) / 1e3))
    elsewhere = OpenRun(run.tables, run.settings, run.catalogue, ("GM0505",), 100, 100, False)
    at_home, support = wmo_provisions.cost_of_a_place(elsewhere, table, 0.2)
    assert (at_home.published, support.published) == (36643, 15923)
    assert at_home.simulated == support.simulated == pytest.approx((366 / 7 * 140 + 9 * 180) / 1e3)
    assert support.n == 2


def test_a_client_has_as_many_provisions_as_rights_in_the_year(run: OpenRun) -> None:
    figures = wmo_provisions.number_of_provisions(run, run.catalogue.table("wmo_number_of_provisions_alkmaar"), 0.2)
    assert [figure.label for figure in figures] == [f"{n} provisions" for n in ("1", "2", "3", "4", "5", "6+")]
    # anna and bert have two, carl three
    assert [figure.simulated for figure in figures] == pytest.approx([0, 200 / 3, 100 / 3, 0, 0, 0])


def test_before_the_year_is_over_nothing_is_said(run: OpenRun) -> None:
    short = OpenRun(run.tables, {**run.settings, "to": "2023-07-01"}, run.catalogue, run.places, 100, 100, True)
    (figure,) = wmo_provisions.cost(short, run.catalogue.table("wmo_expenditure"), 0.2)
    assert figure.simulated is None and figure.note
    assert wmo_provisions.number_of_provisions(short, run.catalogue.table("wmo_number_of_provisions_alkmaar"), 0.2)[
        0
    ].note
