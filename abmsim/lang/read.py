"""Module files -> modules: everything that one file says by itself, with all its problems."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from abmsim.lang.codes import NOT_IN_A_CALL, WRONG_MODULE_NAME, WRONG_NAME
from abmsim.lang.module import Assumption, Module, Spot, State
from abmsim.lang.read_attributes import NAME, check_identifier, read_attributes, read_parameters
from abmsim.lang.read_quantity import read_assumption
from abmsim.lang.read_state import read_state
from abmsim.lang.reading import spot
from abmsim.lang.unfilled import tell_unfilled
from abmsim.paths import module_name
from abmsim.problems import Problem
from abmsim.yamlfile import Node, read_yaml

MODULE_KEYS = (
    "module", "title", "about", "law", "in_force", "begins", "uses", "follows", "parameters", "attributes",
    "assume", "start", "states",
)  # fmt: skip
BEGINNINGS = ("birth", "base_date")
RUNS_BY_ITSELF = ("in_force", "begins", "law", "follows")
"""Keys of a module that runs by itself; a submodule has these of its caller."""


def read_module(path: Path, root: Path, verbs: Collection[str] | None = None) -> tuple[Module | None, list[Problem]]:
    """Read one module: (the module, problems); None if there is nothing to go on with.

    Expressions are parsed but not resolved; `check_modules` does that. With `verbs` (the schema's record verbs) a
    state's other keys are told to be unknown.
    """
    root_node, problems = read_yaml(path)
    if root_node is None:
        return None, problems
    tell_unfilled(root_node)
    found = root_node.fields("the module", MODULE_KEYS, ("module", "about", "start", "states"), "module: wmo/name")
    if "states" not in found or "start" not in found:
        return None, problems
    name = module_name(path, root)
    _check_name(found.get("module"), name)
    attributes, attribute_spots, shared = read_attributes(found.get("attributes"), "parameters" in found)
    for key in RUNS_BY_ITSELF if "parameters" in found else ():
        if key in found:
            text = f"`{key}` in a submodule: it is part of the modules that call it"
            found[key].tell(NOT_IN_A_CALL, text, f"write `{key}` in those modules")
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
        assumptions=read_assumptions(found.get("assume")),
        law=found["law"].string("law") if "law" in found else "",
        in_force=_in_force(found.get("in_force")),
        begins=(found["begins"].choice("begins", BEGINNINGS) if "begins" in found else "") or "birth",
        uses=tuple(node.string("a module's name") for node in _uses(found.get("uses"))),
        uses_spots=tuple(spot(node) for node in _uses(found.get("uses"))),
        parameters=read_parameters(found["parameters"]) if "parameters" in found else None,
        shared=shared,
        follows=found["follows"].string("a module's name") if "follows" in found else "",
        follows_spot=spot(found["follows"]) if "follows" in found else Spot(1, 1),
    )
    return module, problems


def _check_name(node: Node | None, name: str) -> None:
    if node is not None and node.string("module") != name:
        node.tell(WRONG_MODULE_NAME, f"the module is called '{node.text}' in a file for '{name}'", f"write {name}")


def _states(node: Node, verbs: Collection[str] | None) -> dict[str, State]:
    if not node.expect("mapping", "'states'", "states: {name: {next: other}}"):
        return {}
    states = {}
    for key, value in node.entries:
        if not NAME.fullmatch(key.text) or key.text == "rest":
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


def read_assumptions(node: Node | None) -> dict[str, Assumption]:
    """What is under `assume`, by name."""
    assumptions = {}
    if node is not None and node.expect("mapping", "'assume'", "assume: {name: {is: 0.5, why: ...}}"):
        for key, value in node.entries:
            read = read_assumption(key.text, value) if check_identifier(key, "an assumption") else None
            if read is not None:
                assumptions[key.text] = Assumption(key.text, *read, spot(key))
    return assumptions
