"""What a submodule is told: figures and answers of the right type, and names of attributes and institutions."""

from __future__ import annotations

import pytest

from abmsim.expressions import show

WANTS = """\
module: shared/wants
about: wants one argument of each kind
parameters:
  years: {type: number, about: n}
  yes: {type: share, about: y}
  sure: {type: bool, about: s}
attributes: {severe: {type: bool, about: x}, stage: {type: category, labels: [none, severe], about: how bad}}
start: look
states:
  look: {when: age > parameter.years and parameter.sure, next: {done: 1 - parameter.yes, worse: rest}}
  worse: {when: stage == none and not severe, set: {stage: severe, severe: stage == severe}, next: done}
  done: {final: true}
"""


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        ("years: has_partner", "E203 this must be a number, not true or false (write (1 if x else 0))"),
        ("sure: age", "E203 this must be true or false, not a number (compare it with a number, as in x > 0)"),
        ("sure: {is: 0.4, source: x}", "E203 this must be true or false, not a number (compare it with a number, as in "
         "x > 0)"),
        ("yes: assume.w", "E406 assume.w is a duration, where a share is needed"),
        ("yes: {is: 2 weeks, source: x}", "E406 x is a duration, where a share is needed"),
        ("yes: has_partner", "E203 this must be a number, not true or false (write (1 if x else 0))"),
    ],
)  # fmt: skip
def test_an_argument_of_a_wrong_type_is_told_once(argument: str, told: str, workshop) -> None:
    given = {"years": "age", "yes": "assume.s", "sure": "has_partner"}
    name, value = argument.split(": ", 1)
    given[name] = value
    workshop.module(WANTS, "shared/wants")
    arguments = ", ".join(f"{one}: {text}" for one, text in given.items())
    [line] = workshop.errors_in(f"a: {{call: shared/wants, with: {{{arguments}}}, next: b}}\nb: {{final: true}}")
    assert line.split(" ", 1)[1] == told


def test_a_label_in_a_submodule_can_be_called_as_an_attribute_of_it(workshop) -> None:
    workshop.module(WANTS, "shared/wants")
    arguments = "years: age, yes: assume.s, sure: has_partner"
    call = f"a: {{call: shared/wants, with: {{{arguments}}}, next: b}}\nb: {{final: true}}"
    assert workshop.errors_in(call) == []
    [module] = workshop.check().modules
    worse = module.states["a.worse"]
    assert [setting.attribute for setting in worse.settings] == ["example_a_stage", "example_a_severe"]
    assert worse.settings[0].expression.value == 1.0
    assert [node.parts for node in worse.exits[0].expression.walk() if node.parts] == [
        ("example_a_stage",), ("example_a_severe",)
    ]  # fmt: skip


VISIT = """\
module: shared/visit
about: somebody comes
parameters:
  at: {type: institution, about: who comes}
  asked: {type: attribute, about: somebody was asked}
start: asks
states:
  asks: {set: {parameter.asked: true}, await: parameter.at, next: [{when: parameter.asked, to: comes}, {else: never}]}
  comes: {set: {parameter.asked: false}, final: true}
  never: {final: true}
"""

VISITED = """\
module: wmo/example
about: x
attributes: {wanted: {type: bool, about: x}, times: {type: number, about: x}}
start: a
states:
  a: {call: shared/visit, with: {at: desk, asked: wanted}, next: b}
  b: {when: times > 1, next: a}
"""


def test_a_submodule_awaits_and_sets_what_it_is_told(workshop) -> None:
    workshop.module(VISIT, "shared/visit")
    workshop.module(VISITED)
    assert workshop.errors() == []
    (module,) = workshop.check().modules
    asks = module.states["a.asks"]
    assert [setting.attribute for setting in asks.settings] == ["wanted"]
    assert asks.exits[0].turn.at == "desk" and asks.exits[0].turn.institution is not None
    assert show(asks.next[""].conditions[0].when) == "wanted"


def test_what_is_told_is_handed_on_to_another_submodule(workshop) -> None:
    workshop.module(VISIT, "shared/visit")
    workshop.module("""\
        module: shared/outer
        about: x
        parameters: {who: {type: institution}, wish: {type: attribute}}
        start: a
        states:
          a: {call: shared/visit, with: {at: parameter.who, asked: parameter.wish}, next: b}
          b: {final: true}
        """, "shared/outer")
    workshop.module(VISITED.replace("shared/visit", "shared/outer").replace("at: desk, asked:", "who: desk, wish:"))
    assert workshop.errors() == []
    asks = workshop.check().modules[0].states["a.a.asks"]
    assert asks.exits[0].turn.at == "desk" and asks.settings[0].attribute == "wanted"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("at: desk", "at: dsek", "6:38 E213 there is no institution 'dsek' (did you mean 'desk'?)"),
        ("at: desk", "at: 3 * times", "6:38 E320 'at' is an institution (write its name, such as wmo_desk)"),
        ("asked: wanted", "asked: wantd",
         "6:51 E320 'asked' is an attribute of wmo/example that is true or false (did you mean 'wanted'?)"),
        ("asked: wanted", "asked: times",
         "6:51 E320 'asked' is an attribute of wmo/example that is true or false (attributes: wanted)"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_what_is_awaited_or_set(old: str, new: str, told: str, workshop) -> None:
    workshop.module(VISIT, "shared/visit")
    workshop.module(VISITED.replace(old, new))
    assert f"modules/wmo/example.yaml:{told}" in workshop.errors()


@pytest.mark.parametrize("kind", ["share", "bool", "number", "duration", "rate", "institution"])
def test_a_parameter_that_is_set_must_be_an_attribute(kind: str, workshop) -> None:
    workshop.module(VISIT.replace("type: attribute", f"type: {kind}"), "shared/visit")
    [one, other] = [line for line in workshop.errors() if "unknown attribute" in line]
    assert one.startswith("modules/shared/visit.yaml:8:16 E201 unknown attribute 'parameter.asked'")
    assert other.startswith("modules/shared/visit.yaml:9:17 E201 unknown attribute 'parameter.asked'")


@pytest.mark.parametrize("kind", ["share", "bool", "number", "duration", "rate", "attribute"])
def test_a_parameter_that_is_awaited_must_be_an_institution(kind: str, workshop) -> None:
    workshop.module(VISIT.replace("type: institution", f"type: {kind}"), "shared/visit")
    assert "modules/shared/visit.yaml:8:47 E213 there is no institution 'parameter.at'" in "\n".join(workshop.errors())
