"""The states of a submodule as its caller has them: names with a prefix, arguments for parameters, places kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any

from abmsim.expressions import NUMBER, Expression
from abmsim.expressions.wording import MEMBERS
from abmsim.lang.changed import changed
from abmsim.lang.module import Assumption, Await, Branch, ColumnValue, Quantity, Setting, Share, Spot, State
from abmsim.vocabulary import RELATIVES

PARAMETER = "parameter"
"""A submodule reads a parameter as `parameter.name`."""


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


@dataclass(frozen=True, slots=True)
class Substitution:
    """What changes: `prefix` of states and assumptions ("" for none), `attributes` by their new names, `arguments`.

    `literals` gathers the assumptions that stand for arguments which are figures of their own. `file` is the
    submodule's, for the places of all that comes from it.
    """

    prefix: str
    file: str
    attributes: Mapping[str, str]
    arguments: Mapping[str, Quantity]
    literals: dict[str, Assumption] = field(default_factory=dict)

    def named(self, name: str) -> str:
        """A state or an assumption as the caller names it."""
        return f"{self.prefix}.{name}" if self.prefix else name

    def state(self, state: State) -> State:
        """The state, with everything in it, as the caller has it."""
        over = self.named(state.schedule_over) if state.schedule_over else ""
        return changed(self._fields(state), name=self.named(state.name), schedule_over=over)

    def assumption(self, assumption: Assumption) -> Assumption:
        return changed(self._fields(assumption), name=self.named(assumption.name))

    def _part(self, part: Any) -> Any:
        if part is None or isinstance(part, str | bool):
            return part
        if isinstance(part, Spot):
            return part if part.file else Spot(part.line, part.column, self.file)
        if isinstance(part, Expression):
            return self._expression(part)
        if isinstance(part, tuple):
            return tuple(self._part(item) for item in part)
        if isinstance(part, dict):
            return {key: self._part(value) for key, value in part.items()}
        if isinstance(part, Quantity):
            return self._quantity(part)
        if isinstance(part, ColumnValue):
            return self._column(part)
        if isinstance(part, Branch):
            return self._branch(part)
        if isinstance(part, Setting):
            return changed(self._fields(part), attribute=self._attribute(part.attribute))
        if isinstance(part, Await):
            return self._turn(part)
        return self._fields(part) if is_dataclass(part) else part

    def _fields(self, part: Any) -> Any:
        kind = type(part)
        return kind(*[self._part(getattr(part, name)) for name in _field_names(kind)])

    def _expression(self, node: Expression) -> Expression:
        file, parts = node.file or self.file, node.parts
        if len(parts) == 2 and parts[0] == PARAMETER and parts[1] in self.arguments:
            return self._argument(node, parts[1])
        if len(parts) == 2 and parts[0] == "assume":
            parts = ("assume", self.named(parts[1]))
        elif len(parts) == 1 or parts[:1] and parts[0] in (*RELATIVES, *MEMBERS):
            parts = (*parts[:-1], self.attributes.get(parts[-1], parts[-1]))
        args = tuple(map(self._expression, node.args))
        return Expression(node.op, args, parts or node.value, node.line, node.column, node.type, file)

    def _argument(self, node: Expression, name: str) -> Expression:
        """What is told, in an expression: as it is, or by the name of an assumption if it is a figure of its own."""
        given = self.arguments[name]
        if given.kind == "value" and (given.parameters[0].op != "number" or given.parameters[0].type != NUMBER):
            return given.parameters[0]
        assumed = self.named(f"with.{name}")
        self.literals[assumed] = Assumption(assumed, given, given.source, given.spot)
        return changed(node, value=("assume", assumed), file=node.file or self.file)

    def _told(self, node: Expression | None) -> Quantity | None:
        """The argument, if an expression is nothing but a parameter."""
        parts = node.parts if node is not None else ()
        return self.arguments.get(parts[1]) if len(parts) == 2 and parts[0] == PARAMETER else None

    def _quantity(self, quantity: Quantity) -> Quantity:
        told = self._told(quantity.parameters[0]) if quantity.kind == "value" else None
        return told or self._fields(quantity)

    def _column(self, value: ColumnValue) -> ColumnValue:
        told = self._told(value.expression)
        if told is not None and told.kind != "value":
            return ColumnValue("duration", self._part(value.spot), quantity=told)
        return changed(self._fields(value), shares=tuple(self._labelled(share) for share in value.shares))

    def _labelled(self, share: Share) -> Share:
        """A share of a label, which may be a parameter's."""
        head, _, name = share.label.partition(".")
        told = self.arguments.get(name) if head == PARAMETER else None
        label = share.label
        if told is not None and told.parameters[0].type is not None and told.parameters[0].type.labels:
            label = told.parameters[0].type.labels[int(told.parameters[0].figure)]
        return changed(self._fields(share), label=label)

    def _attribute(self, name: str) -> str:
        """The attribute that is set: the caller's if it is a parameter that names one."""
        told = self._named_by(name)
        parts = told.parameters[0].parts if told is not None else ()
        return parts[0] if len(parts) == 1 else self.attributes.get(name, name)

    def _turn(self, turn: Await) -> Await:
        """A turn, at the institution that is told if it is a parameter; it stands where the caller says so."""
        told = self._named_by(turn.at)
        if told is None or told.parameters[0].op != "text":
            return self._fields(turn)
        return changed(self._fields(turn), at=str(told.parameters[0].value), spot=told.spot)

    def _named_by(self, name: str) -> Quantity | None:
        """The argument of `parameter.name`, written where a name stands."""
        head, _, last = name.partition(".")
        return self.arguments.get(last) if head == PARAMETER else None

    def _branch(self, branch: Branch) -> Branch:
        shares = tuple(changed(self._fields(share), label=self.named(share.label)) for share in branch.shares)
        to = self.named(branch.to) if branch.to else ""
        return changed(self._fields(branch), to=to, shares=shares)
