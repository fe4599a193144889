"""An order to a provider counts for a delivery of the same right only: a budget that follows care in kind has none."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from abmsim.records.rowgroups import Columns
from abmsim.schema.schema import Column, Schema, TableSchema


def of_the_same_right(
    column: Column, found: Columns, table: TableSchema, written: Mapping[str, Columns], schema: Schema
) -> np.ndarray:
    """int32[n]: the reference `column` of the rows `found`, -1 where that row and this one refer to different rows of
    a third table; `written` has the columns of the tables before, of the same persons."""
    reference = found[column.name]
    other = written.get(column.refers)
    shared = {mine.refers: mine.name for mine in table.parents}
    both = [(shared[theirs.refers], theirs.name) for theirs in schema.tables[column.refers].parents
            if theirs.refers in shared]  # fmt: skip
    if other is None or not both:
        return reference
    most = int(max(other["ordinal"].max(initial=0), reference.max(initial=0))) + 1
    keys = other["person"].astype(np.int64) * most + other["ordinal"]
    order = np.argsort(keys)
    asked = np.flatnonzero(reference >= 0)
    wanted = found["person"][asked].astype(np.int64) * most + reference[asked]
    place = order[np.minimum(np.searchsorted(keys, wanted, sorter=order), len(order) - 1)]
    known = keys[place] == wanted
    kept = reference.copy()
    for mine, theirs in both:
        differs = known & (found[mine][asked] >= 0) & (found[mine][asked] != other[theirs][place])
        kept[asked[differs]] = -1
    return kept
