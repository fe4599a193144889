"""Institutions with every figure resolved: a number where a number belongs, and a published waiting time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from abmsim.days import DAYS_PER_UNIT
from abmsim.expressions import Expression, Scope, show
from abmsim.lang.changed import changed
from abmsim.lang.check_quantity import Checking
from abmsim.lang.check_state import resolve_assumptions
from abmsim.lang.check_statistics import check_statistics
from abmsim.lang.check_usage import unused_assumptions
from abmsim.lang.codes import OUT_OF_RANGE, UNKNOWN_DIMENSION, WRONG_UNIT
from abmsim.lang.institution import Budget, Capacity, Institution
from abmsim.lang.module import Quantity
from abmsim.lang.read_institution import Draft, read_institution
from abmsim.lang.walk import expressions_in
from abmsim.problems import Problem, ProblemsFound
from abmsim.stats.catalogue import Catalogue
from abmsim.vocabulary import VOCABULARY

Institutions = Mapping[str, Institution | None]
"""Institutions by name; None for one in which something is wrong."""

_ARITHMETIC = {
    "+": lambda left, right: left + right, "-": lambda left, right: left - right,
    "*": lambda left, right: left * right, "/": lambda left, right: left / right if right else 0.0,
}  # fmt: skip


def read_institutions(
    files: Iterable[Path], catalogue: Catalogue
) -> tuple[dict[str, Institution | None], list[Problem]]:
    """Every institution by the name of its file, and all their problems."""
    institutions: dict[str, Institution | None] = {}
    problems: list[Problem] = []
    for path in files:
        draft, found = read_institution(path)
        institution = check_institution(draft, catalogue, found) if draft is not None else None
        is_sound = not any(not problem.is_warning for problem in found)
        institutions[path.stem] = institution if is_sound else None
        problems += found
    return institutions, problems


def check_institution(draft: Draft, catalogue: Catalogue, problems: list[Problem]) -> Institution | None:
    """The institution with its figures as numbers; None if one that it needs is missing. Problems go to the list."""
    scope = Scope(VOCABULARY, catalogue.cards.keys(), draft.module.assumptions.keys())
    checking = Checking(draft.module, scope, catalogue, problems)
    problems += unused_assumptions(draft.module, expressions_in(tuple(draft.figures.values())))
    checking = resolve_assumptions(checking)
    figures = _Figures(checking, {key: _resolved(checking, key, given) for key, given in draft.figures.items()})
    nodes = expressions_in((*figures.quantities.values(), *_assumed_nodes(checking)))
    check_statistics(checking, nodes)
    if "number" not in figures.quantities or "wait" not in figures.quantities:
        return None
    return Institution(
        name=draft.module.name,
        kind=draft.kind,
        title=draft.title,
        dutch=draft.dutch,
        about=draft.module.about,
        serves=draft.serves,
        number=figures.whole("number", lowest=1),
        wait=figures.wait(),
        capacity=_capacity(figures),
        budget=_budget(figures),
        file=draft.module.file,
        line=draft.module.spot.line,
        statistics=frozenset(_statistics(nodes, figures)),
        assumptions={name: given.why for name, given in draft.module.assumptions.items()},
        sources={key: given.source for key, given in draft.figures.items()},
    )


def _resolved(checking: Checking, key: str, quantity: Quantity) -> Quantity:
    if key == "wait":
        checking.not_from_law(quantity)
    return checking.quantity(quantity, "duration" if key in ("wait", "capacity.catches_up") else "number")


def _assumed_nodes(checking: Checking) -> Iterator[Quantity]:
    return (assumption.quantity for assumption in checking.module.assumptions.values())


def _statistics(nodes: Iterable[Expression], figures: _Figures) -> Iterator[str]:
    yield from (node.parts[1] for node in nodes if node.parts[:1] == ("stats",) and len(node.parts) == 2)
    yield from (quantity.card for quantity in figures.quantities.values() if quantity.card)


def _capacity(figures: _Figures) -> Capacity | None:
    if not any(key.startswith("capacity.") for key in figures.quantities):
        return None
    return Capacity(
        figures.given("capacity.a_month"),
        figures.given("capacity.per_1000_residents_a_year"),
        figures.given("capacity.of_requests"),
        figures.days("capacity.catches_up"),
        figures.given("capacity.differs") or 0.0,
    )


def _budget(figures: _Figures) -> Budget | None:
    each, cost = figures.given("budget.euros_per_resident_a_year"), figures.given("budget.euros_a_request")
    if each is None or cost is None:
        return None
    if cost == 0 and not figures.broken("budget.euros_a_request"):
        quantity = figures.quantities["budget.euros_a_request"]
        figures.checking.tell(quantity.spot, OUT_OF_RANGE, "a request costs more than nothing", "or leave `budget` out")
    return Budget(each, cost)


def _last(key: str) -> str:
    """A key as it stands in the file."""
    return key.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class _Figures:
    """The resolved quantities of one institution by their keys."""

    checking: Checking
    quantities: Mapping[str, Quantity]

    def wait(self) -> Quantity:
        """The published waiting time, with each assumption's figure in its place: modules do not know them."""
        wait = self.quantities["wait"]
        place = changed(wait.spot, file=self.checking.module.file)
        return changed(wait, parameters=tuple(map(self._filled, wait.parameters)), spot=place)

    def _filled(self, node: Expression) -> Expression:
        if node.parts[:1] == ("assume",) and len(node.parts) == 2:
            assumed = self.checking.module.assumptions[node.parts[1]].quantity.parameters[0]
            return self._filled(assumed)
        return changed(node, args=tuple(map(self._filled, node.args))) if node.args else node

    def broken(self, key: str) -> bool:
        return any(node.op == "broken" for node in expressions_in(self.quantities[key]))

    def whole(self, key: str, lowest: int) -> int:
        """A whole number that is not below `lowest`, told if it is another one."""
        value = self.given(key)
        if value is None or (value == int(value) and value >= lowest) or self.broken(key):
            return int(value or 0)
        spot = self.quantities[key].spot
        self.checking.tell(spot, OUT_OF_RANGE, f"{value:.10g} is no {key}: it must be whole, and not below {lowest}")
        return lowest

    def days(self, key: str) -> float | None:
        """The days of a duration that is always the same and longer than none; None where it is not given."""
        if key not in self.quantities:
            return None
        quantity = self.quantities[key]
        if quantity.kind not in ("exact", "value"):
            text = f"'{_last(key)}' is one span of time, not a distribution"
            self.checking.tell(quantity.spot, WRONG_UNIT, text, "write {is: 2 years, why: ...}")
            return 1.0
        value = self.given(key) or 0.0
        if value == 0 and not self.broken(key):
            self.checking.tell(quantity.spot, OUT_OF_RANGE, f"'{_last(key)}' takes more than no time")
        return value * DAYS_PER_UNIT.get(quantity.unit, 1.0)

    def given(self, key: str) -> float | None:
        """The value of a figure, which is not below 0; None where it is not given."""
        if key not in self.quantities:
            return None
        quantity = self.quantities[key]
        value = self._value(quantity.parameters[0]) if quantity.parameters else None
        if value is not None and value < 0:
            text = f"{value:.10g} is no {_last(key)}: it must not be below 0"
            self.checking.tell(quantity.spot, OUT_OF_RANGE, text)
        return max(value or 0.0, 0.0)

    def _value(self, node: Expression) -> float | None:
        """The number that an expression of literals, assumptions and single statistics is; told if it is none."""
        if node.op == "number":
            return node.figure
        if node.op == "broken":
            return None
        if node.parts[:1] == ("assume",):
            return self._value(self.checking.module.assumptions[node.parts[1]].quantity.parameters[0])
        if node.parts[:1] == ("stats",):
            return self._figure(node)
        if node.op in _ARITHMETIC and len(node.args) == 2:
            left, right = map(self._value, node.args)
            return _ARITHMETIC[node.op](left, right) if left is not None and right is not None else None
        self._tell(node, "reads a resident")
        return None

    def _figure(self, node: Expression) -> float | None:
        card = self.checking.catalogue.cards[node.parts[1]]
        if card.by:
            self._tell(node, f"is by {', '.join(card.by)}")
            return None
        try:
            table = self.checking.catalogue.table(card.name)
        except ProblemsFound:  # told where the statistic is checked
            return None
        return table.cells[()] * (0.01 if card.unit == "percent" else 1.0) if () in table.cells else None

    def _tell(self, node: Expression, what: str) -> None:
        spot = self.quantities["wait"].spot
        place = changed(spot, line=node.line, column=node.column, file="")
        hint = "use a statistic with a single figure"
        self.checking.tell(place, UNKNOWN_DIMENSION, f"{show(node)} {what}: an institution has one figure", hint)
