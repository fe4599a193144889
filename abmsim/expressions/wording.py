"""Names that read several people together, and what to write instead of what cannot be."""

from __future__ import annotations

from abmsim.expressions.node import Type

MEMBERS = ("housemates", "children", "household")
"""Who can be read together, as `children.any.x`: `household` is the resident and the housemates, `children` are the own
ones who live in the household."""

AGGREGATES = ("any", "count", "sum", "max", "min")
"""How they are read together: `any` and `count` of what is true or false, the others of numbers and days."""


def conversion_hint(is_: Type, needed: Type) -> str:
    if needed.kind == "bool" and is_.kind == "number":
        return "compare it with a number, as in x > 0"
    if needed.kind == "bool" and is_.kind == "category":
        return "compare it with a label, as in x == label"
    if needed.kind == "number" and is_.kind == "bool":
        return "write (1 if x else 0)"
    if needed.kind == "day" and is_.kind == "number":
        return "write a date as '2015-01-01'"
    return ""


def example(head: str) -> str:
    return {
        **{head: f"{head}.any.x, with one of {', '.join(AGGREGATES)}" for head in MEMBERS},
        "stats": "stats.name", "assume": "assume.name", "parameter": "parameter.name",
        "neighbourhood": "neighbourhood.loneliness",
        "schedule": "schedule.column", "partner": "partner.age", "mother": "mother.age", "father": "father.age",
    }.get(head, f"{head}.open")  # fmt: skip
