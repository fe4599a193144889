"""Expressions and quantities (shares, rates, durations) from YAML nodes; no number without a source."""

from __future__ import annotations

import re

from abmsim.days import parse_duration
from abmsim.expressions import Expression, number, parse, show
from abmsim.lang.codes import NAKED_NUMBER, NO_SOURCE, OUT_OF_RANGE
from abmsim.lang.module import Quantity, Spot
from abmsim.problems import ProblemsFound
from abmsim.yamlfile import MISSING_KEY, NOT_AN_OPTION, WRONG_KIND, Node

DISTRIBUTIONS = {
    "exact": ("value",), "uniform": ("low", "high"), "lognormal": ("median", "sigma"), "exponential": ("mean",),
    "weibull": ("scale", "shape"),
}  # fmt: skip
"""Kinds of durations with the names of their parameters."""

WRITTEN_DISTRIBUTIONS = ("lognormal", "exponential", "weibull")
TIME_UNITS = {"days": "day", "weeks": "week", "months": "month", "years": "year"}

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_NO_DURATION = re.compile(r"\d[\d.]*(?:\s*-\s*\d[\d.]*)?\s+\w+")
_LITERAL_KEYS = ("is", "source", "why", "unit", "about")


def spot(node: Node) -> Spot:
    return Spot(node.line, node.column)


def broken(node: Node) -> Expression:
    """What stands for an expression that could not be read."""
    return Expression("broken", line=node.line, column=node.column)


def read_expression(node: Node, what: str) -> Expression:
    """The expression in a scalar."""
    if not node.expect("scalar", what):
        return broken(node)
    if _DATE.fullmatch(node.text):
        return Expression("text", value=node.text, line=node.line, column=node.column)
    try:
        return parse(node.text, node.file, node.line, node.text_column if node.one_line else node.column)
    except ProblemsFound as found:
        node.problems.extend(found.problems)
        return broken(node)


def duration_text(node: Node) -> tuple[float, float, str] | None:
    """(low, high, unit) of a text such as `2-6 weeks`; None for everything else."""
    if node.kind != "scalar" or not node.text[:1].isdigit():
        return None
    try:
        return parse_duration(node.text)
    except ValueError as error:
        if "backwards" in str(error):
            node.tell(OUT_OF_RANGE, str(error), "write the smaller number first")
            return 1.0, 1.0, "day"
        return None


def read_quantity(node: Node, what: str) -> Quantity:
    """A share, rate or duration: `stats.x`, `assume.x`, an expression of those, or a literal with its source.

    What it is for is not known here; the checker gives an expression its unit and an `assume.x` its distribution.
    """
    if node.kind == "mapping" and any(key in WRITTEN_DISTRIBUTIONS for key in node.keys()):
        return _distribution(node, what, source="", sourced=False)
    if node.kind == "mapping":
        return _literal(node, what)
    if node.kind == "scalar" and (duration_text(node) or _is_number(node)):
        hint = f"write {{is: {node.text}, source: ...}}, or name it under `assume` with its why"
        node.tell(NAKED_NUMBER, f"{what} is a number without a source", hint)
        return Quantity("value", (broken(node),), "", "", spot(node))
    return _expressed(node, what)


def read_assumption(name: str, node: Node) -> tuple[Quantity, str] | None:
    """(what is assumed, why) of `{is: ..., why: ...}`."""
    found = node.fields(f"assumption '{name}'", _LITERAL_KEYS, ("is",), "{is: 0.5, why: ...}")
    if "is" not in found:
        return None
    why = _why(node, found, f"assumption '{name}'")
    return _value(found["is"], found.get("unit"), f"assumption '{name}'", f"assume.{name}"), why


def _is_number(node: Node) -> bool:
    return isinstance(node.value, int | float) and not isinstance(node.value, bool)


def _expressed(node: Node, what: str) -> Quantity:
    expression = read_expression(node, what)
    if expression.op == "broken":
        return Quantity("value", (expression,), "", "", spot(node))
    return Quantity("value", (expression,), "", show(expression), spot(node))


