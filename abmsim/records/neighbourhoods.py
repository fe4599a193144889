"""The table of areas: the municipalities of a run, their districts and neighbourhoods, and the figures of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa

from abmsim.population.places import Place
from abmsim.records import buffers
from abmsim.records import columns as arrow
from abmsim.schema.schema import NEIGHBOURHOODS, Schema
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_neighbourhoods import HEALTH, OLDER

AREA_STATISTICS = AREAS, FIGURES, PUBLISHED = "areas_2020", "neighbourhood", "health_by_area_2020"
"""The statistics that it is made of: the codes, the figures where residents live, and the health of all areas."""

Row = Mapping[str, str]


def neighbourhoods_table(places: Sequence[Place], catalogue: Catalogue, schema: Schema) -> pa.Table:
    """The areas of the places, sorted by code; a catalogue without figures leaves the municipalities alone."""
    rows = sorted(_areas(places, catalogue), key=lambda row: row["neighbourhood_code"])
    table_schema = arrow.arrow_schema(schema.tables[NEIGHBOURHOODS], schema)
    arrays = [_array([row.get(field.name) or None for row in rows], field.type) for field in table_schema]
    return pa.Table.from_arrays(arrays, schema=table_schema)


def _array(values: list[str | None], type_: pa.DataType) -> pa.Array:
    if pa.types.is_floating(type_):
        missing = np.array([value is None for value in values], dtype=bool)
        return buffers.array(np.array([float(value or 0) for value in values]), type_, missing)
    return arrow.texts(values, type_)


def _areas(places: Sequence[Place], catalogue: Catalogue) -> Iterator[dict[str, str]]:
    if not catalogue.cards.keys() >= set(AREA_STATISTICS):
        yield from (_municipality(place) for place in places)
        return
    lived_in = {row["neighbourhood_code"]: row for row in catalogue.rows(FIGURES)}
    published = {row["area_code"]: row for row in catalogue.rows(PUBLISHED)}
    codes = {place.code for place in places}
    for area in catalogue.rows(AREAS):
        if area["municipality_code"] in codes:
            code = area["area_code"]
            figures = lived_in.get(code) or _health(published.get(code, {}))
            yield {**figures, **area, "neighbourhood_code": code}


def _municipality(place: Place) -> dict[str, str]:
    return {
        "neighbourhood_code": place.code, "name": place.name, "level": "municipality", "municipality_code": place.code,
    }  # fmt: skip


def _health(row: Row) -> dict[str, str]:
    """The published figures of an area in which no residents are placed: its own alone."""
    found: dict[str, str] = {}
    for suffix in ("", OLDER):
        if row.get(f"lonely{suffix}"):
            found[f"health{suffix}_of"] = row["area_code"]
            found |= {f"{name}{suffix}": row[f"{column}{suffix}"] for name, column in HEALTH.items()}
    return found
