"""What a state does and what decides its ways out, in words for a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from abmsim.expressions import Expression, show
from abmsim.lang.module import Await, ColumnValue, Exit, Module, Quantity, Share, State
from abmsim.lang.read_distribution import DISTRIBUTIONS
from abmsim.lang.reading import TIME_UNITS
from abmsim.problems import ProblemsFound
from abmsim.stats.catalogue import Catalogue

Number = Callable[[float, str], str]
"""Says a number of a unit."""

UNITS = {
    "rate per person-year": "a year", "hours per week": "hours a week", "probability": "", "share": "", "number": "",
    "logit": "",
}  # fmt: skip
"""How a statistic's unit is said after its value; the others are said as they are."""

PERCENT = "\N{NO-BREAK SPACE}%"
MOST_LABELS = 3
"""A column drawn from more labels than this is told by their number."""


@dataclass(frozen=True, slots=True)
class Words:
    """Says quantities of one module; without a catalogue statistics are names alone."""

    module: Module
    catalogue: Catalogue | None = None

    def share(self, quantity: Quantity | None) -> tuple[str, tuple[str, ...]]:
        """(the share, where it comes from)."""
        if quantity is None:
            return "rest", ()
        return self.parts(quantity, _percent)

    def said(self, quantity: Quantity) -> str:
        """`3-7 weeks (assume.inquiry)`."""
        value, source = self.parts(quantity, _plain)
        return f"{value} ({', '.join(source)})" if source else value

    def parts(self, quantity: Quantity, number: Number) -> tuple[str, tuple[str, ...]]:
        """(value, sources) of a quantity; a formula is its own value."""
        name = _name(quantity)
        if name.startswith("assume."):
            assumption = self.module.assumptions.get(name.removeprefix("assume."))
            return (self.value(assumption.quantity, number)[0], (name,)) if assumption else (name, ())
        if name:
            value = self.statistic(name.removeprefix("stats."), number)
            return (value, (name,)) if value else (name, ())
        value, sources = self.value(quantity, number)
        literal = not any(node.op == "name" for part in quantity.parameters for node in part.walk())
        return value, (quantity.source,) if literal and quantity.source else sources

    def value(self, quantity: Quantity, number: Number) -> tuple[str, tuple[str, ...]]:
        """(a literal, a distribution or a formula in words, the statistics whose values it tells)."""
        if quantity.kind == "value":
            first = quantity.parameters[0]
            return number(first.figure, quantity.unit) if first.op == "number" else show(first), ()
        if quantity.kind == "empirical":
            return "a span as published", (f"stats.{quantity.card}",)
        if quantity.kind == "probability":
            chance = Quantity("value", quantity.parameters, "", "", quantity.spot)
            value, sources = self.parts(chance, _percent)
            return f"{value} within {_plain(quantity.over, 'years')}", sources
        found = [self.parameter(parameter) for parameter in quantity.parameters]
        texts = [text for text, _ in found]
        return _distribution(quantity, texts), tuple(dict.fromkeys(name for _, names in found for name in names))

    def parameter(self, expression: Expression) -> tuple[str, tuple[str, ...]]:
        """A parameter of a distribution without its unit."""
        if expression.op == "number":
            return show(expression), ()
        value = Quantity("value", (expression,), "", "", self.module.spot)
        name = _name(value)
        if name.startswith("stats.") and (text := self.statistic(name.removeprefix("stats."), _bare, tell_by=False)):
            return text, (name,)
        return self.parts(value, _bare)

    def statistic(self, name: str, number: Number, tell_by: bool = True) -> str:
        """The value of a statistic, or its range and what it differs by; "" if nothing is known of it."""
        if self.catalogue is None or name not in self.catalogue.cards:
            return ""
        card = self.catalogue.cards[name]
        if not card.values:
            return ""
        try:
            cells = self.catalogue.table(name).cells.values()
        except ProblemsFound:
            return ""
        low, high = min(cells), max(cells)
        text = number(low, card.unit) if low == high else number(high, card.unit)
        if low != high:
            text = f"{number(low, '').removesuffix(PERCENT)} to {text}"
        return f"{text}, by {', '.join(card.by)}".replace("_", " ") if card.by and tell_by else text


