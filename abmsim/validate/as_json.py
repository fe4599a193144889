"""Verdicts as JSON: everything that the lines say, and what they leave out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from math import inf

from abmsim.validate.figure import ROLES
from abmsim.validate.judging import LEVEL, VERDICTS, Judged, Judgement
from abmsim.validate.opened import OpenRun

_NAMES = (
    "label", "n", "published", "simulated", "error", "half_width", "difference", "margin", "rounding", "z", "p", "q",
    "verdict", "note",
)  # fmt: skip


def as_json(
    run: OpenRun, seeds: Sequence[int], judgements: Sequence[Judgement], left_out: Mapping[str, str]
) -> str:
    """`level`: of each one-sided test and of false discovery; figures have one value for each seed in `runs`."""
    found = {
        "place": run.settings["place"],
        "residents": run.residents,
        "published_residents": run.published_residents,
        "from": run.settings["from"],
        "to": run.settings["to"],
        "seeds": list(seeds),
        "level": LEVEL,
        "fails": any(judgement.fails for judgement in judgements),
        "verdicts": {role: _verdicts(role, judgements) for role in ROLES},
        "left_out": dict(left_out),
        "comparisons": [_comparison(judgement) for judgement in judgements],
    }
    return json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False)


def _verdicts(role: str, judgements: Sequence[Judgement]) -> dict[str, int]:
    of_role = [judgement for judgement in judgements if judgement.facts.role == role]
    found = Counter(figure.verdict for judgement in of_role for figure in judgement.figures)
    return {verdict: found[verdict] for verdict in VERDICTS}


def _comparison(judgement: Judgement) -> dict[str, object]:
    facts = judgement.facts
    return {
        "statistic": facts.statistic,
        "title": facts.title,
        "source": facts.source,
        "vintage": facts.vintage,
        "role": facts.role,
        "unit": facts.unit,
        "counting_rule": facts.rule,
        "counted": facts.about,
        "margin": facts.margin,
        "margin_reason": facts.margin_reason,
        "fails": judgement.fails,
        "figures": [_figure(figure) for figure in judgement.figures],
    }


def _figure(figure: Judged) -> dict[str, object]:
    df = None if figure.df == inf else figure.df
    return {name: getattr(figure, name) for name in _NAMES} | {"df": df, "runs": list(figure.runs)}
