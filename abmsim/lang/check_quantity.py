"""Quantities resolved: names known, an assumption's distribution in its place, units as their use needs them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from abmsim.expressions import NUMBER, Expression, Scope, resolve, show
from abmsim.expressions.node import Type
from abmsim.lang.changed import changed
from abmsim.lang.codes import NAKED_NUMBER, OUT_OF_RANGE, UNKNOWN_STATISTIC, WAIT_FROM_LAW, WRONG_UNIT
from abmsim.lang.empirical import EMPIRICAL_HINT, spans_unit
from abmsim.lang.institution import Institution
from abmsim.lang.module import Module, Quantity, Spot, place_of
from abmsim.lang.reading import TIME_UNITS
from abmsim.problems import Problem, ProblemsFound, suggestion
from abmsim.stats.catalogue import Catalogue

RATE = "rate per person-year"
_UNITS = {"share": ("share", "probability", "percent"), "rate": (RATE,), "duration": tuple(TIME_UNITS), "number": ()}
_WRITTEN = {"share": "a share", "rate": f"a {RATE}", "duration": "a duration", "number": "a number"}
_CONSTANTS = (0.0, 1.0)
"""Numbers that say nothing about the world, as in `1 - stats.x`."""

_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_LAW = re.compile(r"\b(?:art(?:icle|ikel)?\.?\s*\d|\w*wet\b|wmo 2015|awb|wlz|zvw|wpg|wvggz|act\b)", re.IGNORECASE)
_MOST_WORDS_OF_A_CITATION = 8


@dataclass(frozen=True, slots=True)
class Checking:
    """One module being checked: what it may name, and the problems found so far.

    `institutions` are those that it may await, None for one in which something is wrong. `of_arguments` are those
    problems that say what is wrong with an argument of a call.
    """

    module: Module
    scope: Scope
    catalogue: Catalogue
    problems: list[Problem]
    institutions: Mapping[str, Institution | None] = field(default_factory=dict)
    of_arguments: list[Problem] = field(default_factory=list)

    def tell(self, spot: Spot, code: str, text: str, hint: str = "") -> None:
        self.problems.append(self.module.problem(spot, code, text, hint))

    def resolved(self, expression: Expression, expected: Type | None) -> Expression:
        """The resolved expression; as it was after problems."""
        try:
            return resolve(expression, self.scope, self.module.file, expected)
        except ProblemsFound as found:
            self.problems.extend(found.problems)
            return changed(expression, op="broken", args=(), value=None, type=None)

    def sourced(self, expression: Expression) -> Expression:
        """A resolved number in which every figure has a source."""
        for node in naked_numbers(expression):
            hint = "name it under `assume` with its why"
            self.tell(place_of(node), NAKED_NUMBER, f"{show(node)} is a number without a source", hint)
        return self.resolved(expression, NUMBER)

    def quantity(self, quantity: Quantity, use: str) -> Quantity:
        """The resolved quantity; `use` is share, rate, duration or number."""
        if any(parameter.op == "broken" for parameter in quantity.parameters):
            return quantity
        if quantity.kind == "probability":
            return self._fitting(self.as_rate(quantity), use)
        assumed = _assumed(quantity)
        if use == "duration" and assumed in self.module.assumptions:
            inside = self.module.assumptions[assumed].quantity
            quantity = changed(inside, spot=quantity.spot, source=quantity.source)
        else:
            assumed = ""
        if quantity.kind == "empirical":
            quantity = self.empirical(quantity)
        if any(parameter.op != "number" for parameter in quantity.parameters):
            quantity = changed(quantity, parameters=self._parameters(quantity, bool(assumed)))
        return self._fitting(quantity, use)

    def drawn(self, quantity: Quantity) -> Quantity:
        """The resolved distribution of a number; its figures have one source together."""
        return changed(quantity, parameters=tuple(
            parameter if parameter.op in ("number", "broken") else self.resolved(parameter, NUMBER)
            for parameter in quantity.parameters
        ))  # fmt: skip

    def as_rate(self, quantity: Quantity, is_assumed: bool = False) -> Quantity:
        """A probability over some years as the rate that gives it: -log(1 - q) / years."""
        if quantity.kind != "probability":
            return quantity
        inside = changed(quantity, kind="value", parameters=self._parameters(quantity, is_assumed), over=0.0)
        inside = self._fitting(inside, "share")
        if inside.parameters[0].op == "broken":
            return inside
        highest = self._highest(inside.parameters[0])
        if highest >= 1:
            text = f"{highest:.10g} over {quantity.over:.10g} years is no rate: a probability must be below 1"
            self.tell(quantity.spot, OUT_OF_RANGE, text)
        rate = rate_of(inside.parameters[0], quantity.over)
        return changed(inside, parameters=(rate,), unit=RATE)

    def _highest(self, node: Expression) -> float:
        """The highest value of a figure or a statistic; 0 for what only a run knows."""
        value = self.constant(node)
        if value is not None or node.parts[:1] != ("stats",):
            return value or 0.0
        try:
            table = self.catalogue.table(node.parts[1])
        except ProblemsFound:  # told where the statistic is checked
            return 0.0
        return max(table.cells.values(), default=0.0) * (0.01 if table.card.unit == "percent" else 1.0)

    def _parameters(self, quantity: Quantity, is_assumed: bool) -> tuple[Expression, ...]:
        return tuple(
            parameter if parameter.op == "number"
            else self.resolved(parameter, NUMBER) if is_assumed
            else self.sourced(parameter)
            for parameter in quantity.parameters
        )  # fmt: skip

    def _fitting(self, quantity: Quantity, use: str) -> Quantity:
        """The quantity with its unit, told if it is another one than its use needs."""
        if use != "duration" and quantity.kind != "value":
            self._wrong_unit(quantity, use, "a duration")
        elif use == "duration" and quantity.kind == "value":
            return self._duration(quantity)
        elif quantity.kind == "value":
            self._check_unit(quantity, use)
            self._check_range(quantity, use)
        return quantity

    def _duration(self, quantity: Quantity) -> Quantity:
        """An expression as an exact duration, in the unit of the statistic or assumption that it names."""
        if quantity.parameters[0].op == "broken":
            return quantity
        units = set(self._time_units(quantity.parameters[0]))
        if len(units) == 1:
            return changed(quantity, kind="exact", unit=units.pop())
        if units:
            self._wrong_unit(quantity, "duration", f"in {' and '.join(sorted(units))}s at once")
        else:
            self._wrong_unit(quantity, "duration", self._unit_words(quantity))
        return quantity

    def _time_units(self, expression: Expression) -> Iterator[str]:
        for head, *rest in expression.names():
            if head == "stats" and self.catalogue.cards[rest[0]].unit in TIME_UNITS:
                yield TIME_UNITS[self.catalogue.cards[rest[0]].unit]
            if head == "assume" and self.module.assumptions[rest[0]].quantity.kind == "exact":
                yield self.module.assumptions[rest[0]].quantity.unit

    def empirical(self, quantity: Quantity) -> Quantity:
        """The quantity in the unit of time of its card's spans, told if the card has none."""
        if quantity.card not in self.catalogue.cards:
            hint = suggestion(quantity.card, self.catalogue.cards, "statistics")
            self.tell(quantity.spot, UNKNOWN_STATISTIC, f"unknown statistic '{quantity.card}'", hint)
            return quantity
        try:
            unit = spans_unit(self.catalogue.table(quantity.card), quantity.unit)
        except ProblemsFound as found:
            self.problems.extend(found.problems)
            return quantity
        except ValueError as error:
            self.tell(quantity.spot, WRONG_UNIT, f"stats.{quantity.card} {error}", EMPIRICAL_HINT)
            return quantity
        return changed(quantity, unit=unit)

    def _check_unit(self, quantity: Quantity, use: str) -> None:
        parameter = quantity.parameters[0]
        if quantity.unit == RATE:  # a probability that was made a rate, or a literal
            if use == "share":
                self._wrong_unit(quantity, use, f"a {RATE}", _other_unit_hint(RATE, use, quantity.source))
            return
        statistic = parameter.parts[1] if parameter.parts[:1] == ("stats",) else ""
        if statistic:
            unit = self.catalogue.cards[statistic].unit
            if _UNITS[use] and unit not in (*_UNITS[use], "schedule", "code"):  # those two are told with their card
                self._wrong_unit(quantity, use, f"of unit '{unit}'", _other_unit_hint(unit, use, quantity.source))
            return
        for head, *rest in parameter.names():
            if head == "assume" and self.module.assumptions[rest[0]].quantity.kind != "value":
                of = "" if len(parameter.parts) == 2 else f" (assume.{rest[0]})"
                self._wrong_unit(quantity, use, f"a duration{of}")
                return
        unit = quantity.unit if quantity.unit in _UNITS["share"] else self.unit_of(parameter)
        if unit and use != "number" and unit not in (*_UNITS[use], "number"):
            self._wrong_unit(quantity, use, f"of unit '{unit}'", _other_unit_hint(unit, use, quantity.source))

    def unit_of(self, node: Expression) -> str:
        """The unit of an expression: of a card's, `number` if it has none, "" where it cannot be told."""
        if node.op == "number":
            return "number"
        if node.parts[:1] == ("stats",):
            unit = self.catalogue.cards[node.parts[1]].unit
            return "share" if unit in ("probability", "percent") else unit
        if node.parts[:1] == ("assume",):
            unit = self.module.assumptions[node.parts[1]].quantity.unit
            return "share" if unit in ("probability", "percent") else unit
        units = [self.unit_of(arg) for arg in node.args]
        if node.op == "*" and "" not in units:
            real = [unit for unit in units if unit not in ("number", "share")]
            return real[0] if len(real) == 1 else "" if real else min(units, key=("share", "number").index)
        if node.op == "/" and "" not in units:
            return units[0] if units[1] in ("number", "share") else "number" if units[0] == units[1] else ""
        if node.op in ("+", "-", "if") or node.value in ("min", "max"):
            real = {unit for unit in units[node.op == "if" :] if unit != "number"}
            return "number" if not real else real.pop() if len(real) == 1 else ""
        return ""

    def _unit_words(self, quantity: Quantity) -> str:
        parameter = quantity.parameters[0]
        if parameter.parts[:1] == ("stats",):
            return f"of unit '{self.catalogue.cards[parameter.parts[1]].unit}'"
        return quantity.unit and f"of unit '{quantity.unit}'" or "a number without a unit of time"

    def _wrong_unit(self, quantity: Quantity, use: str, found: str, hint: str = "") -> None:
        if not hint and use == "duration" and found.startswith("a number"):
            hint = "write {is: 6 weeks, ...}, or use a statistic in days, weeks, months or years"
        what = quantity.source or "this"
        self.tell(quantity.spot, WRONG_UNIT, f"{what} is {found}, where {_WRITTEN[use]} is needed", hint)

    def _check_range(self, quantity: Quantity, use: str) -> None:
        value = self.constant(quantity.parameters[0])
        if value is not None and (value < 0 and use in ("share", "rate") or value > 1 and use == "share"):
            limits = "between 0 and 1" if use == "share" else "not below 0"
            self.tell(quantity.spot, OUT_OF_RANGE, f"{value:.10g} is no {use}: it must be {limits}")

    def constant(self, node: Expression) -> float | None:
        """The value of a literal or of an assumption that is one, else None."""
        if node.op == "number" and isinstance(node.value, float):
            return node.value
        if node.parts[:1] == ("assume",) and node.parts[1] in self.module.assumptions:
            quantity = self.module.assumptions[node.parts[1]].quantity
            return self.constant(quantity.parameters[0]) if quantity.kind == "value" else None
        return None

    def not_from_law(self, quantity: Quantity) -> None:
        """A wait is observed or assumed; what a law asks is a `term`."""
        assumption = self.module.assumptions.get(_assumed(quantity))
        said = assumption.why if assumption else quantity.source
        if len(said.split()) <= _MOST_WORDS_OF_A_CITATION and _LAW.search(said):
            text = f"a wait whose only source is a law ({said})"
            hint = "a law's term is a `term:`; a wait is observed or assumed, with its why"
            self.tell(quantity.spot, WAIT_FROM_LAW, text, hint)


