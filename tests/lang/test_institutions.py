"""Institutions: what is right compiles to numbers, and every mistake is told with its place and what to do."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from abmsim.lang.check_institution import read_institutions
from abmsim.lang.institution import KINDS, SERVES, Budget, Capacity, Institution
from abmsim.lang.json_schema_institution import institution_schema
from abmsim.lang.read_institution import BUDGET_KEYS, CAPACITY_KEYS, INSTITUTION_KEYS, MEASURES
from abmsim.paths import INSTITUTIONS, MODULES, PUBLIC_STATS, institution_files
from abmsim.stats.catalogue import load
from abmsim.yamlfile import parse_yaml, read_yaml

HEAD = """\
institution: desk
kind: provider
title: Desk
about: takes requests
serves: municipality
assume: {places: {is: 12, why: a guess}, soon: {is: 2 years, why: a guess}, week: {is: 1-3 weeks, why: a guess}}
"""
REST = "number: {is: 2, why: a guess}\nwait: assume.week\n"


@pytest.fixture
def shop(workshop):
    workshop.statistic("places", "number", ["value", "30"])
    workshop.statistic("by_sex", "number", ["sex,value", "female,3", "male,4"])
    workshop.statistic("each", "euro", ["value", "50"])
    return workshop


def told(shop, text: str) -> list[str]:
    """What is wrong with an institution of these lines, without the file's name."""
    shop.institution(text)
    return [line.removeprefix("institutions/desk.yaml:") for line in shop.errors()]


def read(shop, text: str) -> Institution:
    assert told(shop, text) == []
    return shop.check().institutions[0]


def test_the_figures_of_an_institution_are_numbers(shop) -> None:
    more = """\
capacity: {a_month: assume.places / stats.each, catches_up: assume.soon, differs: {is: 0.3, why: a guess}}
budget: {euros_per_resident_a_year: stats.each * assume.places, euros_a_request: stats.places}
"""
    desk = read(shop, HEAD + REST + more)
    assert desk.capacity == Capacity(a_month=12 / 50, catches_up_days=730.5, differs=0.3)
    assert desk.budget == Budget(600, 30)
    assert (desk.number, desk.acts, desk.wait.kind, desk.wait.unit) == (2, True, "uniform", "week")
    assert [parameter.figure for parameter in desk.wait.parameters] == [1, 3]
    assert desk.statistics == {"each", "places"}
    assert desk.sources["capacity.a_month"] == "assume.places / stats.each"


def test_without_a_capacity_it_does_not_act(shop) -> None:
    desk = read(shop, HEAD.replace("assume: {places: {is: 12, why: a guess}, soon: {is: 2 years, why: a guess}, ",
                                   "assume: {") + REST)  # fmt: skip
    assert desk.capacity is None and desk.budget is None and not desk.acts


def test_nobody_is_taken_on_where_a_month_has_no_room(shop) -> None:
    desk = read(shop, HEAD + REST + "capacity: {a_month: {is: 0, why: closed}, catches_up: assume.soon}\n"
                + "budget: {euros_per_resident_a_year: assume.places, euros_a_request: stats.each}\n")  # fmt: skip
    assert desk.capacity is not None and desk.capacity.a_month == 0


