"""What happened to them: how many rows of each table began in a year, and who had help in it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from abmsim.plan import years_of_history
from abmsim.schema.schema import TableSchema, load_schema
from abmsim.validate.opened import OpenRun

YEARS_OF_HISTORY = 5
"""Years before the run that are shown too, paler: they are the history of those who survived."""

_IN_THE_YEAR = """
    with spell as (
        select person_id, greatest(year({start}) - {first}, 0) as begins,
            least(coalesce(year({end} - 1) + 1, {last}), {last}) - {first} as over
        from {table}
    ), lived as (
        select bit_or(((1::hugeint << (over - begins)::hugeint) - 1) << begins::hugeint) as years
        from spell where begins < over group by person_id
    )
    select y + {first}, count(*) from lived, range({last} - {first}) every_year(y)
    where (years >> y::hugeint) & 1 = 1 group by 1
"""
"""Persons by year in which a spell of theirs lasted: each has a bit a year, so that rows are looked at once."""


@dataclass(frozen=True, slots=True)
class Year:
    """A count of one year; `live` unless it is history."""

    year: int
    count: int
    live: bool


@dataclass(frozen=True, slots=True)
class YearChart:
    """Counts by year of one table."""

    title: str
    dutch: str
    what: str
    years: tuple[Year, ...]

    @property
    def most(self) -> int:
        return max(1, *(year.count for year in self.years))


def happenings(run: OpenRun) -> list[YearChart]:
    """The charts of every table that modules wrote to, in the order of the schema."""
    schema = load_schema()
    rows = run.settings["rows"]
    return [
        chart
        for table in schema.tables.values()
        if table.verb and rows.get(table.name)
        for chart in _charts(run, table)
    ]


def _charts(run: OpenRun, table: TableSchema) -> Iterator[YearChart]:
    start, end = table.by_role("start"), table.by_role("end")
    if start is None:
        return
    title = table.name.replace("_", " ")
    title = title[:1].upper() + title[1:]
    if end is not None and table.by_role("carried_over"):
        query = _IN_THE_YEAR.format(
            table=table.name, start=start.name, end=end.name, first=_first(run), last=_last(run) + 1
        )
        yield YearChart(title, table.dutch, "persons in the year", _years(run, query))
    carried_over = table.by_role("carried_over")
    begun = f"where not {carried_over.name}" if carried_over else ""
    query = f"select year({start.name}), count(*) from {table.name} {begun} group by 1"
    yield YearChart(
        title, table.dutch, "begun in the year" if end or carried_over else "in the year", _years(run, query)
    )


def _first(run: OpenRun) -> int:
    return run.from_date.year - min(YEARS_OF_HISTORY, years_of_history(run.settings["history"]))


def _last(run: OpenRun) -> int:
    """The last year of which a day was lived."""
    return (run.to_date - datetime.timedelta(days=1)).year


def _years(run: OpenRun, query: str) -> tuple[Year, ...]:
    counts = dict(run.rows(query))
    years = range(_first(run), _last(run) + 1)
    found = [Year(year, counts.get(year, 0), year >= run.from_date.year) for year in years]
    while found and not found[0].live and not found[0].count:
        found.pop(0)
    return tuple(found)
