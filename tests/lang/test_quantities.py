"""What quantities, risks, draws, dates and people read together are once they are checked."""

from __future__ import annotations

import pytest

from abmsim.days import NEVER
from abmsim.expressions import DAY, NUMBER, expression_type, show
from abmsim.lang.empirical import duration_spans
from abmsim.stats.catalogue import load

LENGTHS = ["duration_weeks,value", "0-3,0.5", "3-6,0.3", "6+,0.2"]


def test_risks_that_compete_are_exits_named_by_their_targets(workshop) -> None:
    states = """
        a: {next: {b: {hazard: stats.entry}, c: {hazard: assume.r, times: 1 + assume.s}, d: {when: helped}}}
        b: {set: {helped: true}, final: true}
        c: {final: true}
        d: {final: true}
    """
    assert workshop.errors_in(states) == []
    state = workshop.check().modules[0].states["a"]
    assert [(exit_.name, exit_.kind) for exit_ in state.exits] == [("b", "hazard"), ("c", "hazard"), ("d", "condition")]
    assert {name: branch.to for name, branch in state.next.items()} == {"b": "b", "c": "c", "d": "d"}
    assert show(state.exits[1].times) == "1 + assume.s"


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("{probability: stats.helped_share, over: 1 year}", "-log(1 - stats.helped_share)"),
        ("{probability: stats.helped_share, over: 5 years}", "-log(1 - stats.helped_share) / 5"),
        ("{probability: assume.s, over: 6 months}", "-log(1 - assume.s) / 0.5"),
        ("{probability: {is: 0.2, source: x}, over: 2 years}", "-log(1 - 0.2) / 2"),
    ],
)
def test_a_probability_becomes_a_rate(text: str, rate: str, workshop) -> None:
    assert workshop.errors_in(f"a: {{hazard: {text}, next: b}}\nb: {{final: true}}\n") == []
    quantity = workshop.check().modules[0].states["a"].exits[0].quantity
    assert (quantity.kind, quantity.unit, show(quantity.parameters[0])) == ("value", "rate per person-year", rate)


def test_a_probability_of_one_is_no_rate(workshop) -> None:
    workshop.statistic("sure", "percent", ["sex,value", "female,100", "male,40"])
    assert workshop.errors_in("a: {hazard: {probability: stats.sure, over: 1 year}, next: b}\nb: {final: true}\n") == [
        "7:29 E410 1 over 1 years is no rate: a probability must be below 1"
    ]


def test_an_assumption_may_be_a_probability(workshop) -> None:
    workshop.module("""\
        module: wmo/example
        about: x
        assume: {often: {is: {probability: 0.2, over: 4 years}, why: x}}
        start: a
        states: {a: {hazard: assume.often, next: b}, b: {final: true}}
        """)
    assert workshop.errors() == []
    module = workshop.check().modules[0]
    assert show(module.assumptions["often"].quantity.parameters[0]) == "-log(1 - 0.2) / 4"
    assert show(module.states["a"].exits[0].quantity.parameters[0]) == "assume.often"


@pytest.mark.parametrize(
    ("text", "kind", "unit"),
    [
        ("{is: {normal: {mean: 6, sd: 2}, unit: weeks}, why: x}", "normal", "week"),
        ("{empirical: stats.lengths}", "empirical", "week"),
        ("{empirical: stats.lengths, unit: weeks}", "empirical", "week"),
        ("{is: {empirical: stats.lengths}, why: x}", "empirical", "week"),
    ],
)
def test_distributions_of_durations(text: str, kind: str, unit: str, workshop) -> None:
    workshop.statistic("lengths", "share", LENGTHS)
    assert workshop.errors_in(f"a: {{wait: {text}, next: b}}\nb: {{final: true}}\n") == []
    quantity = workshop.check().modules[0].states["a"].exits[0].quantity
    assert (quantity.kind, quantity.unit) == (kind, unit)
    assert quantity.card == ("lengths" if kind == "empirical" else "")


