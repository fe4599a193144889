"""Ages and kinds of births, marriages, separations, departures from home and deaths, of a whole country."""

from __future__ import annotations

from collections.abc import Callable

from abmsim.stats.catalogue import Table
from abmsim.validate.estimate import Estimate, figure, mean, note_on, percent, period, share
from abmsim.validate.figure import Figure
from abmsim.validate.happened import MARRIED_HERE, PARTED_MARRIED
from abmsim.validate.opened import OpenRun

AGE = "date_diff('day', birth_date, {on}) / 365.25"

ORDERED = """
    born as (select * from births where date >= $from and date < $to),
    sibling as (
        select relative_id as mother_id, birth_date from relations join persons using (person_id) where kind = 'mother'
    ), older as (
        select born.person_id, count(*) as number from born join sibling using (mother_id)
        where birth_date < date group by 1
    ), wife as (
        select unnest([person_id, partner_id]) as mother_id, married_date, to_date from unions
    ), wed as (
        select distinct born.person_id from born join wife using (mother_id)
        where married_date <= date and (to_date is null or to_date >= date)
    ), ordered as (
        select born.*, 1 + coalesce(number, 0) as place, wed.person_id is not null as married
        from born left join older using (person_id) left join wed using (person_id)
    )
"""
"""Births with the place of the child among those of the mother in the run, and whether she is married."""

_FIRST_BIRTH = f"""
    with {ORDERED} select {AGE.format(on="date")} as x from ordered
    join persons on persons.person_id = if($label = 'mother', mother_id, father_id) where place = 1
"""
_MARRIAGE = f"""
    select {AGE.format(on="married_date")} as x from (
        select unnest([unions.person_id, partner_id]) as person_id, married_date from {MARRIED_HERE}
    ) join persons using (person_id) where sex = $label
"""
_LEFT_HOME = f"""
    select {AGE.format(on="was.to_date")} as x from household_members as was
    join household_members as now on now.person_id = was.person_id and now.from_date = was.to_date
    join persons on persons.person_id = was.person_id
    where was.position = 'child_at_home' and now.position not in ('child_at_home', 'institution')
    and now.household_id <> was.household_id and was.to_date >= $from and was.to_date < $to and sex = $label
"""
_DEATH = f"""
    select {AGE.format(on="date")} as x from deaths join persons using (person_id)
    where date >= $from and date < $to and sex = $label
"""
_PARTED = {
    "years of marriage": f"select date_diff('day', married_date, to_date) / 365.25 as x from {PARTED_MARRIED}",
    **{
        f"age of {who}": f"""
            select {AGE.format(on="to_date")} as x from (
                select unnest([person_id, partner_id]) as person_id, to_date from {PARTED_MARRIED}
            ) join persons using (person_id) where sex = '{sex}'
        """
        for who, sex in (("women", "female"), ("men", "male"))
    },
}
"""Means over the live years together."""


def means(query: str) -> Callable[[OpenRun, Table, float], list[Figure]]:
    """The mean of each published year and group (`$label` in the query)."""

    def figures(run: OpenRun, table: Table, margin: float) -> list[Figure]:
        found = []
        for (year, label), published in table.cells.items():
            note = note_on(run, *period(year).values())
            value = None if note else mean(run, query, label=label, **period(year))
            found.append(figure(run, f"{year} {label}", published, value, margin, note))
        return found

    return figures


def age_at_first_birth(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Mean ages of mother and father at the birth of the mother's first child in the run."""
    return means(_FIRST_BIRTH)(run, table, margin)


def age_at_marriage(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    return means(_MARRIAGE)(run, table, margin)


def age_at_leaving_home(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Children at home who leave for another household, not for an institution or the other parent."""
    return means(_LEFT_HOME)(run, table, margin)


def age_at_death(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    return means(_DEATH)(run, table, margin)


def separations(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Duration and ages of the married who part, over all live years."""
    values = {"from": run.from_date, "to": run.to_date}
    return [
        figure(run, what, published, mean(run, _PARTED[what], **values), margin)
        for (what,), published in table.cells.items()
    ]


_YEAR_OF_ORDERS = "2023"


def outside_marriage(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Births outside marriage and registered partnership, percent: all, and of each order."""
    figures = []
    for order in ("all", "1", "2", "3", "4+"):
        cells = {key: value for key, value in table.cells.items() if order in ("all", key[1])}
        published = 100 * sum(value for (married, _), value in cells.items() if married == "no") / sum(cells.values())
        condition = "true" if order == "all" else "place >= 4" if order == "4+" else f"place = {order}"
        query = f"with {ORDERED} select cast(not married as integer) as x, 1 as s from ordered where {condition}"
        figures.append(_of_2023(run, query, f"order {order}", published, margin))
    return figures


def orders(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Births by the place of the child among those of the mother in the run, percent."""
    figures = []
    for order in ("1", "2", "3", "4+"):
        published = 100 * sum(value for key, value in table.cells.items() if key[1] == order)
        condition = "place >= 4" if order == "4+" else f"place = {order}"
        query = f"with {ORDERED} select cast({condition} as integer) as x, 1 as s from ordered"
        figures.append(_of_2023(run, query, f"order {order}", published / sum(table.cells.values()), margin))
    return figures


def _of_2023(run: OpenRun, query: str, label: str, published: float, margin: float) -> Figure:
    note = note_on(run, *period(_YEAR_OF_ORDERS).values())
    found = None if note else share(run, query, published, **period(_YEAR_OF_ORDERS))
    return figure(run, label, published, found, margin, note)


_FATHERS = """
    select least(greatest((year(date) - year(birth_date)) // 5 * 5, 15), 50) as age, count(*) from births
    join persons on persons.person_id = father_id where date >= $from and date < $to group by 1
"""


def by_age_of_father(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Births by age that the father has on 31 December, percent of those with a father younger than 50."""
    figures = []
    for year in dict.fromkeys(year for year, _ in table.cells):
        note = note_on(run, *period(year).values())
        found = {} if note else dict(run.rows(_FATHERS, period(year)))
        of = sum(count for age, count in found.items() if age < 50)
        everybody = sum(value for (each, _), value in table.cells.items() if each == year)
        for (each, ages), value in table.cells.items():
            if each == year:
                published = 100 * value / everybody
                first = 15 if ages.startswith("<") else int(ages[:2])
                share_found = None if note else percent(found.get(first, 0), of, published)
                figures.append(figure(run, f"{year} {ages}", published, share_found, margin, note))
    return figures


def multiple(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Deliveries of twins or more in a hundred deliveries."""
    query = """
        select cast(bool_or(multiple) as integer) as x, 1 as s from births
        where date >= $from and date < $to group by mother_id, date
    """
    figures = []
    for (year,), published in table.cells.items():
        note = note_on(run, *period(year).values())
        found: Estimate | None = None if note else share(run, query, published, **period(year))
        figures.append(figure(run, year, published, found, margin, note))
    return figures
