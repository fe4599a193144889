"""The counting engine beside loops over the rows, for rules, populations and periods of all kinds."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import product

import duckdb
import numpy as np
import pytest
from toy_targets import catalogue_of, write

from abmsim.randomness import keys, uniform
from abmsim.validate.opened import OpenRun
from abmsim.validate.periods import Span, span_of
from abmsim.validate.targets import figures_of

SETTINGS = {
    "place": "Nederland", "seed": 1, "from": "2020-01-01", "to": "2024-01-01", "modules": {"lifecourse/birth": ""}
}  # fmt: skip
RESIDENTS, SPELLS = 150, 300
FIRST = datetime.date(2020, 1, 1)

Day = datetime.date


@dataclass(frozen=True)
class Resident:
    name: str
    born: Day
    sex: str
    entered: Day
    left: Day | None

    def age_on(self, day: Day) -> int:
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    def here_on(self, day: Day) -> bool:
        return self.entered <= day and (self.left is None or self.left > day)


@dataclass(frozen=True)
class Spell:
    who: Resident
    product: str
    start: Day
    end: Day | None


def residents_and_spells() -> tuple[list[Resident], list[Spell]]:
    u = uniform(keys(17, np.arange(10 * (RESIDENTS + SPELLS), dtype=np.uint64))).reshape(-1, 10)
    people = []
    for number, row in enumerate(u[:RESIDENTS]):
        entered = FIRST if row[0] < 0.7 else FIRST + datetime.timedelta(days=int(1400 * row[1]))
        left = entered + datetime.timedelta(days=1 + int(900 * row[3])) if row[2] < 0.3 else None
        born = Day(2019, 6, 15) - datetime.timedelta(days=int(90 * 365 * row[4]))
        people.append(Resident(f"p{number:03}", born, "female" if row[5] < 0.5 else "male", entered, left))
    spells = []
    for row in u[RESIDENTS:]:
        start = FIRST + datetime.timedelta(days=int(1400 * row[1]))
        end = start + datetime.timedelta(days=int(400 * row[3])) if row[2] < 0.8 else None
        kind = "household_help" if row[5] < 0.6 else "personal_care"
        spells.append(Spell(people[int(row[0] * RESIDENTS)], kind, start, end))
    return people, spells


PEOPLE, ROWS = residents_and_spells()


@pytest.fixture(scope="module")
def tables():
    tables = duckdb.connect()
    tables.execute("""create table persons (person_id text, birth_date date, sex text, entered_date date,
        left_date date)""")
    tables.execute("""create table wmo_deliveries (person_id text, product text, delivery_start date,
        delivery_end date)""")
    tables.executemany("insert into persons values (?, ?, ?, ?, ?)",
                       [(one.name, one.born, one.sex, one.entered, one.left) for one in PEOPLE])  # fmt: skip
    tables.executemany("insert into wmo_deliveries values (?, ?, ?, ?)",
                       [(row.who.name, row.product, row.start, row.end) for row in ROWS])  # fmt: skip
    yield tables
    tables.close()


def counts(rule: str, row: Spell, span: Span) -> bool:
    if rule == "starts":
        return span.from_date <= row.start < span.to_date
    if rule in ("ends", "duration of spells"):
        return row.end is not None and span.from_date <= row.end < span.to_date
    if rule == "stock at date":
        return row.start <= span.from_date and (row.end is None or row.end > span.from_date)
    return row.start < span.to_date and (row.end is None or row.end > span.from_date)


def is_of(who: Resident, span: Span, ages: tuple[int, int] | None, at: str, present: str) -> bool:
    moment = span.last_day if at == "end" else span.from_date
    if ages and not ages[0] <= who.age_on(moment) <= ages[1]:
        return False
    if present == "all year":
        return who.entered <= span.from_date and (who.left is None or who.left >= span.to_date)
    if present == "any part":
        return True
    return who.here_on(span.last_day if present == "end" else span.from_date)


PERIODS = ("2021", "2022H1", "2020Q4")
RULES = ("persons in period", "spells in period", "starts", "ends")
POPULATIONS = [
    (None, "start", "any part"), ((18, 64), "start", "start"), ((65, 200), "end", "end"), ((0, 200), "end", "all year"),
]  # fmt: skip


def simulated(tmp_path, tables, rule: str, unit: str, period: str, population: str = "") -> float | None:
    target = f"period: '{period}'\ncounts: {{table: wmo_deliveries, where: {{product: household_help}}}}\n{population}"
    write(tmp_path, target, "sex,figure\nfemale,1", rule, unit)
    run = OpenRun(tables, SETTINGS, catalogue_of(tmp_path), (), RESIDENTS, RESIDENTS, is_country=True)
    (figure,) = figures_of(run, run.catalogue.card("toy"))
    return figure.simulated


@pytest.mark.parametrize(("ages", "at", "present"), POPULATIONS)
def test_numbers_of_a_period(tmp_path, tables, ages, at, present):
    age = f"age: {ages[0]}-{ages[1]}, " if ages else ""
    for rule, period in product(RULES, PERIODS):
        span = span_of(period)
        assert span is not None
        rows = [
            row for row in ROWS if row.product == "household_help" and row.who.sex == "female"
            and counts(rule, row, span) and is_of(row.who, span, ages, at, present)
        ]  # fmt: skip
        expected = len({row.who for row in rows}) if rule == "persons in period" else len(rows)
        unit = "persons" if rule == "persons in period" else "number"
        population = f"population: {{{age}at: {at}, present: {present}}}"
        assert simulated(tmp_path, tables, rule, unit, period, population) == expected, (rule, period)


@pytest.mark.parametrize("day", ["2020-01-01", "2021-06-30", "2022-12-31"])
def test_numbers_of_a_day_and_shares_of_who_is_there(tmp_path, tables, day):
    span = span_of(day)
    assert span is not None
    here = [who for who in PEOPLE if who.sex == "female" and who.here_on(span.from_date)]
    women = [who for who in here if who.age_on(span.from_date) >= 18]
    helped = {row.who for row in ROWS if row.product == "household_help" and counts("stock at date", row, span)}
    adults = "population: {age: 18+}"
    assert simulated(tmp_path, tables, "stock at date", "persons", day, adults) == len(helped & set(women))
    share = simulated(tmp_path, tables, "share of group", "percent", day, adults)
    assert share == pytest.approx(100 * len(helped & set(women)) / len(women))


@pytest.mark.parametrize("period", PERIODS)
def test_shares_and_durations_of_a_period(tmp_path, tables, period):
    span = span_of(period)
    assert span is not None
    rows = [row for row in ROWS if row.product == "household_help" and row.who.sex == "female"]
    helped = {row.who for row in rows if counts("persons in period", row, span)}
    women = {who for who in PEOPLE if who.sex == "female" and who.here_on(span.last_day)}
    found = simulated(tmp_path, tables, "persons in period", "percent", period, "population: {present: end}")
    assert found == pytest.approx(100 * len(helped & women) / len(women))
    days = [(row.end - row.start).days for row in rows if row.end and counts("ends", row, span)]
    assert simulated(tmp_path, tables, "duration of spells", "days", period) == pytest.approx(sum(days) / len(days))
