"""Three example lives: eventful ones that differ from each other, the same for the same run."""

from __future__ import annotations

from pathlib import Path

from abmsim.life import Life, life_of
from abmsim.validate.opened import OpenRun

LIVES = 3

_MOST_RECORDS = 20
"""A life with more records than this is long to read; shorter ones go first."""

_COLLECT = """
    create or replace temp table kinds_of_lives as
    select person_id, string_agg(distinct table_name, ' ' order by table_name) as kinds,
        count(distinct table_name) as variety, count(*) as records
    from events where record_id is not null group by person_id
"""

_CHOOSE = """
    select person_id, kinds from kinds_of_lives where not list_contains($taken::varchar[], kinds)
    order by records > $most, variety - len(list_intersect(string_split(kinds, ' '), $seen::varchar[])) desc,
        variety desc, records desc, person_id limit 1
"""
"""Kinds of records not told yet come first, then many kinds, then many records."""


def eventful_people(run: OpenRun) -> list[str]:
    """Ids of the residents whose lives are told."""
    run.rows(_COLLECT)
    chosen: list[str] = []
    taken: list[str] = []
    while len(chosen) < LIVES:
        seen = sorted({kind for kinds in taken for kind in kinds.split(" ")})
        rows = run.rows(_CHOOSE, {"taken": taken, "seen": seen, "most": _MOST_RECORDS})
        if not rows:
            break
        chosen.append(rows[0][0])
        taken.append(rows[0][1])
    return chosen


def told(folder: Path, people: list[str]) -> list[Life]:
    """The stories of these residents."""
    return [life_of(folder, person) for person in people]
