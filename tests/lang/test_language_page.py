"""docs/modules.md has every key of the reader, and its examples are modules."""

from __future__ import annotations

import re

import pytest

from abmsim.expressions import FUNCTIONS
from abmsim.expressions.wording import AGGREGATES, MEMBERS
from abmsim.lang import limits, read, read_attributes, read_distribution, read_exits, read_quantity, read_state
from abmsim.paths import MODULES
from abmsim.vocabulary import RELATIVES

PAGE = (MODULES.parent / "docs" / "modules.md").read_text(encoding="utf-8")
KEYS = {
    "module": read.MODULE_KEYS, "state": read_state.STATE_KEYS, "exit": read_state.EXIT_KEYS,
    "await": read_exits.AWAIT_KEYS, "hazard": read_state.HAZARD_KEYS, "condition": read_state.CONDITION_KEYS,
    "attribute": read_attributes.ATTRIBUTE_KEYS, "attribute type": read_attributes.ATTRIBUTE_TYPES,
    "parameter": read_attributes.PARAMETER_KEYS, "parameter type": read_attributes.PARAMETER_TYPES,
    "literal": read_quantity.LITERAL_KEYS, "duration": read_distribution.WRITTEN_DISTRIBUTIONS,
    "number": read_distribution.NUMBER_DISTRIBUTIONS, "beginning": read.BEGINNINGS, "unit": read_quantity.TIME_UNITS,
    "function": FUNCTIONS, "members": MEMBERS, "aggregate": AGGREGATES, "relative": RELATIVES,
}  # fmt: skip


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind, keys in KEYS.items() for key in keys])
def test_every_key_is_on_the_page(kind: str, key: str) -> None:
    code = " ".join(re.findall(r"```.*?```|`[^`]*`", PAGE, re.DOTALL))
    assert re.search(rf"\b{key}\b", code if kind != "unit" else PAGE), f"{kind}: {key}"


@pytest.mark.parametrize("limit", [limits.MOST_HAZARDS, limits.MOST_VALUES, limits.MOST_STATES])
def test_limits_are_those_of_the_checker(limit: int) -> None:
    assert f"{limit:,}" in PAGE.split("## Limits")[1]


def test_examples_are_modules(workshop) -> None:
    examples = [text for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if text.startswith("module:")]
    assert len(examples) == 2
    workshop.module("module: youth/youth_help\nabout: x\nstart: a\nstates: {a: {final: true}}\n", "youth/youth_help")
    for text in examples:
        workshop.module(text, text.split()[1])
    assert workshop.errors() == []


def test_the_example_of_a_call_works(workshop) -> None:
    submodule, call = re.findall(r"```yaml\n(.*?)```", PAGE.split("## Submodules")[1], re.DOTALL)
    workshop.module(submodule, "shared/assessment")
    workshop.statistic("granted", "share", ["value", "0.4"])
    head = "module: wmo/taxi_pass\nabout: x\nassume: {inquiry: {is: 3 weeks, why: x}}\nstart: mobile\nstates:\n"
    rest = "  mobile: {wait: assume.inquiry, next: asked}\n  helped: {when: taxi_pass_asked_score > 1, next: mobile}\n"
    workshop.module(head + rest + call, "wmo/taxi_pass")
    assert workshop.errors() == []
