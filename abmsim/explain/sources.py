"""Where a number comes from, in lines: a statistic with its publisher, or an assumption with its why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from abmsim.areas import as_statistics
from abmsim.lang.institution import awaited_by
from abmsim.lang.module import Module
from abmsim.paths import shown
from abmsim.stats.card import Card
from abmsim.stats.catalogue import Catalogue

_NAMED = re.compile(r"\b(?:institutions\.\w+|stats\.\w+|assume\.\w+(?:\.\w+)*)")


def named_in(text: str) -> list[str]:
    """What a text names, each once: `stats.x`, `assume.y`, and an institution whose turn came, `institutions.z`."""
    return list(dict.fromkeys(_NAMED.findall(as_statistics(text))))


def explained(source: str, module: Module | None, catalogue: Catalogue) -> list[str]:
    """One or two lines on a statistic, an assumption or an institution; a literal says its own source."""
    source = as_statistics(source)
    head, _, name = source.partition(".")
    if head == "stats":
        card = catalogue.cards.get(name)
        return [f"{source}: {_short(card)}"] if card else [f"{source}: its card is not there any more"]
    if head == "institutions":
        return list(_institution_lines(source, module, catalogue))
    if head != "assume":
        return [source]
    assumption = module.assumptions.get(name) if module else None
    if module is None or assumption is None:
        return [f"{source}: the module does not hold it any more"]
    place = f"{assumption.spot.file or module.file}:{assumption.spot.line}"
    return [f"{source} ({place}): assumed: {assumption.why}"]


def _institution_lines(source: str, module: Module | None, catalogue: Catalogue) -> Iterator[str]:
    """Whose turn came, and the published waiting time, which holds where nobody plans the queue."""
    institution = awaited_by(module, source.partition(".")[2]) if module else None
    if institution is None:
        yield f"{source}: the module does not await it any more"
        return
    yield f"{source} ({institution.file}:{institution.line}): the turn at {institution.title}"
    wait = institution.wait.source
    why = institution.assumptions.get(wait.removeprefix("assume."), "")
    yield f"  published waiting time: {f'assumed: {why}' if why else wait}"
    for name in named_in(wait):
        if name.startswith("stats."):
            yield from (f"  {line}" for line in explained(name, None, catalogue))


def _short(card: Card) -> str:
    table = f"table {card.table_id.removeprefix('table ')}" if card.table_id else ""
    publisher = ", ".join(filter(None, (card.publisher, table, card.period)))
    why = f"; {card.why}" if card.verified == "assumption" and card.why else ""
    return f"{card.title} ({publisher}; {card.verified}{why})"


def statistic_lines(name: str, in_run: Mapping[str, Any] | None, catalogue: Catalogue, changed: bool) -> Iterator[str]:
    """A statistic in full: as the run has it (`in_run`, a row of `sources`), then what only its card says."""
    card = catalogue.cards.get(name)
    if in_run is None and card is None:
        yield f"stats.{name}: neither the run nor the catalogue holds it"
        return
    said = dict(in_run) if in_run is not None else _as_row(card)
    yield f"stats.{name}: {said['title']}"
    for key in ("publisher", "table_id", "url", "period", "licence", "verified"):
        if said[key]:
            yield f"  {key.replace('table_id', 'table'):14} {said[key]}"
    if card is None:
        yield "  its card is not there any more: counting rule and caveats are not known"
        return
    yield f"  {'counting rule':14} {card.counting_rule}, {card.unit}, by {', '.join(card.by) or 'nothing: one figure'}"
    yield f"  {'card':14} {shown(card.file)}{' (changed since the run)' if changed else ''}"
    if card.verified == "derived":
        yield f"  {'recipe':14} {card.recipe}"
    if card.why:
        yield f"  {'why':14} {card.why}"
    yield from (f"  {'caveat':14} {caveat}" for caveat in card.caveats)
    for source in card.sources:
        yield f"  {'derived from':14} {explained(f'stats.{source}', None, catalogue)[0].removeprefix('stats.')}"
    if any(catalogue.cards[source].sources for source in card.sources if source in catalogue.cards):
        yield f"  {'':14} (`abmsim stats why {name}` goes on to every published table)"


def _as_row(card: Card | None) -> dict[str, str]:
    keys = ("title", "publisher", "table_id", "url", "period", "licence", "verified")
    return {key: str(getattr(card, key)) for key in keys}
