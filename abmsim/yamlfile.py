"""YAML files with the place of every value: YAML 1.2 scalars, no duplicate or unknown keys, all problems at once.

PyYAML reads YAML 1.1, where `0363` is 243, `no` is false, `12:30` is 750 and a second `age:` silently wins. Here
only `true`, `false`, `null` and plain decimal numbers are anything but text, and a key stands once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from abmsim.days import parse_day
from abmsim.paths import shown
from abmsim.problems import Problem, suggestion
from abmsim.yamlhints import syntax_hint

try:
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # PyYAML without libyaml: slower, same nodes
    from yaml import SafeLoader as _SafeLoader


class _Loader(_SafeLoader):  # type: ignore[misc, valid-type]
    """Takes every scalar as text: what it means is said here, by YAML 1.2; so no tag is looked for."""

    def resolve(self, kind: object, value: object, implicit: object) -> str:
        return ""

    def descend_resolver(self, current_node: object, current_index: object) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


UNREADABLE, SYNTAX, DUPLICATE_KEY, UNKNOWN_KEY, MISSING_KEY, WRONG_KIND, NOT_AN_OPTION = (
    f"E10{number}" for number in range(7)
)

_NUMBER = re.compile(r"[-+]?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|[-+]?\.\d+(?:[eE][-+]?\d+)?")
_DEEPEST, _WIDEST = 50, 200
_NESTING = re.compile(rf"[\[\]{{}}]|^[ ?:-]{{{_WIDEST + 1},}}", re.MULTILINE)
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_KINDS = {"mapping": "a map of keys", "sequence": "a list", "scalar": "one value"}

Scalar = bool | int | float | str | None


@dataclass(slots=True)
class Node:
    """One value of a YAML file; `line` and `column` count from 1. Never changed, but not frozen: see `_node`.

    `entries` are the keys (as nodes) and values of a mapping, `items` the values of a sequence, `text` a scalar's text.
    All nodes of a file share one list of `problems`: a reader that meets something wrong adds to it and goes on.
    """

    file: str
    line: int
    column: int
    kind: str
    problems: list[Problem] = field(repr=False, compare=False)
    text: str = ""
    quoted: bool = False
    one_line: bool = True
    entries: tuple[tuple[Node, Node], ...] = ()
    items: tuple[Node, ...] = ()

    def tell(self, code: str, text: str, hint: str = "") -> None:
        """Add a problem at this place."""
        self.problems.append(Problem(self.file, self.line, self.column, code, text, hint))

    @property
    def value(self) -> Scalar:
        """A scalar's value under YAML 1.2: bool, int, float, None or text. Quoted is always text."""
        return self.text if self.quoted else scalar(self.text)

    @property
    def is_null(self) -> bool:
        return self.kind == "scalar" and self.value is None

    @property
    def text_column(self) -> int:
        """The column where a scalar's text begins (after an opening quote)."""
        return self.column + self.quoted

    def keys(self) -> list[str]:
        return [key.text for key, _ in self.entries]

    def get(self, key: str) -> Node | None:
        """The value of a key, None where a mapping has it not."""
        return next((value for name, value in self.entries if name.text == key), None)

    def expect(self, kind: str, what: str, example: str = "") -> bool:
        """Is this of that kind? If not, says so (`what` is written as `example`)."""
        if self.kind != kind:
            hint = f"write `{example}`" if example else ""
            self.tell(WRONG_KIND, f"{what} is {_KINDS[kind]}, not {_KINDS[self.kind]}", hint)
        return self.kind == kind

    def fields(
        self, what: str, allowed: Collection[str], needed: Iterable[str] = (), example: str = ""
    ) -> dict[str, Node]:
        """The values of a mapping with known keys; unknown and missing keys are problems."""
        if not self.expect("mapping", what, example):
            return {}
        found = {key.text: value for key, value in self.entries}
        for key, value in self.entries:
            if key.text not in allowed:
                key.unknown_key(what, allowed, has_value=not value.is_null)
        for name in needed:
            if name not in found:
                self.tell(MISSING_KEY, f"{what} lacks '{name}'", f"add `{name}: ...`")
        return {name: value for name, value in found.items() if name in allowed}

    def unknown_key(self, what: str, allowed: Collection[str], has_value: bool = True) -> None:
        """Say that this key is unknown, with the nearest known one."""
        hint = suggestion(self.text, allowed, "keys")
        if not has_value:
            hint = "inside {} a comma ends the value: put a value with a comma between quotes"
        self.tell(UNKNOWN_KEY, f"unknown key '{self.text}' in {what}", hint)

    def string(self, what: str) -> str:
        """A scalar's text, white space folded; "" after a problem."""
        return " ".join(self.text.split()) if self.expect("scalar", what) else ""

    def number(self, what: str) -> float:
        """A scalar's number; 0.0 after a problem."""
        if self.expect("scalar", what):
            value = self.value
            if isinstance(value, int | float) and not isinstance(value, bool):
                return float(value)
            self.tell(WRONG_KIND, f"{what} is a number, not '{self.text}'")
        return 0.0

    def flag(self, what: str) -> bool:
        """A scalar's truth; False after a problem."""
        if self.expect("scalar", what):
            if isinstance(self.value, bool):
                return self.value
            self.tell(WRONG_KIND, f"{what} is true or false, not '{self.text}'")
        return False

    def day(self, what: str) -> int | None:
        """A date's day number; None after a problem."""
        if self.expect("scalar", what):
            try:
                return parse_day(self.text)
            except ValueError:
                self.tell(WRONG_KIND, f"{what} is a date, not '{self.text}'", "write it as 2015-01-01")
        return None

    def choice(self, what: str, options: Collection[str]) -> str:
        """One of the options; "" after a problem."""
        text = self.string(what)
        if self.kind != "scalar" or text in options:
            return text
        self.tell(NOT_AN_OPTION, f"unknown {what} '{text}'", suggestion(text, options))
        return ""

    def listed(self, what: str) -> tuple[Node, ...]:
        """The items of a list."""
        return self.items if self.expect("sequence", what, "[a, b]") else ()

    def plain(self) -> object:
        """The same as dicts, lists and scalars."""
        if self.kind == "mapping":
            return {key.text: value.plain() for key, value in self.entries}
        return [item.plain() for item in self.items] if self.kind == "sequence" else self.value


