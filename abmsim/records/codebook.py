"""The codebook of a run: every table, column and code, told from the schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from abmsim.records.disclaimer import DISCLAIMER
from abmsim.schema.schema import CodeList, Column, Schema, TableSchema

_HOW_TO_READ = """## How to read these tables

- **Keys** are opaque text: a person is `abm-…`, a household `abh-…`, a row the person's key and a number.
- **Periods** run from the first day up to, and not including, the last date: a person whose help has `delivery_end`
  1 March had help on the last day of February. An empty end means that it still runs at the end of the run.
- **History is the history of survivors.** People of the base date (`from` in `run.yaml`) have a past, but those who
  died before that day are not here. Rates and durations therefore come from the live years only: join
  `observation_periods` and keep `complete = true`.
- **Who comes and goes.** `persons` holds everybody who ever lived here in the run: `entered_by` and `left_by` say how
  they came and left. Newcomers have no rows from before their arrival (what ran on that day is marked `carried_over`),
  and nobody has any after departure. On a day d live here those with `entered_date` <= d and no `left_date` up to d.
- **Homes and families.** In the live years everybody is in one household at a time (`household_members`). `relations`
  says who is whose parent and partner, inside the run only; children are the rows in which the person is the relative.
- **Why** a row is there: find it in `events` by `table_name` and `record_id`; `why` names the module's line, and
  `statistic` leads to the publisher in `sources`.
- **Standards** (iWmo, iJw, CBS, GGM) are named where a column or code follows one; the labels are our own.
"""


def write_codebook(path: Path, schema: Schema, rows: Mapping[str, int]) -> None:
    """Write the codebook; `rows` are the rows of each table in this run."""
    path.write_text("\n".join(_lines(schema, rows)) + "\n", encoding="utf-8", newline="\n")


def _lines(schema: Schema, rows: Mapping[str, int]) -> Iterator[str]:
    yield "# Codebook"
    yield f"\n**{DISCLAIMER}**\n"
    yield _HOW_TO_READ
    yield "## Tables\n"
    yield from _markdown_table(
        ("table", "rows", "holds", "Dutch"),
        ((f"[{name}](#{name})", f"{rows.get(name, 0):,}", table.about, table.dutch)
         for name, table in schema.tables.items()),
    )  # fmt: skip
    for table in schema.tables.values():
        yield from _table(table)
    yield "\n## Code lists"
    for codes in schema.codes.values():
        yield from _code_list(codes, schema)


def _table(table: TableSchema) -> Iterator[str]:
    yield f"\n### {table.name}\n"
    yield f"{table.about} Dutch: *{table.dutch}*."
    yield f"Key: {', '.join(f'`{name}`' for name in table.key) or 'none'}.\n"
    yield from _markdown_table(
        ("column", "type", "meaning", "may be empty", "Dutch", "standards"),
        ((f"`{column.name}`", _type(column), column.about, "yes" if column.nullable else "", column.dutch,
          _standards(column)) for column in table.columns),
    )  # fmt: skip


def _type(column: Column) -> str:
    if column.codes:
        return f"code of [{column.codes}](#{column.codes})"
    if column.refers:
        return f"key of [{column.refers}](#{column.refers})"
    if column.refers_by:
        return f"key of the table in `{column.refers_by}`"
    return {"id": "key"}.get(column.type, column.type) + (f" ({column.unit})" if column.unit else "")


def _standards(column: Column) -> str:
    return ", ".join(f"{name}: {value}" for name, value in column.standard.items())


def _code_list(codes: CodeList, schema: Schema) -> Iterator[str]:
    users = [f"`{table.name}.{column.name}`" for table in schema.tables.values() for column in table.columns
             if column.codes == codes.name]  # fmt: skip
    yield f"\n### {codes.name}\n"
    yield f"{codes.about}. Used by {', '.join(users) or 'no column'}." + (
        f" Standard: {codes.standard}." if codes.standard else ""
    )
    yield ""
    yield from _markdown_table(
        ("code", "meaning", "Dutch", "code in the standard"),
        ((f"`{code.label}`", code.about, code.dutch, code.standard_code) for code in codes.codes),
    )


def _markdown_table(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heading)} |"
    yield f"|{'---|' * len(heading)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"
