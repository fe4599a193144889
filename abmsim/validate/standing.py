"""Residents, positions and households on 1 January of a later year, of a whole country."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt

from abmsim.stats.catalogue import Table
from abmsim.validate.counts import TYPE_OF_HOUSEHOLD, Tally, sampling_error
from abmsim.validate.estimate import Estimate, figure, new_year, share
from abmsim.validate.figure import Figure
from abmsim.validate.opened import OpenRun

_LIVING = """
    living as (
        select household_id, position, sex, date_sub('year', birth_date, $day) as age
        from household_members as lived join persons using (person_id)
        where from_date <= $day and (to_date is null or to_date > $day)
        and entered_date <= $day and (left_date is null or left_date > $day)
    )
"""
_COME_AND_GONE = """
    select (select count(*) from persons where entered_date <= $day and (left_date is null or left_date > $day)),
    (select coalesce(sum(x * x), 0) from (
        select count(*) as x from persons join household_members as lived using (person_id)
        where entered_by <> 'base_date' and entered_date <= $day and from_date = entered_date group by household_id
        union all
        select count(*) from persons join household_members as lived using (person_id)
        where left_date <= $day and to_date = left_date group by household_id))
"""
"""Residents on a day, and the squares of what each household gained or lost since the base date."""

_HOUSEHOLDS = f"""
    , home as (
        select household_id, {TYPE_OF_HOUSEHOLD} as type, count(*) filter (position = 'child_at_home') as children,
            count(*) as members from living group by 1 having not bool_or(position = 'institution')
    )
"""


def residents(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Everybody on 1 January: the start is exact, so the error is that of who came and who left since."""
    figures = []
    for (year,), published in table.cells.items():
        day, note = new_year(run, year)
        found = None
        if not note:
            ((count, squares),) = run.rows(_COME_AND_GONE, day)
            found = Estimate(count * run.scale, sqrt(float(squares)) * run.scale, count)
        figures.append(figure(run, year, published, found, margin, note))
    return figures


def _tallies(run: OpenRun, label: str, day: Mapping[str, object]) -> Mapping[str, Tally]:
    """Residents under the label of an SQL expression, by household; `all` has everybody."""
    query = f"""
        with {_LIVING}, part as (select household_id, {label} as label, count(*) as x from living group by all),
        size as (select household_id, count(*) as s from living group by all)
        select label, sum(x), sum(x * x), sum(x * s) from part join size using (household_id)
        where label is not null group by 1
        union all select 'all', sum(s), sum(s * s), sum(s * s) from size
    """
    return {str(row[0]): Tally(*map(int, row[1:])) for row in run.rows(query, dict(day))}


def of_all(run: OpenRun, tally: Tally, everybody: Tally, published: float | None) -> Estimate:
    """Residents of a kind among all, whose number is sure: the error is that of their part, by households."""
    wanted = published / run.scale if published is not None and run.is_country else 0.0
    part = min(1.0, max(tally.count, wanted) / max(everybody.count, 1))
    error = max(sampling_error(tally, everybody, part, 0.0), sqrt(part * (1 - part) * everybody.count))
    return Estimate(tally.count * run.scale, error * run.scale, tally.count)


def grouped(
    expression: str, group: Callable[[tuple[str, ...]], tuple[str, str]]
) -> Callable[[OpenRun, Table, float], list[Figure]]:
    """Residents of 1 January by a label in SQL; `group` says of the labels of a published figure: year and label.

    Published figures of the same year and label are added up.
    """

    def figures(run: OpenRun, table: Table, margin: float) -> list[Figure]:
        published: dict[tuple[str, str], float] = {}
        for labels, value in table.cells.items():
            published[group(labels)] = published.get(group(labels), 0.0) + value
        found = []
        for year in dict.fromkeys(year for year, _ in published):
            day, note = new_year(run, year)
            tallies = {} if note else _tallies(run, expression, day)
            for (of, label), value in published.items():
                if of == year:
                    counted = None if note else of_all(run, tallies.get(label, Tally()), tallies["all"], value)
                    found.append(figure(run, f"{year} {label}".replace("_", " "), value, counted, margin, note))
        return found

    return figures


TEN_YEARS = "case when age >= 90 then '90+' else (age // 10 * 10) || '-' || (age // 10 * 10 + 9) end"
YOUNG = "case when age <= 3 then '0-3, born since' when age <= 7 then '4-7' when age <= 12 then '8-12' end"


def ten_years(labels: tuple[str, ...]) -> tuple[str, str]:
    """Year and group of ten years of a table by year and single age."""
    first = int(labels[1].rstrip("+")) // 10 * 10
    return labels[0], "90+" if first >= 90 else f"{first}-{first + 9}"


def young_group(labels: tuple[str, ...]) -> tuple[str, str]:
    """Group of a single age up to 12 on 1 January 2024."""
    age = int(labels[0])
    return "2024", "0-3, born since" if age <= 3 else "4-7" if age <= 7 else "8-12"


def _households(run: OpenRun, condition: str, published: float, day: Mapping[str, object]) -> Estimate:
    query = f"with {_LIVING} {_HOUSEHOLDS} select count(*) from home where {condition}"
    ((count,),) = run.rows(query, dict(day))
    error = sqrt(max(count, published / run.scale if run.is_country else 0.0))
    return Estimate(count * run.scale, error * run.scale, count)


def couples(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Couples living together on 1 January 2021, with or without children at home."""
    day, note = new_year(run, "2021")
    figures = []
    for (kind,), published in table.cells.items():
        found = None if note else _households(run, f"type = 'couple_{kind}'", published, day)
        figures.append(figure(run, kind, published, found, margin, note))
    return figures


def with_children(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Households with children at home on 1 January 2023 by type and number of children."""
    day, note = new_year(run, "2023")
    figures = []
    for (kind, number), published in table.cells.items():
        many = "children >= 3" if number == "3+" else f"children = {number}"
        condition = f"type = '{kind.replace(' ', '_')}' and {many}"
        found = None if note else _households(run, condition, published, day)
        figures.append(figure(run, f"{kind}, {number}", published, found, margin, note))
    return figures


def one_person(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """One-person households in a hundred private households."""
    query = f"with {_LIVING} {_HOUSEHOLDS} select cast(members = 1 as integer) as x, 1 as s from home"
    figures = []
    for (year,), published in table.cells.items():
        day, note = new_year(run, year)
        found = None if note else share(run, query, published, **day)
        figures.append(figure(run, year, published, found, margin, note))
    return figures

