"""Text -> expression: Python's own grammar, a closed list of its nodes, and a hint for what people write instead."""

from __future__ import annotations

import ast
import keyword
import math
import re
from dataclasses import dataclass

from abmsim.expressions.node import BOOL, Expression, number
from abmsim.problems import Problem, ProblemsFound, suggestion

EXPRESSION_SYNTAX, EXPRESSION_FORM = "E110", "E111"

FUNCTIONS = {
    "min": (2, 9), "max": (2, 9), "abs": (1, 1), "exp": (1, 1), "log": (1, 1), "logit": (1, 1), "logistic": (1, 1),
    "known": (1, 1),
}  # fmt: skip
"""The functions of the language with the fewest and most arguments."""

_DEEPEST = 60
_LONGEST = 4000
_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*){0,3}")
_TOO_DEEP = "the expression is nested too deep"
_SPACE, _QUOTED, _DATE = re.compile(r"\s"), re.compile(r"'[^']*'|\"[^\"]*\""), re.compile(r"\b\d{4}-\d\d-\d\d\b")

_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip

_FORMS: tuple[tuple[type[ast.AST], str], ...] = (
    (ast.Pow, "write x * x, or exp(y * log(x))"),
    (ast.Mod, "there is no %; only + - * /"),
    (ast.FloorDiv, "there is no //; only + - * /"),
    (ast.BitAnd, "write `and`"),
    (ast.BitOr, "write `or`"),
    (ast.BitXor, "write `!=`; there is no power operator"),
    (ast.Invert, "write `not`"),
    (ast.Is, "write `==`"),
    (ast.IsNot, "write `!=`"),
    (ast.Subscript, "names are read as partner.age, not with []"),
    (ast.Lambda, "expressions define nothing"),
    (ast.NamedExpr, "write `==` to compare"),
    (ast.JoinedStr, "a label is a plain name"),
    (ast.Tuple, "a list of labels stands after `in` only"),
    (ast.List, "a list of labels stands after `in` only"),
    (ast.Set, "a list of labels stands after `in` only"),
)

_SLIPS: tuple[tuple[str, str], ...] = (
    (r"&&", "write `and`"),
    (r"\|\|", "write `or`"),
    (r"!(?!=)", "write `not`"),
    (r"<>", "write `!=`"),
    (r"=>", "write `>=`"),
    (r"=<", "write `<=`"),
    (r"(?<![=<>!])=(?!=)", "write `==` to compare"),
    (r"\?", "write `x if condition else y`"),
    (r"\b0\d", "a number has no leading zero; a code stands between quotes"),
    (r"\d%", "write a share as a fraction: 0.3"),
    (r"\d,\d", "write a decimal point"),
    (r"≥", "write `>=`"),
    (r"≤", "write `<=`"),
    (r"(?i)\b(AND|OR|NOT)\b(?<![a-z])", "write `and`, `or`, `not` in lower case"),
    (r"\b(then|end)\b", "write `x if condition else y`"),
)


def parse(text: str, file: str, line: int = 1, column: int = 1) -> Expression:
    """Parse one expression; `line` and `column` are where its text begins. Raises ProblemsFound."""
    if len(text) <= _LONGEST and _PLAIN_NAME.fullmatch(text):  # most are: no need to ask Python
        parts = tuple(text.split("."))
        if not any(map(keyword.iskeyword, parts)) and parts not in (("true",), ("false",)):
            return Expression("name", value=parts, line=line, column=column)
    flat = _SPACE.sub(" ", text)
    stripped = flat.lstrip()
    place = _Place(file, line, column + len(flat) - len(stripped), stripped)
    date = _DATE.search(place.outside_quotes) if "-" in text else None
    if date:  # Python reads 2015-10-10 as a subtraction
        raise place.found(date.start(), EXPRESSION_SYNTAX, f"a bare date {date[0]}", f"write it as '{date[0]}'")
    if not stripped:
        raise ProblemsFound([Problem(file, line, column, EXPRESSION_SYNTAX, "an expression is missing here")])
    if len(stripped) > _LONGEST:
        raise place.found(0, EXPRESSION_SYNTAX, f"an expression has at most {_LONGEST} characters", "split it")
    try:
        tree = ast.parse(stripped.rstrip(), mode="eval")
    except SyntaxError as error:
        raise _syntax(place, error) from None
    except (RecursionError, MemoryError):
        raise place.found(0, EXPRESSION_FORM, _TOO_DEEP, "split it") from None
    except ValueError:
        raise place.found(0, EXPRESSION_SYNTAX, "this is no expression") from None
    return _Parsing(place).expression(tree.body, 0)


@dataclass(frozen=True, slots=True)
class _Place:
    file: str
    line: int
    column: int
    text: str

    @property
    def outside_quotes(self) -> str:
        """The text with every quoted part blanked, so that offsets stay."""
        return _QUOTED.sub(lambda match: "x" * len(match[0]), self.text)

    def at(self, node: ast.AST) -> tuple[int, int]:
        offset = getattr(node, "col_offset", 0)
        if not self.text.isascii():  # ast counts bytes
            offset = len(self.text.encode()[:offset].decode(errors="replace"))
        return self.line, self.column + offset

    def found(self, offset: int, code: str, text: str, hint: str = "") -> ProblemsFound:
        return ProblemsFound([Problem(self.file, self.line, self.column + offset, code, text, hint)])


def _syntax(place: _Place, error: SyntaxError) -> ProblemsFound:
    if "too many nested" in error.msg:
        return place.found(0, EXPRESSION_FORM, _TOO_DEEP, "split it")
    for pattern, hint in _SLIPS:
        slip = re.search(pattern, place.outside_quotes)
        if slip:
            text = f"'{slip[0]}' is not part of the language"
            return place.found(slip.start(), EXPRESSION_SYNTAX, text, hint)
    offset = min(max((error.offset or 1) - 1, 0), len(place.text))
    hint = "close the bracket" if place.text.count("(") > place.text.count(")") else ""
    return place.found(offset, EXPRESSION_SYNTAX, f"this is no expression: {error.msg}", hint)


