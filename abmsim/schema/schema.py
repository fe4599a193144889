"""The one truth about the records: tables, columns, keys and code lists, read from YAML.

The module language reads it too (a record verb is a table), so nothing heavy is imported here.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from abmsim.paths import SCHEMA_TABLES
from abmsim.problems import ProblemsFound
from abmsim.schema.definition import (
    HOUSEHOLDS,
    INSTITUTIONS,
    MUNICIPALITIES,
    NEIGHBOURHOODS,
    PERSONS,
    PROVIDERS,
    Code,
    CodeList,
    Column,
    Schema,
    TableSchema,
    parents_first,
)
from abmsim.schema.reading import read_codes, read_tables

__all__ = [
    "HOUSEHOLDS", "INSTITUTIONS", "MUNICIPALITIES", "NEIGHBOURHOODS", "PERSONS", "PROVIDERS", "Code", "CodeList",
    "Column", "Schema", "TableSchema", "load_schema", "parents_first",
]  # fmt: skip


def load_schema(folder: Path = SCHEMA_TABLES) -> Schema:
    """The schema in `folder/*.yaml` and `folder/../codes/*.yaml`; raises ProblemsFound with all that is wrong in it."""
    return _load(folder) if folder == SCHEMA_TABLES else _read(folder)


@cache
def _load(folder: Path) -> Schema:
    return _read(folder)


def _read(folder: Path) -> Schema:
    codes, problems = read_codes(sorted((folder.parent / "codes").glob("*.yaml")))
    tables, found = read_tables(sorted(folder.glob("*.yaml")), codes)
    if problems or found:
        raise ProblemsFound([*problems, *found])
    ordered = parents_first(tables)
    return Schema(ordered, codes, {table.verb: table for table in ordered.values() if table.verb})
