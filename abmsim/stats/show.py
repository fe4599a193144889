"""Statistics as lines of text: the list, one card with its figures, and the way back to the publisher."""

from __future__ import annotations

from collections.abc import Iterator

from abmsim.paths import shown
from abmsim.stats.card import Card
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.target_words import counted_in_words
from abmsim.stats.validity import validity, words

_MOST_CELLS = 12


def list_lines(catalogue: Catalogue) -> list[str]:
    """One line a statistic: name, how sure, unit, dimensions and title."""
    cards = [card for card in catalogue.cards.values() if card.part is None]
    width = max((len(card.name) for card in cards), default=0)
    return [
        f"{card.name:<{width}}  {card.verified:<10}  {card.unit} by {', '.join(card.by) or 'nothing'}: {card.title}"
        for card in cards
    ]


def show_lines(catalogue: Catalogue, name: str) -> list[str]:
    """A card in words, then its first figures."""
    card = catalogue.card(name)
    lines = [
        f"{card.name}: {card.title}",
        f"  publisher      {_publication(card)}",
        f"  period         {card.period}",
        *_valid(catalogue, card),
        f"  unit           {card.unit} ({card.counting_rule})",
        f"  dimensions     {', '.join(card.by) or 'none: one figure'}",
        f"  verified       {card.verified}" + (f": {card.why}" if card.why else ""),
        f"  licence        {card.licence}",
        f"  card           {shown(card.file)}",
    ]
    lines += [f"  {key:<14} {said}" for key, said in _target(card)]
    if card.split:
        lines.append(f"  parts          {', '.join(part.name for part in card.parts())}")
    lines += [f"  caveat         {caveat}" for caveat in card.caveats]
    return lines + _figures(catalogue, card)


def _target(card: Card) -> Iterator[tuple[str, str]]:
    """How a run is held against the figures, if it is."""
    if card.target is None:
        return
    target, vintage = card.target, card.target.vintage
    yield "role", target.role
    yield "margin", f"{100 * target.margin:.3g} %: {target.margin_reason}"
    yield "rounding", f"to {target.rounding.to:g} {target.rounding.unit}"
    yield "vintage", f"{vintage.kind}, {vintage.publication}" if vintage.publication else vintage.kind
    yield "counted here", counted_in_words(card) or f"the measure {target.measure}"
    yield "needs", f"a run with {target.module}"


def _valid(catalogue: Catalogue, card: Card) -> Iterator[str]:
    """For which years the figures were published, and what holds after them."""
    table = catalogue.table(card.name) if card.values else None
    valid = validity(table) if table else card.valid
    if valid is not None:
        yield f"  valid          {words(valid, table)}"


def _figures(catalogue: Catalogue, card: Card) -> list[str]:
    if not card.values:
        rows = catalogue.rows(card.name)
        shown_rows = [", ".join(f"{key} {value}" for key, value in row.items() if value) for row in rows[:_MOST_CELLS]]
        return _with_rest([f"  {row}" for row in shown_rows], len(rows))
    table = catalogue.table(card.name)
    cells = list(table.cells.items())
    width = max(len(", ".join(cell)) for cell, _ in cells[:_MOST_CELLS])
    lines = [f"  {', '.join(cell):<{width}}  {figure:g}" for cell, figure in cells[:_MOST_CELLS]]
    return _with_rest(lines, len(cells))


def _with_rest(lines: list[str], total: int) -> list[str]:
    return lines + ([f"  ... and {total - len(lines)} more"] if total > len(lines) else [])


def why_lines(catalogue: Catalogue, name: str) -> list[str]:
    """From a statistic back to the publisher's tables, with every caveat on the way."""
    return list(_why(catalogue, name, 0, set()))


def _why(catalogue: Catalogue, name: str, depth: int, told: set[str]) -> Iterator[str]:
    indent = "  " * depth
    card = catalogue.card(name)
    if card.name in told:
        yield f"{indent}{card.name}: see above"
        return
    told.add(card.name)
    yield f"{indent}{card.name}: {card.title}"
    if card.verified == "seen":
        yield f"{indent}  read in {_publication(card)}, {card.period}"
    elif card.verified == "assumption":
        yield f"{indent}  assumption: {card.why}"
    else:
        yield f"{indent}  derived by the recipe '{card.recipe}'" + (f": {card.why}" if card.why else "")
    for key, said in _target(card):
        yield f"{indent}  {key}: {said}"
    for caveat in card.caveats:
        yield f"{indent}  caveat: {caveat}"
    for source in card.sources:
        yield from _why(catalogue, source, depth + 1, told)


def _publication(card: Card) -> str:
    table = f", table {card.table_id}" if card.table_id else ""
    url = f" ({card.url})" if card.url else ""
    return f"{card.publisher}{table}{url}"
