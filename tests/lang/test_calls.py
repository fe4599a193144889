"""Submodules: what a call puts into the caller, what it is told, and what is wrong with a call."""

from __future__ import annotations

import pytest

from abmsim.expressions import show

SUBMODULE = "modules/shared/assessment.yaml"

ASSESSMENT = """\
module: shared/assessment
about: the municipality looks at a need
parameters:
  product: {type: code, codes: wmo_product, about: what is asked}
  weeks: {type: duration, about: how long it takes}
  yes: {type: share, about: who gets it}
  twice: {type: bool, about: whether it is looked at a second time}
attributes:
  looked: {type: number, about: how often it was looked at}
  known_here: {type: bool, shared: true, about: the municipality knows the resident}
assume:
  again: {is: 1 week, why: a guess}
start: look
states:
  look:
    set: {looked: looked + 1, known_here: true}
    wait: parameter.weeks
    next:
      - {when: parameter.twice and looked < 2, to: second}
      - {else: {granted: parameter.yes, refused: rest}}
  second: {wait: assume.again, next: look}
  granted:
    wmo_provision: {product: parameter.product, financing_form: in_kind, right_end: parameter.weeks}
    final: true
  refused: {final: true}
"""

CALLER = """\
module: wmo/example
about: x
assume: {w: {is: 1 year, why: a guess}, s: {is: 0.4, why: a guess}}
start: a
states:
  a: {wait: assume.w, next: help}
  help:
    call: shared/assessment
    with: {product: household_help, weeks: assume.w, yes: assume.s, twice: true}
    next: {granted: day, refused: a}
  day:
    call: shared/assessment
    with: {product: day_care, weeks: {is: 2-6 weeks, source: somebody}, yes: {is: 0.5, source: x}, twice: false}
    next: b
  b: {final: true}
"""


def test_a_call_becomes_states_of_the_caller(workshop) -> None:
    workshop.module(ASSESSMENT, "shared/assessment")
    workshop.module(CALLER.replace("day_care", "transport_services"))
    assert workshop.errors() == []
    (module,) = workshop.check().modules
    assert list(module.states) == [
        "a", "help", "help.look", "help.second", "help.granted", "help.refused",
        "day", "day.look", "day.second", "day.granted", "day.refused", "b",
    ]  # fmt: skip
    states = module.states
    assert [name for name, _ in states["help"].targets()] == ["help.look"]
    assert [name for name, _ in states["help.look"].targets()] == ["help.second", "help.granted", "help.refused"]
    assert [states[name].next[""].to for name in ("help.granted", "help.refused", "day.granted")] == ["day", "a", "b"]
    assert not states["help.granted"].final


def test_parameters_stand_where_the_submodule_names_them(workshop) -> None:
    workshop.module(ASSESSMENT, "shared/assessment")
    workshop.module(CALLER.replace("day_care", "transport_services"))
    (module,) = workshop.check().modules
    waits = [module.states[f"{name}.look"].exits[0].quantity for name in ("help", "day")]
    assert [(wait.kind, wait.unit, wait.source) for wait in waits] == [
        ("exact", "year", "assume.w"), ("uniform", "week", "somebody"),
    ]  # fmt: skip
    records = [module.states[f"{name}.granted"].record.columns for name in ("help", "day")]
    assert [columns["product"].label for columns in records] == ["household_help", "transport_services"]
    assert [columns["right_end"].quantity.kind for columns in records] == ["exact", "uniform"]
    look = module.states["day.look"].next[""].conditions
    assert show(look[0].when) == "false and example_day_looked < 2"
    assert show(look[1].to.shares[0].share.parameters[0]) == "0.5"


def test_attributes_are_those_of_the_call_or_shared(workshop) -> None:
    workshop.module(ASSESSMENT, "shared/assessment")
    workshop.module(CALLER.replace("day_care", "transport_services"))
    (module,) = workshop.check().modules
    assert list(module.attributes) == ["example_help_looked", "known_here", "example_day_looked"]
    assert sorted(module.assumptions) == ["day.again", "help.again", "s", "w"]
    settings = module.states["help.look"].settings
    assert [(setting.attribute, show(setting.expression)) for setting in settings] == [
        ("example_help_looked", "example_help_looked + 1"), ("known_here", "true"),
    ]  # fmt: skip


def test_every_part_keeps_its_place_in_the_submodule(workshop) -> None:
    workshop.module(ASSESSMENT, "shared/assessment")
    workshop.module(CALLER.replace("day_care", "transport_services"))
    (module,) = workshop.check().modules
    second = module.states["help.second"]
    assert (second.spot.file, second.spot.line) == ("modules/shared/assessment.yaml", 21)
    assert second.next[""].spot.file == "modules/shared/assessment.yaml"
    assert module.states["help"].spot.file == ""