def test_spans_of_a_card_as_a_distribution(workshop) -> None:
    workshop.statistic("lengths", "share", LENGTHS)
    table = load([workshop.root / "public_stats"]).table("lengths")
    assert duration_spans(table) == ((0.0, 3.0, 0.5), (3.0, 6.0, 0.3), (6.0, 9.0, 0.2))


@pytest.mark.parametrize(
    ("unit", "rows", "told"),
    [
        ("share", ["duration,value", "0-3,1"], "does not say the unit of its spans, nor does `unit:`"),
        ("share", ["duration_moons,value", "0-3,1"], "is in 'moons', which is no unit of time"),
        ("euro", LENGTHS, "is of unit 'euro'"),
        ("share", [*LENGTHS[:2], "4-6,0.5"], "has '4-6' after a span that ends at 3, where it should begin"),
        ("share", [*LENGTHS[:2], "3+,0.2", "6-9,0.3"], "has the label '3+', which can only be the last"),
        ("share", [*LENGTHS[:2], "soon,0.5"], "has the label 'soon', which is no span of time"),
        ("share", [*LENGTHS[:2], "3-2,0.5"], "has the label '3-2', which runs backwards"),
        ("percent", LENGTHS, "adds up to 1, where all of it is needed"),
        ("persons", ["duration_weeks,value", "0-3,0"], "has no figures above 0"),
    ],
)
def test_a_card_that_is_no_distribution(unit: str, rows: list[str], told: str, workshop) -> None:
    workshop.statistic("lengths", unit, rows)
    errors = workshop.errors_in("a: {wait: {empirical: stats.lengths}, next: b}\nb: {final: true}\n")
    assert len(errors) == 1 and f"E406 stats.lengths {told}" in errors[0]


def test_numbers_that_are_drawn(workshop) -> None:
    workshop.module("""\
        module: wmo/example
        about: x
        attributes: {n: {type: number, about: x}}
        start: a
        states:
          a: {set: {n: {uniform: [0, 1], why: x}}, next: b}
          b: {set: {n: {normal: {mean: -1, sd: stats.stay}, why: x}}, next: c}
          c: {when: n > 1, next: a}
        """)
    assert workshop.errors() == []
    states = workshop.check().modules[0].states
    drawn = [states[name].settings[0].distribution for name in "ab"]
    assert [(one.kind, one.unit, [show(part) for part in one.parameters]) for one in drawn] == [
        ("uniform", "", ["0", "1"]),
        ("normal", "", ["-1", "stats.stay"]),
    ]


def test_a_date_is_empty_until_it_is_set(workshop) -> None:
    workshop.module("""\
        module: wmo/example
        about: x
        attributes: {since: {type: date, about: x}, n: {type: number, about: x}}
        start: a
        states:
          a: {set: {since: today, n: n + 1}, when: known(since) and today - since > 30, next: b}
          b: {set: {since: none}, when: n > 3 or not known(partner.since), next: a}
        """)
    assert workshop.errors() == []
    module = workshop.check().modules[0]
    assert module.attributes["since"].default == float(NEVER)
    asked, told = module.states["a"].exits[0].expression, module.states["b"].settings[0].expression
    assert show(asked) == "known(since) and today - since > 30"
    assert asked.args[0].op == "<"
    assert (told.value, told.type, show(told)) == (float(NEVER), DAY, "none")


def test_people_read_together(workshop) -> None:
    workshop.module("""\
        module: wmo/example
        about: x
        attributes: {since: {type: date, about: x}, n: {type: number, about: x}, ill: {type: bool, about: x}}
        start: a
        states:
          a:
            set: {n: household.sum.n + children.count.ill, since: housemates.min.since}
            when: children.any.ill
            next: b
          b: {set: {ill: true}, wait: stats.stay, next: a}
        """)
    assert workshop.errors() == []
    total, first = (setting.expression for setting in workshop.check().modules[0].states["a"].settings)
    assert [expression_type(total), expression_type(first)] == [NUMBER, DAY]
    assert [node.parts for node in total.args] == [("household", "sum", "n"), ("children", "count", "ill")]
