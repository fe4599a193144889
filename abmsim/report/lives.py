"""Three example lives: eventful ones that differ from each other, the same for the same run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from abmsim.life import Life, Moment, lives_in
from abmsim.life.asked import AskingStates, asking_states
from abmsim.schema.schema import load_schema
from abmsim.validate.opened import OpenRun

LIVES = 3

_MOST_RECORDS = 20
"""A life with more records than this is long to read; shorter ones go first."""

_RARE = 200
"""Kinds of records that only one in so many lives has are told last: an example should not be an oddity."""

_COLLECT = """
    create or replace temp table kinds_of_lives as
    with life as (
        select person_id, bit_or(case table_name {bits} else 0 end) as kinds, count(*) as records
        from events where table_name is not null group by person_id
    )
    select *, count(*) over (partition by kinds) * {rare} < count(*) over () as rare from life
"""
"""Which tables tell of a resident, one bit a table."""

_CHOOSE = """
    select person_id, kinds from kinds_of_lives where kinds not in (select unnest($taken::bigint[]))
    order by rare, records > $most, bit_count(kinds & ~($seen::bigint)) desc, bit_count(kinds) desc, records desc,
        person_id
    limit 1
"""
"""Kinds of records not told yet come first, then many kinds, then many records."""


def eventful_people(run: OpenRun) -> list[str]:
    """Ids of the residents whose lives are told."""
    tables = [table.name for table in load_schema().tables.values() if table.verb]
    bits = " ".join(f"when '{name}' then {1 << place}::bigint" for place, name in enumerate(tables))
    run.rows(_COLLECT.format(bits=bits, rare=_RARE))
    chosen: list[str] = []
    taken: list[int] = []
    seen = 0
    while len(chosen) < LIVES:
        rows = run.rows(_CHOOSE, {"taken": taken, "seen": seen, "most": _MOST_RECORDS})
        if not rows:
            break
        chosen.append(rows[0][0])
        taken.append(rows[0][1])
        seen |= rows[0][1]
    return chosen


@dataclass(frozen=True, slots=True)
class Story:
    """A life as the page tells it: what came on one day for one reason is one line."""

    life: Life
    moments: tuple[Moment, ...]


def told(run: OpenRun, people: Sequence[str], states: AskingStates | None = None) -> list[Story]:
    """The stories of these residents."""
    if states is None:
        states = asking_states() if people else {}
    return [Story(life, tuple(_merged(life.moments))) for life in lives_in(run.tables, people, states)]


def _merged(moments: Sequence[Moment]) -> Iterator[Moment]:
    waiting: Moment | None = None
    for moment in moments:
        if waiting is not None and (waiting.date, waiting.why) == (moment.date, moment.why):
            waiting = replace(waiting, text=f"{waiting.text}; {moment.text[:1].lower()}{moment.text[1:]}")
            continue
        if waiting is not None:
            yield waiting
        waiting = moment
    if waiting is not None:
        yield waiting
