"""Vaccinations in a run, counted as the reports of RIVM count them: the part of a birth cohort that had every dose."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from abmsim.days import DAYS_PER_YEAR, parse_duration
from abmsim.stats.catalogue import Table
from abmsim.validate.estimate import Estimate, figure, percent
from abmsim.validate.figure import Figure
from abmsim.validate.opened import OpenRun

_AGE_OF_REPORT = {"HPV": 14}
_AGE_OF_OTHERS = 2
"""In years: the report of a year counts infants' vaccines at 2 and HPV at 14."""

_FIRST_DOSE_AT = {("HPV girls", "2023"): 16}
"""In years: the preliminary figure of January 2023 counts girls born 2006 who took part, with a first dose at least."""

NOT_BORN = "born after the base date: no births in the run"
TOO_YOUNG = "the cohort reaches the age of the report after the end of the run"

_DAYS_OF_GRACE = 31
"""A dose of the last month before the report's birthday may be entered in the month after it."""


def coverage(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """The share of a birth cohort with all doses of a vaccine: `BMR-1` (one dose), `DKTP`, `HPV girls`."""
    cohorts = {
        (row["vaccine"], row["report_year"]): int(row["cohort"].removeprefix("born "))
        for row in run.catalogue.rows(table.card.name)
    }
    figures = []
    for (vaccine, year), published in table.cells.items():
        family, dose, sex = _named(vaccine)
        born, age = cohorts[vaccine, year], _AGE_OF_REPORT.get(family, _AGE_OF_OTHERS)
        if (vaccine, year) in _FIRST_DOSE_AT:
            dose, age = "1", _FIRST_DOSE_AT[vaccine, year]
            vaccine = vaccine.replace(family, f"{family}-{dose}")
        label = f"{vaccine}, report {year}, born {born}"
        figures.append(_cohort(run, label, published, margin, _Asked(family, dose, sex, born, age)))
    return figures


def fully_vaccinated(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """The share of two-year-olds with every dose of every vaccine of the programme."""
    figures = []
    for (year,), published in table.cells.items():
        born = int(year) - (3 if year == "2021" else 2)  # the caveat of the card
        asked = _Asked("", "", "", born, _AGE_OF_OTHERS)
        figures.append(_cohort(run, f"report {year}, born {born}", published, margin, asked))
    return figures


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which doses of which children: `family` of vaccines ('' for all), one `dose` or all (''), `sex` or both ('')."""

    family: str
    dose: str
    sex: str
    born: int
    age: int


def _named(vaccine: str) -> tuple[str, str, str]:
    """`BMR-1` -> (BMR, 1, ''); `HPV girls` -> (HPV, '', female)."""
    name, _, who = vaccine.partition(" ")
    family, _, dose = name.partition("-")
    return family, dose, {"girls": "female", "boys": "male"}.get(who, "")


def _cohort(run: OpenRun, label: str, published: float, margin: float, asked: _Asked) -> Figure:
    if asked.born >= run.from_date.year and not run.has_births:
        return figure(run, label, published, None, margin, NOT_BORN)
    if datetime.date(asked.born + asked.age + 1, 1, 1) > run.to_date:
        return figure(run, label, published, None, margin, TOO_YOUNG)
    return figure(run, label, published, _covered(run, asked, published), margin)


def _covered(run: OpenRun, asked: _Asked, expected: float) -> Estimate | None:
    """Children of the cohort, and those who had each dose that the schedule has for them before the age asked."""
    due = list(_lines(run, asked))
    if not due:
        return None
    query = f"""
        with due(vaccine, dose, sex, first, last) as (values {", ".join(["(?, ?, ?, ?::date, ?::date)"] * len(due))}),
        child as (
            select * from persons
            where year(birth_date) = {asked.born} and sex = coalesce(nullif('{asked.sex}', ''), sex)
            and (left_date is null or date_sub('year', birth_date, left_date) >= {asked.age})
            and entered_by in ('base_date', 'birth')
        ), wanted as (
            select child.person_id, birth_date, vaccine, dose from child join due
            on birth_date >= first and birth_date < last and due.sex in ('both', child.sex)
        ), had as (
            select wanted.person_id, count(*) as doses, count(vaccinations.person_id) as given
            from wanted left join vaccinations on vaccinations.person_id = wanted.person_id
            and vaccinations.vaccine = wanted.vaccine and vaccinations.dose = wanted.dose
            and vaccinations.date < birth_date + interval {asked.age} year + interval {_DAYS_OF_GRACE} day
            group by 1
        ) select count(*), count(*) filter (doses = given) from had
    """
    of, reached = run.tables.execute(query, [value for line in due for value in line]).fetchone() or (0, 0)
    return percent(reached, of, expected if run.is_country else None)


def _lines(run: OpenRun, asked: _Asked) -> Iterator[tuple[str, int, str, str, str]]:
    """The lines of the schedule that are asked: vaccine, dose, sex, and the births that they are for."""
    for row in run.catalogue.rows("rvp_schedule"):
        low, _, unit = parse_duration(row["age"])
        years = low * {"year": 1, "month": 1 / 12, "week": 7 / DAYS_PER_YEAR, "day": 1 / DAYS_PER_YEAR}[unit]
        of_family = not asked.family or row["vaccine"] == asked.family or row["vaccine"].startswith(f"{asked.family}_")
        if of_family and asked.dose in ("", row["dose"]) and years < asked.age:
            until = row["valid_until_birth_date"] or "9999-01-01"
            yield row["vaccine"], int(row["dose"]), row["sex"], row["valid_from_birth_date"], until
