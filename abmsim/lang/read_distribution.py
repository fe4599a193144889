"""Distributions from YAML: durations with a unit of time, and numbers that `set` draws."""

from __future__ import annotations

from collections.abc import Mapping

from abmsim.expressions import Expression, show
from abmsim.lang.codes import MISSING_KEY, NAKED_NUMBER, NO_SOURCE, NOT_AN_OPTION, OUT_OF_RANGE, WRONG_KIND
from abmsim.lang.module import Quantity
from abmsim.lang.reading import TIME_UNITS, broken, is_number, read_expression, spot
from abmsim.yamlfile import Node

DISTRIBUTIONS: Mapping[str, tuple[str, ...]] = {
    "exact": ("value",), "uniform": ("low", "high"), "normal": ("mean", "sd"), "lognormal": ("median", "sigma"),
    "exponential": ("mean",), "weibull": ("scale", "shape"), "empirical": (),
}  # fmt: skip
"""Kinds of durations with the names of their parameters."""

WRITTEN_DISTRIBUTIONS = ("normal", "lognormal", "exponential", "weibull", "empirical")
"""Those that a duration names (`2-6 weeks` is uniform)."""

NUMBER_DISTRIBUTIONS = ("uniform", "normal", "lognormal", "exponential", "weibull")
"""Those that `set` draws a number from."""

_ANY_SIGN = (("normal", "mean"), ("uniform", "low"), ("uniform", "high"))
_EXAMPLES = {"uniform": "[0, 1]", "empirical": "stats.name"}


def read_distribution(node: Node, what: str, source: str, sourced: bool) -> Quantity:
    """`{lognormal: {median: q, sigma: q}, unit: years}`; plain numbers only where a source stands beside."""
    example = "{lognormal: {median: 1, sigma: 1}, unit: years}"
    found = node.fields(what, (*WRITTEN_DISTRIBUTIONS, "unit"), (), example)
    kind = _one_kind(node, found, WRITTEN_DISTRIBUTIONS, what)
    if not kind:
        return Quantity("value", (broken(node),), "", source, spot(node))
    if kind == "empirical":
        return _empirical(node, found["empirical"], found.get("unit"), source)
    parameters = _parameters(found[kind], kind, sourced)
    return Quantity(kind, parameters, _time_unit(node, found.get("unit"), what), source or _shown(kind, parameters),
                    spot(node))  # fmt: skip


def read_number_distribution(node: Node, what: str) -> Quantity:
    """`{uniform: [0, 1], why: ...}`: what `set` draws a number from, with one why for all of it."""
    found = node.fields(what, (*NUMBER_DISTRIBUTIONS, "why", "source"))
    kind = _one_kind(node, found, NUMBER_DISTRIBUTIONS, what)
    source = next((found[name].string(name) for name in ("source", "why") if name in found), "")
    if not source:
        node.tell(NO_SOURCE, f"{what} has no source", "add `why:`")
    if not kind:
        return Quantity("value", (broken(node),), "", source, spot(node))
    return Quantity(kind, _parameters(found[kind], kind, sourced=True), "", source, spot(node))


def _one_kind(node: Node, found: Mapping[str, Node], kinds: tuple[str, ...], what: str) -> str:
    given = [key for key in found if key in kinds]
    if len(given) == 1:
        return given[0]
    node.tell(MISSING_KEY, f"{what} needs one of {', '.join(kinds)}")
    return ""


def _parameters(node: Node, kind: str, sourced: bool) -> tuple[Expression, ...]:
    names = DISTRIBUTIONS[kind]
    if kind == "uniform":
        return _ends(node)
    fields = node.fields(f"'{kind}'", names, names, "{" + ", ".join(f"{name}: ..." for name in names) + "}")
    return tuple(
        _parameter(fields[name], name, sourced, (kind, name) in _ANY_SIGN) if name in fields else broken(node)
        for name in names
    )


def _ends(node: Node) -> tuple[Expression, ...]:
    """`[low, high]`."""
    ends = tuple(_parameter(item, "an end of the range", True, True) for item in node.listed("uniform"))
    backwards = len(ends) == 2 and all(end.op == "number" for end in ends) and ends[0].figure >= ends[1].figure
    if len(ends) != 2 or backwards:
        node.tell(WRONG_KIND, "uniform takes a low and a high number", "write uniform: [0, 1]")
        return broken(node), broken(node)
    return ends


def _parameter(node: Node, name: str, sourced: bool, any_sign: bool) -> Expression:
    if node.kind == "scalar" and is_number(node):
        value = node.number(name)
        if not sourced:
            node.tell(NAKED_NUMBER, f"'{name}' is a number without a source", "name it under `assume` with its why")
        if value <= 0 and not any_sign:
            node.tell(OUT_OF_RANGE, f"'{name}' must be more than 0")
        if value < 0:  # as one number, where the expression would be its negation
            return Expression("number", value=value, line=node.line, column=node.column)
    return read_expression(node, name)


def _shown(kind: str, parameters: tuple[Expression, ...]) -> str:
    return f"{kind}({', '.join(show(parameter) for parameter in parameters if parameter.op != 'broken')})"


def _empirical(node: Node, card: Node, unit: Node | None, source: str) -> Quantity:
    """`{empirical: stats.card}`: the spans of time of a card's dimension `duration` (or `duration_weeks`)."""
    text = card.string("empirical")
    if card.kind == "scalar" and not text.startswith("stats."):
        card.tell(WRONG_KIND, f"an empirical distribution is a statistic, not '{text}'", "write empirical: stats.name")
        return Quantity("value", (broken(card),), "", source, spot(node))
    said = unit.string("unit") if unit is not None else ""
    if unit is not None and said not in TIME_UNITS:
        unit.tell(NOT_AN_OPTION, f"unknown unit '{said}'", f"units of time: {', '.join(TIME_UNITS)}")
    name = text.removeprefix("stats.")
    return Quantity("empirical", (), TIME_UNITS.get(said, ""), source or text, spot(card), card=name)


def _time_unit(node: Node, unit: Node | None, what: str) -> str:
    if unit is None:
        node.tell(MISSING_KEY, f"{what} lacks 'unit'", "add `unit: days | weeks | months | years`")
        return "day"
    said = unit.string("unit")
    if said not in TIME_UNITS:
        unit.tell(NOT_AN_OPTION, f"unknown unit '{said}'", f"units of time: {', '.join(TIME_UNITS)}")
    return TIME_UNITS.get(said, "day")
