"""What residents of the base date have behind them: first children, spouses, parents who live apart."""

from __future__ import annotations

from abmsim.stats.catalogue import Table
from abmsim.validate.estimate import Estimate, figure, percent, share
from abmsim.validate.figure import Figure
from abmsim.validate.opened import BASE, OpenRun

_LEFT_HOME = "elder children who have left home are in no table, and make the eldest that is known seem the first"
"""The population knows of them: `tests/population/test_first_children.py` holds it to the figures."""

_GAPS = f"""
    select case when gap = 0 then 'same' when gap > 0 then 'man_older' else 'woman_older' end, abs(gap), count(*)
    from (
        select sum(if(sex = 'male', -year(birth_date), year(birth_date))) as gap from (
            select unnest([person_id, partner_id]) as person_id, person_id || partner_id as couple from unions
            where married_date >= DATE '2015-01-01' and married_date < {BASE}
            and partner_id is not null and (to_date is null or to_date > {BASE})
        ) join persons using (person_id) group by couple having count(distinct sex) = 2
    ) group by all
"""
_FAMILY = f"""
    living as (
        select person_id, household_id, position, sex, date_sub('year', birth_date, {BASE}) as age
        from household_members as lived join persons using (person_id)
        where from_date <= {BASE} and (to_date is null or to_date > {BASE}) and entered_date = {BASE}
        and birth_date < {BASE}
    ), parent as (
        select household_id, any_value(sex) as sex from living where position = 'single_parent' group by 1
    ), child as (
        select living.*, parent.sex as lone_parent, (
            select count(distinct kind) from relations join living as other on other.person_id = relative_id
            where relations.person_id = living.person_id and other.household_id = living.household_id
            and kind in ('mother', 'father')
        ) as parents from living left join parent on parent.household_id = living.household_id
        and living.position = 'child_at_home' where age < 18
    )
"""
_CHILDREN = {
    "aged 15, not with both parents": ("age = 15", "parents < 2"),
    "under 16, with the mother only": ("age < 16", "lone_parent = 'female'"),
    "under 16, with the father only": ("age < 16", "lone_parent = 'male'"),
    "aged 0, with one parent": ("age = 0", "lone_parent is not null"),
    "under 18": ("true", "lone_parent is not null"),
}
"""Of which children, and which of them are counted."""


def age_at_first_birth(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Mean age of mothers at their first child of the year, which no table of a run tells."""
    return [figure(run, year, published, None, margin, _LEFT_HOME) for (year,), published in table.cells.items()]


def age_gap_of_spouses(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Spouses married in 2015-2019 who live together on the base date, by the difference of their years of birth."""
    found = [(direction, int(gap), count) for direction, gap, count in run.rows(_GAPS)]
    of = sum(count for _, _, count in found)
    figures = []
    for (direction, gaps), published in table.cells.items():
        first, _, last = gaps.rstrip("+").partition("-")
        lowest, highest = int(first), int(last or (200 if "+" in gaps else first))
        reached = sum(count for of_way, gap, count in found if of_way == direction and lowest <= gap <= highest)
        label = f"{direction} {gaps}".replace("_", " ") if direction != "same" else "born in the same year"
        figures.append(figure(run, label, published, percent(reached, of, published), margin))
    return figures


def children_and_parents(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Children of the base date by the parents they live with; a household is what chance draws."""
    return [
        figure(run, group, published, _children(run, group, published), margin)
        for (group,), published in table.cells.items()
    ]


def _children(run: OpenRun, group: str, published: float) -> Estimate | None:
    asked, counted = _CHILDREN[group]
    query = f"""
        with {_FAMILY} select count(*) filter ({counted}) as x, count(*) as s from child where {asked}
        group by household_id
    """
    return share(run, query, published)
