"""A life reads as a story: what happened in plain words, when, at what age, and why."""

from __future__ import annotations

import datetime

from abmsim.life import sentence
from abmsim.schema.schema import load_schema

TABLES = load_schema().tables
DAY = datetime.date(2021, 3, 4)


def row(table: str, **given: object) -> dict[str, object]:
    return {column.name: given.get(column.name) for column in TABLES[table].columns}


def test_a_record_is_told_without_its_keys_and_its_own_day() -> None:
    vaccination = row("vaccinations", vaccination_id="x-1", person_id="x", vaccine="BMR", dose=2, date=DAY)
    assert sentence(TABLES["vaccinations"], vaccination, DAY) == "Vaccination: BMR, dose 2"


def test_what_is_not_known_is_not_told() -> None:
    decision = row("wmo_decisions", application_date=DAY)
    assert sentence(TABLES["wmo_decisions"], decision, DAY) == "Wmo decision"


def test_a_late_decision_is_called_late() -> None:
    decision = row(
        "wmo_decisions", application_date=DAY, decision_date=datetime.date(2021, 4, 1), result="granted", on_time=False
    )
    assert sentence(TABLES["wmo_decisions"], decision, DAY) == "Wmo decision: decision date 2021-04-01, granted, late"


def test_an_end_has_its_reason() -> None:
    delivery = row(
        "wmo_deliveries",
        product="household_help",
        delivery_start=DAY,
        delivery_end=datetime.date(2022, 1, 1),
        end_reason="deceased",
        carried_over=False,
    )
    told = sentence(TABLES["wmo_deliveries"], delivery, DAY)
    assert told == "Wmo delivery: household help, delivery end 2022-01-01, end: deceased"
