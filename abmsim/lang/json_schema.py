"""The module language as a JSON Schema (2020-12), so that editors complete and check while one types.

It is made from the keys of the reader and the tables of the schema. It says what a file may look like; what its names
mean and whether shares add up is for `abmsim check`.
"""

from __future__ import annotations

import json
import keyword
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from abmsim.lang.happenings import HAPPENINGS
from abmsim.lang.json_schema_records import code_parts, end_part, record_parts
from abmsim.lang.json_schema_values import VALUE_PARTS, Part, any_of, keyed, ref, text
from abmsim.lang.read import BEGINNINGS, MODULE_KEYS, RUNS_BY_ITSELF
from abmsim.lang.read_attributes import (
    ATTRIBUTE_KEYS,
    ATTRIBUTE_TYPES,
    NAME,
    PARAMETER_KEYS,
    PARAMETER_TYPES,
    RESERVED_NAMES,
)
from abmsim.lang.read_exits import TIMES
from abmsim.lang.read_state import STATE_KEYS
from abmsim.schema.schema import Schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_REFUSED: Part = False
_DATE: dict[str, object] = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
_FLAG: dict[str, object] = {"type": "boolean"}
_DEFAULTS: dict[str, Part] = {
    "bool": _FLAG,
    "number": {"type": "number"},
    "category": {"type": ["string", "number"]},
    "date": any_of({"const": "none"}, _DATE),
}
_TEXTS: dict[str, object] = {"type": "array", "items": {"type": "string"}, "minItems": 1}


def schema_text(schema: Schema) -> str:
    """The schema as JSON text."""
    return json.dumps(language_schema(schema), indent=1, ensure_ascii=False) + "\n"


def language_schema(schema: Schema) -> dict[str, Any]:
    """The JSON Schema of a module's file."""
    module = keyed(MODULE_KEYS, _module_parts(schema), ("module", "about", "start", "states"))
    alone = {key: _REFUSED for key in RUNS_BY_ITSELF}
    return {
        "$schema": DIALECT,
        "title": "A module of abmsim",
        **module,
        "dependentSchemas": {"parameters": {"properties": alone}},
        "$defs": {**VALUE_PARTS, **code_parts(schema), **record_parts(schema), "state": _state(schema)},
    }


def _module_parts(schema: Schema) -> dict[str, Part]:
    return {
        "module": text("The module's name: its path below modules/ without .yaml, such as wmo/household_help."),
        "title": text("A title for people."),
        "about": text("What the module follows, in a sentence or two."),
        "law": text("The law that it carries out, such as Wmo 2015."),
        "in_force": {
            **keyed(("from",), {"from": _DATE}, ("from",)),
            "description": "Before this day states advance silently and no row is written.",
        },
        "begins": _choice(BEGINNINGS, "When residents enter the first state; birth if left out."),
        "uses": {
            "description": "Other modules whose attributes are read.",
            "anyOf": [{"type": "string"}, _TEXTS],
        },
        "follows": text("One of `uses`: rows refer to its last row in tables that this module does not write to."),
        "parameters": {
            "description": "Makes this a submodule: what the modules that call it tell it.",
            "anyOf": [{"type": "null"}, _named(_parameter(schema), _identifiers())],
        },
        "attributes": {
            "description": "What the module remembers of a resident, and others may read.",
            **_named(_attribute(), _identifiers()),
        },
        "assume": {
            "description": "Numbers that nobody publishes, each with its why.",
            **_named(ref("assumption"), _identifiers()),
        },
        "start": text("The first state."),
        "states": {
            "description": "The states by name.",
            **_named(ref("state"), {"pattern": f"^{NAME.pattern}$", "not": {"const": "rest"}}),
        },
    }


def _state(schema: Schema) -> Part:
    verbs = {verb: ref(f"record {verb}") for verb in schema.verbs}
    state = keyed((*STATE_KEYS, *verbs), {**_state_parts(schema), **verbs})
    return {
        **state,
        "dependentSchemas": {**_one_of(verbs), **_one_time(), "call": _without((*TIMES, *_NOT_IN_CALL))},
        "if": {"properties": {"next": ref("race")}, "required": ["next"]},
        "then": _without(TIMES),
        "dependentRequired": {"with": ["call"], "schedule": ["schedule_over"], "schedule_over": ["schedule"]},
    }


_NOT_IN_CALL = ("schedule_over", "term", "final")


