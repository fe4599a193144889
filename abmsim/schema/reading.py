"""Reads the schema's YAML with places, so that whoever adds a table is told file and line of what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from abmsim.problems import Problem, suggestion
from abmsim.schema.definition import ROLES, TYPES, Code, CodeList, Column, TableSchema
from abmsim.yamlfile import NOT_AN_OPTION, Node, read_yaml

_LIST_KEYS = ("about", "standard", "codes")
_CODE_KEYS = ("about", "dutch", "code")
_TABLE_KEYS = ("table", "about", "dutch", "verb", "large", "kills", "key", "columns")
_COLUMN_KEYS = (
    "type", "about", "dutch", "role", "nullable", "codes", "refers", "refers_by", "unit", "on_death",
    "on_departure", "standard",
)  # fmt: skip
WRONG_NAME, WRONG_COLUMN, WRONG_KEY = "R101", "R102", "R103"


def read_codes(paths: Sequence[Path]) -> tuple[dict[str, CodeList], list[Problem]]:
    """The code lists of all files of `codes/`, and what is wrong in them."""
    codes: dict[str, CodeList] = {}
    problems: list[Problem] = []
    for path in paths:
        root, found = read_yaml(path)
        for name, node in root.entries if root is not None and root.expect("mapping", "the file") else ():
            if name.text in codes:
                name.tell(WRONG_NAME, f"another file has the code list '{name.text}' already", "rename one of the two")
            codes[name.text] = _code_list(name.text, node)
        problems += found
    return codes, problems


def _code_list(name: str, node: Node) -> CodeList:
    fields = node.fields("a code list", _LIST_KEYS, ("about", "codes"))
    codes = fields.get("codes")
    entries = codes.entries if codes is not None and codes.expect("mapping", "'codes'") else ()
    return CodeList(
        name, _text(fields, "about"), tuple(_code(label.text, code) for label, code in entries),
        _text(fields, "standard"),
    )  # fmt: skip


def _code(label: str, node: Node) -> Code:
    fields = node.fields("a code", _CODE_KEYS, ("about", "dutch"), f"{label}: {{about: ..., dutch: ...}}")
    return Code(label, _text(fields, "about"), _text(fields, "dutch"), _text(fields, "code"))


def read_tables(paths: Sequence[Path], codes: Mapping[str, CodeList]) -> tuple[dict[str, TableSchema], list[Problem]]:
    """The tables, one a file whose name is the table's, and what is wrong in them."""
    names = tuple(path.stem for path in paths)
    tables: dict[str, TableSchema] = {}
    problems: list[Problem] = []
    for path in paths:
        root, found = read_yaml(path)
        if root is not None:
            table = _table(root, path.stem, names, codes)
            _check_verb(root, table, tables)
            tables[table.name] = table
        problems += found
    return tables, problems


def _table(root: Node, name: str, tables: Sequence[str], codes: Mapping[str, CodeList]) -> TableSchema:
    fields = root.fields("a table", _TABLE_KEYS, ("table", "about", "dutch", "columns"))
    if "table" in fields and fields["table"].text != name:
        fields["table"].tell(WRONG_NAME, f"this table is called '{name}', as its file is", "rename one of the two")
    nodes = fields.get("columns")
    entries = nodes.entries if nodes is not None and nodes.expect("mapping", "'columns'") else ()
    siblings = tuple(key.text for key, _ in entries)
    columns = tuple(_column(key.text, node, tables, codes, siblings) for key, node in entries)
    _check_roles(columns, {key.text: key for key, _ in entries})
    return TableSchema(
        name, _text(fields, "about"), _text(fields, "dutch"), columns, _key(root, fields.get("key"), columns),
        _text(fields, "verb") or None, _flag(fields, "large"), _flag(fields, "kills"),
    )  # fmt: skip


def _column(
    name: str, node: Node, tables: Sequence[str], codes: Mapping[str, CodeList], siblings: Sequence[str]
) -> Column:
    fields = node.fields("a column", _COLUMN_KEYS, ("type", "about", "dutch"))
    column = Column(
        name, _choice(fields, "type", TYPES), _text(fields, "about"), _text(fields, "dutch"),
        _choice(fields, "role", ROLES) or "none", _flag(fields, "nullable"), _choice(fields, "codes", codes),
        _choice(fields, "refers", tables), _choice(fields, "refers_by", siblings), _text(fields, "unit"),
        _text(fields, "on_death"), _text(fields, "on_departure"), _standard(fields.get("standard")),
    )  # fmt: skip
    for type_, key in (("code", "codes"), ("ref", "refers")):
        if column.type and (column.type == type_) != (key in fields):
            node.tell(WRONG_COLUMN, f"'{key}' belongs to columns of type '{type_}', and to all of them")
    if column.codes:
        _check_endings(column, fields, codes[column.codes].labels)
    return column


def _check_endings(column: Column, fields: Mapping[str, Node], labels: Sequence[str]) -> None:
    """What death and departure close a row with are labels of the column's own list."""
    for key, label in (("on_death", column.on_death), ("on_departure", column.on_departure)):
        if label and label not in labels:
            hint = suggestion(label, labels)
            fields[key].tell(NOT_AN_OPTION, f"unknown label '{label}' of {column.codes}", hint)


def _standard(node: Node | None) -> dict[str, str]:
    if node is None or not node.expect("mapping", "'standard'", "{iwmo: WMO588}"):
        return {}
    return {key.text: value.string(f"the name in {key.text}") for key, value in node.entries}


def _check_roles(columns: Sequence[Column], nodes: Mapping[str, Node]) -> None:
    taken: dict[str, str] = {}
    for column in columns:
        if column.role in taken:
            nodes[column.name].tell(WRONG_COLUMN, f"'{taken[column.role]}' has the role '{column.role}' already")
        elif column.role != "none":
            taken[column.role] = column.name


def _check_verb(root: Node, table: TableSchema, others: Mapping[str, TableSchema]) -> None:
    for other in others.values():
        if table.verb and table.verb == other.verb:
            root.tell(WRONG_NAME, f"the verb '{table.verb}' writes the table '{other.name}' already")


def _key(root: Node, node: Node | None, columns: Sequence[Column]) -> tuple[str, ...]:
    """The primary key: the columns named, else the one of type `id`; `key: []` says that there is none."""
    if node is None:
        own = tuple(column.name for column in columns if column.type == "id")
        if len(own) != 1:
            root.tell(WRONG_KEY, "a table has one column of type 'id', or a 'key' that names its columns")
        return own
    names = tuple(column.name for column in columns)
    return tuple(item.choice("column", names) for item in node.listed("'key'"))


def _text(fields: Mapping[str, Node], key: str) -> str:
    return fields[key].string(f"'{key}'") if key in fields else ""


def _flag(fields: Mapping[str, Node], key: str) -> bool:
    return key in fields and fields[key].flag(f"'{key}'")


def _choice(fields: Mapping[str, Node], key: str, options: Sequence[str] | Mapping[str, object]) -> str:
    return fields[key].choice(key, tuple(options)) if key in fields else ""