def enters(state: State, words: Words) -> Iterator[str]:
    """What entering a state does, in the order in which it happens."""
    if state.call:
        yield f"runs the submodule {state.call.module}"
        yield from (f"· {told.name}: {words.said(told.quantity)}" for told in state.call.arguments)
    for closing in state.closings:
        reason = f": {_column(closing.reason, words)}" if closing.reason else ""
        yield f"closes {closing.verb}{reason}"
    if state.record:
        yield f"writes {state.record.verb}"
        yield from (f"· {name}: {_column(value, words)}" for name, value in state.record.columns.items())
    for setting in state.settings:
        if setting.distribution:
            yield f"draws {setting.attribute} from {words.value(setting.distribution, _plain)[0]}"
        elif setting.expression:
            yield f"sets {setting.attribute} to {show(setting.expression)}"
    if state.happens:
        yield f"happens: {state.happens.replace('_', ' ')}"


def ends(state: State, words: Words) -> Iterator[str]:
    """What the resident waits for in a state, and the law's term."""
    many = len(state.exits) > 1
    if many:
        yield "until the first of"
    for exit_ in state.exits:
        name = f"{exit_.name}: " if exit_.name else ""
        yield f"{'· ' if many else ''}{name}{_exit(exit_, words, many)}"
    if state.term:
        yield f"legal term {words.said(state.term)}"


def _exit(exit_: Exit, words: Words, many: bool) -> str:
    if exit_.kind == "wait" and exit_.quantity:
        return f"{'after' if many else 'waits'} {words.said(exit_.quantity)}"
    if exit_.turn is not None:
        return _turn(exit_.turn, many)
    if exit_.kind == "hazard" and exit_.quantity:
        times = f" × {_formula(exit_.times, words)}" if exit_.times else ""
        condition = f", while {show(exit_.expression)}" if exit_.expression else ""
        return f"at a rate of {words.said(exit_.quantity)}{times}{condition}"
    if exit_.kind == "ends":
        return f"the planned end of {exit_.verb}"
    if exit_.kind == "schedule":
        return f"waits for the next line of stats.{exit_.schedule}"
    expression = show(exit_.expression) if exit_.expression else "?"
    return expression if many else f"waits until {expression}"


def _turn(turn: Await, many: bool) -> str:
    """What is asked of an institution."""
    first = f", who has more of {show(turn.priority)} first" if turn.priority else ""
    at_once = f", at once if {show(turn.crisis)}" if turn.crisis else ""
    return f"{'' if many else 'waits for '}the turn at {turn.at}{first}{at_once}"


def _formula(expression: Expression, words: Words) -> str:
    """An expression; one that is a single statistic or assumption with its value."""
    return words.said(Quantity("value", (expression,), "", "", words.module.spot))


def _column(value: ColumnValue, words: Words) -> str:
    if value.shares:
        return _labels(value.shares, words)
    if value.quantity:
        return words.said(value.quantity)
    if value.expression:
        return _formula(value.expression, words)
    return value.label or f"schedule.{value.schedule_column}"


def _labels(shares: tuple[Share, ...], words: Words) -> str:
    if len(shares) > MOST_LABELS:
        return f"drawn from {len(shares)} labels"
    return ", ".join(f"{share.label} {words.share(share.share)[0]}" for share in shares)


def _name(quantity: Quantity) -> str:
    """`stats.x` or `assume.x` if that is all a quantity is, else ""."""
    if quantity.kind not in ("value", "exact"):
        return ""
    expression = quantity.parameters[0]
    if expression.op != "name" or len(expression.parts) != 2:
        return ""
    return ".".join(expression.parts) if expression.parts[0] in ("stats", "assume") else ""


def _distribution(quantity: Quantity, texts: list[str]) -> str:
    """A duration in words; `texts` are its parameters."""
    unit = f" {quantity.unit}s" if quantity.unit else ""
    if quantity.kind in ("exact", "uniform"):
        joined = " to ".join(texts) if not unit else "-".join(texts)
        return f"{joined}{unit[:-1] if texts == ['1'] else unit}"
    names = DISTRIBUTIONS[quantity.kind]
    first, *others = (f"{name} {text}" for name, text in zip(names, texts, strict=True))
    return f"{quantity.kind}: {', '.join([f'{first}{unit}', *others])}"


def _bare(value: float, _: str = "") -> str:
    """Three digits that count, never as a power of ten."""
    text = f"{value:.3g}"
    return f"{value:.7f}".rstrip("0").rstrip(".") if "e-" in text else f"{value:.0f}" if "e" in text else text


def _plain(value: float, unit: str) -> str:
    said = UNITS.get(unit, unit)
    return f"{_bare(value)} {said[:-1] if value == 1 and said in TIME_UNITS else said}".rstrip()


def _percent(value: float, unit: str) -> str:
    return f"{_bare(value if unit == 'percent' else 100 * value)}{PERCENT}"