def rate_of(probability: Expression, years: float) -> Expression:
    """`-log(1 - q) / years`: the constant rate at which q of the people have met it after that time."""

    def made(op: str, *args: Expression, value: float | str | None = None) -> Expression:
        return changed(probability, op=op, args=args, value=value, type=NUMBER)

    left = made("-", made("number", value=1.0), probability)
    rate = made("negate", made("call", left, value="log"))
    return rate if years == 1.0 else made("/", rate, made("number", value=years))


def _other_unit_hint(unit: str, use: str, source: str) -> str:
    """What to do about a probability where a rate is needed, and the other way round."""
    if use == "rate" and unit in _UNITS["share"]:
        return f"write {{probability: {source}, over: 1 year}} with the time that it holds for"
    if use == "share" and unit == RATE:
        return f"a rate is no share: let it compete, as in {{hazard: {source}}}"
    return ""


def _assumed(quantity: Quantity) -> str:
    """The assumption's name, if the quantity is nothing but `assume.x`."""
    if quantity.kind == "value" and quantity.parameters and quantity.parameters[0].parts[:1] == ("assume",):
        return quantity.parameters[0].parts[-1]
    return ""


def naked_numbers(node: Expression) -> Iterator[Expression]:
    """Literal figures in arithmetic; thresholds of comparisons are conditions, not figures."""
    if node.op in _COMPARISONS:
        return
    if node.op == "number" and (node.type is None or node.type == NUMBER) and node.value not in _CONSTANTS:
        yield node
    for arg in node.args:
        yield from naked_numbers(arg)
