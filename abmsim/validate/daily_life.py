"""Difficulty with daily activities, dementia and frailty on a day, by what the modules told of each resident."""

from __future__ import annotations

import datetime

from abmsim.stats.catalogue import Table
from abmsim.validate.estimate import Estimate, figure, note_on, percent, total
from abmsim.validate.figure import Figure
from abmsim.validate.opened import OpenRun

_SURVEY, _ESTIMATE = datetime.date(2022, 7, 1), datetime.date(2021, 7, 1)
"""The middle of the year of the health survey, and of those of dementia and frailty."""

_GROUPS = {"male": "sex = 'male'", "female": "sex = 'female'"}
_DIFFICULT = {
    "household": "coalesce(state in ('household_is_difficult', 'self_care_is_difficult'), false)",
    "self_care": "coalesce(state = 'self_care_is_difficult', false)",
}
_HERE = """
    here as (
        select person_id, sex, date_sub('year', birth_date, $day) as age, position = 'institution' as cared_for
        from persons join household_members as lived using (person_id)
        where from_date <= $day and (to_date is null or to_date > $day)
    )
"""
_LIMITED = """
    limited as (
        select person_id, arg_max(state, (date, state = 'self_care_is_difficult')) as state from events
        where module = 'primary_care/limitations' and date <= $day group by 1
    )
"""
_EVER = "select distinct person_id from events where module = $module and state in ($state, $other) and date <= $day"
_DEMENTIA = {"module": "primary_care/dementia", "state": "begins", "other": "known_already"}
_FRAIL = {"module": "primary_care/frailty", "state": "becomes_frail", "other": ""}


def limitations(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Residents of 55 and older at home with difficulty, by age or sex."""
    note = note_on(run, _SURVEY, _SURVEY)
    figures = []
    for (group, limitation), published in table.cells.items():
        query = f"""
            with {_HERE}, {_LIMITED} select count(*) filter ({_DIFFICULT[limitation]}), count(*)
            from here left join limited using (person_id) where not cared_for and age >= 55 and {_of(group)}
        """
        found = None if note else _share(run, query, published, day=_SURVEY)
        figures.append(figure(run, f"{group} {limitation}", published, found, margin, note))
    return figures


def dementia(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Residents with dementia of an age, known to a physician or not."""
    return _ever(run, table, margin, _DEMENTIA)


def persons_with_dementia(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """All residents with dementia."""
    note = note_on(run, _ESTIMATE, _ESTIMATE)
    figures = []
    for (label,), published in table.cells.items():
        query = f"with {_HERE}, ever as ({_EVER}) select 1 as x from here join ever using (person_id)"
        found = None if note else total(run, query, published, day=_ESTIMATE, **_DEMENTIA)
        figures.append(figure(run, label, published, found, margin, note))
    return figures


def frail(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Residents who are frail: at home of an age and sex (`at_home female 65-69`), or all (`65+`)."""
    return _ever(run, table, margin, _FRAIL)


def women_of_the_frail(run: OpenRun, table: Table, margin: float) -> list[Figure]:
    """Women among the frail who live at home."""
    note = note_on(run, _ESTIMATE, _ESTIMATE)
    ((_, published),) = table.cells.items()
    query = f"""
        with {_HERE}, ever as ({_EVER}) select count(*) filter (sex = 'female'), count(*)
        from here join ever using (person_id) where not cared_for
    """
    found = None if note else _share(run, query, published, day=_ESTIMATE, **_FRAIL)
    return [figure(run, "women", published, found, margin, note)]


def _ever(run: OpenRun, table: Table, margin: float, what: dict[str, str]) -> list[Figure]:
    note = note_on(run, _ESTIMATE, _ESTIMATE)
    figures = []
    for (label,), published in table.cells.items():
        who = " and ".join(_of(word) for word in label.split(" "))
        query = f"""
            with {_HERE}, ever as ({_EVER}) select count(*) filter (ever.person_id is not null), count(*)
            from here left join ever using (person_id) where {who}
        """
        found = None if note else _share(run, query, published, day=_ESTIMATE, **what)
        figures.append(figure(run, label, published, found, margin, note))
    return figures


def _of(word: str) -> str:
    """A group of a label as a condition: a sex, an age, or living at home."""
    if word == "at_home":
        return "not cared_for"
    if word in _GROUPS:
        return _GROUPS[word]
    low, _, high = word.rstrip("+").partition("-")
    return f"age >= {int(low)}" + (f" and age <= {int(high)}" if high else "")


def _share(run: OpenRun, query: str, published: float, **values: object) -> Estimate | None:
    ((found, of),) = run.rows(query, values)
    return percent(found, of, published)
