"""What happened in a year of the live years, of a whole country: births, migration, moves, marriages, separations."""

from __future__ import annotations

from collections.abc import Callable

from abmsim.stats.catalogue import Table
from abmsim.validate.estimate import Estimate, figure, note_on, period, share, total
from abmsim.validate.figure import Figure
from abmsim.validate.opened import OpenRun

MARRIED_HERE = """
    unions join persons as one using (person_id) left join persons as other on other.person_id = partner_id
    where married_date >= $from and married_date < $to and married_date > one.entered_date
    and (other.entered_date is null or married_date > other.entered_date)
"""
"""Couples who married while both lived here: who arrives married did so elsewhere."""

PARTED_MARRIED = """
    unions where ended_by = 'separation' and married_date is not null and to_date >= $from and to_date < $to
"""
WIDOWED = """
    select person_id, 1 as x from (
        select unnest([person_id, partner_id]) as person_id, to_date from unions
        where ended_by = 'bereavement' and married_date is not null and to_date >= $from and to_date < $to
    ) join persons using (person_id) where (death_date is null or death_date > to_date) and sex = $label
"""
_PARTED_CHILDREN = """
    with parted as (
        select person_id || partner_id as couple, unnest([person_id, partner_id]) as parent, to_date as day from unions
        where ended_by = 'separation' and to_date >= $from and to_date < $to
    ), child as (
        select couple, day, person_id from parted join relations on relative_id = parent
        where kind in ('mother', 'father') group by all having count(*) = 2
    )
    select couple, count(*) as x from child join persons using (person_id)
    where date_sub('year', birth_date, day) < 18 group by couple, day
"""
"""Minor children of whom both parents are the couple that parted."""


def by_year(query: str) -> Callable[[OpenRun, Table, float], list[Figure]]:
    """Events counted in each published year; a second dimension of the table is `$label` in the query."""

    def figures(run: OpenRun, table: Table, margin: float) -> list[Figure]:
        return [_in_year(run, query, labels, published, margin) for labels, published in table.cells.items()]

    return figures


def _in_year(run: OpenRun, query: str, labels: tuple[str, ...], published: float, margin: float) -> Figure:
    year, *group = labels
    values: dict[str, object] = {**period(year), **({"label": group[0]} if group else {})}
    note = note_on(run, *period(year).values())
    found = None if note else total(run, query, published if run.is_country else None, **values)
    return figure(run, " ".join(labels), published, found, margin, note)


def couples(query: str, persons: int, part: Callable[[OpenRun], float]) -> Callable[..., list[Figure]]:
    """Couples of each published year; each counts for `persons`, of which the `part` is published."""

    def figures(run: OpenRun, table: Table, margin: float) -> list[Figure]:
        found = []
        for (year,), published in table.cells.items():
            note = note_on(run, *period(year).values())
            counted = None if note else _couples(run, query, year, published, persons * part(run))
            found.append(figure(run, year, published, counted, margin, note))
        return found

    return figures


def _couples(run: OpenRun, query: str, year: str, published: float, part: float) -> Estimate:
    expected = published / part if run.is_country else None
    return total(run, f"select person_id, 1 as x from {query}", expected, **period(year)).times(part)


def all_of_them(run: OpenRun) -> float:
    """Marriages and registered partnerships together."""
    return 1.0


def part_that_marries(run: OpenRun) -> float:
    """Of those who married or registered a partnership in 2023, those who married."""
    table = run.catalogue.table("marrying_and_registering_2023")
    return table.value(kind="marriage") / sum(table.cells.values())


def part_that_divorces(run: OpenRun) -> float:
    """Of the marriages and registered partnerships dissolved in 2022 other than by death, the marriages."""
    facts = run.catalogue.table("household_life_facts")
    divorces = facts.value(fact="divorces_2022")
    return divorces / (divorces + facts.value(fact="partnerships_dissolved_2022"))


def children_of_separations(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Minors whose parents parted, in the mean live year beside the published one."""
    figures = []
    years = run.to_date.year - run.from_date.year
    values = {"from": run.from_date, "to": run.to_date.replace(month=1, day=1)}
    for (year,), published in table.cells.items():
        note = "" if years else "the run has no whole year"
        expected = published * years if run.is_country else None
        found = None if note else total(run, _PARTED_CHILDREN, expected, **values)
        mean = found.times(1 / years) if found else None
        figures.append(figure(run, f"{year}; here the mean live year", published, mean, margin, note))
    return figures


_MOVES_OF_AGE = """
    with lived as (
        select person_id, greatest(entered_date, birth_date + to_years($age), $from) as since,
            least(coalesce(left_date, $to), birth_date + to_years($age + 1), $to) as until
        from persons where year(birth_date) between year($from) - $age - 1 and year($to) - $age
    )
    select lived.person_id, count(moves.person_id) as x,
        date_diff('day', any_value(since), any_value(until)) / 365.25 as s
    from lived left join moves on moves.person_id = lived.person_id and date >= since and date < until
    and (from_municipality_code = to_municipality_code) = ($kind = 'within')
    and from_municipality_code is not null and to_municipality_code is not null
    where since < until group by lived.person_id
"""


def moves_by_age(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Moves in a hundred years lived at that age, over the live years together."""
    values = {"from": run.from_date, "to": run.to_date}
    figures = []
    for (age, kind), published in table.cells.items():
        expected = published if run.is_country else None
        found = share(run, _MOVES_OF_AGE, expected, age=int(age), kind=kind, **values)
        figures.append(figure(run, f"age {age}, {kind}", published, found, margin))
    return figures
