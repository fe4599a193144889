"""Verdicts as lines of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from abmsim.validate.figure import ROLES
from abmsim.validate.judging import NOT_JUDGED, VERDICTS, Judged, Judgement
from abmsim.validate.opened import OpenRun

_LABEL, _NUMBER = 34, 12
"""Widths of the columns, in characters."""

_LEAST_SHOWN = 0.001
"""A smaller q is written as below this."""


def headline(run: OpenRun, seeds: Sequence[int]) -> str:
    """What was run: `Leiden: 2,000 of 125,099 residents, 2020-01-01 to 2025-01-01, seeds 42-46`."""
    of = "" if run.is_whole else f" of {run.published_residents:,}"
    period = f"{run.settings['from']} to {run.settings['to']}"
    return f"{run.settings['place']}: {run.residents:,}{of} residents, {period}, {_seeds(seeds)}"


def _seeds(seeds: Sequence[int]) -> str:
    if len(seeds) == 1:
        return f"seed {seeds[0]}: ± is the chance inside the run; --seeds K measures it over K runs"
    is_row = list(seeds) == list(range(seeds[0], seeds[0] + len(seeds)))
    return f"{len(seeds)} seeds: {f'{seeds[0]}-{seeds[-1]}' if is_row else ', '.join(map(str, seeds))}"


def text_lines(judgements: Sequence[Judgement]) -> Iterator[str]:
    """Verdicts by role, a line for each figure, and after each role how many there are of which."""
    for role, about in ROLES.items():
        of_role = [judgement for judgement in judgements if judgement.facts.role == role]
        if of_role:
            yield from ("", about.upper())
            for judgement in of_role:
                yield from _lines(judgement)
            yield from ("", f"{about.partition(':')[0]}: {counted(of_role)}")


def left_out_lines(left_out: Mapping[str, str]) -> Iterator[str]:
    """Which targets the run says nothing of, by the reason."""
    if left_out:
        yield from ("", "LEFT OUT")
    for why in dict.fromkeys(left_out.values()):
        names = [name for name, reason in left_out.items() if reason == why]
        yield f"  {why}: {', '.join(names)}"


def counted(judgements: Sequence[Judgement]) -> str:
    """`12 equal within margin, 3 different`; roles are never added up."""
    verdicts = Counter(figure.verdict for judgement in judgements for figure in judgement.figures)
    return ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in VERDICTS if verdicts[verdict])


def _lines(judgement: Judgement) -> Iterator[str]:
    facts = judgement.facts
    yield ""
    yield f"{facts.title} ({facts.unit})   [{facts.statistic}]"
    yield f"  {facts.source}" + (f"; vintage: {facts.vintage}" if facts.vintage else "")
    if facts.about or facts.rule:
        rule = "" if facts.about.startswith(facts.rule) else f"{facts.rule}: "
        yield f"  counted here: {rule}{facts.about}" if facts.about else f"  counting rule: {facts.rule}"
    if facts.margin:
        yield f"  margin {100 * facts.margin:.3g} %: {facts.margin_reason}"
    else:
        yield f"  no margin: {facts.margin_reason}"
    yield _columns("", "n", "published", "simulated", "90 %", "difference", "z", "q", "verdict")
    yield from (_line(facts.unit, figure) for figure in judgement.figures)


def _line(unit: str, figure: Judged) -> str:
    decimals = unit in ("percent", "years", "weeks", "months", "share")
    verdict = f"{NOT_JUDGED} ({figure.note})" if figure.verdict == NOT_JUDGED else figure.verdict
    return _columns(
        figure.label,
        "" if figure.n is None else f"{figure.n:,}",
        _number(figure.published, decimals),
        _number(figure.simulated, decimals),
        f"± {_number(figure.half_width, decimals)}" if figure.simulated is not None else "",
        "" if figure.difference is None else f"{100 * figure.difference:+.1f} %",
        "" if figure.z is None else f"{figure.z:+.1f}",
        "" if figure.q is None else _q(figure.q),
        verdict,
    )


def _columns(
    label: str, n: str, published: str, simulated: str, error: str, difference: str, z: str, q: str, verdict: str
) -> str:
    numbers = f"{n:>9}{published:>{_NUMBER}}{simulated:>{_NUMBER}}{error:>{_NUMBER}}{difference:>11}{z:>8}{q:>8}"
    return f"  {label:<{_LABEL}}{numbers}  {verdict}"


def _number(value: float | None, decimals: bool) -> str:
    if value is None:
        return "-"
    if not decimals:
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 1 or value == 0 else f"{value:.3g}"


def _q(q: float) -> str:
    return f"<{_LEAST_SHOWN:g}" if q < _LEAST_SHOWN else f"{q:.3f}"
