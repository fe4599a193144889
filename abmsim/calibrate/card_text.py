"""The card of a solved statistic, written as people write cards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from abmsim.calibrate.block import Block, RunSetting, Unknown
from abmsim.calibrate.calibration import Outcome
from abmsim.calibrate.candidate import rounded
from abmsim.calibrate.rerun import Counted
from abmsim.stats.card import Card
from abmsim.stats.solved import RECIPE

_PLAIN = re.compile(r"[\w+./%-][\w +./%()-]*")
"""Texts that need no quotes anywhere in YAML."""


def card_text(
    source: Card, block: Block, statistic: str, outcome: Outcome, hashes: Mapping[str, Mapping[str, str]],
    on: date, sha256: str,
) -> str:  # fmt: skip
    """The card of a solved statistic: what its source's says, and the part `solved`."""
    found = zip(outcome.sought, outcome.solution.best.values, outcome.counted, strict=True)
    unknowns = [(one.unknown, value, counted) for one, value, counted in found
                if one.block is block and one.unknown.statistic == statistic]  # fmt: skip
    targets = list(dict.fromkeys(unknown.figure.statistic for unknown, _, _ in unknowns))
    card: dict[str, object] = {
        "title": f"{source.title}; solved",
        "publisher": source.publisher if source.verified == "derived" else f"derived from {source.publisher}",
        "period": source.period,
        "unit": source.unit,
        "by": list(source.by),
        "values": source.values,
        "counting_rule": source.counting_rule,
        "licence": source.licence,
        "verified": "derived",
        "derived": {"from": [source.name, *targets], "recipe": RECIPE},
        **_carried_over(source),
        "caveats": [
            f"solved, not observed: the cells named below, so that a run gives the figures named beside them;"
            f" the shape is that of {source.name}"
        ],
        "solved": {
            "block": block.name,
            "on": on.isoformat(),
            "run": run_text(outcome.setting),
            "runs": len(outcome.solution.trials),
            "unknowns": [_unknown(*unknown) for unknown in unknowns],
            "based_on": {kind: dict(names) for kind, names in hashes.items()},
        },
        "sha256": sha256,
    }
    return dumped(card)


def _carried_over(source: Card) -> dict[str, object]:
    """What a table keeps of its source's card: parts, cells left out, years."""
    carried: dict[str, object] = {}
    if source.cells != "all":
        carried["cells"] = source.cells
    if source.split:
        carried["split"] = {"dimension": source.split[0], "labels": list(source.split[1])}
    if source.valid:
        after = {"forecast": source.valid.forecast} if source.valid.forecast else source.valid.after
        carried["valid"] = {"from": str(source.valid.first_year), "to": str(source.valid.last_year), "after": after}
    return carried


def run_text(setting: RunSetting) -> dict[str, str]:
    """A setting as a card tells it."""
    return {
        "place": setting.place,
        "residents": str(setting.residents),
        "seeds": " ".join(map(str, setting.seeds)),
        "from": setting.from_date.isoformat(),
        "to": setting.to_date.isoformat(),
    }


def _unknown(unknown: Unknown, value: float, counted: Counted) -> dict[str, object]:
    return {
        "unknown": unknown.name,
        "where": {name: labels[0] if len(labels) == 1 else list(labels) for name, labels in unknown.where.items()},
        "level" if unknown.is_level else "multiplier": f"{rounded(value):.5g}",
        "target": unknown.figure.statistic,
        "labels": list(unknown.figure.labels),
        "published": f"{unknown.figure.published:.10g}",
        "simulated": f"{counted.value:.6g}",
        "error": f"{counted.error:.3g}",
        "tolerance": f"{unknown.tolerance:g}",
    }


# --- as text ---------------------------------------------------------------------------------------------------------
def dumped(card: Mapping[str, object]) -> str:
    """YAML with a line for each key; only `solved` and what it was based on go down line by line."""
    return "".join(f"{line}\n" for key, value in card.items() for line in _lines(key, value, 0))


def _lines(key: str, value: object, deep: int) -> Iterator[str]:
    indent = "  " * deep
    if isinstance(value, Mapping) and (deep > 0 or key == "solved") and key != "run":
        yield f"{indent}{key}:"
        for name, inner in value.items():
            yield from _lines(str(name), inner, deep + 1)
    elif isinstance(value, list) and value and (isinstance(value[0], Mapping) or key == "caveats"):
        yield f"{indent}{key}:"
        yield from (f"{indent}  - {_flow(item)}" for item in value)
    else:
        yield f"{indent}{key}: {_flow(value)}"


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    text = str(value)
    return text if _PLAIN.fullmatch(text) and text == text.strip() else "'" + text.replace("'", "''") + "'"
