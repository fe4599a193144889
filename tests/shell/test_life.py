"""A life reads as a story: what happened in plain words, when, at what age, and why."""

from __future__ import annotations

import datetime

from abmsim.life import came_and_left, sentence
from abmsim.schema.schema import load_schema

TABLES = load_schema().tables
DAY = datetime.date(2021, 3, 4)


def row(table: str, **given: object) -> dict[str, object]:
    return {column.name: given.get(column.name) for column in TABLES[table].columns}


def test_it_is_told_how_a_newcomer_came_and_left() -> None:
    stay = row(
        "persons",
        birth_date=datetime.date(1950, 5, 6),
        entered_by="immigration",
        entered_date=DAY,
        left_by="death",
        left_date=datetime.date(2023, 1, 2),
    )
    assert came_and_left(stay) == ", immigrated 2021-03-04, died 2023-01-02 at 72"


def test_who_was_there_all_along_neither_came_nor_left() -> None:
    assert came_and_left(row("persons", entered_by="base_date", entered_date=datetime.date(2020, 1, 1))) == ""


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
