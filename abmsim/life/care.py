"""Informal care in a life: when somebody began to care for the resident or the resident for them, and why it ended."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING

from abmsim.life.rows import Row, read_rows
from abmsim.life.words import words
from abmsim.schema.schema import load_schema

if TYPE_CHECKING:
    import duckdb

_FOUND = {"neighbour": "stats.informal_care_neighbours"}
_FOUND_IN_FAMILY = "stats.informal_care_assumptions"
_ENDED = {
    "recovered": "modules/wmo/informal_care.yaml",
    "carer_limited": "modules/primary_care/limitations.yaml",
    "overload": "stats.informal_care_gives_up_rate",
    "cared_for_died": "with the death",
    "carer_died": "with the death",
}
"""Why care ended, where it is not a move of one of the two."""

_CARE = """
    select *, person_id = ? as is_cared_for from informal_care where person_id = ? or carer_id = ?
    order by from_date, person_id, carer_id
"""

_AS_SEEN_BY_CARER = {"partner": "partner", "child": "parent", "parent": "child"}
"""What the cared-for is to a carer of each kind; housemates and neighbours are so to each other."""


def care_of(tables: duckdb.DuckDBPyConnection, person_id: str) -> list[Row]:
    """All care that the resident gives or receives, in order of day."""
    return read_rows(tables, _CARE, person_id, person_id, person_id)


def care_lines(care: Row) -> Iterator[tuple[datetime.date, str, str]]:
    """(day, sentence, why) of the beginning of some care and of its end, if it has one."""
    found = _FOUND.get(care["kind"], _FOUND_IN_FAMILY)
    hours = f"{care['hours_per_week']} {'hour' if care['hours_per_week'] == 1 else 'hours'} a week"
    begins = "already" if care["carried_over"] else "from now on"
    if care["is_cared_for"]:
        yield care["from_date"], f"Is {begins} cared for by {words(care['kind'])} {care['carer_id']}, {hours}", found
    else:
        kind: str = care["kind"]
        other = words(_AS_SEEN_BY_CARER.get(kind, kind))
        yield care["from_date"], f"Cares {begins} for {other} {care['person_id']}, {hours}", found
    if care["to_date"]:
        who = f"by {care['carer_id']}" if care["is_cared_for"] else f"for {care['person_id']}"
        why = {code.label: code.about for code in load_schema().codes["care_end"].codes}
        ended = _ENDED.get(care["ended_by"], "with the move")
        yield care["to_date"], f"Care {who} ends: {why[care['ended_by']]}", ended