@dataclass(frozen=True, slots=True)
class _Parsing:
    place: _Place

    def wrong(self, node: ast.AST, where: ast.AST, text: str = "", hint: str = "") -> ProblemsFound:
        for kind, advice in _FORMS:
            hint = hint or (advice if isinstance(node, kind) else "")
        line, column = self.place.at(where)
        text = text or f"'{ast.unparse(where)}' is not part of the language"
        return ProblemsFound([Problem(self.place.file, line, column, EXPRESSION_FORM, text, hint)])

    def expression(self, node: ast.expr, depth: int) -> Expression:
        if depth > _DEEPEST:
            raise self.place.found(0, EXPRESSION_FORM, _TOO_DEEP, "split it")
        kind = type(node)
        if kind is ast.Name or kind is ast.Attribute:
            return self.name(node)  # type: ignore[arg-type]
        if kind is ast.Constant:
            return self.constant(node)  # type: ignore[arg-type]
        line, column = self.place.at(node)

        def made(op: str, *args: ast.expr, value: str | None = None) -> Expression:
            return Expression(op, tuple([self.expression(arg, depth + 1) for arg in args]), value, line, column)

        match node:
            case ast.BoolOp():
                return made("and" if isinstance(node.op, ast.And) else "or", *node.values)
            case ast.UnaryOp(op=ast.Not()):
                return made("not", node.operand)
            case ast.UnaryOp(op=ast.USub()):
                return made("negate", node.operand)
            case ast.UnaryOp(op=ast.UAdd()):
                return self.expression(node.operand, depth + 1)
            case ast.BinOp() if type(node.op) in _ARITHMETIC:
                return made(_ARITHMETIC[type(node.op)], node.left, node.right)
            case ast.Compare():
                return self.comparison(node, depth)
            case ast.IfExp():
                return made("if", node.test, node.body, node.orelse)
            case ast.Call():
                return made("call", *node.args, value=self.function(node))
            case ast.BinOp() | ast.UnaryOp():
                raise self.wrong(node.op, node)
        raise self.wrong(node, node)

    def constant(self, node: ast.Constant) -> Expression:
        line, column = self.place.at(node)
        if isinstance(node.value, bool):
            return number(node.value, line, column, BOOL)
        if isinstance(node.value, int | float) and abs(node.value) < 1e300 and math.isfinite(node.value):
            return number(node.value, line, column)
        if isinstance(node.value, str):
            return Expression("text", value=node.value, line=line, column=column)
        raise self.wrong(node, node)

    def name(self, node: ast.Name | ast.Attribute) -> Expression:
        line, column = self.place.at(node)
        parts: list[str] = []
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if not isinstance(inner, ast.Name):
            raise self.wrong(inner, node, hint="a dotted name begins with a name, as in partner.age")
        parts.append(inner.id)
        if parts in (["true"], ["false"]):
            return number(parts == ["true"], line, column, BOOL)
        return Expression("name", value=tuple(reversed(parts)), line=line, column=column)

    def function(self, node: ast.Call) -> str:
        """The name of the function that is called, with as many values as it takes."""
        name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
        if name not in FUNCTIONS:
            raise self.wrong(node, node, f"there is no function '{name}'", suggestion(name, FUNCTIONS, "functions"))
        fewest, most = FUNCTIONS[name]
        if node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
            raise self.wrong(node, node, f"'{name}' takes plain values only", f"write {name}(x)")
        if not fewest <= len(node.args) <= most:
            count = f"{fewest} to {most} values" if fewest < most else f"{fewest} value{'s' * (fewest != 1)}"
            raise self.wrong(node, node, f"'{name}' takes {count}, not {len(node.args)}", "add or drop values")
        return name

    def comparison(self, node: ast.Compare, depth: int) -> Expression:
        """`a < b < c` -> `a < b and b < c`."""
        line, column = self.place.at(node)
        pairs = []
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            pairs.append(self.pair(node, left, operator, right, depth))
            left = right
        return pairs[0] if len(pairs) == 1 else Expression("and", tuple(pairs), None, line, column)

    def pair(self, node: ast.Compare, left: ast.expr, operator: ast.cmpop, right: ast.expr, depth: int) -> Expression:
        line, column = self.place.at(left)
        if isinstance(operator, ast.In | ast.NotIn):
            return self.membership(left, right, isinstance(operator, ast.NotIn), depth)
        if type(operator) not in _COMPARISONS:
            raise self.wrong(operator, node)
        sides = (self.expression(left, depth + 1), self.expression(right, depth + 1))
        return Expression(_COMPARISONS[type(operator)], sides, None, line, column)

    def membership(self, left: ast.expr, right: ast.expr, negated: bool, depth: int) -> Expression:
        """`x in (a, b)` -> `x == a or x == b`; `not in` -> `x != a and x != b`."""
        line, column = self.place.at(left)
        if isinstance(right, ast.Tuple | ast.List | ast.Set):
            options = right.elts
        else:  # Python reads `x in (a)` as `x in a`
            options = [right]
        if not options:
            raise self.wrong(right, right, "nothing can be in an empty list", "name labels: sex in (female, male)")
        value = self.expression(left, depth + 1)
        op = "!=" if negated else "=="
        pairs = tuple(
            Expression(op, (value, self.expression(option, depth + 1)), None, line, column) for option in options
        )
        return pairs[0] if len(pairs) == 1 else Expression("and" if negated else "or", pairs, None, line, column)
