"""Institution files -> what each says by itself, with all its problems; figures are not resolved yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from abmsim.lang.codes import TWO_CAPACITIES, WRONG_MODULE_NAME
from abmsim.lang.institution import KINDS, SERVES
from abmsim.lang.module import Module, Quantity
from abmsim.lang.read import read_assumptions
from abmsim.lang.read_quantity import read_quantity
from abmsim.lang.reading import spot
from abmsim.lang.unfilled import tell_unfilled
from abmsim.problems import Problem
from abmsim.yamlfile import Node, read_yaml

INSTITUTION_KEYS = (
    "institution", "kind", "title", "dutch", "about", "serves", "number", "assume", "wait", "capacity", "budget",
)  # fmt: skip
NEEDED_KEYS = ("institution", "kind", "title", "about", "serves", "number", "wait")
MEASURES = ("a_month", "per_1000_residents_a_year", "of_requests")
CAPACITY_KEYS = (*MEASURES, "catches_up", "differs")
BUDGET_KEYS = ("euros_per_resident_a_year", "euros_a_request")
EXAMPLE = "institution: wmo_desk"


@dataclass(frozen=True, slots=True)
class Draft:
    """An institution as it was read. `module` holds its file, its assumptions and nothing that runs.

    `figures` are the quantities of an institution by their keys: `number`, `wait`, `capacity.a_month`, ...
    """

    module: Module
    kind: str
    title: str
    dutch: str
    serves: str
    figures: Mapping[str, Quantity]


def read_institution(path: Path) -> tuple[Draft | None, list[Problem]]:
    """Read one institution: (the institution, problems); None if there is nothing to go on with."""
    root, problems = read_yaml(path)
    if root is None:
        return None, problems
    tell_unfilled(root)
    found = root.fields("the institution", INSTITUTION_KEYS, NEEDED_KEYS, EXAMPLE)
    if not found:
        return None, problems
    named = found.get("institution")
    if named is not None and named.string("institution") != path.stem:
        text = f"the institution is called '{named.text}' in a file for '{path.stem}'"
        named.tell(WRONG_MODULE_NAME, text, f"write {path.stem}")
    module = Module(
        name=path.stem,
        path=path,
        file=root.file,
        spot=spot(root),
        about=_text(found, "about"),
        start="",
        states={},
        assumptions=read_assumptions(found.get("assume")),
    )
    draft = Draft(
        module,
        kind=found["kind"].choice("kind", KINDS) if "kind" in found else "",
        title=_text(found, "title"),
        dutch=_text(found, "dutch"),
        serves=found["serves"].choice("serves", SERVES) if "serves" in found else "",
        figures=_figures(found),
    )
    return draft, problems


def _text(found: Mapping[str, Node], key: str) -> str:
    return found[key].string(key) if key in found else ""


def _figures(found: Mapping[str, Node]) -> dict[str, Quantity]:
    figures = {key: read_quantity(found[key], f"'{key}'") for key in ("number", "wait") if key in found}
    if "capacity" in found:
        figures |= _capacity(found["capacity"])
    if "budget" in found:
        parts = found["budget"].fields("the budget", BUDGET_KEYS, BUDGET_KEYS)
        figures |= {f"budget.{key}": read_quantity(node, f"'{key}'") for key, node in parts.items()}
    return figures


def _capacity(node: Node) -> dict[str, Quantity]:
    parts = node.fields("the capacity", CAPACITY_KEYS, (), "capacity: {a_month: assume.places}")
    measures = [key for key in MEASURES if key in parts]
    if len(measures) != 1 and node.kind == "mapping":
        said = f"not {' and '.join(measures)}" if measures else "and none is given"
        text = f"a capacity is one of {', '.join(MEASURES)}, {said}"
        node.tell(TWO_CAPACITIES, text, "keep one" if measures else f"add `{MEASURES[0]}: ...`")
    return {f"capacity.{key}": read_quantity(value, f"'{key}'") for key, value in parts.items()}
