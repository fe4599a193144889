"""Expression -> typed expression: every name known, every label a number, every type as its place needs it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from abmsim.areas import FIGURE, open_labels
from abmsim.days import NEVER, parse_day
from abmsim.expressions.node import BOOL, DAY, NUMBER, Expression, Type
from abmsim.expressions.wording import AGGREGATES, MEMBERS, conversion_hint, example
from abmsim.problems import Problem, ProblemsFound, suggestion
from abmsim.vocabulary import RELATIVES, Attribute

UNKNOWN_NAME, UNKNOWN_LABEL, WRONG_TYPE, NEEDS_USES = "E201", "E202", "E203", "E204"
UNKNOWN_STATISTIC, UNKNOWN_ASSUMPTION = "E401", "E402"

_RESERVED = (*MEMBERS, "stats", "neighbourhood", "assume", "schedule", "parameter", *RELATIVES)
_ORDERED = ("<", "<=", ">", ">=")

KNOWN_BEFORE = float(NEVER // 2)
"""Every day that can come lies before it, and an empty date behind it, whatever days are added to it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that an expression may use, with their types.

    `attributes`: vocabulary, own and used modules'. `elsewhere`: attribute -> module, for those that `uses` would add.
    `parameters`: those of a submodule, to name the nearest one. `verbs`: verb -> whether its table has a planned end.
    `schedule`: columns of the schedule, if the module has one. `labels`: labels of vocabulary attributes that the
    vocabulary itself leaves open (municipality_code); the neighbourhoods are those of `areas`. `renamed`: attributes
    that a call has brought, with their names in the submodule, which can be labels there.
    """

    attributes: Mapping[str, Attribute]
    statistics: Collection[str] = ()
    assumptions: Collection[str] = ()
    parameters: Collection[str] = ()
    verbs: Mapping[str, bool] = field(default_factory=dict)
    schedule: Mapping[str, Type] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)

    def as_label(self, node: Expression) -> str:
        """A bare name as it was written, to look it up among labels; "" for everything else."""
        name = node.parts[0] if len(node.parts) == 1 else ""
        return self.renamed.get(name, name) if node.file else name

    def type_of(self, attribute: Attribute) -> Type:
        """The type of an attribute as expressions see it: day numbers are days."""
        if attribute.type == "category":
            known = attribute.labels or self.labels.get(attribute.name)
            return Type("category", known or open_labels(attribute.name))
        return BOOL if attribute.type == "bool" else DAY if attribute.unit == "day" else NUMBER


def resolve(expression: Expression, scope: Scope, file: str, expected: Type | None = None) -> Expression:
    """The expression with every node typed and labels and dates as numbers.

    `expected` is the type that its place needs (labels resolve by it). Raises ProblemsFound with all problems.
    """
    resolving = _Resolving(scope, file, [])
    resolved = resolving.expression(expression, expected)
    if expected is not None:
        resolving.need(resolved, expected, "this")
    if resolving.problems:
        raise ProblemsFound(resolving.problems)
    return resolved


@dataclass(frozen=True, slots=True)
class _Resolving:
    scope: Scope
    file: str
    problems: list[Problem]

    def tell(self, node: Expression, code: str, text: str, hint: str = "") -> None:
        self.problems.append(Problem(node.file or self.file, node.line, node.column, code, text, hint))

    def need(self, node: Expression, type_: Type, where: str, hint: str = "") -> None:
        """Tell it if `node` has another type; a node without type has been told already."""
        if node.type is None or node.type == type_:
            return
        if node.type.kind == type_.kind:
            text, hint = f"{where} has other labels", f"labels: {', '.join(type_.labels[:12])}"
        else:
            text = f"{where} must be {type_}, not {node.type}"
            hint = hint or conversion_hint(node.type, type_)
        self.tell(node, WRONG_TYPE, text, hint)

    def expression(self, node: Expression, expected: Type | None = None) -> Expression:
        if node.op == "number":
            return node if node.type else node.typed(NUMBER)
        if node.op == "text":
            return self.label(node, str(node.value), expected)
        if node.op == "broken":
            return node
        if node.op == "name":
            return self.name(node, expected)
        if node.op in ("and", "or", "not"):
            return self.logic(node)
        if node.op == "if":
            return self.choice(node, expected)
        if node.op == "call" and node.value == "known":
            return self.is_known(node)
        if node.op == "call" or node.op == "negate":
            what = f"what {node.value}() takes" if node.op == "call" else "what follows '-'"
            args = tuple(self.expression(arg) for arg in node.args)
            return self.numbers(node.with_args(args), what)
        if node.op in ("+", "-", "*", "/"):
            return self.arithmetic(node)
        return self.comparison(node)

    def numbers(self, node: Expression, what: str) -> Expression:
        for arg in node.args:
            self.need(arg, NUMBER, what)
        return node.typed(NUMBER)

    def is_known(self, node: Expression) -> Expression:
        """`known(since)` -> `since < a day beyond all days`."""
        day = self.expression(node.args[0], DAY)
        self.need(day, DAY, "what known() takes")
        limit = _constant(node, KNOWN_BEFORE, DAY)
        return Expression("<", (day, limit), None, node.line, node.column, BOOL, node.file)

    def logic(self, node: Expression) -> Expression:
        args = tuple(self.expression(arg) for arg in node.args)
        for arg in args:
            self.need(arg, BOOL, f"what stands beside '{node.op}'")
        return Expression(node.op, args, node.value, node.line, node.column, BOOL, node.file)

    def choice(self, node: Expression, expected: Type | None) -> Expression:
        condition, then, otherwise = node.args
        condition = self.expression(condition)
        self.need(condition, BOOL, "a condition")
        then, otherwise = self.sides(then, otherwise, expected)
        if then.type is not None:
            self.need(otherwise, then.type, "what follows `else`")
        node = node.with_args((condition, then, otherwise))
        return node.typed(then.type) if then.type else node

    def arithmetic(self, node: Expression) -> Expression:
        left, right = self.sides(node.args[0], node.args[1])
        node = node.with_args((left, right))
        kinds = tuple(arg.type.kind if arg.type else "" for arg in (left, right))
        if node.op == "-" and kinds == ("day", "day"):
            return node.typed(NUMBER)
        if (node.op in "+-" and kinds == ("day", "number")) or (node.op == "+" and kinds == ("number", "day")):
            return node.typed(DAY)
        return self.numbers(node, f"what stands beside '{node.op}'")

    def comparison(self, node: Expression) -> Expression:
        left, right = self.sides(node.args[0], node.args[1])
        node = Expression(node.op, (left, right), node.value, node.line, node.column, BOOL, node.file)
        if left.type is None or right.type is None:
            return node
        self.need(right, left.type, f"what stands right of '{node.op}'")
        if node.op in _ORDERED and left.type.kind in ("bool", "category"):
            order = "labels have no order" if left.type.kind == "category" else "true and false have no order"
            self.tell(left, WRONG_TYPE, f"'{node.op}' compares numbers and days; {order}", "use == or `in (...)`")
        return node

    def sides(self, left: Expression, right: Expression, expected: Type | None = None) -> tuple[Expression, Expression]:
        """Both sides; the one that is surely no label goes first, and the other one may be one of its labels."""
        if expected is not None:
            return self.expression(left, expected), self.expression(right, expected)
        if self.labelled(right) > self.labelled(left):
            right = self.expression(right)
            return self.expression(left, right.type), right
        left = self.expression(left)
        return left, self.expression(right, left.type)

    def labelled(self, node: Expression) -> int:
        """How sure this side says which labels the other side has: 2 category or day, 1 other known type, 0 unknown."""
        if node.op == "text":
            return 0
        if node.op != "name":
            return max((self.labelled(arg) for arg in node.args), default=1)
        head, last = node.parts[0], node.parts[-1]
        if len(node.parts) > 1 and head not in (*RELATIVES, "schedule"):
            return 1
        type_ = self.scope.schedule.get(last) if head == "schedule" else self.attribute_type(last)
        return 0 if type_ is None else 2 if type_.kind in ("category", "day") else 1

    def attribute_type(self, name: str) -> Type | None:
        attribute = self.scope.attributes.get(name)
        return None if attribute is None else self.scope.type_of(attribute)

    def label(self, node: Expression, text: str, expected: Type | None) -> Expression:
        """A text (or unknown bare name) as one of the labels that are expected here, or as a date."""
        kind = expected.kind if expected else ""
        if kind == "day":
            if text == "none":
                return _constant(node, NEVER, DAY)
            try:
                return _constant(node, parse_day(text), DAY)
            except ValueError:
                self.tell(node, UNKNOWN_LABEL, f"'{text}' is no date", "write it as '2015-01-01'")
                return node
        if expected is not None and kind == "category":
            if text in expected.labels:
                return _constant(node, expected.labels.index(text), expected)
            self.tell(node, UNKNOWN_LABEL, f"unknown label '{text}'", suggestion(text, expected.labels, "labels"))
        elif expected is not None:
            self.tell(node, WRONG_TYPE, f"this must be {expected}, not the text '{text}'")
        else:
            self.tell(node, UNKNOWN_LABEL, f"nothing here says what the label '{text}' belongs to", "compare with ==")
        return node

    def name(self, node: Expression, expected: Type | None) -> Expression:
        head = node.parts[0]
        if head == "neighbourhood" and len(node.parts) == 2:
            return self.of_neighbourhood(node, node.parts[1])
        if len(node.parts) > 1:
            type_ = self.dotted(node, node.parts)
        elif expected is not None and expected.kind == "category" and self.scope.as_label(node) in expected.labels:
            return self.label(node, self.scope.as_label(node), expected)
        elif head == "none" and expected == DAY:
            return self.label(node, head, expected)
        else:
            type_ = self.attribute_type(head)
            if type_ is None:
                return self.unknown(node, head, expected)
        return node.typed(type_) if type_ else node

    def unknown(self, node: Expression, name: str, expected: Type | None) -> Expression:
        if name in self.scope.elsewhere:
            self.needs_uses(node, name)
        elif expected is not None and expected.kind == "category":
            return self.label(node, name, expected)
        elif name in (*_RESERVED, *self.scope.verbs):
            self.tell(node, UNKNOWN_NAME, f"'{name}' alone says nothing", f"write {example(name)}")
        else:
            hint = suggestion(name, (*self.scope.attributes, *self.scope.elsewhere), "attributes")
            self.tell(node, UNKNOWN_NAME, f"unknown name '{name}'", hint)
        return node

    def of_neighbourhood(self, node: Expression, figure: str) -> Expression:
        """`neighbourhood.loneliness` -> the statistic `neighbourhood_loneliness`, by where the resident lives."""
        if FIGURE + figure in self.scope.statistics:
            return Expression(node.op, (), ("stats", FIGURE + figure), node.line, node.column, NUMBER, node.file)
        figures = [name.removeprefix(FIGURE) for name in self.scope.statistics if name.startswith(FIGURE)]
        hint = suggestion(figure, figures, "figures")
        self.tell(node, UNKNOWN_NAME, f"unknown figure '{figure}' of a neighbourhood", hint)
        return node

    def needs_uses(self, node: Expression, name: str) -> None:
        module = self.scope.elsewhere[name]
        text = f"'{name}' belongs to {module}, which this module does not use"
        self.tell(node, NEEDS_USES, text, f"add `uses: [{module}]`")

    def dotted(self, node: Expression, parts: tuple[str, ...]) -> Type | None:
        head, rest = parts[0], parts[1:]
        if head in RELATIVES:
            return self.read_of(node, parts, rest[0]) if len(rest) == 1 else self.shape(node, parts)
        if head in MEMBERS:
            return self.members(node, parts)
        options = (*_RESERVED, *self.scope.verbs)
        if head not in options:
            hint = suggestion(head, options, "before a dot")
            self.tell(node, UNKNOWN_NAME, f"unknown name '{'.'.join(parts)}'", hint)
            return None
        if len(rest) != 1:
            return self.shape(node, parts)
        if head == "stats":
            return self.known(node, rest[0], self.scope.statistics, UNKNOWN_STATISTIC, "statistic")
        if head == "assume":
            return self.known(node, rest[0], self.scope.assumptions, UNKNOWN_ASSUMPTION, "assumption")
        if head == "parameter":  # those that are known have been replaced by what the caller tells
            hint = suggestion(rest[0], self.scope.parameters, "parameters")
            hint = hint if self.scope.parameters else "a submodule names its `parameters`"
            self.tell(node, UNKNOWN_NAME, f"unknown parameter '{rest[0]}'", hint)
            return None
        if head == "schedule":
            found = self.known(node, rest[0], self.scope.schedule, UNKNOWN_NAME, "schedule column")
            return found and self.scope.schedule[rest[0]]
        return self.verb(node, head, rest[0])

    def shape(self, node: Expression, parts: tuple[str, ...]) -> None:
        self.tell(node, UNKNOWN_NAME, f"unknown name '{'.'.join(parts)}'", f"write {example(parts[0])}")

    def known(self, node: Expression, name: str, options: Collection[str], code: str, what: str) -> Type | None:
        if name in options:
            return NUMBER
        self.tell(node, code, f"unknown {what} '{name}'", suggestion(name, options, f"{what}s"))
        return None

    def read_of(self, node: Expression, parts: tuple[str, ...], name: str) -> Type | None:
        """An attribute of somebody else."""
        type_ = self.attribute_type(name)
        if type_ is None and name in self.scope.elsewhere:
            self.needs_uses(node, name)
        elif type_ is None:
            hint = suggestion(name, self.scope.attributes, "attributes")
            self.tell(node, UNKNOWN_NAME, f"unknown name '{'.'.join(parts)}'", hint)
        return type_

    def members(self, node: Expression, parts: tuple[str, ...]) -> Type | None:
        """`children.any.x`: one value of several people."""
        if len(parts) != 3 or parts[1] not in AGGREGATES:
            return self.shape(node, parts)
        attribute = self.scope.attributes.get(parts[2])
        if attribute is not None and attribute.since:
            hint = f"read the day, as in {parts[0]}.max.{attribute.since}"
            self.tell(node, WRONG_TYPE, f"'{parts[2]}' of several people cannot be read together", hint)
            return None
        how, type_ = parts[1], self.read_of(node, parts, parts[2])
        needed = (BOOL,) if how in ("any", "count") else (NUMBER,) if how == "sum" else (NUMBER, DAY)
        if type_ is not None and type_ not in needed:
            text = f"{parts[0]}.{how} needs an attribute that is {needed[0]}; '{parts[2]}' is {type_}"
            self.tell(node, WRONG_TYPE, text)
        if type_ not in needed:
            return None
        return BOOL if how == "any" else NUMBER if how == "count" else type_

    def verb(self, node: Expression, verb: str, what: str) -> Type | None:
        if what == "open":
            return BOOL
        if what != "ends":
            self.tell(node, UNKNOWN_NAME, f"unknown name '{verb}.{what}'", f"write {verb}.open or {verb}.ends")
        elif not self.scope.verbs[verb]:
            self.tell(node, UNKNOWN_NAME, f"'{verb}' has no planned end", f"write {verb}.open")
        else:
            return DAY
        return None


def _constant(node: Expression, value: float, type_: Type) -> Expression:
    return Expression("number", (), float(value), node.line, node.column, type_, node.file)