def _literal(node: Node, what: str) -> Quantity:
    found = node.fields(what, _LITERAL_KEYS, ("is",), "stats.name")
    if "is" not in found:
        return Quantity("value", (broken(node),), "", "", spot(node))
    source = _why(node, found, what)
    return _value(found["is"], found.get("unit"), what, source)


def _why(node: Node, found: dict[str, Node], what: str) -> str:
    given = [found[key].string(key) for key in ("source", "why") if key in found]
    source = next((text for text in given if text), "")
    if not source:
        node.tell(NO_SOURCE, f"{what} has no source", "add `source:` if somebody publishes it, else `why:`")
    return source


def _value(node: Node, unit: Node | None, what: str, source: str) -> Quantity:
    """The literal after `is:`."""
    if node.kind == "mapping":
        return _distribution(node, what, source, sourced=True)
    place = spot(node)
    said = " ".join(unit.text.split()) if unit is not None else ""
    duration = duration_text(node)
    if duration:
        low, high, time_unit = duration
        ends = [number(value, node.line, node.column) for value in dict.fromkeys((low, high))]
        return Quantity("exact" if low == high else "uniform", tuple(ends), time_unit, source, place)
    if node.kind == "scalar" and _NO_DURATION.fullmatch(node.text):
        hint = "write 6 weeks or 2-6 weeks, in days, weeks, months or years"
        node.tell(WRONG_KIND, f"'{node.text}' is no duration", hint)
        parameters = (broken(node),)
    elif _is_number(node):
        parameters = (number(node.number(what), node.line, node.column),)
    else:
        parameters = (read_expression(node, what),)
    kind = "exact" if said in TIME_UNITS else "value"
    return Quantity(kind, parameters, TIME_UNITS.get(said, said), source, place)


def _distribution(node: Node, what: str, source: str, sourced: bool) -> Quantity:
    """`{lognormal: {median: q, sigma: q}, unit: years}`; plain numbers only where a source stands beside."""
    found = node.fields(what, (*WRITTEN_DISTRIBUTIONS, "unit"), (), "{lognormal: {median: 1, sigma: 1}, unit: years}")
    kinds = [key for key in found if key in WRITTEN_DISTRIBUTIONS]
    if len(kinds) != 1:
        node.tell(MISSING_KEY, f"{what} needs one of {', '.join(WRITTEN_DISTRIBUTIONS)}")
        return Quantity("value", (broken(node),), "", source, spot(node))
    kind = kinds[0]
    names = DISTRIBUTIONS[kind]
    fields = found[kind].fields(f"'{kind}'", names, names, "{" + ", ".join(f"{name}: ..." for name in names) + "}")
    parameters = tuple(_parameter(fields[name], name, sourced) if name in fields else broken(node) for name in names)
    if not source:
        source = f"{kind}({', '.join(show(parameter) for parameter in parameters if parameter.op != 'broken')})"
    return Quantity(kind, parameters, _time_unit(node, found.get("unit"), what), source, spot(node))


def _parameter(node: Node, name: str, sourced: bool) -> Expression:
    if node.kind == "scalar" and _is_number(node):
        value = node.number(name)
        if not sourced:
            node.tell(NAKED_NUMBER, f"'{name}' is a number without a source", "name it under `assume` with its why")
        if value <= 0:
            node.tell(OUT_OF_RANGE, f"'{name}' must be more than 0")
    return read_expression(node, name)


def _time_unit(node: Node, unit: Node | None, what: str) -> str:
    if unit is None:
        node.tell(MISSING_KEY, f"{what} lacks 'unit'", "add `unit: days | weeks | months | years`")
        return "day"
    said = unit.string("unit")
    if said not in TIME_UNITS:
        unit.tell(NOT_AN_OPTION, f"unknown unit '{said}'", f"units of time: {', '.join(TIME_UNITS)}")
    return TIME_UNITS.get(said, "day")