def _state_parts(schema: Schema) -> dict[str, Part]:
    return {
        "about": text("What the state is, in a sentence."),
        "silent": {**_FLAG, "description": "true: entering writes no row in `events` (for pure waiting states)."},
        "final": {**_FLAG, "description": "true: the module is over for this resident."},
        "end": end_part(schema),
        "set": {
            "description": "New values of the module's attributes.",
            "type": "object",
            "additionalProperties": ref("setting"),
        },
        "happens": {
            "description": "What entering asks for the household, carried out at the end of the month.",
            "enum": list(HAPPENINGS),
            "enumDescriptions": [f"{about} ({dutch})" for about, dutch in HAPPENINGS.values()],
        },
        "call": text("A submodule that takes the place of this state."),
        "with": {
            "description": "What the submodule is told.",
            "type": "object",
            "additionalProperties": any_of(_FLAG, ref("quantity")),
        },
        "when": {"description": "Waits until this is true; beside `hazard`: while it is true.", **ref("expression")},
        "hazard": {"description": "A rate per person-year.", **ref("hazard")},
        "wait": {"description": "A duration, observed or assumed; a law's is a `term`.", **ref("quantity")},
        "await": {"description": "Asks an institution, and waits for the turn.", **ref("await")},
        "until": {"description": "Conditions, hazards, waits and turns of which the first counts.", **ref("until")},
        "schedule": {
            "description": "Waits for the next line of a schedule that holds for the resident.",
            "type": "string",
            "pattern": r"^stats\.",
        },
        "schedule_over": text("Where to go when no line of the schedule is left."),
        "term": {"description": "The law's term: marks the row on time or late.", **ref("quantity")},
        "next": {"description": "Where the state leads.", **ref("next")},
    }


def _one_of(keys: Iterable[str]) -> dict[str, Part]:
    """Each key refuses all others."""
    keys = tuple(keys)
    return {key: _without([other for other in keys if other != key]) for key in keys}


def _one_time() -> dict[str, Part]:
    """One kind of time; only `when` and `hazard` go together."""
    pair = {"when", "hazard"}
    return {key: _without([other for other in TIMES if other != key and {key, other} != pair]) for key in TIMES}


def _without(keys: Collection[str]) -> Part:
    return {"properties": dict.fromkeys(keys, _REFUSED)}


def _attribute() -> Part:
    parts: dict[str, Part] = {
        "type": _choice(ATTRIBUTE_TYPES, "What it holds."),
        "default": {"description": "Its value at the beginning.", "type": ["boolean", "number", "string"]},
        "about": text("What it is."),
        "dutch": text("The Dutch term."),
        "unit": text("The unit of a number."),
        "labels": {"description": "The labels of a category.", **_TEXTS},
        "shared": {**_FLAG, "description": "true: all calls of this submodule share it."},
    }
    defaults = {kind: _if_type(kind, {"properties": {"default": part}}) for kind, part in _DEFAULTS.items()}
    labels = _if_type("category", {"required": ["labels"]}, _without(["labels"]))
    return {
        **keyed(ATTRIBUTE_KEYS, parts, ("type", "about")),
        "allOf": [labels, *(defaults[kind] for kind in ATTRIBUTE_TYPES)],
    }


def _parameter(schema: Schema) -> Part:
    parts: dict[str, Part] = {
        "type": _choice(PARAMETER_TYPES, "What it is."),
        "codes": _choice(schema.codes, "The code list of a code."),
        "about": text("What it is for."),
    }
    codes = _if_type("code", {"required": ["codes"]}, _without(["codes"]))
    return {**keyed(PARAMETER_KEYS, parts, ("type",)), "allOf": [codes]}


def _if_type(kind: str, then: Part, otherwise: Part = True) -> Part:
    return {"if": {"properties": {"type": {"const": kind}}, "required": ["type"]}, "then": then, "else": otherwise}


def _identifiers() -> Part:
    """Names that expressions can use."""
    return {"pattern": f"^{NAME.pattern}$", "not": {"enum": sorted({*RESERVED_NAMES, *keyword.kwlist})}}


def _named(value: Part, names: Part) -> dict[str, object]:
    return {"type": "object", "propertyNames": names, "additionalProperties": value}


def _choice(options: Iterable[str] | Mapping[str, object], about: str) -> Part:
    return {"description": about, "enum": list(options)}
