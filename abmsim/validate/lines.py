"""The comparisons as lines of text and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from abmsim.validate.figure import ROLES, STANDARD_ERRORS, VERDICTS, Comparison, Figure
from abmsim.validate.opened import OpenRun

_LABEL, _NUMBER, _SMALL = 34, 12, 9
"""Widths of the columns, in characters."""


def headline(run: OpenRun) -> str:
    """What was run: `Leiden: 2,000 of 125,099 residents, 2020-01-01 to 2025-01-01, seed 42`."""
    of = "" if run.is_whole else f" of {run.published_residents:,}"
    settings = run.settings
    period = f"{settings['from']} to {settings['to']}"
    return f"{settings['place']}: {run.residents:,}{of} residents, {period}, seed {settings['seed']}"


def text_lines(comparisons: Sequence[Comparison]) -> Iterator[str]:
    """Comparisons by role, a line for each figure, and how many have which verdict."""
    for role, about in ROLES.items():
        of_role = [comparison for comparison in comparisons if comparison.role == role]
        if of_role:
            yield from ("", about.upper())
            for comparison in of_role:
                yield from _lines(comparison)
    yield ""
    verdicts = Counter(figure.verdict for comparison in comparisons for figure in comparison.figures)
    yield ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in VERDICTS if verdicts[verdict])


def _lines(comparison: Comparison) -> Iterator[str]:
    yield ""
    yield f"{comparison.title} ({comparison.unit})"
    yield f"  {comparison.source}"
    if comparison.about:
        yield f"  counted here: {comparison.about}"
    yield f"  margin {_percent(comparison.margin)}: {comparison.margin_reason}"
    yield _columns("", "n", "published", "simulated", "error", "difference", "margin", "verdict")
    for figure in comparison.figures:
        yield _line(comparison, figure)


def _line(comparison: Comparison, figure: Figure) -> str:
    percent = comparison.unit in ("percent", "years")
    return _columns(
        figure.label,
        "" if figure.n is None else f"{figure.n:,}",
        _number(figure.published, percent),
        _number(figure.simulated, percent),
        f"± {_number(figure.error, percent)}" if figure.simulated is not None else "",
        "" if figure.difference is None else f"{100 * figure.difference:+.1f} %",
        _percent(figure.margin or comparison.margin) if figure.published is not None else "",
        figure.verdict + (f" ({figure.note})" if figure.note else ""),
    )


def _columns(
    label: str, n: str, published: str, simulated: str, error: str, difference: str, margin: str, verdict: str
) -> str:
    numbers = f"{n:>{_SMALL}}{published:>{_NUMBER}}{simulated:>{_NUMBER}}{error:>{_NUMBER}}{difference:>11}{margin:>8}"
    return f"  {label:<{_LABEL}}{numbers}  {verdict}"


def _number(value: float | None, decimals: bool) -> str:
    if value is None:
        return "-"
    return f"{value:,.1f}" if decimals else f"{value:,.0f}"


def _percent(part: float) -> str:
    return f"{100 * part:.3g} %" if part else "none"


def as_json(run: OpenRun, comparisons: Sequence[Comparison]) -> str:
    """Everything that the lines say, for programs."""
    found = {
        "place": run.settings["place"],
        "residents": run.residents,
        "published_residents": run.published_residents,
        "seed": run.settings["seed"],
        "standard_errors": STANDARD_ERRORS,
        "fails": any(comparison.fails for comparison in comparisons),
        "comparisons": [
            {
                "statistic": comparison.statistic,
                "title": comparison.title,
                "source": comparison.source,
                "role": comparison.role,
                "unit": comparison.unit,
                "counted": comparison.about,
                "margin": comparison.margin,
                "margin_reason": comparison.margin_reason,
                "figures": [_figure(figure) for figure in comparison.figures],
            }
            for comparison in comparisons
        ],
    }
    return json.dumps(found, indent=2, ensure_ascii=False)


def _figure(figure: Figure) -> dict[str, object]:
    names = ("label", "n", "published", "simulated", "error", "difference", "verdict", "note")
    return {name: getattr(figure, name) for name in names}
