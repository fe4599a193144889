"""Expressions: what they mean, which type they have, and that no text makes them raise anything but problems."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abmsim.expressions import (
    BOOL,
    DAY,
    NUMBER,
    Expression,
    Scope,
    Type,
    expression_type,
    number,
    parse,
    resolve,
    show,
)  # fmt: skip
from abmsim.problems import ProblemsFound
from abmsim.vocabulary import SEXES, VOCABULARY

SCOPE = Scope(
    VOCABULARY, statistics={"x"}, assumptions={"y"}, verbs={"wmo_provision": True, "vaccination": False},
    schedule={"vaccine": Type("category", ("BMR", "DTP"))}, labels={"municipality_code": ("GM0363", "GM0546")},
)  # fmt: skip


def resolved(text: str) -> Expression:
    return resolve(parse(text, "file"), SCOPE, "file")


def problems(text: str) -> list[str]:
    with pytest.raises(ProblemsFound) as found:
        resolved(text)
    return list(map(str, found.value.problems))


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("18 <= age < 65", "18 <= age and age < 65"),
        ("position in (single, single_parent)", "position == single or position == single_parent"),
        ("position not in [single, single_parent]", "position != single and position != single_parent"),
        ("sex in (female)", "sex == female"),
        ("female == sex", "female == sex"),
        ("sex == 'female'", "sex == female"),
        ("partner.sex != sex", "partner.sex != sex"),
        ("birth_date >= '2015-01-01'", "birth_date >= '2015-01-01'"),
        ("'2015-01-01' <= today", "'2015-01-01' <= today"),
        ("municipality_code == GM0363", "municipality_code == GM0363"),
        ("schedule.vaccine == BMR", "schedule.vaccine == BMR"),
        ("not (lives_alone or has_partner)", "not (lives_alone or has_partner)"),
        ("lives_alone == true", "lives_alone == true"),
        ("housemates.count.is_parent > 1 and housemates.any.has_partner",
         "housemates.count.is_parent > 1 and housemates.any.has_partner"),
        ("1 - (2 - age)", "1 - (2 - age)"),
        ("(1 if is_parent else 0) * stats.x / assume.y", "(1 if is_parent else 0) * stats.x / assume.y"),
        ("+age > -1", "age > -1"),
    ],
)  # fmt: skip
def test_meaning(text: str, meaning: str) -> None:
    assert show(resolved(text)) == meaning


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("age", NUMBER), ("sex", Type("category", SEXES)), ("today", DAY), ("true", BOOL),
        ("today - birth_date", NUMBER), ("sex if is_parent else sex", Type("category", SEXES)),
        ("today + 30", DAY), ("wmo_provision.ends", DAY), ("wmo_provision.open", BOOL), ("vaccination.open", BOOL),
        ("mother.age", NUMBER), ("housemates.count.is_parent", NUMBER),
        ("logit(min(0.5, stats.x))", NUMBER), ("age == 3", BOOL), ("not is_parent", BOOL), ("-age", NUMBER),
    ],
)  # fmt: skip
def test_types(text: str, type_: Type) -> None:
    assert expression_type(resolved(text)) == type_


def test_labels_become_numbers_by_the_other_side() -> None:
    assert resolved("sex == male").args[1].value == float(SEXES.index("male"))
    expected = Type("category", ("none", "mild"))
    choice = resolve(parse("mild if is_parent else none", "file"), SCOPE, "file", expected)
    assert [node.value for node in choice.args[1:]] == [1.0, 0.0]


def test_a_label_may_be_called_like_an_attribute() -> None:
    """`single_parent` is a position and an attribute: beside a position it is the position."""
    assert resolved("position == single_parent").args[1].op == "number"
    assert resolved("single_parent").op == "name"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("age = 3", "file:1:5 E110 '=' is not part of the language (write `==` to compare)"),
        ("a || b", "file:1:3 E110 '||' is not part of the language (write `or`)"),
        ("!lives_alone", "file:1:1 E110 '!' is not part of the language (write `not`)"),
        ("age => 3", "file:1:5 E110 '=>' is not part of the language (write `>=`)"),
        ("age > 0363", "file:1:7 E110 '03' is not part of the language "
         "(a number has no leading zero; a code stands between quotes)"),
        ("today > 2015-01-01", "file:1:9 E110 a bare date 2015-01-01 (write it as '2015-01-01')"),
        ("(age > 3", "file:1:1 E110 this is no expression: '(' was never closed (close the bracket)"),
        ("é == [age]", "file:1:6 E111 '[age]' is not part of the language (a list of labels stands after `in` only)"),
        ("age ** 2", "file:1:1 E111 'age ** 2' is not part of the language (write x * x, or exp(y * log(x)))"),
        ("sqrt(age)", "file:1:1 E111 there is no function 'sqrt' "
         "(functions: abs, exp, known, log, logistic, logit, max, min)"),
        ("min(age)", "file:1:1 E111 'min' takes 2 to 9 values, not 1 (add or drop values)"),
        ("age.x.y", "file:1:1 E201 unknown name 'age.x.y' (before a dot: assume, children, father, "
         "household, housemates, mother, neighbourhood, parameter, partner, schedule, stats, vaccination, ...)"),
        ("sex == woman", "file:1:8 E202 unknown label 'woman' (labels: female, male)"),
        ("today > '2015-13-01'", "file:1:9 E202 '2015-13-01' is no date (write it as '2015-01-01')"),
        ("age and is_parent", "file:1:1 E203 what stands beside 'and' must be true or false, not a number "
         "(compare it with a number, as in x > 0)"),
        ("age + is_parent", "file:1:7 E203 what stands beside '+' must be a number, not true or false "
         "(write (1 if x else 0))"),
        ("position == sex", "file:1:13 E203 what stands right of '==' has other labels "
         "(labels: child_at_home, single, partner_unmarried_no_children, partner_married_no_children, "
         "partner_unmarried_with_children, partner_married_with_children, single_parent, other_member, institution)"),
        ("stats.z > 1", "file:1:1 E401 unknown statistic 'z' (statistics: x)"),
        ("assume.z > 1", "file:1:1 E402 unknown assumption 'z' (assumptions: y)"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_their_place(text: str, expected: str) -> None:
    assert problems(text) == [expected]


def test_all_mistakes_of_an_expression_are_told() -> None:
    assert [line.split()[1] for line in problems("aeg > 3 and sex == woman and not age")] == ["E201", "E202", "E203"]


# --- properties --------------------------------------------------------------------------------------------------
WORDS = "age sex female partner . ( ) [ ] , and or not in if else == < 3 0.5 ' - + * / ** : = stats.x é"
NAMES = [("age",), ("partner", "age"), ("stats", "x"), ("housemates", "count", "is_parent"), ("n_children",)]
numbers = st.recursive(
    st.sampled_from(NAMES).map(lambda parts: Expression("name", value=parts))
    | st.floats(0, 1e6, allow_nan=False).map(number) | st.integers(0, 10**9).map(number),
    lambda inner: st.tuples(st.sampled_from("+-*/"), inner, inner).map(lambda x: Expression(x[0], x[1:]))
    | inner.map(lambda x: Expression("negate", (x,)))
    | st.tuples(inner, inner).map(lambda x: Expression("call", x, "max"))
    | st.tuples(inner, inner, inner).map(lambda x: Expression("if", (Expression("<", x[:2]), x[1], x[2]))),
    max_leaves=8,
)  # fmt: skip
truths = st.recursive(
    st.tuples(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), numbers, numbers).map(
        lambda x: Expression(x[0], x[1:])
    ),
    lambda inner: st.tuples(st.sampled_from(["and", "or"]), inner, inner).map(lambda x: Expression(x[0], x[1:]))
    | inner.map(lambda x: Expression("not", (x,))),
    max_leaves=4,
)  # fmt: skip


def bare(node: Expression) -> Expression:
    """Without places and types."""
    return replace(node, args=tuple(map(bare, node.args)), line=0, column=0, type=None)


@settings(max_examples=150, deadline=None)
@given(truths)
def test_what_is_shown_parses_to_the_same(expression: Expression) -> None:
    text = show(expression)
    assert bare(parse(text, "file")) == bare(expression)
    assert bare(parse(show(resolved(text)), "file")) == bare(expression)


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=30)
    | st.lists(st.sampled_from(WORDS.split()), max_size=12).map(" ".join)
)  # fmt: skip
def test_no_text_raises_anything_but_problems(text: str) -> None:
    try:
        resolved(text)
    except ProblemsFound as found:
        assert found.problems


def test_deep_nesting_is_a_problem() -> None:
    assert problems("(" * 300 + "age" + ")" * 300)[0].split()[1] in ("E110", "E111")
    assert problems("not " * 200 + "is_parent")[0].split()[1] in ("E110", "E111")
    assert problems(" + ".join(["age"] * 500))[0].split()[1] in ("E110", "E111")