def scalar(text: str) -> Scalar:
    """The YAML 1.2 value of a plain scalar: `0363`, `no`, `12:30` and dates stay text."""
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.fullmatch(text):
        return float(text) if any(mark in text for mark in ".eE") else int(text)
    return text


def read_yaml(path: Path, file: str = "", problems: list[Problem] | None = None) -> tuple[Node | None, list[Problem]]:
    """Read one YAML file: (its root, problems).

    The list is the one that readers of the root's nodes go on adding to; give `problems` to gather several files in
    one list. `file` is what problems name, by default the path as people should see it.
    """
    file = file or shown(path)
    gathered = [] if problems is None else problems
    text = _text(path, file, gathered)
    return (None if text is None else parse_yaml(text, file, gathered)[0]), gathered


def _text(path: Path, file: str, problems: list[Problem]) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        before = path.read_bytes()[: error.start]
        place = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        problems.append(Problem(file, *place, UNREADABLE, "this is no UTF-8 text", "save the file as UTF-8"))
    except OSError as error:
        problems.append(Problem(file, 1, 1, UNREADABLE, f"cannot read the file: {error.strerror or error}"))
    return None


def parse_yaml(text: str, file: str, problems: list[Problem] | None = None) -> tuple[Node | None, list[Problem]]:
    """The same for text that is already here."""
    gathered = [] if problems is None else problems
    deep = _too_deep(text)
    if deep is not None:
        gathered.append(Problem(file, *deep, SYNTAX, "lists or maps are nested too deep", f"at most {_DEEPEST} levels"))
        return None, gathered
    try:
        root = yaml.compose(text, Loader=_Loader)
        if root is not None:
            return _node(root, file, gathered, set()), gathered
        gathered.append(Problem(file, 1, 1, MISSING_KEY, "the file is empty"))
    except yaml.MarkedYAMLError as error:
        place, hint = syntax_hint(error, text)
        gathered.append(Problem(file, *place, SYNTAX, f"this is no YAML: {error.problem or 'it ends too early'}", hint))
    except yaml.reader.ReaderError as error:
        said = f"the character #x{_code_point(error.character):04x} is no text"
        gathered.append(Problem(file, *_place_of(text, error.position), UNREADABLE, said, "remove the character"))
    except UnicodeEncodeError as error:
        gathered.append(Problem(file, *_place_of(text, error.start), UNREADABLE, "half a character", "remove it"))
    except RecursionError:
        gathered.append(Problem(file, 1, 1, SYNTAX, "lists or maps are nested too deep"))
    return None, gathered


