"""What all readers of module files share: places, expressions and durations from YAML nodes."""

from __future__ import annotations

import re

from abmsim.days import parse_duration
from abmsim.expressions import Expression, parse
from abmsim.lang.codes import OUT_OF_RANGE
from abmsim.lang.module import Spot
from abmsim.problems import ProblemsFound
from abmsim.yamlfile import Node

TIME_UNITS = {"days": "day", "weeks": "week", "months": "month", "years": "year"}

_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def spot(node: Node) -> Spot:
    return Spot(node.line, node.column)


def broken(node: Node) -> Expression:
    """What stands for an expression that could not be read."""
    return Expression("broken", line=node.line, column=node.column)


def is_number(node: Node) -> bool:
    return isinstance(node.value, int | float) and not isinstance(node.value, bool)


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
