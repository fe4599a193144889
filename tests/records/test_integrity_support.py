"""The proof of support: every fault that is planted in the way from a request to its end is found and named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from fake_log import SCHEMA
from sound_support import sound_rows

from abmsim.records.integrity import broken, prove
from abmsim.records.integrity_ends import ends_checks
from abmsim.records.integrity_home_support import home_support_checks
from abmsim.records.integrity_long_term_care import long_term_care_checks
from abmsim.records.integrity_support import support_checks

CHECKS = [*ends_checks(SCHEMA), *support_checks(), *home_support_checks(), *long_term_care_checks()]
Residents = duckdb.DuckDBPyConnection
Faults = set[tuple[str, str, str]]


@pytest.fixture(scope="module")
def sound() -> Residents:
    return sound_rows()


@pytest.fixture
def residents(sound: Residents) -> Iterator[Residents]:
    """Rows of one's own to break."""
    sound.execute("BEGIN")
    yield sound
    sound.execute("ROLLBACK")


def faults(residents: Residents, table: str = "") -> Faults:
    """(table, code, text) of all that is wrong, or of what is asked of one table."""
    asked = [check for check in CHECKS if table in check.faults]
    found = [problem for check in asked for problem in broken(residents, check, Path())]
    return {(Path(problem.file).stem, problem.code, problem.text.split(":")[0]) for problem in found}


def changed(residents: Residents, table: str, key: str, change: str) -> Faults:
    """What is wrong after one row has other values."""
    residents.execute(f"UPDATE {table} SET {change} WHERE {SCHEMA.tables[table].columns[0].name} = '{key}'")
    return faults(residents, table)


def added(residents: Residents, table: str, key: str, change: str) -> Faults:
    """What is wrong after a row like this one, with other values, has come to it."""
    first = SCHEMA.tables[table].columns[0].name
    residents.execute(f"INSERT INTO {table} SELECT * REPLACE ('new' AS {first}) FROM {table} WHERE {first} = '{key}'")
    return changed(residents, table, "new", change)


def test_sound_rows_pass(residents: Residents) -> None:
    assert faults(residents) == set()


def test_a_made_up_run_passes(copy: Path) -> None:
    assert prove(copy / "tables", SCHEMA, CHECKS) == []


CHAIN = [
    ("wmo_requests", "a-1", "outcome = 'solved_without'", "wmo_decisions"),
    ("wmo_requests", "a-1", "outcome = NULL", "wmo_decisions"),
    ("wmo_decisions", "a-1", "request_id = NULL", "wmo_decisions"),
    ("wmo_decisions", "a-1", "result = 'refused'", "wmo_provisions"),
    ("wmo_decisions", "a-1", "result = NULL", "wmo_provisions"),
    ("wmo_decisions", "b-1", "result = 'granted'", "wmo_objections"),
    ("wmo_objections", "b-1", "decision_id = NULL", "wmo_objections"),
    ("wmo_provisions", "a-1", "decision_id = NULL", "wmo_provisions"),
    ("wmo_provisions", "a-1", "product = 'guidance'", "wmo_allocations"),
    ("wmo_provisions", "b-1", "person_id = 'a'", "wmo_deliveries"),
    ("wmo_provisions", "b-1", "financing_form = 'pgb'", "wmo_allocations"),
    ("wmo_allocations", "a-1", "provision_id = NULL", "wmo_allocations"),
    ("wmo_deliveries", "a-1", "provision_id = NULL", "wmo_deliveries"),
    ("wmo_deliveries", "a-2", "allocation_id = 'a-1'", "wmo_deliveries"),
]


@pytest.mark.parametrize(("table", "key", "change", "found_in"), CHAIN)
def test_a_row_that_does_not_follow_from_another_is_found(
    residents: Residents, table: str, key: str, change: str, found_in: str
) -> None:
    assert (found_in, "R240") in {fault[:2] for fault in changed(residents, table, key, change)}


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("c-1", "decision_id = NULL"),
        ("a-1", "decision_id = NULL, carried_over = true"),
        ("a-2", "decision_id = NULL"),
    ],
)
def test_a_decision_from_before_what_is_told_may_be_missing(residents: Residents, key: str, change: str) -> None:
    """It is, for a right that was carried over and for one that takes its place."""
    assert changed(residents, "wmo_provisions", key, change) == set()


