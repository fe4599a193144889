"""YAML 1.2 scalars, places, and one clear problem for text that is no YAML."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abmsim.yamlfile import parse_yaml, read_yaml


def value(text: str) -> object:
    root, problems = parse_yaml(f"key: {text}\n", "file")
    assert root is not None and not problems
    return root.entries[0][1].plain()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0363", "0363"), ("no", "no"), ("Yes", "Yes"), ("on", "on"), ("12:30", "12:30"), ("2015-01-01", "2015-01-01"),
        ("1_000", "1_000"), ("0x1F", "0x1F"), ("True", "True"), ("GM0363", "GM0363"), ("'7'", "7"), ('"true"', "true"),
        ("true", True), ("false", False), ("null", None), ("~", None), ("", None), ("7", 7), ("-3", -3), ("0.80", 0.8),
        ("1e3", 1000.0), (".5", 0.5), ("[a, 1]", ["a", 1]), ("{a: no}", {"a": "no"}),
    ],
)  # fmt: skip
def test_scalars_are_what_they_look_like(text: str, expected: object) -> None:
    found = value(text)
    assert found == expected and type(found) is type(expected)


def test_every_node_knows_its_place() -> None:
    root, _ = parse_yaml("a: 1\nb:\n  - {c: 'text', d: 2}\n", "file")
    assert root is not None
    item = root.entries[1][1].items[0]
    assert (item.line, item.column) == (3, 5)
    text = item.entries[0][1]
    assert (text.line, text.column, text.text_column) == (3, 9, 10)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\na: 2\n", "file:2:1 E102 key 'a' stands here twice (first on line 1: keep one)"),
        ("a: {b: 1, b: 2}\n", "file:1:11 E102 key 'b' stands here twice (first on line 1: keep one)"),
        ("a:\n\tb: 1\n", "file:2:1 E101 this is no YAML: found character that cannot start any token "
         "(indent with spaces, not with tabs)"),
        ("a: {b: 1\nc: 2\n", "file:1:4 E101 this is no YAML: did not find expected ',' or '}' "
         "(close the { or [ that opens here, and separate its items by commas)"),
        ("a:1\nb: 2\n", "file:1:2 E101 this is no YAML: mapping values are not allowed in this context "
         "(put a space after the colon)"),
        ("a: b: c\n", "file:1:5 E101 this is no YAML: mapping values are not allowed in this context "
         "(a value with ': ' in it stands between quotes; keys of one map stand under each other)"),
        ("a: 'x\n", "file:1:4 E101 this is no YAML: found unexpected end of stream (close the quote that opens here)"),
        ("a: *x\n", "file:1:4 E101 this is no YAML: found undefined alias "
         "(put a value that begins with *, & or ! between quotes)"),
        ("a: @x\n", "file:1:4 E101 this is no YAML: found character that cannot start any token "
         "(put a value that begins with @, % or ` between quotes)"),
        ("a: &x [*x]\n", "file:1:4 E101 what is anchored here is used again by an alias "
         "(write out what it stands for; a value that begins with * or & stands between quotes)"),
        ("a: \x00\n", "file:1:4 E100 the character #x0000 is no text (remove the character)"),
        ("", "file:1:1 E104 the file is empty"),
        ("{a: b}: 3\n", "file:1:1 E105 a key is one value (put a key that begins with { or [ between quotes)"),
    ],
)  # fmt: skip
def test_what_is_no_good_yaml_is_told_once(text: str, expected: str) -> None:
    _, problems = parse_yaml(text, "file")
    assert list(map(str, problems)) == [expected]


def test_an_unreadable_file_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    root, problems = read_yaml(tmp_path / "none.yaml")
    assert root is None
    assert list(map(str, problems)) == ["none.yaml:1:1 E100 cannot read the file: No such file or directory"]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab1:-{}[],'\"#&*!|>%@` \n\t\x00\ud800é"), max_size=40) | st.text(max_size=30))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    root, problems = parse_yaml(text, "file")
    assert root is not None or problems