def test_a_submodule_never_runs_by_itself(workshop) -> None:
    workshop.module(ASSESSMENT, "shared/assessment")
    result = workshop.check()
    assert result.modules == ()
    assert [module.name for module in result.submodules] == ["shared/assessment"]
    assert result.problems == ()


def test_calls_in_calls(workshop) -> None:
    workshop.module(ASSESSMENT, "shared/assessment")
    workshop.module("""\
        module: shared/outer
        about: x
        parameters: {what: {type: code, codes: wmo_product}, long: {type: duration}}
        assume: {s: {is: 0.4, why: a guess}}
        start: inner
        states:
          inner:
            call: shared/assessment
            with: {product: parameter.what, weeks: parameter.long, yes: assume.s, twice: false}
            next: {granted: done, refused: done}
          done: {final: true}
        """, "shared/outer")
    workshop.module("""\
        module: wmo/example
        about: x
        assume: {w: {is: 3 weeks, why: a guess}}
        start: help
        states:
          help: {call: shared/outer, with: {what: household_help, long: assume.w}, next: b}
          b: {final: true}
        """)
    assert workshop.errors() == []
    (module,) = workshop.check().modules
    assert list(module.states) == [
        "help", "help.inner", "help.inner.look", "help.inner.second", "help.inner.granted", "help.inner.refused",
        "help.done", "b",
    ]  # fmt: skip
    assert list(module.attributes) == ["example_help_inner_looked", "known_here"]
    wait = module.states["help.inner.look"].exits[0].quantity
    assert (wait.kind, wait.unit, wait.source) == ("exact", "week", "assume.w")
    assert show(module.states["help.inner.look"].next[""].conditions[1].to.shares[0].share.parameters[0]) == (
        "assume.help.s"
    )


