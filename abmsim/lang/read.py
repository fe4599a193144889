"""Module files -> modules: everything that one file says by itself, with all its problems."""

from __future__ import annotations

import keyword
import os
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from abmsim.expressions import FUNCTIONS
from abmsim.lang.codes import WRONG_MODULE_NAME, WRONG_NAME
from abmsim.lang.module import Assumption, Module, Spot, State
from abmsim.lang.read_quantity import read_assumption, spot
from abmsim.lang.read_state import read_state
from abmsim.problems import Problem
from abmsim.vocabulary import RELATIVES, Attribute
from abmsim.yamlfile import WRONG_KIND, Node, read_yaml

MODULE_KEYS = (
    "module", "title", "about", "law", "in_force", "begins", "uses", "attributes", "assume", "start", "states",
)  # fmt: skip
BEGINNINGS = ("birth", "base_date")
ATTRIBUTE_TYPES = ("bool", "number", "category")
RESERVED_NAMES = (
    *RELATIVES, *FUNCTIONS, "housemates", "household", "children", "neighbourhood", "stats", "assume", "schedule",
    "true", "false", "rest",
)  # fmt: skip
"""Names that mean something else in expressions or maps, so that nothing else can be called so."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def module_paths(roots: Sequence[Path]) -> list[tuple[Path, Path]]:
    """(path, root) of every module below the roots, ordered by name; test files (`*.test.yaml`) are none."""
    found = []
    for root in roots:
        for folder, _, names in os.walk(root):
            files = [name for name in names if name.endswith(".yaml") and not name.endswith(".test.yaml")]
            found += [(Path(folder, name), root) for name in files]
    return sorted(found, key=lambda pair: (module_name(*pair), str(pair[1])))


def module_name(path: Path, root: Path) -> str:
    """`wmo/household_help` for `<root>/wmo/household_help.yaml`."""
    return path.relative_to(root).with_suffix("").as_posix()


def read_module(path: Path, root: Path, verbs: Collection[str] | None = None) -> tuple[Module | None, list[Problem]]:
    """Read one module: (the module, problems); None if there is nothing to go on with.

    Expressions are parsed but not resolved; `check_modules` does that. With `verbs` (the schema's record verbs) a
    state's other keys are told to be unknown.
    """
    root_node, problems = read_yaml(path)
    if root_node is None:
        return None, problems
    found = root_node.fields("the module", MODULE_KEYS, ("module", "about", "start", "states"), "module: wmo/name")
    if "states" not in found or "start" not in found:
        return None, problems
    name = module_name(path, root)
    _check_name(found.get("module"), name)
    attributes, attribute_spots = _attributes(found.get("attributes"))
    module = Module(
        name=name,
        path=path,
        file=root_node.file,
        spot=spot(root_node),
        about=found["about"].string("about") if "about" in found else "",
        start=found["start"].string("start"),
        start_spot=spot(found["start"]),
        states=_states(found["states"], verbs),
        attributes=attributes,
        attribute_spots=attribute_spots,
        assumptions=_assumptions(found.get("assume")),
        law=found["law"].string("law") if "law" in found else "",
        in_force=_in_force(found.get("in_force")),
        begins=(found["begins"].choice("begins", BEGINNINGS) if "begins" in found else "") or "birth",
        uses=tuple(node.string("a module's name") for node in _uses(found.get("uses"))),
        uses_spots=tuple(spot(node) for node in _uses(found.get("uses"))),
    )
    return module, problems


def _check_name(node: Node | None, name: str) -> None:
    if node is not None and node.string("module") != name:
        node.tell(WRONG_MODULE_NAME, f"the module is called '{node.text}' in a file for '{name}'", f"write {name}")


def _check_identifier(key: Node, what: str) -> bool:
    good = bool(_NAME.fullmatch(key.text)) and not keyword.iskeyword(key.text) and key.text not in RESERVED_NAMES
    if not good:
        hint = "this name means something else" if _NAME.fullmatch(key.text) else "use a-z, 0-9 and _"
        key.tell(WRONG_NAME, f"{what} cannot be called '{key.text}'", hint)
    return good


def _states(node: Node, verbs: Collection[str] | None) -> dict[str, State]:
    if not node.expect("mapping", "'states'", "states: {name: {next: other}}"):
        return {}
    states = {}
    for key, value in node.entries:
        if not _NAME.fullmatch(key.text) or key.text == "rest":
            key.tell(WRONG_NAME, f"a state cannot be called '{key.text}'", "use a-z, 0-9 and _, but not 'rest'")
        states[key.text] = read_state(key, value, verbs)
    return states


def _uses(node: Node | None) -> tuple[Node, ...]:
    return node.items if node is not None and node.kind == "sequence" else (node,) if node is not None else ()


def _in_force(node: Node | None) -> int | None:
    if node is None:
        return None
    found = node.fields("'in_force'", ("from",), ("from",), "in_force: {from: 2015-01-01}")
    return found["from"].day("from") if "from" in found else None


def _assumptions(node: Node | None) -> dict[str, Assumption]:
    assumptions = {}
    if node is not None and node.expect("mapping", "'assume'", "assume: {name: {is: 0.5, why: ...}}"):
        for key, value in node.entries:
            read = read_assumption(key.text, value) if _check_identifier(key, "an assumption") else None
            if read is not None:
                assumptions[key.text] = Assumption(key.text, *read, spot(key))
    return assumptions


def _attributes(node: Node | None) -> tuple[dict[str, Attribute], dict[str, Spot]]:
    attributes: dict[str, Attribute] = {}
    spots: dict[str, Spot] = {}
    if node is not None and node.expect("mapping", "'attributes'", "attributes: {name: {type: bool, about: ...}}"):
        for key, value in node.entries:
            if _check_identifier(key, "an attribute"):
                attributes[key.text] = _attribute(key.text, value)
                spots[key.text] = spot(key)
    return attributes, spots


def _attribute(name: str, node: Node) -> Attribute:
    what = f"attribute '{name}'"
    keys = ("type", "default", "about", "dutch", "unit", "labels")
    found = node.fields(what, keys, ("type", "about"), "{type: bool, default: false, about: ...}")
    texts = {key: found[key].string(key) for key in ("about", "dutch", "unit") if key in found}
    type_ = (found["type"].choice("type", ATTRIBUTE_TYPES) if "type" in found else "") or "bool"
    labels = tuple(item.string("a label") for item in found["labels"].listed("'labels'")) if "labels" in found else ()
    if (type_ == "category") != bool(labels):
        text = "a category names its labels" if type_ == "category" else "only a category has labels"
        node.tell(WRONG_KIND, text, "write type: category, labels: [a, b]")
        type_ = "category" if labels else "number"
    default = _default(found["default"], type_, labels) if "default" in found else 0.0
    return Attribute(
        name, type_, texts.get("about", ""), texts.get("dutch", ""), texts.get("unit", ""), labels, default=default
    )


def _default(node: Node, type_: str, labels: tuple[str, ...]) -> float:
    if type_ == "bool":
        return float(node.flag("the default"))
    if type_ == "number":
        return node.number("the default")
    label = node.choice("label", labels)
    return float(labels.index(label)) if label in labels else 0.0
