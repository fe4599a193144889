"""The small tables that the others refer to: municipalities, sources and code lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from abmsim.population.places import Place
from abmsim.records import columns as arrow
from abmsim.schema.schema import MUNICIPALITIES, Schema


def municipalities_table(places: Sequence[Place], schema: Schema) -> pa.Table:
    """The municipalities of a run."""
    columns = {"municipality_code": [place.code for place in places], "name": [place.name for place in places]}
    return _small_table(MUNICIPALITIES, columns, schema)


def sources_table(cards: Mapping, schema: Schema) -> pa.Table:
    """The statistics of a run with their publishers; `cards` maps names to cards."""
    names = sorted(cards)
    columns: dict[str, list[str | None]] = {"statistic": list(names)}
    for key in ("title", "publisher", "table_id", "url", "period", "licence", "verified"):
        columns[key] = [str(getattr(cards[name], key) or "") or None for name in names]
    return _small_table("sources", columns, schema)


def code_lists_table(schema: Schema) -> pa.Table:
    """All code lists of the schema, a row a label."""
    rows = [(codes, code) for codes in schema.codes.values() for code in codes.codes]
    columns = {
        "code_list": [codes.name for codes, _ in rows],
        "label": [code.label for _, code in rows],
        "about": [code.about for _, code in rows],
        "dutch": [code.dutch or None for _, code in rows],
        "standard": [codes.standard or None for codes, _ in rows],
        "standard_code": [code.standard_code or None for _, code in rows],
    }
    return _small_table("code_lists", columns, schema)


def _small_table(name: str, columns: Mapping[str, Sequence[str | None]], schema: Schema) -> pa.Table:
    """A table of a few texts."""
    table_schema = arrow.arrow_schema(schema.tables[name], schema)
    arrays = [arrow.texts(columns[field.name], field.type) for field in table_schema]
    return pa.Table.from_arrays(arrays, schema=table_schema)