def test_a_figure_may_be_part_of_an_expression_of_the_submodule(workshop) -> None:
    workshop.module("""\
        module: shared/risk
        about: x
        parameters: {rate: {type: rate}, factor: {type: number}}
        start: a
        states:
          a: {hazard: parameter.rate * parameter.factor, next: b}
          b: {final: true}
        """, "shared/risk")
    workshop.module("""\
        module: wmo/example
        about: x
        start: a
        states:
          a: {call: shared/risk, with: {rate: stats.entry, factor: {is: 3, source: a paper}}, next: b}
          b: {final: true}
        """)
    assert workshop.errors() == []
    (module,) = workshop.check().modules
    assert show(module.states["a.a"].exits[0].quantity.parameters[0]) == "stats.entry * assume.a.with.factor"
    assert module.assumptions["a.with.factor"].why == "a paper"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("call: shared/assessment\n    with: {product: household_help", "call: shared/asessment\n    with: {product: x",
         "8:11 E321 there is no submodule 'shared/asessment' (did you mean 'shared/assessment'?)"),
        ("call: shared/assessment\n    with: {product: household_help", "call: wmo/example\n    with: {product: x",
         "8:11 E321 wmo/example is no submodule (a submodule says `parameters: {}`)"),
        ("next: {granted: day, refused: a}", "next: {granted: day}",
         "8:11 E318 `next` does not say where 'help' leads when shared/assessment ends in 'refused' "
         "(add `refused: name`)"),
        ("next: {granted: day, refused: a}", "next: {granted: day, refused: a, denied: a}",
         "10:46 E318 shared/assessment does not end in 'denied' (final states: granted, refused)"),
        ("product: household_help, weeks: assume.w", "product: household_help, week: assume.w",
         "9:37 E320 shared/assessment has no parameter 'week' (did you mean 'weeks'?)"),
        ("product: household_help", "product: household_hlp",
         "9:21 E202 wmo_product has no label 'household_hlp' (did you mean 'household_help'?)"),
        ("weeks: assume.w", "weeks: assume.s",
         "9:44 E406 assume.s is a number without a unit of time, where a duration is needed "
         "(write {is: 6 weeks, ...}, or use a statistic in days, weeks, months or years)"),
        ("yes: assume.s", "yes: stats.entry",
         "9:59 E406 stats.entry is of unit 'rate per person-year', where a share is needed "
         "(a rate is no share: let it compete, as in {hazard: stats.entry})"),
        ("twice: true", "twice: age", "9:76 E203 this must be true or false, not a number "
         "(compare it with a number, as in x > 0)"),
        ("twice: true", "twice: parameter.x", "9:76 E201 unknown parameter 'x' (a submodule names its `parameters`)"),
        ("    next: {granted: day", "    wait: assume.w\n    next: {granted: day",
         "10:11 E317 `wait` beside `call`: the submodule has the time (leave it out)"),
        ("a: {wait: assume.w, next: help}", "a: {wait: assume.w, with: {}, next: help}",
         "6:29 E317 `with` without `call` (write call: the submodule's name)"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_call(old: str, new: str, told: str, workshop) -> None:
    assert old in CALLER
    workshop.module(ASSESSMENT, "shared/assessment")
    workshop.module(CALLER.replace("day_care", "transport_services").replace(old, new, 1))
    errors = [line.removeprefix("modules/wmo/example.yaml:") for line in workshop.errors()]
    assert told in errors
    assert {line.split(" ")[0] for line in errors} - {told.split(" ")[0], "8:11", f"{SUBMODULE}:23:85"} == set()


def test_a_circle_of_calls_is_named(workshop) -> None:
    head = "about: x\nparameters: {}\nstart: a\nstates:\n"
    for name, other in (("one", "two"), ("two", "one")):
        states = f"  a: {{call: shared/{other}, next: b}}\n  b: {{final: true}}\n"
        workshop.module(f"module: shared/{name}\n{head}{states}", f"shared/{name}")
    assert [line for line in workshop.errors() if "E319" in line] == [
        "modules/shared/one.yaml:6:13 E319 submodules call each other in a circle: "
        "shared/two > shared/one > shared/two (leave one call out)",
        "modules/shared/two.yaml:6:13 E319 submodules call each other in a circle: "
        "shared/one > shared/two > shared/one (leave one call out)",
    ]


def test_calls_that_double_end_at_a_limit(workshop, monkeypatch) -> None:
    """Twenty submodules that each call the next one twice would be a million states."""
    monkeypatch.setattr("abmsim.lang.inline.MOST_STATES", 500)
    for number in range(20):
        called = "next: c" if number == 19 else f"call: s/m{number + 1}, next: c"
        again = "next: d" if number == 19 else f"call: s/m{number + 1}, next: d"
        states = f"  b: {{{called}}}\n  c: {{{again}}}\n  d: {{final: true}}\n"
        workshop.module(
            f"module: s/m{number}\nabout: x\nparameters: {{}}\nstart: b\nstates:\n{states}", f"s/m{number}"
        )
    errors = workshop.errors()
    assert errors and all(" E314 with this call, s/m" in line for line in errors)
    assert len(errors) < 20


def test_a_mistake_in_a_submodule_is_told_once_at_its_place(workshop) -> None:
    workshop.module(ASSESSMENT.replace("next: look}", "next: lok}"), "shared/assessment")
    workshop.module(CALLER.replace("day_care", "transport_services"))
    assert workshop.errors() == [
        "modules/shared/assessment.yaml:21:38 E301 there is no state 'lok' (did you mean 'look'?)"
    ]


def test_two_calls_cannot_make_one_attribute(workshop) -> None:
    workshop.module(ASSESSMENT, "shared/assessment")
    declared = "attributes: {known_here: {type: bool, about: x}}\nstart: a"
    workshop.module(CALLER.replace("day_care", "transport_services").replace("start: a", declared))
    told = [line for line in workshop.errors() if "E207" in line]
    assert told == [
        "modules/wmo/example.yaml:9:11 E207 the attribute 'known_here' of shared/assessment is there already "
        "(choose another name for the state or the attribute)",
        "modules/wmo/example.yaml:13:11 E207 the attribute 'known_here' of shared/assessment is there already "
        "(choose another name for the state or the attribute)",
    ]


def test_a_code_list_that_does_not_exist(workshop) -> None:
    workshop.module(ASSESSMENT.replace("codes: wmo_product", "codes: wmo_prodct"), "shared/assessment")
    assert workshop.errors() == [
        f"{SUBMODULE}:4:3 E202 there is no code list 'wmo_prodct' (did you mean 'wmo_product'?)"
    ]


def test_what_only_modules_that_run_by_themselves_have(workshop) -> None:
    text = ASSESSMENT.replace("start: look", "law: Wmo 2015\nbegins: birth\nstart: look")
    workshop.module(text, "shared/assessment")
    assert [line.split(" ", 1)[1] for line in workshop.errors()] == [
        "E317 `law` in a submodule: it is part of the modules that call it (write `law` in those modules)",
        "E317 `begins` in a submodule: it is part of the modules that call it (write `begins` in those modules)",
    ]
