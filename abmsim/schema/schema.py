"""The one truth about the records: tables, columns, keys and code lists, read from YAML.

The module language reads it too (a record verb is a table), so nothing heavy is imported here.
"""

from __future__ import annotations

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
    "Column", "Schema", "TableSchema", "load_schema", "parents_first", "take_schema",
]  # fmt: skip


_shipped: list[Schema] = []
"""The one that was read, if any was."""


def load_schema(folder: Path = SCHEMA_TABLES) -> Schema:
    """The schema in `folder/*.yaml` and `folder/../codes/*.yaml`; raises ProblemsFound with all that is wrong in it."""
    if folder != SCHEMA_TABLES:
        return _read(folder)
    if not _shipped:
        _shipped.append(_read(folder))
    return _shipped[0]


def take_schema(known: Schema) -> None:
    """Spare reading the shipped schema, as this is what its files say."""
    if not _shipped:
        _shipped.append(known)


def _read(folder: Path) -> Schema:
    codes, problems = read_codes(sorted((folder.parent / "codes").glob("*.yaml")))
    tables, found = read_tables(sorted(folder.glob("*.yaml")), codes)
    if problems or found:
        raise ProblemsFound([*problems, *found])
    ordered = parents_first(tables)
    return Schema(ordered, codes, {table.verb: table for table in ordered.values() if table.verb})
