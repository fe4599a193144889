"""What a state may write, as parts of a JSON Schema: the verbs of the tables, their columns and code lists."""

from __future__ import annotations

from abmsim.lang.json_schema_values import Part, any_of, keyed, ref
from abmsim.schema.schema import CodeList, Column, Schema, TableSchema

_NULL: Part = {"type": "null"}


def code_parts(schema: Schema) -> dict[str, Part]:
    """For each code list what a column may be given: a label, shares of labels or an expression."""
    used = {column.codes for table in schema.verbs.values() for column in table.columns if column.codes}
    return {f"codes_{name}": _coded(schema.codes[name]) for name in sorted(used)}


def _coded(codes: CodeList) -> Part:
    labels = {
        "enum": list(codes.labels),
        "enumDescriptions": [f"{code.about} ({code.dutch})" if code.dutch else code.about for code in codes.codes],
    }
    shares = keyed(codes.labels, dict.fromkeys(codes.labels, ref("share")))
    return any_of(labels, shares, {"description": "An expression that gives a label.", "type": "string"})


def record_parts(schema: Schema) -> dict[str, Part]:
    """For each verb the columns that a module gives."""
    return {f"record_{verb}": _record(table) for verb, table in schema.verbs.items()}


def _record(table: TableSchema) -> Part:
    given = [column for column in table.columns if column.written or column.role == "planned_end"]
    parts = {column.name: _column(column) for column in given}
    needed = [column.name for column in table.written if not column.nullable]
    kinds = [keyed(parts, parts, needed)] if needed else [keyed(parts, parts), _NULL]
    return {"description": f"Writes a row of {table.name}: {table.about}", **any_of(*kinds)}


def _column(column: Column) -> Part:
    said = {"description": f"{column.about} ({column.dutch})" if column.dutch else column.about}
    if column.codes:
        return {**said, **ref(f"codes {column.codes}")}
    if column.role == "planned_end":
        return {**said, **ref("quantity")}
    return {**said, **any_of(ref("expression"), ref("literal"))}


def end_part(schema: Schema) -> Part:
    """`end: {verb: reason}`, or verbs whose tables have no reasons."""
    verbs = {verb: table for verb, table in schema.verbs.items() if table.ends}
    reasons = keyed(verbs, {verb: _reason(table) for verb, table in verbs.items()})
    plain: Part = {"enum": [verb for verb, table in verbs.items() if not table.by_role("end_reason")]}
    return {
        "description": "Closes the open rows of these verbs, with the reason.",
        **any_of(reasons, plain, {"type": "array", "items": plain}),
    }


def _reason(table: TableSchema) -> Part:
    column = table.by_role("end_reason")
    return ref(f"codes {column.codes}") if column else _NULL
