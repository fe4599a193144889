"""Files of institutions as a JSON Schema (2020-12), so that editors complete and check while one types."""

from __future__ import annotations

import json
from typing import Any

from abmsim.lang.institution import KINDS, SERVES
from abmsim.lang.json_schema import DIALECT
from abmsim.lang.json_schema_values import VALUE_PARTS, Part, keyed, ref, text
from abmsim.lang.read_institution import BUDGET_KEYS, CAPACITY_KEYS, INSTITUTION_KEYS, MEASURES, NEEDED_KEYS

_ABOUT_CAPACITY = {
    "a_month": "Requests that one institution can take on in a month; with 0 nobody but crises.",
    "per_1000_residents_a_year": "Requests of the whole area.",
    "of_requests": "Part of the requests of the last twelve months.",
    "catches_up": "A duration within which staff for the waiting list is found.",
    "differs": "Spread between areas: standard deviation of the logarithm.",
}
_ABOUT_BUDGET = {
    "euros_per_resident_a_year": "What may be spent in the area.",
    "euros_a_request": "What taking on one request costs.",
}
_USED = ("quantity", "literal", "assumption", "distribution", "sourced_distribution")


def institution_schema_text() -> str:
    """The schema as JSON text."""
    return json.dumps(institution_schema(), indent=1, ensure_ascii=False) + "\n"


def institution_schema() -> dict[str, Any]:
    """The JSON Schema of an institution's file."""
    return {
        "$schema": DIALECT,
        "title": "An institution of abmsim",
        **keyed(INSTITUTION_KEYS, _parts(), NEEDED_KEYS),
        "$defs": {name: VALUE_PARTS[name] for name in _USED},
    }


def _parts() -> dict[str, Part]:
    return {
        "institution": text("Its name: that of its file, without .yaml."),
        "kind": _choice(KINDS, "What it is."),
        "title": text("A title for people."),
        "dutch": text("The Dutch term."),
        "about": text("What it does, in a sentence."),
        "serves": _choice(SERVES, "The area of which each has its own."),
        "number": {"description": "How many there are in one area.", **ref("quantity")},
        "assume": {
            "description": "Numbers that nobody publishes, each with its why.",
            "type": "object",
            "additionalProperties": ref("assumption"),
        },
        "wait": {"description": "The published waiting time.", **ref("quantity")},
        "capacity": {
            "description": "What can be taken on; without it everybody waits the published time.",
            **keyed(CAPACITY_KEYS, _quantities(_ABOUT_CAPACITY)),
            "oneOf": [{"required": [measure]} for measure in MEASURES],
        },
        "budget": {"description": "What may be spent.", **keyed(BUDGET_KEYS, _quantities(_ABOUT_BUDGET), BUDGET_KEYS)},
    }


def _quantities(about: dict[str, str]) -> dict[str, Part]:
    return {key: {"description": said, **ref("quantity")} for key, said in about.items()}


def _choice(options: dict[str, str], about: str) -> Part:
    return {"description": about, "enum": list(options), "enumDescriptions": list(options.values())}
