"""A card as text: the keys in their order, and beside each `fill in` what belongs there."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import yaml

from abmsim.stats.card_reading import KEYS
from abmsim.stats.unfilled import FILL_IN, what_to_fill_in

_ORDER = (
    "title", "publisher", "table_id", "url", "period", "unit", "by", "values", "cells", "columns", "counting_rule",
    "licence", "verified", "why", "sha256",
)  # fmt: skip
assert set(_ORDER) <= set(KEYS)
_ENDLESS = 10**6
"""A line is never broken."""


def card_text(values: Mapping[str, str | Sequence[str] | Mapping[str, str]], figures: str) -> str:
    """The card of a CSV whose text is `figures`; its hash is added."""
    given = {**values, "sha256": hashlib.sha256(figures.encode()).hexdigest()}
    return "".join(_line(key, given[key]) for key in _ORDER if key in given)


def _line(key: str, value: str | Sequence[str] | Mapping[str, str]) -> str:
    if isinstance(value, str):
        line = yaml.safe_dump({key: value}, allow_unicode=True, width=_ENDLESS)
        return f"{line.rstrip()} # {what_to_fill_in(key)}\n" if value == FILL_IN else line
    plain = dict(value) if isinstance(value, Mapping) else list(value)
    return f"{key}: {yaml.safe_dump(plain, allow_unicode=True, width=_ENDLESS, default_flow_style=True)}"
