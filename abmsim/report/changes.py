"""How the town changed: who came and left year by year, and the kinds of households at both ends of the run."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from abmsim.report.residents import HOUSEHOLD_TYPES
from abmsim.validate.counts import TYPE_OF_HOUSEHOLD
from abmsim.validate.opened import OpenRun


@dataclass(frozen=True, slots=True)
class TownYear:
    """Residents at the start of a year, and who was added and lost in it."""

    year: int
    start: int
    births: int = 0
    deaths: int = 0
    immigration: int = 0
    emigration: int = 0
    move_in: int = 0
    move_out: int = 0

    @property
    def end(self) -> int:
        arrived = self.immigration + self.move_in
        return self.start + self.births - self.deaths + arrived - self.emigration - self.move_out


@dataclass(frozen=True, slots=True)
class TypeChange:
    """Households of one type on the first and on the last day of the run."""

    label: str
    dutch: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What a run did to its town; `nobody_came` if nobody was born or arrived."""

    years: tuple[TownYear, ...]
    types: tuple[TypeChange, ...]
    last_day: datetime.date

    @property
    def nobody_came(self) -> bool:
        return not any(year.births or year.immigration or year.move_in for year in self.years)


def changes(run: OpenRun) -> Changes:
    """What happened to the residents and households of a run, all of them."""
    last_day = run.to_date - datetime.timedelta(days=1)
    first, last = _types(run, run.from_date), _types(run, last_day)
    types = tuple(
        TypeChange(label, dutch, first.get(name, 0), last.get(name, 0))
        for name, (label, dutch) in HOUSEHOLD_TYPES.items()
    )
    return Changes(tuple(_years(run, last_day.year)), types, last_day)


def _years(run: OpenRun, last: int) -> Iterator[TownYear]:
    ((residents,),) = run.rows("select count(*) from persons where entered_by = 'base_date'")
    query = """
        select year(entered_date), case entered_by when 'birth' then 'births' else entered_by end, count(*)
        from persons where entered_by <> 'base_date' group by all union all
        select year(left_date), case left_by when 'death' then 'deaths' else left_by end, count(*)
        from persons where left_by is not null group by all
    """
    counts = {(year, kind): count for year, kind, count in run.rows(query)}
    for year in range(run.from_date.year, last + 1):
        found = TownYear(year, residents, **{kind: count for (when, kind), count in counts.items() if when == year})
        yield found
        residents = found.end


def _types(run: OpenRun, day: datetime.date) -> dict[str, int]:
    """Private households by type on a day."""
    query = f"""
        select type, count(*) from (
            select {TYPE_OF_HOUSEHOLD} as type
            from household_members as lived join households using (household_id)
            where kind = 'private' and lived.from_date <= $day and (lived.to_date is null or lived.to_date > $day)
            group by household_id
        ) group by 1
    """
    return dict(run.rows(query, {"day": day}))
