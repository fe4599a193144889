"""The relatives of a resident, as far as they were ever in the run."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from abmsim.life.rows import Row, read_rows
from abmsim.life.words import words

if TYPE_CHECKING:
    import duckdb

_RELATIVES = """
    select kind, relative_id as person_id, from_date, to_date, birth_date, sex
    from relations join persons on persons.person_id = relations.relative_id
    where relations.person_id = $person
    union all
    select 'child', relations.person_id, birth_date, null, birth_date, sex
    from relations join persons using (person_id)
    where relations.relative_id = $person and kind in ('mother', 'father')
    order by from_date, birth_date, person_id
"""

_ORDER = ("mother", "father", "partner", "former_partner", "child")


def relatives(tables: duckdb.DuckDBPyConnection, person_id: str) -> list[Row]:
    """Mother, father, partners, former partners and children: kind, person_id, from_date, to_date, birth_date, sex."""
    return read_rows(tables, _RELATIVES.replace("$person", "?"), person_id, person_id)


def relative_lines(found: Sequence[Row]) -> Iterator[str]:
    """A line a relative: `daughter abm-..., born 2021-03-04`; who was a partner and is none any more once."""
    former = {row["person_id"] for row in found if row["kind"] == "former_partner"}
    for kind in _ORDER:
        for row in found:
            if row["kind"] == kind and not (kind == "partner" and row["person_id"] in former):
                yield f"{named(row)} {row['person_id']}, {_when(row)}"


def named(row: Row) -> str:
    """What a relative is called: daughter, son, mother, former partner."""
    if row["kind"] == "child":
        return "daughter" if row["sex"] == "female" else "son"
    return words(row["kind"])


def _when(row: Row) -> str:
    born: datetime.date = row["birth_date"]
    if row["kind"] == "former_partner":
        return f"born {born}, until {row['from_date']}"
    if row["kind"] != "partner":
        return f"born {born}"
    until = f" to {row['to_date']}" if row["to_date"] else ""
    return f"born {born}, together {'from' if until else 'since'} {row['from_date']}{until}"
