"""The published figures that a run is held against: those of every card with a `target`."""

from __future__ import annotations

from collections.abc import Collection

from abmsim.problems import UserError, suggestion
from abmsim.stats.card import Card
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.target import Target
from abmsim.stats.target_words import counted_in_words
from abmsim.validate.counting import counted_figures
from abmsim.validate.figure import Comparison, Figure
from abmsim.validate.measure import ANYWHERE, COUNTRY, PLACES
from abmsim.validate.measures import MEASURES
from abmsim.validate.opened import OpenRun
from abmsim.validate.published import SUBJECTS
from abmsim.validate.questions import is_of_places

NOT_OF_PLACE = "no figure is published of these municipalities"
OF_2020 = "of the residents of 1 January 2020, and the run begins later"


def target_cards(catalogue: Catalogue, names: Collection[str] = ()) -> list[Card]:
    """The cards with a target, in the order of their names; only those named, if any is.

    Raises UserError for a name that is none.
    """
    cards = {name: card for name, card in catalogue.cards.items() if card.target is not None and card.part is None}
    for name in names:
        if name not in cards:
            raise UserError(f"there is no target '{name}' ({suggestion(name, cards, 'targets')})")
    return [card for name, card in cards.items() if not names or name in names]


def scope_of(card: Card) -> str:
    """For which runs the figures are.

    National figures of lives say nothing of one town, and are left out there; those by municipality are added up in the
    national ones, and left out of the country.
    """
    target = _target(card)
    if target.measure:
        return MEASURES[target.measure].scope
    if is_of_places(card):
        return PLACES
    return COUNTRY if target.module.startswith("lifecourse/") else ANYWHERE


def why_left_out(run: OpenRun, card: Card) -> str:
    """Why a run says nothing of a card's figures; empty if it does."""
    module, scope = _target(card).module, scope_of(card)
    if module not in run.settings["modules"]:
        return f"the module {module} was not run"
    measure = _target(card).measure
    if measure and MEASURES[measure].of_2020 and not run.begins_in_2020:
        return OF_2020
    if scope not in (ANYWHERE, COUNTRY if run.is_country else PLACES):
        return "of municipalities" if scope == PLACES else "of the whole country"
    return ""


def left_out(run: OpenRun, names: Collection[str] = ()) -> dict[str, str]:
    """Statistic -> why the run says nothing of it."""
    population = {} if names or run.begins_in_2020 else dict.fromkeys(SUBJECTS.values(), OF_2020)
    cards = target_cards(run.catalogue, names)
    return population | {card.name: why for card in cards if (why := why_left_out(run, card))}


def figures_of(run: OpenRun, card: Card) -> list[Figure]:
    """The figures of a card in a run."""
    target, table = _target(card), run.catalogue.table(card.name)
    if target.counts is not None:
        return counted_figures(run, table)
    return MEASURES[target.measure].figures(run, table, target.margin)


def target_comparisons(run: OpenRun, names: Collection[str] = ()) -> list[Comparison]:
    """One comparison for each target whose module was in the run and that says something of its places."""
    cards = [card for card in target_cards(run.catalogue, names) if not why_left_out(run, card)]
    return [comparison for card in cards if (comparison := _comparison(run, card)).figures]


def _comparison(run: OpenRun, card: Card) -> Comparison:
    target = _target(card)
    measure = MEASURES[target.measure] if target.measure else None
    vintage = f"{target.vintage.kind}{f' ({target.vintage.publication})' if target.vintage.publication else ''}"
    return Comparison(
        card.name,
        card.title,
        ", ".join(part for part in (card.publisher, card.table_id, card.period) if part),
        target.role,
        measure.unit if measure and measure.unit else card.unit,
        target.margin,
        target.margin_reason,
        tuple(figures_of(run, card)),
        about=measure.about if measure else counted_in_words(card),
        rule=card.counting_rule,
        rounding=0.0 if measure and measure.unit else target.rounding.to,
        vintage=vintage,
    )


def _target(card: Card) -> Target:
    assert card.target is not None, f"{card.name} has no target"
    return card.target
