"""The `target:` of a card read from its YAML: every key checked at its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import yaml

from abmsim.problems import suggestion
from abmsim.stats.target import (
    LIVING,
    MEANINGS,
    MOMENTS,
    PRESENT,
    ROLES,
    VINTAGES,
    Conditions,
    Counts,
    People,
    Rounding,
    Stratum,
    Target,
    Vintage,
)

if TYPE_CHECKING:
    from abmsim.stats.card_reading import CardReading

NEEDED = ("role", "margin", "margin_reason", "rounding", "vintage", "module")
KEYS = (*NEEDED, "population", "period", "counts", "measure", "strata_lack")
_COUNTS = ("table", "where", "by", "having", "of", "start", "end", "person", "each", "drawn_by")
UNKNOWN_WORD, NO_MARGIN, NO_NUMBER, NO_COUNT = "S140", "S141", "S142", "S143"


def read_target(reading: CardReading) -> Target | None:
    """The target of a card; None if it has none or lacks what it needs (which is told)."""
    node = reading.nodes.get("target")
    if node is None:
        return None
    found = reading.submap(node, "target", KEYS, NEEDED)
    if found is None:
        return None
    words = {key: reading.scalar(found[key], key) for key in ("margin_reason", "module")}
    for key in ("margin_reason", "module"):
        if not words[key]:
            hint = "say why a run may be as far off" if key == "margin_reason" else "e.g. `module: wmo/household_help`"
            reading.tell(found[key], NO_MARGIN if key == "margin_reason" else NO_COUNT, f"'{key}' is empty", hint)
    if ("counts" in found) == ("measure" in found):
        hint = "`counts: {table: ...}` for rows of a table, else `measure: <name>`"
        reading.tell(node, NO_COUNT, "a target says how a run counts it: by `counts` or by `measure`", hint)
    return Target(
        role=_word(reading, found, "role", ROLES),
        margin=_margin(reading, found["margin"]),
        margin_reason=words["margin_reason"],
        rounding=_rounding(reading, found["rounding"]),
        vintage=_vintage(reading, found["vintage"]),
        module=words["module"],
        population=_population(reading, found.get("population")),
        period=reading.scalar(found["period"], "period") if "period" in found else "",
        counts=_counts(reading, found["counts"]) if "counts" in found else None,
        measure=reading.scalar(found["measure"], "measure") if "measure" in found else "",
        strata_lack=_number(reading, found["strata_lack"], "strata_lack") if "strata_lack" in found else 0.0,
        lines=_places(reading, node),
    )


def _places(reading: CardReading, node: yaml.Node, prefix: str = "") -> dict[str, tuple[int, int]]:
    """`counts.where.product` -> (line, column) of its value, for every key below the target."""
    places = {}
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        name = f"{prefix}{key.value}"
        places[name] = (value.start_mark.line + 1, value.start_mark.column + 1)
        places |= _places(reading, value, f"{name}.")
    return places


def _word(reading: CardReading, found: Mapping[str, yaml.Node], key: str, options: tuple[str, ...]) -> str:
    word = reading.scalar(found[key], key)
    if word not in options:
        reading.tell(found[key], UNKNOWN_WORD, f"unknown {key} '{word}'", suggestion(word, options))
    return word


def _number(reading: CardReading, node: yaml.Node, key: str) -> float:
    text = reading.scalar(node, key)
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        reading.tell(node, NO_NUMBER, f"'{key}' is a number from 0, and '{text}' is not")
        return 0.0
    return number


def _margin(reading: CardReading, node: yaml.Node) -> float:
    margin = _number(reading, node, "margin")
    if not 0 < margin < 1:
        hint = "0.05: a run may be 5 % off"
        reading.tell(node, NO_MARGIN, f"a margin is a part of the figure between 0 and 1, not {margin:g}", hint)
    return margin


def _rounding(reading: CardReading, node: yaml.Node) -> Rounding:
    found = reading.submap(node, "rounding", ("to", "unit"), ("to", "unit"))
    if found is None:
        return Rounding(0.0, "")
    return Rounding(_number(reading, found["to"], "to"), reading.scalar(found["unit"], "unit"))


def _vintage(reading: CardReading, node: yaml.Node) -> Vintage:
    if not isinstance(node, yaml.MappingNode):
        return Vintage(_word(reading, {"vintage": node}, "vintage", VINTAGES))
    found = reading.submap(node, "vintage", ("is", "publication"), ("is",))
    if found is None:
        return Vintage("unknown")
    publication = reading.scalar(found["publication"], "publication") if "publication" in found else ""
    return Vintage(_word(reading, {"vintage": found["is"]}, "vintage", VINTAGES), publication)


def _population(reading: CardReading, node: yaml.Node | None) -> People:
    keys = ("age", "living", "present", "at")
    found = reading.submap(node, "population", keys, ()) if node is not None else None
    if not found:
        return People()
    options = {"living": LIVING, "present": PRESENT, "at": MOMENTS}
    words = {key: _word(reading, found, key, words) for key, words in options.items() if key in found}
    return People(age=reading.scalar(found["age"], "age") if "age" in found else "", **words)


def _counts(reading: CardReading, node: yaml.Node) -> Counts | None:
    found = reading.submap(node, "counts", _COUNTS, ("table",))
    if found is None:
        return None
    by = found.get("by")
    if by is not None and not isinstance(by, yaml.MappingNode):
        reading.tell(by, "S104", "'by' is a map", "write `by: {year: period, sex: sex}`")
    texts = {key: reading.scalar(found[key], key) for key in ("start", "end", "person", "drawn_by") if key in found}
    return Counts(
        table=reading.scalar(found["table"], "table"),
        where=_conditions(reading, found["where"], "where") if "where" in found else {},
        having=_conditions(reading, found["having"], "having") if "having" in found else {},
        by={key: _stratum(reading, value) for key, value in reading.pairs(by)}
        if isinstance(by, yaml.MappingNode) else {},
        of=_word(reading, found, "of", ("persons", "spells")) if "of" in found else "persons",
        each=_number(reading, found["each"], "each") if "each" in found else 1.0,
        **texts,
    )  # fmt: skip


def _stratum(reading: CardReading, node: yaml.Node) -> Stratum:
    if isinstance(node, yaml.MappingNode):
        return Stratum(labels={label: _conditions(reading, one, label) for label, one in reading.pairs(node)})
    word = reading.scalar(node, "by")
    return Stratum(meaning=word) if word in MEANINGS else Stratum(column=word)


def _conditions(reading: CardReading, node: yaml.Node, key: str) -> Conditions:
    if not isinstance(node, yaml.MappingNode):
        reading.tell(node, "S104", f"'{key}' is a map of columns and values", "write `{product: household_help}`")
        return {}
    return {column: reading.listed(value, column) for column, value in reading.pairs(node)}