@pytest.mark.parametrize(
    ("table", "key", "change"),
    [
        ("wmo_deliveries", "a-1", "delivery_start = DATE '2020-03-09'"),
        ("wmo_deliveries", "a-1", "delivery_end = DATE '2023-03-11'"),
        ("wmo_deliveries", "b-1", "delivery_end = NULL"),
        ("wmo_allocations", "b-1", "allocation_end = NULL"),
    ],
)
def test_what_lies_outside_its_right_is_found(residents: Residents, table: str, key: str, change: str) -> None:
    assert (table, "R241", "lies outside its right") in changed(residents, table, key, change)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("wmo_provisions", "right_start = DATE '2022-01-01'"),
        ("wmo_allocations", "allocation_start = DATE '2022-01-01'"),
        ("wmo_deliveries", "delivery_start = DATE '2022-01-01'"),
    ],
)
def test_the_same_product_twice_at_a_time_is_found(residents: Residents, table: str, change: str) -> None:
    assert added(residents, table, "a-1", change) == {(table, "R242", "somebody has the same product twice at a time")}


def test_a_product_again_after_its_end_is_sound(residents: Residents) -> None:
    again = "right_start = DATE '2024-06-01', right_end = NULL"
    assert added(residents, "wmo_provisions", "b-1", again) == set()


HELPED = (
    "person_id = 'b', delivery_start = DATE '2021-05-10', delivery_end = DATE '{until}', "
    "provision_id = NULL, allocation_id = NULL, carried_over = true"
)


def test_household_help_of_two_partners_is_found(residents: Residents) -> None:
    two = HELPED.format(until="2021-07-01")
    assert ("wmo_deliveries", "R243", "two partners have household help") in added(
        residents, "wmo_deliveries", "a-1", two
    )


def test_partners_see_of_each_other_in_the_next_month(residents: Residents) -> None:
    two = HELPED.format(until="2021-06-30")
    assert added(residents, "wmo_deliveries", "a-1", two) == set()


def test_partners_who_had_parted_before_the_base_date_were_lived_apart(residents: Residents) -> None:
    fault = ("wmo_deliveries", "R243", "two partners have household help")
    residents.execute("UPDATE unions SET to_date = DATE '2021-09-01'")
    assert fault in added(residents, "wmo_deliveries", "a-1", HELPED.format(until="2022-01-01"))
    residents.execute("UPDATE observation_periods SET begins_by = 'base_date', from_date = DATE '2021-10-01'")
    assert fault not in faults(residents)


def test_household_help_in_an_institution_is_found(residents: Residents) -> None:
    found = changed(residents, "household_members", "a", "household_id = 'h2'")
    assert found == {("wmo_deliveries", "R243", "household help comes to an institution")}


def test_nothing_is_there_before_its_law(residents: Residents) -> None:
    starts = {
        "wmo_requests": ("a-1", "request_date"), "wmo_decisions": ("a-1", "application_date"),
        "wmo_objections": ("b-1", "objection_date"), "wmo_provisions": ("c-1", "right_start"),
        "wmo_allocations": ("c-1", "allocation_start"), "wmo_deliveries": ("c-1", "delivery_start"),
        "wmo_contributions": ("c-1", "from_date"), "wlz_indications": ("c-1", "indication_start"),
        "wlz_stays": ("c-1", "from_date"), "violence_reports": ("d-1", "report_date"),
        "violence_inquiries": ("d-1", "inquiry_start"),
    }  # fmt: skip
    for table, (key, start) in starts.items():
        early = changed(residents, table, key, f"{start} = DATE '2014-12-31'")
        assert (table, "R244", "begins before the law") in early


def test_the_flat_contribution_before_2019_is_found(residents: Residents) -> None:
    text = "the flat contribution is paid before 2019"
    assert changed(residents, "wmo_contributions", "c-1", "scheme = 'flat'") == {("wmo_contributions", "R244", text)}


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ("inquiry_end = NULL, outcome = NULL", "is open or ends after death or departure"),
        ("inquiry_end = DATE '2022-05-06'", "is open or ends after death or departure"),
        ("inquiry_end = DATE '2022-05-04'", "'deceased' is not on the day of death"),
    ],
)
@pytest.mark.parametrize("table", ["wmo_requests", "violence_inquiries"])
def test_what_outlives_its_person_is_found(residents: Residents, table: str, change: str, text: str) -> None:
    assert (table, "R245", text) in changed(residents, table, "d-1", change)


DISORDER = [
    ("wmo_decisions", "a-1", "application_date = DATE '2020-02-29'"),
    ("wmo_objections", "b-1", "objection_date = DATE '2021-02-09'"),
    ("wmo_provisions", "a-1", "right_start = DATE '2020-03-09'"),
    ("wmo_allocations", "a-1", "allocation_start = DATE '2020-03-09'"),
    ("wlz_indications", "c-1", "application_date = DATE '2021-03-16'"),
    ("violence_inquiries", "d-1", "inquiry_start = DATE '2022-04-04'"),
]


