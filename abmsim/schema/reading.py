"""Reads the schema's YAML with places, so that whoever adds a table is told file and line of what is wrong.

Every scalar is taken as the text that stands there: `01` stays `01`, `no` stays `no`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import yaml

from abmsim.paths import shown
from abmsim.problems import Problem, suggestion
from abmsim.schema.schema import ROLES, TYPES, Code, CodeList, Column, TableSchema

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LIST_KEYS = ("about", "standard", "codes")
_CODE_KEYS = ("about", "dutch", "code")
_TABLE_KEYS = ("table", "about", "dutch", "verb", "large", "kills", "key", "columns")
_COLUMN_KEYS = (
    "type", "about", "dutch", "role", "nullable", "codes", "refers", "refers_by", "unit", "on_death", "standard",
)


class _Reader:
    """One YAML file being read; gathers its problems."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        self.name = shown(path)
        self.problems = problems
        self.root = self._compose(path)

    def _compose(self, path: Path) -> yaml.Node | None:
        try:
            node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
        except OSError as error:
            self.problems.append(Problem(self.name, 1, 1, "R100", f"cannot be read: {error.strerror}"))
        except (yaml.MarkedYAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            text = getattr(error, "problem", None) or "is not UTF-8 text"
            self.problems.append(Problem(self.name, line, column, "R100", f"no valid YAML: {text}"))
        else:
            if node is None:
                self.problems.append(Problem(self.name, 1, 1, "R100", "the file is empty"))
            return node
        return None

    def problem(self, node: yaml.Node, code: str, text: str, hint: str = "") -> None:
        mark = node.start_mark
        self.problems.append(Problem(self.name, mark.line + 1, mark.column + 1, code, text, hint))

    def entries(self, node: yaml.Node | None, known: Sequence[str] | None = None) -> dict[str, yaml.Node]:
        """The entries of a mapping; duplicate keys, and unknown ones if `known` is given, are problems."""
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.problem(node, "R101", "should be a mapping of keys to values")
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in found:
                self.problem(key, "R101", f"the key '{name}' stands here twice")
            elif known is not None and name not in known:
                self.problem(key, "R101", f"unknown key '{name}'", suggestion(name, known))
            else:
                found[name] = value
        return found

    def text(self, entries: Mapping[str, yaml.Node], key: str, default: str = "") -> str:
        node = entries.get(key)
        if node is None:
            return default
        if not isinstance(node, yaml.ScalarNode):
            self.problem(node, "R102", f"'{key}' should be one text")
            return default
        return str(node.value)

    def flag(self, entries: Mapping[str, yaml.Node], key: str) -> bool:
        text = self.text(entries, key, "false")
        if text not in ("true", "false"):
            self.problem(entries[key], "R102", f"'{key}' should be true or false, not '{text}'")
        return text == "true"

    def need(self, node: yaml.Node, entries: Mapping[str, yaml.Node], *keys: str) -> None:
        for key in keys:
            if key not in entries:
                self.problem(node, "R102", f"the key '{key}' is missing")

    def one_of(self, entries: Mapping[str, yaml.Node], key: str, options: Iterable[str], code: str, what: str) -> str:
        """The text of a key, which must be one of the options if it is there."""
        text = self.text(entries, key)
        options = tuple(options)
        if text and text not in options:
            self.problem(entries[key], code, f"unknown {what} '{text}'", suggestion(text, options))
        return text


def read_codes(path: Path, problems: list[Problem]) -> dict[str, CodeList]:
    """The code lists of `codes.yaml`."""
    reader = _Reader(path, problems)
    return {name: _code_list(reader, name, node) for name, node in reader.entries(reader.root).items()}


def _code_list(reader: _Reader, name: str, node: yaml.Node) -> CodeList:
    entries = reader.entries(node, _LIST_KEYS)
    reader.need(node, entries, "about", "codes")
    codes = []
    for label, code_node in reader.entries(entries.get("codes")).items():
        code = reader.entries(code_node, _CODE_KEYS)
        reader.need(code_node, code, "about", "dutch")
        codes.append(Code(label, reader.text(code, "about"), reader.text(code, "dutch"), reader.text(code, "code")))
    return CodeList(name, reader.text(entries, "about"), tuple(codes), reader.text(entries, "standard"))


def read_tables(
    paths: Sequence[Path], codes: Mapping[str, CodeList], problems: list[Problem]
) -> dict[str, TableSchema]:
    """The tables, one a file; the file's name is the table's."""
    names = tuple(path.stem for path in paths)
    tables: dict[str, TableSchema] = {}
    verbs: dict[str, str] = {}
    for path in paths:
        reader = _Reader(path, problems)
        if reader.root is None:
            continue
        table = _table(reader, path.stem, names, codes)
        if table.verb and table.verb in verbs:
            reader.problem(reader.root, "R103", f"the verb '{table.verb}' already writes {verbs[table.verb]}")
        verbs[table.verb or ""] = table.name
        tables[table.name] = table
    return tables


def _table(reader: _Reader, name: str, tables: Sequence[str], codes: Mapping[str, CodeList]) -> TableSchema:
    root = reader.root
    assert root is not None
    entries = reader.entries(root, _TABLE_KEYS)
    reader.need(root, entries, "table", "about", "dutch", "columns")
    if "table" in entries and reader.text(entries, "table") != name:
        reader.problem(entries["table"], "R103", f"the table should be called '{name}', as its file is")
    columns: list[Column] = []
    nodes = reader.entries(entries.get("columns"))
    for column_name, node in nodes.items():
        columns.append(_column(reader, column_name, node, tables, codes, tuple(nodes)))
    _check_roles(reader, columns, nodes)
    return TableSchema(
        name, reader.text(entries, "about"), reader.text(entries, "dutch"), tuple(columns),
        _key(reader, entries, columns), reader.text(entries, "verb") or None,
        reader.flag(entries, "large"), reader.flag(entries, "kills"),
    )


def _column(
    reader: _Reader, name: str, node: yaml.Node, tables: Sequence[str], codes: Mapping[str, CodeList],
    siblings: Sequence[str],
) -> Column:
    entries = reader.entries(node, _COLUMN_KEYS)
    reader.need(node, entries, "type", "about", "dutch")
    kind = reader.one_of(entries, "type", TYPES, "R104", "type")
    code_list = reader.one_of(entries, "codes", codes, "R105", "code list")
    refers = reader.one_of(entries, "refers", tables, "R106", "table")
    for column_type, key in (("code", "codes"), ("ref", "refers")):
        if kind and (kind == column_type) != (key in entries):
            reader.problem(node, "R104", f"a column of type '{column_type}' names its '{key}', and no other type does")
    on_death = reader.text(entries, "on_death")
    if on_death and code_list in codes:
        reader.one_of(entries, "on_death", codes[code_list].labels, "R105", f"label of {code_list}")
    standard = reader.entries(entries.get("standard"))
    return Column(
        name, kind, reader.text(entries, "about"), reader.text(entries, "dutch"),
        reader.one_of(entries, "role", ROLES, "R107", "role") or "none", reader.flag(entries, "nullable"),
        code_list, refers, reader.one_of(entries, "refers_by", siblings, "R106", "column"),
        reader.text(entries, "unit"), on_death, {key: reader.text(standard, key) for key in standard},
    )


def _check_roles(reader: _Reader, columns: Sequence[Column], nodes: Mapping[str, yaml.Node]) -> None:
    taken: dict[str, str] = {}
    for column in columns:
        if column.role != "none" and column.role in taken:
            text = f"the role '{column.role}' is already that of '{taken[column.role]}'"
            reader.problem(nodes[column.name], "R107", text)
        taken[column.role] = column.name


def _key(reader: _Reader, entries: Mapping[str, yaml.Node], columns: Sequence[Column]) -> tuple[str, ...]:
    """The primary key: the columns named, else the one of type `id`; `key: []` says that there is none."""
    node = entries.get("key")
    if node is None:
        own = tuple(column.name for column in columns if column.type == "id")
        if len(own) != 1 and reader.root is not None:
            reader.problem(reader.root, "R108", "needs one column of type 'id', or a 'key' naming its columns")
        return own
    if not isinstance(node, yaml.SequenceNode):
        reader.problem(node, "R108", "'key' should be a list of columns")
        return ()
    names = tuple(column.name for column in columns)
    for item in node.value:
        if item.value not in names:
            reader.problem(item, "R108", f"unknown column '{item.value}'", suggestion(str(item.value), names))
    return tuple(str(item.value) for item in node.value)