CASES = {
    "an unknown key": ("number: {is: 2, why: x}\nwait: assume.week\nopening: 3\n",
        ["9:1 E103 unknown key 'opening' in the institution"]),
    "keys that are missing": ("number: {is: 2, why: x}\n", ["1:1 E104 the institution lacks 'wait'"]),
    "half an institution": ("number: {is: 2.5, why: x}\nwait: assume.week\n",
        ["7:14 E410 2.5 is no number: it must be whole, and not below 1"]),
    "a naked number": ("number: 2\nwait: 3 weeks\n",
        ["7:9 E403 'number' is a number without a source", "8:7 E403 'wait' is a number without a source"]),
    "no why": ("number: {is: 2}\nwait: assume.week\n", ["7:9 E404 'number' has no source"]),
    "two capacities": (REST + "capacity: {a_month: assume.places, of_requests: {is: 0.5, why: x}}\n",
        [f"9:11 E325 a capacity is one of {', '.join(MEASURES)}, not a_month and of_requests"]),
    "no capacity": (REST + "capacity: {catches_up: assume.soon}\n",
        [f"9:11 E325 a capacity is one of {', '.join(MEASURES)}, and none is given"]),
    "a negative capacity": (REST + "capacity: {a_month: {is: -1, why: x}}\n",
        ["9:26 E410 -1 is no a_month: it must not be below 0"]),
    "a capacity by sex": (REST + "capacity: {a_month: stats.by_sex}\n",
        ["9:21 E407 stats.by_sex is by sex: an institution has one figure"]),
    "a capacity of a resident": (REST + "capacity: {a_month: age * assume.places}\n",
        ["9:21 E407 age reads a resident: an institution has one figure"]),
    "a capacity in weeks": (REST + "capacity: {a_month: assume.soon}\n",
        ["9:21 E406 assume.soon is a duration, where a number is needed"]),
    "an unknown statistic": (REST + "capacity: {a_month: stats.plces}\n",
        ["9:21 E401 unknown statistic 'plces'"]),
    "a wait that is a share": ("number: {is: 2, why: x}\nwait: assume.places\n",
        ["8:7 E406 assume.places is a number without a unit of time, where a duration is needed"]),
    "a wait from the law": ("number: {is: 2, why: x}\nwait: {is: 6 weeks, source: Wmo 2015 art. 2.3.2}\n",
        ["8:12 E409 a wait whose only source is a law (Wmo 2015 art. 2.3.2)"]),
    "catching up by chance": (REST + "capacity: {a_month: assume.places, catches_up: assume.week}\n",
        ["9:48 E406 'catches_up' is one span of time, not a distribution"]),
    "half a budget": (REST + "budget: {euros_a_request: stats.each}\n",
        ["9:9 E104 the budget lacks 'euros_per_resident_a_year'"]),
    "a request for nothing": (
        REST + "budget: {euros_per_resident_a_year: stats.each, euros_a_request: {is: 0, why: x}}\n",
        ["9:71 E410 a request costs more than nothing"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_told_with_its_place(case: str, shop) -> None:
    lines, expected = CASES[case]
    found = told(shop, HEAD + lines)
    assert [line.split(" (")[0] if " (Wmo" not in line else line.rsplit(" (", 1)[0] for line in found] == expected


def test_its_name_its_kind_and_its_area_are_checked_at_once(shop) -> None:
    text = (HEAD + REST).replace("institution: desk", "institution: dsk").replace("kind: provider", "kind: providr")
    assert told(shop, text.replace("serves: municipality", "serves: province")) == [
        "1:14 E107 the institution is called 'dsk' in a file for 'desk' (write desk)",
        "2:7 E106 unknown kind 'providr' (did you mean 'provider'?)",
        "5:9 E106 unknown serves 'province' (valid: country, ggd_region, municipality)",
    ]


def test_an_assumption_that_nothing_uses_is_a_warning(shop) -> None:
    shop.institution(HEAD + REST)
    assert [line.split(" ", 1)[1] for line in shop.warnings()] == [
        f"W501 nothing uses the assumption '{name}' (remove it)" for name in ("places", "soon")
    ]


def test_a_module_may_await_what_is_wrong_in_itself(shop) -> None:
    """One mistake is told once: where it is."""
    shop.module("module: wmo/example\nabout: x\nstart: a\nstates:\n  a: {await: desk, next: b}\n  b: {final: true}\n")
    assert len(told(shop, HEAD + "number: {is: 2, why: x}\n")) == 1


def test_shipped_institutions_are_of_every_kind_and_have_no_problem() -> None:
    institutions, problems = read_institutions(institution_files([INSTITUTIONS]).values(), load([PUBLIC_STATS]))
    assert problems == []
    assert {one.kind for one in institutions.values() if one} == set(KINDS)


def test_editors_are_told_of_every_key() -> None:
    schema = institution_schema()
    Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]) == set(INSTITUTION_KEYS)
    for path in institution_files([INSTITUTIONS]).values():
        root, _ = read_yaml(path)
        content: Any = root.plain() if root else None
        assert list(Draft202012Validator(schema).iter_errors(content)) == []


@pytest.mark.parametrize("case", ["an unknown key", "keys that are missing", "a naked number", "no why",
                                  "two capacities", "no capacity", "half a budget"])  # fmt: skip
def test_editors_refuse_what_is_wrong_in_its_form(case: str) -> None:
    root, _ = parse_yaml(HEAD + CASES[case][0], "desk.yaml")
    content: Any = root.plain() if root else None
    assert not Draft202012Validator(institution_schema()).is_valid(content)


@pytest.mark.parametrize("key", [*INSTITUTION_KEYS, *CAPACITY_KEYS, *BUDGET_KEYS, *KINDS, *SERVES])
def test_every_key_is_on_the_page(key: str) -> None:
    page = (MODULES.parent / "docs" / "institutions.md").read_text(encoding="utf-8")
    assert f"`{key}`" in page


def test_the_example_of_the_page_is_an_institution(shop) -> None:
    page = (MODULES.parent / "docs" / "institutions.md").read_text(encoding="utf-8")
    shop.institution(page.split("```yaml\n")[1].split("```")[0], "household_help_provider")
    assert shop.errors() == []


def test_of_two_folders_the_first_goes(tmp_path) -> None:
    (tmp_path / "wmo_desk.yaml").write_text("institution: wmo_desk\n")
    assert institution_files([tmp_path, INSTITUTIONS])["wmo_desk"] == tmp_path / "wmo_desk.yaml"
    assert institution_files([tmp_path, INSTITUTIONS])["ggd_region"].parent == INSTITUTIONS
