"""Quantities (shares, rates, durations) from YAML nodes; no number without a source."""

from __future__ import annotations

import re

from abmsim.days import DAYS_PER_UNIT, DAYS_PER_YEAR
from abmsim.expressions import number, show
from abmsim.lang.codes import NAKED_NUMBER, NO_SOURCE, WRONG_KIND
from abmsim.lang.module import Quantity
from abmsim.lang.read_distribution import DISTRIBUTIONS, WRITTEN_DISTRIBUTIONS, read_distribution
from abmsim.lang.reading import TIME_UNITS, broken, duration_text, is_number, read_expression, spot
from abmsim.yamlfile import Node

__all__ = [
    "DISTRIBUTIONS", "LITERAL_KEYS", "PROBABILITY_KEYS", "TIME_UNITS", "WRITTEN_DISTRIBUTIONS", "broken",
    "duration_text", "read_assumption", "read_expression", "read_probability", "read_quantity", "spot",
]  # fmt: skip

LITERAL_KEYS = ("is", "source", "why", "unit", "about")
PROBABILITY_KEYS = ("probability", "over")

_NO_DURATION = re.compile(r"\d[\d.]*(?:\s*-\s*\d[\d.]*)?\s+\w+")


def read_quantity(node: Node, what: str) -> Quantity:
    """A share, rate or duration: `stats.x`, `assume.x`, an expression of those, or a literal with its source.

    What it is for is not known here; the checker gives an expression its unit and an `assume.x` its distribution.
    """
    if node.kind == "mapping" and any(key in WRITTEN_DISTRIBUTIONS for key in node.keys()):
        return read_distribution(node, what, source="", sourced=False)
    if node.kind == "mapping" and "probability" in node.keys():
        return read_probability(node.fields(what, PROBABILITY_KEYS), node)
    if node.kind == "mapping":
        return _literal(node, what)
    if node.kind == "scalar" and (duration_text(node) or is_number(node)):
        hint = f"write {{is: {node.text}, source: ...}}, or name it under `assume` with its why"
        node.tell(NAKED_NUMBER, f"{what} is a number without a source", hint)
        return Quantity("value", (broken(node),), "", "", spot(node))
    return _expressed(node, what)


def read_assumption(name: str, node: Node) -> tuple[Quantity, str] | None:
    """(what is assumed, why) of `{is: ..., why: ...}`."""
    found = node.fields(f"assumption '{name}'", LITERAL_KEYS, ("is",), "{is: 0.5, why: ...}")
    if "is" not in found:
        return None
    why = _why(node, found, f"assumption '{name}'")
    return _value(found["is"], found.get("unit"), f"assumption '{name}'", f"assume.{name}"), why


def read_probability(found: dict[str, Node], node: Node, source: str = "") -> Quantity:
    """`{probability: q, over: 1 year}`; a number is given as `{is: ..., source: ...}` where `source` is empty."""
    given, over = found["probability"], found.get("over")
    years = _years(over) if over is not None else 0.0
    if over is None:
        hint = "add `over: 1 year`, the time that it is published for"
        node.tell(NO_SOURCE, "a probability holds over some time, which is not said", hint)
    if source and given.kind == "scalar" and is_number(given):
        inside = Quantity("value", (number(given.number("probability"), given.line, given.column),), "", source,
                          spot(given))  # fmt: skip
    else:
        inside = read_quantity(given, "a probability")
    if inside.kind != "value":
        given.tell(WRONG_KIND, "a probability is a share, not a duration", "write {probability: stats.x, over: 1 year}")
        inside = Quantity("value", (broken(given),), "", "", spot(given))
    return Quantity("probability", inside.parameters, "", source or inside.source, spot(given), over=years or 1.0)


def _years(node: Node) -> float:
    duration = duration_text(node)
    if duration is None or duration[0] != duration[1] or not duration[0]:
        node.tell(WRONG_KIND, f"'over' is one span of time, not '{node.text}'", "write over: 1 year")
        return 1.0
    return duration[0] if duration[2] == "year" else duration[0] * DAYS_PER_UNIT[duration[2]] / DAYS_PER_YEAR


def _expressed(node: Node, what: str) -> Quantity:
    expression = read_expression(node, what)
    if expression.op == "broken":
        return Quantity("value", (expression,), "", "", spot(node))
    return Quantity("value", (expression,), "", show(expression), spot(node))


def _literal(node: Node, what: str) -> Quantity:
    found = node.fields(what, LITERAL_KEYS, ("is",), "stats.name")
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
    if node.kind == "mapping" and "probability" in node.keys():
        return read_probability(node.fields(what, PROBABILITY_KEYS), node, source)
    if node.kind == "mapping":
        return read_distribution(node, what, source, sourced=True)
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
    elif is_number(node):
        parameters = (number(node.number(what), node.line, node.column),)
    else:
        parameters = (read_expression(node, what),)
    kind = "exact" if said in TIME_UNITS else "value"
    return Quantity(kind, parameters, TIME_UNITS.get(said, said), source, place)
