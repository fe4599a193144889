"""The values of the module language as parts of a JSON Schema: expressions, quantities, times and ways on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from abmsim.lang.read_distribution import DISTRIBUTIONS, NUMBER_DISTRIBUTIONS, WRITTEN_DISTRIBUTIONS
from abmsim.lang.read_exits import AWAIT_KEYS, EXIT_KEYS, HAZARD_KEYS
from abmsim.lang.read_next import CONDITION_KEYS
from abmsim.lang.read_quantity import LITERAL_KEYS, PROBABILITY_KEYS
from abmsim.lang.reading import TIME_UNITS
from abmsim.stats.unfilled import FILL_IN

Part = Mapping[str, object] | bool
"""A schema, or the place of one in another."""

DURATION = r"^\s*\d+(\.\d+)?(\s*-\s*\d+(\.\d+)?)?\s*(day|week|month|year)s?\s*$"
LIKE_DURATION = r"^\d[\d.]*(\s*-\s*\d[\d.]*)?\s+\w+$"
"""What can only be meant as a duration."""

_STATISTIC = r"^stats\."


def ref(name: str) -> dict[str, object]:
    return {"$ref": f"#/$defs/{name.replace(' ', '_')}"}


def any_of(*parts: Part) -> dict[str, object]:
    return {"anyOf": list(parts)}


def text(about: str) -> Part:
    return {"description": about, "type": ["string", "number"], "not": {"const": FILL_IN}}


def keyed(keys: Iterable[str], parts: Mapping[str, Part], required: Iterable[str] = ()) -> dict[str, object]:
    """A map with these keys and no others; raises KeyError for a key that `parts` does not describe."""
    properties = {key: parts[key] for key in keys}
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "properties": properties, "additionalProperties": False, **needed}


def _distribution(
    kinds: Iterable[str], parameter: Part, others: Mapping[str, Part], needed: Iterable[str]
) -> dict[str, object]:
    """One of the kinds, with its parameters, beside the other keys."""
    kinds = tuple(kinds)
    parts: dict[str, Part] = {**others}
    for kind in kinds:
        names = DISTRIBUTIONS[kind]
        parts[kind] = keyed(names, dict.fromkeys(names, parameter), names)
    if "uniform" in parts:
        parts["uniform"] = {"type": "array", "items": parameter, "minItems": 2, "maxItems": 2}
    if "empirical" in parts:
        parts["empirical"] = {"type": "string", "pattern": _STATISTIC}
    alone = [{"required": [kind, *(needed if kind != "empirical" else ())]} for kind in kinds]
    return {**keyed(parts, parts), "oneOf": alone}


_UNIT: Part = {"enum": list(TIME_UNITS)}
_UNITS = {"unit": _UNIT}
_NUMBER_OR_NAME: Part = {"type": ["number", "string"]}
_NAMED: Part = {
    "type": "string",
    "pattern": rf"^(?!rest$|{FILL_IN}$|{DURATION.removeprefix('^')})",
    "patternErrorMessage": "A figure needs its source: {is: 6 weeks, source: ...}, or a name under assume.",
}
_SOURCED: dict[str, object] = any_of({"required": ["source"]}, {"required": ["why"]})
_SPAN: Part = {"description": "The time that the probability is published for.", "type": "string", "pattern": DURATION}
_SOURCE, _WHY = text("Who publishes it."), text("Why it is what it is.")

_LITERAL: dict[str, Part] = {
    "is": {
        "description": "The figure: 0.5, 6 weeks, 2-6 weeks, a distribution.",
        "anyOf": [
            {"type": "number"},
            {"type": "string", "anyOf": [{"pattern": DURATION}, {"not": {"pattern": LIKE_DURATION}}]},
            ref("sourced distribution"),
            keyed(PROBABILITY_KEYS, {"probability": any_of({"type": "number"}, ref("quantity")), "over": _SPAN},
                  PROBABILITY_KEYS),
        ],
    },
    "source": _SOURCE,
    "why": _WHY,
    "unit": {"description": "The unit of a bare number.", "type": "string"},
    "about": text("What it is."),
}  # fmt: skip
_PROBABILITY: dict[str, Part] = {"probability": ref("quantity"), "over": _SPAN}
_EXIT: dict[str, Part] = {
    "when": ref("expression"), "hazard": ref("hazard"), "times": ref("expression"), "wait": ref("quantity"),
    "await": ref("await"),
}  # fmt: skip
_HAZARD: dict[str, Part] = {
    "rate": ref("quantity"),
    "times": {"description": "What multiplies it.", **ref("expression")},
    **_PROBABILITY,
}
_CONDITION: dict[str, Part] = {
    "when": ref("expression"), "to": any_of(ref("target"), ref("shares")), "else": any_of(ref("target"), ref("shares")),
}  # fmt: skip
_OTHER_MAPS = {"not": {"enum": sorted({*EXIT_KEYS, *CONDITION_KEYS, "is"} - {"times"})}}
"""Keys that show that a map is not one of states or labels."""

VALUE_PARTS: dict[str, Part] = {
    "expression": {
        "description": "An expression over the resident, such as age >= 18 and not in_institution.",
        "type": ["string", "number", "boolean"],
    },
    "quantity": {
        "description": "stats.name, assume.name, a formula of these, or {is: ..., source: ...}; no naked number.",
        "anyOf": [
            _NAMED,
            ref("literal"),
            ref("distribution"),
            keyed(PROBABILITY_KEYS, _PROBABILITY, PROBABILITY_KEYS),
        ],
    },
    "literal": {**keyed(LITERAL_KEYS, _LITERAL, ("is",)), **_SOURCED},
    "assumption": {**keyed(LITERAL_KEYS, _LITERAL, ("is",)), **_SOURCED},
    "distribution": _distribution(WRITTEN_DISTRIBUTIONS, _NAMED, _UNITS, ("unit",)),
    "sourced_distribution": _distribution(WRITTEN_DISTRIBUTIONS, _NUMBER_OR_NAME, _UNITS, ("unit",)),
    "setting": any_of(
        ref("expression"),
        ref("literal"),
        {
            **_distribution(NUMBER_DISTRIBUTIONS, _NUMBER_OR_NAME, {"source": _SOURCE, "why": _WHY}, ()),
            **_SOURCED,
        },
    ),
    "hazard": any_of(
        _NAMED,
        ref("literal"),
        {
            **keyed(HAZARD_KEYS, _HAZARD),
            "oneOf": [{"required": ["rate"]}, {"required": ["probability", "over"]}],
        },
    ),
    "exit": {
        **keyed(EXIT_KEYS, _EXIT),
        "minProperties": 1,
        "dependentSchemas": {"wait": {"maxProperties": 1}, "await": {"maxProperties": 1}},
    },
    "await": any_of(
        ref("institution"),
        keyed(
            AWAIT_KEYS,
            {
                "at": ref("institution"),
                "priority": {"description": "A number: the larger goes first.", **ref("expression")},
                "crisis": {"description": "Has the turn at once if this is true.", **ref("expression")},
            },
            ("at",),
        ),
    ),
    "institution": {"description": "The name of an institution.", "type": "string", "minLength": 1},
    "until": any_of(
        ref("expression"),
        {"type": "array", "items": any_of(ref("expression"), ref("exit")), "minItems": 1},
        {
            "description": "Exits by name; `next` has a way for each.",
            "type": "object",
            "propertyNames": {"not": {"enum": list(EXIT_KEYS)}},
            "additionalProperties": any_of(ref("expression"), ref("exit")),
        },
        ref("exit"),
    ),
    "race": {
        "description": "States that compete in time: the first to come about is next.",
        "type": "object",
        "propertyNames": _OTHER_MAPS,
        "additionalProperties": ref("exit"),
        "minProperties": 1,
    },
    "target": {"description": "The name of a state.", "type": "string", "minLength": 1},
    "share": any_of({"const": "rest"}, ref("quantity")),
    "shares": {
        "description": "States with their shares; one has the rest.",
        "type": "object",
        "propertyNames": _OTHER_MAPS,
        "additionalProperties": ref("share"),
    },
    "conditions": {
        "description": "The first condition that holds counts; the last is {else: ...}.",
        "type": "array",
        "items": {
            **keyed(CONDITION_KEYS, _CONDITION),
            **any_of({"required": ["when", "to"]}, {"required": ["else"]}),
        },
        "minItems": 1,
        "contains": {"required": ["else"]},
        "maxContains": 1,
    },
    "next": any_of(
        ref("target"),
        ref("conditions"),
        ref("race"),
        {
            "description": "Shares of states, or ways by the exits of `until` or the ends of a submodule.",
            "type": "object",
            "propertyNames": _OTHER_MAPS,
            "additionalProperties": any_of(ref("share"), ref("shares"), ref("conditions")),
        },
    ),
}
