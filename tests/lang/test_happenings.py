"""`happens: kind`: what a state can ask of the household, and who may ask it."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from abmsim.lang.check import CheckResult
from abmsim.lang.compile import compile_modules
from abmsim.lang.happenings import HAPPENINGS
from abmsim.lang.json_schema import language_schema
from abmsim.lang.layout import SILENT, STATE_FLAGS, STATE_WIDTH, STATES
from abmsim.lang.picture import picture
from abmsim.lang.picture_words import Words
from abmsim.lang.program import Program
from abmsim.paths import MODULES
from abmsim.schema.schema import load_schema
from abmsim.stats.catalogue import load

HEAD = """\
module: wmo/example
about: x
begins: base_date
assume: {w: {is: 1 year, why: a guess}}
attributes: {asked: {type: bool, about: x}}
start: a
states:
"""
EVERYTHING = """\
a: {when: has_partner, next: b}
b: {silent: true, happens: marries, set: {asked: true}, wait: assume.w, next: c}
c: {wmo_request: {reporter: self}, happens: moves_house, when: asked, next: d}
d: {silent: true, final: true}
"""
ANSWERED = """\
module: shared/union
about: x
parameters: {}
start: ask
states:
  ask: {happens: seeks_partner, when: has_partner, next: done}
  done: {final: true}
"""


def checked(workshop, states: str, begins: str = "base_date") -> CheckResult:
    workshop.module(HEAD.replace("base_date", begins) + textwrap.indent(textwrap.dedent(states), "  "))
    return workshop.check()


def compiled(workshop, states: str) -> Program:
    result = checked(workshop, states)
    assert result.errors == ()
    return compile_modules(result.modules, load([workshop.root / "public_stats"]), load_schema(), ())


def test_the_program_knows_what_each_state_asks_for(workshop) -> None:
    program = compiled(workshop, EVERYTHING)
    assert [state.happens for state in program.states] == ["", "marries", "moves_house", ""]


def test_a_silent_state_that_asks_has_a_row_in_the_log_but_none_in_events(workshop) -> None:
    program = compiled(workshop, EVERYTHING)
    flags = [program.words[STATES + state * STATE_WIDTH + STATE_FLAGS] for state in range(len(program.states))]
    assert [bool(flag & SILENT) for flag in flags] == [False, False, False, True]
    assert [state.silent for state in program.states] == [False, True, False, True]


def test_a_submodule_asks_for_its_caller(workshop) -> None:
    workshop.module(ANSWERED, "shared/union")
    program = compiled(workshop, "a: {call: shared/union, next: b}\nb: {final: true}\n")
    assert [state.happens for state in program.states if state.name == "a.ask"] == ["seeks_partner"]


def test_a_caller_that_begins_at_birth_is_told_the_place_in_the_submodule(workshop) -> None:
    workshop.module(ANSWERED, "shared/union")
    result = checked(workshop, "a: {call: shared/union, next: b}\nb: {final: true}\n", begins="birth")
    assert [str(problem) for problem in result.errors] == [
        "modules/shared/union.yaml:6:18 E322 'a.ask' asks for 'seeks_partner' in a module that begins at birth: "
        "the past is scripted (write `begins: base_date` in the module)"
    ]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("marriage", "marriage' (did you mean 'marries'? valid: birth, leaves_home, "),
        ("lottery", "lottery' (valid: birth, leaves_home, "),
    ],
)
def test_an_unknown_kind_is_told_with_the_valid_ones(workshop, kind: str, told: str) -> None:
    (error,) = checked(workshop, f"a: {{happens: {kind}, final: true}}").errors
    assert str(error).startswith(f"modules/wmo/example.yaml:8:16 E106 nothing that happens is called '{told}")
    assert all(name in str(error) for name in HAPPENINGS)


def test_an_empty_kind_is_told(workshop) -> None:
    (error,) = checked(workshop, "a: {happens: , final: true}").errors
    assert error.code == "E106"


def test_editors_know_the_kinds() -> None:
    validator = Draft202012Validator(language_schema(load_schema()))
    for kind, valid in (("birth", True), ("births", False)):
        module = {"module": "m", "about": "x", "start": "a", "states": {"a": {"happens": kind, "final": True}}}
        assert validator.is_valid(module) == valid


def test_a_picture_says_what_happens(workshop) -> None:
    (module,) = checked(workshop, EVERYTHING).modules
    boxes = {box.name: [line.text for line in box.lines] for box in picture(module, Words(module)).boxes}
    assert boxes["b"] == ["b", "sets asked to true", "happens: marries", "waits 1 year (assume.w)"]


def test_the_page_has_every_kind() -> None:
    page = (Path(MODULES).parent / "docs" / "modules.md").read_text(encoding="utf-8")
    for kind, (about, dutch) in HAPPENINGS.items():
        assert f"| `{kind}` | {about} | {dutch} |" in page
