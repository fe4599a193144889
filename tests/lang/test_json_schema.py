"""The JSON Schema that editors use says what the reader says."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from test_problems_of_modules import cases

from abmsim.days import parse_duration
from abmsim.lang.json_schema import language_schema, schema_text
from abmsim.lang.json_schema_values import DURATION
from abmsim.lang.read import MODULE_KEYS, read_module
from abmsim.lang.read_state import STATE_KEYS
from abmsim.paths import MODULES, module_paths
from abmsim.schema.schema import load_schema
from abmsim.yamlfile import Node, read_yaml

SCHEMA = language_schema(load_schema())
VALIDATOR = Draft202012Validator(SCHEMA)
FORM = {"E103", "E104", "E105", "E106", "E108", "E308", "E316", "E317", "E403", "E404"}
"""Codes of what is wrong in the form of a file; the others are about names, sums and circles."""

EVERY_MAP = """\
module: wmo/example
about: every map that the reader knows
in_force: {from: 2015-01-01}
parameters: {told: {type: duration, about: x}}
attributes: {level: {type: number, about: x}}
assume:
  named: {is: 0.5, why: x}
  spread: {is: {lognormal: {median: 1, sigma: 1}, unit: years}, why: x}
  chance: {is: {probability: 0.1, over: 1 year}, why: x}
start: a
states:
  a:
    set: {level: {normal: {mean: 0, sd: 1}, why: x}}
    hazard: {rate: stats.x, times: 2}
    next: [{when: level > 1, to: b}, {else: c}]
  b: {wait: {is: 1 year, why: x}, next: c}
  c: {until: [{wait: {weibull: {scale: stats.x, shape: stats.y}, unit: years}}], next: d}
  d: {wait: {exponential: {mean: stats.x}, unit: years}, next: e}
  e: {await: {at: desk, priority: level}, next: f}
  f: {final: true}
"""


def problems_of(text: str, workshop) -> tuple[Any, list[str]]:
    """(the content of a module, or of the example with these states, the codes that the reader tells)."""
    if text.startswith("module:"):
        workshop.module(text)
    else:
        workshop.errors_in(text)
    folder = workshop.root / "modules"
    path = folder / "wmo" / "example.yaml"
    root, _ = read_yaml(path)
    _, problems = read_module(path, folder, load_schema().verbs)
    return None if root is None else root.plain(), [problem.code for problem in problems]


def closed_maps(part: object) -> Iterator[frozenset[str]]:
    """The keys of every map in the schema that takes no others."""
    if isinstance(part, Mapping):
        if part.get("additionalProperties") is False:
            yield frozenset(part["properties"])
        for value in part.values():
            yield from closed_maps(value)
    elif isinstance(part, list):
        for value in part:
            yield from closed_maps(value)


def test_it_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert schema_text(load_schema()) == schema_text(load_schema())


@pytest.mark.parametrize("path", [path for path, _ in module_paths([MODULES])], ids=lambda path: path.stem)
def test_shipped_modules_are_valid(path: Path) -> None:
    root, _ = read_yaml(path)
    content: Any = root.plain() if root else None
    assert [f"{list(error.absolute_path)} {error.message}" for error in VALIDATOR.iter_errors(content)] == []


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*case[1:], id=case[0]) for case in cases()])
def test_what_the_reader_refuses_for_its_form_is_refused_and_nothing_that_is_right(
    text: str, expected: list[str], workshop
) -> None:
    content, codes = problems_of(text, workshop)
    if set(codes) & FORM and content is not None:
        assert not VALIDATOR.is_valid(content)
    elif not expected:
        assert VALIDATOR.is_valid(content)


def test_every_map_of_the_reader_is_in_the_schema_and_no_other(workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[frozenset[str]] = set()
    fields = Node.fields

    def noted(self: Node, what: str, allowed: Collection[str], *others: object) -> dict[str, Node]:
        asked.add(frozenset(allowed))
        return fields(self, what, allowed, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(Node, "fields", noted)
    _, codes = problems_of(EVERY_MAP, workshop)
    assert set(codes) <= {"E317"}  # only `in_force` beside `parameters`
    parts = SCHEMA["$defs"]
    assert isinstance(parts, Mapping)
    of_language = {name: part for name, part in parts.items() if not name.startswith(("codes_", "record_", "state"))}
    top = {key: value for key, value in SCHEMA.items() if key != "$defs"}
    assert set(closed_maps([top, of_language])) >= asked
    described = {keys for keys in closed_maps([top, of_language]) if not keys <= set(load_schema().verbs)}
    assert described - asked <= {frozenset({"low", "high"})}


def test_states_have_the_keys_of_the_language_and_the_verbs_of_the_tables() -> None:
    assert set(SCHEMA["properties"]) == set(MODULE_KEYS)
    state = SCHEMA["$defs"]["state"]
    assert set(state["properties"]) == {*STATE_KEYS, *load_schema().verbs}


def test_labels_are_offered_with_what_they_mean() -> None:
    product = SCHEMA["$defs"]["codes_wmo_product"]["anyOf"][0]
    assert "household_help" in product["enum"]
    assert len(product["enum"]) == len(product["enumDescriptions"])


@pytest.mark.parametrize(
    "text", ["6 weeks", "2-6 weeks", "0.5 years", "1 year", "2 - 3 days", "6", "weeks", "2-6", "a week"]
)
def test_durations_are_what_the_reader_takes_for_them(text: str) -> None:
    try:
        parse_duration(text)
    except ValueError:
        assert not re.search(DURATION, text)
    else:
        assert re.search(DURATION, text)


@pytest.mark.parametrize(
    "state",
    [
        "{wait: assume.w, nxt: b}",
        "{wait: 6 weeks, next: b}",
        "{hazard: 0.1, next: b}",
        "{hazard: {rate: stats.x, time: 2}, next: b}",
        "{wait: assume.w, until: [age > 3], next: b}",
        "{wmo_delivery: {product: household_help}, wmo_request: {reporter: self}, next: b}",
        "{wmo_provision: {product: household_help, financing_form: {in_kid: assume.s, pgb: rest}}, next: b}",
        "{wmo_provision: {product: household_help, financing_form: in_kind, right_start: today}, next: b}",
        "{end: {wmo_dlivery: by_client}, next: b}",
        "{set: {helped: {uniform: [0, 1]}}, next: b}",
        "{wait: {lognormal: {median: stats.x}, unit: years}, next: b}",
        "{silent: no, next: b}",
        "{next: [{when: age > 3, to: b}]}",
        "{with: {a: 1}, next: b}",
        "{call: shared/x, wait: assume.w, next: b}",
        "{await: {priority: 1}, next: b}",
        "{await: {at: desk, urgent: true}, next: b}",
        "{await: desk, wait: assume.w, next: b}",
        "{until: {a: {await: desk, when: helped}}, next: b}",
    ],
)
def test_a_slip_in_a_state_is_refused(state: str, workshop) -> None:
    content, _ = problems_of(f"a: {state}\nb: {{final: true}}\n", workshop)
    assert not VALIDATOR.is_valid(content)