def _code_point(character: object) -> int:
    return character if isinstance(character, int) else ord(str(character)[:1] or "?")


def _place_of(text: str, position: int) -> tuple[int, int]:
    before = text[: position if isinstance(position, int) else 0]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _too_deep(text: str) -> tuple[int, int] | None:
    """Where the text may be nested deeper than the parser's own stack holds (it would end the process); else None.

    Counts brackets, in texts and comments too, and what stands before the first word of a line.
    """
    depth = 0
    for match in _NESTING.finditer(text):
        found = match[0]
        depth = max(depth + (1 if found in "[{" else -1), 0) if found in "[]{}" else depth
        if depth > _DEEPEST or len(found) > _WIDEST:
            return _place_of(text, match.start())
    return None


def _node(node: yaml.Node, file: str, problems: list[Problem], seen: set[int]) -> Node:
    """The node with its place; `seen` are those before it, as one that comes again is an alias.

    A hundred modules are 30,000 nodes: this and `_entries` are written for speed.
    """
    start = node.start_mark
    line = start.line + 1
    if id(node) in seen:
        hint = "write out what it stands for; a value that begins with * or & stands between quotes"
        place = (file, line, start.column + 1)
        problems.append(Problem(*place, SYNTAX, "what is anchored here is used again by an alias", hint))
        return Node(*place, "scalar", problems)
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        style = node.style
        if style is None:  # plain, and nearly always on one line
            return Node(file, line, start.column + 1, "scalar", problems, node.value, False, node.end_mark.line < line)
        one_line = style not in ("|", ">") and node.end_mark.line < line
        return Node(file, line, start.column + 1, "scalar", problems, node.value, style in ("'", '"'), one_line)
    if isinstance(node, yaml.SequenceNode):
        items = tuple([_node(item, file, problems, seen) for item in node.value])
        return Node(file, line, start.column + 1, "sequence", problems, items=items)
    entries = tuple(_entries(node, file, problems, seen))
    return Node(file, line, start.column + 1, "mapping", problems, entries=entries)


def _entries(
    node: yaml.Node, file: str, problems: list[Problem], seen: set[int]
) -> Iterator[tuple[Node, Node]]:
    first: dict[str, int] = {}
    for raw_key, raw_value in node.value:
        key = _node(raw_key, file, problems, seen)
        if key.kind != "scalar":
            key.tell(WRONG_KIND, "a key is one value", "put a key that begins with { or [ between quotes")
        elif key.text in first:
            key.tell(DUPLICATE_KEY, f"key '{key.text}' stands here twice", f"first on line {first[key.text]}: keep one")
        else:
            first[key.text] = key.line
            yield key, _node(raw_value, file, problems, seen)
