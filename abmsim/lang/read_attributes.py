"""What a module declares, from YAML: its attributes, and the parameters of a submodule."""

from __future__ import annotations

import keyword
import re

from abmsim.days import NEVER
from abmsim.expressions import FUNCTIONS
from abmsim.expressions.wording import MEMBERS
from abmsim.lang.codes import NOT_IN_A_CALL, WRONG_NAME
from abmsim.lang.module import Parameter, Spot
from abmsim.lang.reading import spot
from abmsim.vocabulary import RELATIVES, Attribute
from abmsim.yamlfile import MISSING_KEY, WRONG_KIND, Node

ATTRIBUTE_TYPES = ("bool", "number", "category", "date")
ATTRIBUTE_KEYS = ("type", "default", "about", "dutch", "unit", "labels", "shared")
PARAMETER_TYPES = ("code", "duration", "share", "rate", "number", "bool", "attribute", "institution")
PARAMETER_KEYS = ("type", "codes", "about")
RESERVED_NAMES = (
    *RELATIVES, *MEMBERS, *FUNCTIONS, "neighbourhood", "stats", "assume", "schedule", "parameter", "true", "false",
    "none", "rest",
)  # fmt: skip
"""Names that mean something else in expressions or maps, so that nothing else can be called so."""

NAME = re.compile(r"[a-z][a-z0-9_]*")


def check_identifier(key: Node, what: str) -> bool:
    """Whether expressions can use this name; told if not."""
    good = bool(NAME.fullmatch(key.text)) and not keyword.iskeyword(key.text) and key.text not in RESERVED_NAMES
    if not good:
        hint = "this name means something else" if NAME.fullmatch(key.text) else "use a-z, 0-9 and _"
        key.tell(WRONG_NAME, f"{what} cannot be called '{key.text}'", hint)
    return good


def read_attributes(
    node: Node | None, in_submodule: bool
) -> tuple[dict[str, Attribute], dict[str, Spot], frozenset[str]]:
    """The attributes, where they are declared, and which of them all calls of a submodule share."""
    attributes: dict[str, Attribute] = {}
    spots: dict[str, Spot] = {}
    shared: set[str] = set()
    if node is not None and node.expect("mapping", "'attributes'", "attributes: {name: {type: bool, about: ...}}"):
        for key, value in node.entries:
            if check_identifier(key, "an attribute"):
                attributes[key.text] = _attribute(key.text, value)
                spots[key.text] = spot(key)
                if _is_shared(value, in_submodule):
                    shared.add(key.text)
    return attributes, spots, frozenset(shared)


def _is_shared(node: Node, in_submodule: bool) -> bool:
    said = node.get("shared") if node.kind == "mapping" else None
    if said is not None and not in_submodule:
        text = "only calls of a submodule share an attribute"
        said.tell(NOT_IN_A_CALL, text, "leave `shared` out: other modules read it after `uses:`")
    return said is not None and said.flag("shared")


def _attribute(name: str, node: Node) -> Attribute:
    found = node.fields(f"attribute '{name}'", ATTRIBUTE_KEYS, ("type", "about"), "{type: bool, about: ...}")
    texts = {key: found[key].string(key) for key in ("about", "dutch", "unit") if key in found}
    type_ = (found["type"].choice("type", ATTRIBUTE_TYPES) if "type" in found else "") or "bool"
    labels = tuple(item.string("a label") for item in found["labels"].listed("'labels'")) if "labels" in found else ()
    if (type_ == "category") != bool(labels):
        text = "a category names its labels" if type_ == "category" else "only a category has labels"
        node.tell(WRONG_KIND, text, "write type: category, labels: [a, b]")
        type_ = "category" if labels else "number"
    default = _default(found["default"], type_, labels) if "default" in found else float(NEVER) * (type_ == "date")
    if type_ == "date":
        return Attribute(name, "number", texts.get("about", ""), texts.get("dutch", ""), "day", default=default)
    return Attribute(
        name, type_, texts.get("about", ""), texts.get("dutch", ""), texts.get("unit", ""), labels, default=default
    )


def _default(node: Node, type_: str, labels: tuple[str, ...]) -> float:
    if type_ == "bool":
        return float(node.flag("the default"))
    if type_ == "number":
        return node.number("the default")
    if type_ == "date":
        day = NEVER if node.text == "none" else node.day("the default")
        return float(NEVER if day is None else day)
    label = node.choice("label", labels)
    return float(labels.index(label)) if label in labels else 0.0


def read_parameters(node: Node) -> dict[str, Parameter]:
    """What a submodule is told by its callers."""
    parameters: dict[str, Parameter] = {}
    example = "parameters: {product: {type: code, codes: wmo_product}}"
    if node.is_null or not node.expect("mapping", "'parameters'", example):
        return parameters
    for key, value in node.entries:
        found = value.fields(f"parameter '{key.text}'", PARAMETER_KEYS, ("type",), "{type: duration, about: ...}")
        type_ = (found["type"].choice("type", PARAMETER_TYPES) if "type" in found else "") or "number"
        codes = found["codes"].string("codes") if "codes" in found else ""
        if (type_ == "code") != bool(codes):
            text = "a code names its code list" if type_ == "code" else "only a code has a code list"
            value.tell(MISSING_KEY if type_ == "code" else WRONG_KIND, text, "write type: code, codes: wmo_product")
        if check_identifier(key, "a parameter"):
            about = found["about"].string("about") if "about" in found else ""
            parameters[key.text] = Parameter(key.text, type_, spot(key), codes, about)
    return parameters