@pytest.mark.parametrize(("table", "key", "change"), DISORDER)
def test_dates_out_of_order_are_found(residents: Residents, table: str, key: str, change: str) -> None:
    assert (table, "R246") in {fault[:2] for fault in changed(residents, table, key, change)}


@pytest.mark.parametrize(
    ("key", "change", "text"),
    [
        ("a-1", "from_date = DATE '2020-03-19'", "somebody pays while nothing is delivered that asks for it"),
        ("c-2", "to_date = DATE '2021-05-01'", "somebody pays while nothing is delivered that asks for it"),
        ("c-2", "person_id = 'd'", "somebody pays while nothing is delivered that asks for it"),
    ],
)
def test_a_contribution_for_nothing_is_found(residents: Residents, key: str, change: str, text: str) -> None:
    assert ("wmo_contributions", "R247", text) in changed(residents, "wmo_contributions", key, change)


def test_a_contribution_of_no_day_is_none(residents: Residents) -> None:
    """The year begins and help ends on one day: the contribution of the new year ends as it begins."""
    row = "from_date = DATE '2024-03-01', to_date = DATE '{}'"
    assert added(residents, "wmo_contributions", "c-2", row.format("2024-03-01")) == set()
    assert added(residents, "wmo_contributions", "c-2", row.format("2024-03-02")) != set()


def test_a_contribution_for_a_wheelchair_is_found(residents: Residents) -> None:
    """Of a couple either may pay, so the wheelchair is all that they have."""
    residents.execute("DELETE FROM wmo_deliveries WHERE person_id = 'a'")
    assert {fault[:2] for fault in faults(residents)} == {("wmo_contributions", "R247")}


def test_a_partner_may_pay(residents: Residents) -> None:
    residents.execute("UPDATE wmo_contributions SET person_id = 'b' WHERE person_id = 'a'")
    assert faults(residents) == set()


def test_a_contribution_for_sheltered_living_goes_with_it(residents: Residents) -> None:
    text = "somebody pays for sheltered living while it is not delivered"
    residents.execute("UPDATE wmo_contributions SET scheme = 'residence' WHERE contribution_id = 'c-2'")
    assert ("wmo_contributions", "R247", text) in faults(residents)
    residents.execute("UPDATE wmo_deliveries SET product = 'sheltered_living' WHERE person_id = 'c'")
    assert text not in {fault[2] for fault in faults(residents)}


def test_a_contribution_of_a_minor_is_found(residents: Residents) -> None:
    found = changed(residents, "persons", "a", "birth_date = DATE '2010-01-01'")
    assert ("wmo_contributions", "R247", "a minor pays") in found


def test_two_contributions_at_a_time_are_found(residents: Residents) -> None:
    found = added(residents, "wmo_contributions", "a-2", "amount_eur_a_month = 12")
    assert found == {("wmo_contributions", "R242", "somebody pays twice at a time")}


@pytest.mark.parametrize(
    ("table", "key", "change", "text"),
    [
        ("wlz_stays", "c-1", "from_date = DATE '2021-03-14'", "lies outside its indication"),
        ("wlz_stays", "c-2", "indication_id = NULL", "lies outside its indication"),
        ("wlz_indications", "c-1", "indication_end = DATE '2023-01-01'", "lies outside its indication"),
        ("wlz_stays", "c-1", "to_date = DATE '2021-04-02'", "somebody is cared for in two ways at a time"),
        ("wlz_stays", "c-1", "form = 'residence'", "somebody resides who lives in no institution"),
        ("households", "h2", "kind = 'private'", "somebody resides who lives in no institution"),
    ],
)
def test_long_term_care_that_cannot_be_is_found(
    residents: Residents, table: str, key: str, change: str, text: str
) -> None:
    assert ("wlz_stays", "R248", text) in changed(residents, table, key, change)


def test_who_resides_after_having_moved_out_is_found(residents: Residents) -> None:
    residents.execute("UPDATE household_members SET to_date = DATE '2023-01-31' WHERE household_id = 'h2'")
    assert faults(residents) == {("wlz_stays", "R248", "somebody resides who lives in no institution")}


def test_two_indications_at_a_time_are_found(residents: Residents) -> None:
    found = added(residents, "wlz_indications", "c-1", "indication_start = DATE '2022-01-01'")
    assert found == {("wlz_indications", "R248", "somebody has two indications at a time")}


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("violence_reports", "triage = 'advice'"),
        ("violence_reports", "triage = NULL"),
        ("violence_inquiries", "report_id = NULL"),
    ],
)
def test_an_inquiry_that_no_report_led_to_is_found(residents: Residents, table: str, change: str) -> None:
    assert ("violence_inquiries", "R249") in {fault[:2] for fault in changed(residents, table, "d-1", change)}
