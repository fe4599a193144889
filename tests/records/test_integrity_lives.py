"""The proof of the lives: every fault that is planted among households and families is found and named."""

from __future__ import annotations

from pathlib import Path

import broken
import pytest
from broken import codes
from fake_log import SCHEMA

from abmsim.problems import Problem
from abmsim.records.integrity import checks
from abmsim.records.integrity_lives import lives_checks

HOMES = "household_members"


def rewrite(run: Path, table: str, query: str) -> list[Problem]:
    """Break a table, then look at what is promised of lives."""
    return broken.rewrite(run, table, query, lives_checks())


def rewrite_records(run: Path, query: str) -> list[Problem]:
    """Break the vaccinations, then look at what is promised of them."""
    promises = (check for check in checks(SCHEMA) if check.table == "vaccinations")
    return broken.rewrite(run, "vaccinations", query, promises)


def one(of: str, where: str = "true") -> str:
    """The smallest value of the table that is being rewritten."""
    return f"(SELECT min({of}) FROM t WHERE {where})"


def test_a_day_without_a_home_is_found(copy: Path) -> None:
    second = one("person_id", "from_date > DATE '2020-01-01' AND person_id IN (SELECT person_id FROM unions)")
    later = "CASE WHEN from_date > DATE '2020-01-01' THEN from_date + 1 ELSE from_date END"
    query = f"SELECT * REPLACE (CASE WHEN person_id = {second} THEN {later} ELSE from_date END AS from_date) FROM t"
    assert (HOMES, "R210") in codes(rewrite(copy, HOMES, query))


def test_two_homes_at_a_time_are_found(copy: Path) -> None:
    moved = "person_id IN (SELECT person_id FROM moves WHERE kind = 'separation')"
    last = f"CASE WHEN {moved} AND to_date IS NOT NULL THEN to_date + 5 ELSE to_date END"
    assert (HOMES, "R210") in codes(rewrite(copy, HOMES, f"SELECT * REPLACE ({last} AS to_date) FROM t"))


@pytest.mark.parametrize("change", ["from_date - 1 AS from_date", "DATE '2024-12-01' AS to_date"])
def test_a_home_outside_the_years_of_observation_is_found(copy: Path, change: str) -> None:
    assert (HOMES, "R210") in codes(rewrite(copy, HOMES, f"SELECT * REPLACE ({change}) FROM t"))


def test_a_person_without_any_home_is_found(copy: Path) -> None:
    problems = rewrite(copy, HOMES, f"SELECT * FROM t WHERE person_id <> {one('person_id')}")
    assert (HOMES, "R210") in codes(problems)


def test_a_child_alone_is_found(copy: Path) -> None:
    """All grown-ups leave the day before the last day of a child: by their deaths, one after the other."""
    newborn = "SELECT household_id FROM household_members JOIN births USING (person_id)"
    query = f"SELECT * FROM t WHERE household_id NOT IN ({newborn}) OR person_id IN (SELECT person_id FROM births)"
    problems = rewrite(copy, HOMES, query)
    assert (HOMES, "R212") in codes(problems)
    assert any("under 16" in problem.text for problem in problems)


def test_a_child_left_alone_later_is_found(copy: Path) -> None:
    newborn = "SELECT household_id FROM household_members JOIN births USING (person_id)"
    ends = f"household_id IN ({newborn}) AND person_id NOT IN (SELECT person_id FROM births)"
    query = f"SELECT * REPLACE (CASE WHEN {ends} THEN DATE '2024-10-01' ELSE to_date END AS to_date) FROM t"
    assert (HOMES, "R212") in codes(rewrite(copy, HOMES, query))


def test_a_child_in_an_institution_is_not_alone(copy: Path) -> None:
    newborn = "SELECT household_id FROM household_members JOIN births USING (person_id)"
    rewrite(
        copy,
        HOMES,
        f"SELECT * FROM t WHERE household_id NOT IN ({newborn}) OR person_id IN (SELECT person_id FROM births)",
    )
    found = codes(rewrite(copy, "households", "SELECT * REPLACE ('institution' AS kind) FROM t"))
    assert (HOMES, "R212") not in found


def test_a_household_without_anybody_is_found(copy: Path) -> None:
    query = "SELECT * FROM t UNION ALL SELECT 'abh-empty', * EXCLUDE (household_id) FROM (SELECT * FROM t LIMIT 1)"
    assert codes(rewrite(copy, "households", query)) == {("households", "R211")}


AWAY = """
    SELECT * REPLACE (CASE WHEN person_id = {alone} THEN DATE '2023-01-01' ELSE to_date END AS to_date) FROM t
    UNION ALL SELECT * REPLACE (DATE '2023-02-01' AS from_date) FROM t WHERE person_id = {alone}
"""
"""The single who moved in has a time away."""


def test_a_household_that_is_empty_for_some_days_is_found(copy: Path) -> None:
    alone = "(SELECT min(person_id) FROM persons WHERE entered_by = 'move_in')"
    assert ("households", "R211") in codes(rewrite(copy, HOMES, AWAY.format(alone=alone)))


def test_an_institution_may_be_empty_for_some_days(copy: Path) -> None:
    alone = "(SELECT min(person_id) FROM persons WHERE entered_by = 'move_in')"
    rewrite(copy, HOMES, AWAY.format(alone=alone))
    found = codes(rewrite(copy, "households", "SELECT * REPLACE ('institution' AS kind) FROM t"))
    assert ("households", "R211") not in found


@pytest.mark.parametrize("change", ["size + 1 AS size", "from_date + 1 AS from_date", "DATE '2024-01-01' AS to_date"])
def test_a_household_unlike_its_members_is_found(copy: Path, change: str) -> None:
    assert codes(rewrite(copy, "households", f"SELECT * REPLACE ({change}) FROM t")) == {("households", "R211")}


def test_two_partners_at_a_time_are_found_on_either_side(copy: Path) -> None:
    longer = "SELECT * REPLACE (NULL::DATE AS to_date) FROM t"
    assert ("unions", "R213") in codes(rewrite(copy, "unions", longer))


def test_the_partner_of_two_people_is_found(copy: Path) -> None:
    same = f"CASE WHEN to_date IS NULL THEN {one('partner_id', 'to_date IS NULL')} END"
    assert ("unions", "R213") in codes(rewrite(copy, "unions", f"SELECT * REPLACE ({same} AS partner_id) FROM t"))


@pytest.mark.parametrize("query", ["SELECT * FROM t OFFSET 1", "SELECT * REPLACE (date + 1 AS date) FROM t"])
def test_a_birth_unlike_the_person_is_found(copy: Path, query: str) -> None:
    assert ("births", "R214") in codes(rewrite(copy, "births", query))


def test_a_mother_who_is_a_man_is_found(copy: Path) -> None:
    assert ("births", "R215") in codes(
        rewrite(copy, "births", "SELECT * REPLACE (father_id AS mother_id) FROM t WHERE father_id IS NOT NULL")
    )


def test_a_mother_who_was_dead_is_found(copy: Path) -> None:
    mother = "person_id IN (SELECT mother_id FROM births)"
    query = f"SELECT * REPLACE (CASE WHEN {mother} THEN DATE '2020-02-01' ELSE left_date END AS left_date) FROM t"
    assert ("births", "R215") in codes(rewrite(copy, "persons", query))


def test_parents_that_relations_do_not_know_are_found(copy: Path) -> None:
    assert ("births", "R215") in codes(rewrite(copy, "relations", "SELECT * FROM t WHERE kind <> 'father'"))


def test_a_parent_younger_than_the_child_is_found(copy: Path) -> None:
    turned = "SELECT * REPLACE (relative_id AS person_id, person_id AS relative_id) FROM t WHERE kind = 'mother'"
    assert ("relations", "R216") in codes(rewrite(copy, "relations", turned))


def test_two_mothers_are_found(copy: Path) -> None:
    other = "(SELECT min(person_id) FROM persons WHERE sex = 'female' AND entered_by = 'base_date')"
    query = f"SELECT * FROM t UNION ALL SELECT * REPLACE ({other} AS relative_id) FROM t WHERE kind = 'mother'"
    assert ("relations", "R216") in codes(rewrite(copy, "relations", query))


@pytest.mark.parametrize("kind", ["partner", "former_partner"])
def test_a_partner_of_one_side_only_is_found(copy: Path, kind: str) -> None:
    query = f"SELECT * FROM t WHERE kind <> '{kind}' OR person_id < relative_id"
    assert codes(rewrite(copy, "relations", query)) == {("relations", "R217")}


@pytest.mark.parametrize(
    "change",
    [
        "birth_date - 1 AS entered_date",
        "NULL::VARCHAR AS left_by",
        "CASE WHEN left_by = 'death' THEN 'move_out' ELSE left_by END AS left_by",
        "CASE WHEN left_by = 'emigration' THEN 'death' ELSE left_by END AS left_by",
    ],
)
def test_a_stay_that_contradicts_itself_is_found(copy: Path, change: str) -> None:
    assert ("persons", "R218") in codes(rewrite(copy, "persons", f"SELECT * REPLACE ({change}) FROM t"))


def test_a_record_before_arrival_is_found(copy: Path) -> None:
    came = "person_id IN (SELECT person_id FROM persons WHERE entered_by = 'immigration')"
    query = f"SELECT * REPLACE (CASE WHEN {came} THEN date - 1 ELSE date END AS date) FROM t"
    assert ("vaccinations", "R207") in codes(rewrite_records(copy, query))


def test_a_record_after_departure_is_found(copy: Path) -> None:
    left = "person_id IN (SELECT person_id FROM persons WHERE left_by = 'emigration')"
    query = f"SELECT * REPLACE (CASE WHEN {left} THEN DATE '2024-12-31' ELSE date END AS date) FROM t"
    assert ("vaccinations", "R207") in codes(rewrite_records(copy, query))
