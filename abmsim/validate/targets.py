"""The published figures that a run is held against: one measure for each card with a `target`."""

from __future__ import annotations

from collections.abc import Mapping

from abmsim.stats.card import Card
from abmsim.validate import household_help, mortality, vaccination, youth
from abmsim.validate.figure import Comparison
from abmsim.validate.happened import DEATHS, by_year
from abmsim.validate.lives import LIVES
from abmsim.validate.measure import COUNTRY, Measure
from abmsim.validate.opened import OpenRun

MEASURES: Mapping[str, Measure] = {
    **LIVES,
    "deaths_nl": Measure("lifecourse/mortality", "deaths in the year", by_year(DEATHS), COUNTRY),
    "deaths_nl_un": Measure("lifecourse/mortality", "deaths in the year", by_year(DEATHS), COUNTRY),
    "life_expectancy_nl": Measure(
        "lifecourse/mortality", "life table of the year's deaths, closed at 100", mortality.life_expectancies, COUNTRY
    ),
    "wmo_household_help_persons": Measure(
        "wmo/household_help", "persons with a delivery in the period", household_help.persons_by_period
    ),
    "wmo_household_help_persons_2024": Measure(
        "wmo/household_help", "persons with a delivery in the period", household_help.persons_by_period
    ),
    "wmo_household_help_by_age": Measure(
        "wmo/household_help",
        "of residents by age on 1 July 2022, those with a delivery in the second half",
        household_help.share_by_age,
    ),
    "youth_care_persons": Measure("youth/youth_help", "youths with help in the year", youth.persons_in_year),
    "youth_care_stock_by_age": Measure(
        "youth/youth_help", "youths with help on 31 December 2023 by age on that day", youth.stock_by_age
    ),
    "youth_help_share_of_group": Measure(
        "youth/youth_help",
        "of those of the age on 31 December 2023, youths with help in the year",
        youth.share_of_group,
    ),
    "youth_trajectories_started_by_referrer": Measure(
        "youth/youth_help", "trajectories started in 2021", youth.starts_by_referrer
    ),
    "rvp_coverage": Measure(
        "ggd/vaccination", "of the birth cohort, those with every dose due, at 2 (HPV: 14)", vaccination.coverage
    ),
    "rvp_fully_vaccinated_at_2": Measure(
        "ggd/vaccination", "of the birth cohort, those with every dose due before 2", vaccination.fully_vaccinated
    ),
}


def target_cards(run: OpenRun) -> list[Card]:
    """The cards that say how a run is validated, in the order of their names."""
    return [card for card in run.catalogue.cards.values() if card.target is not None]


def target_comparisons(run: OpenRun) -> list[Comparison]:
    """One comparison for each target whose module was in the run and that says something of its places."""
    return [
        comparison
        for card in target_cards(run)
        if card.name in MEASURES and MEASURES[card.name].is_for(run)
        if (comparison := _comparison(run, card, MEASURES[card.name])).figures
    ]


def _comparison(run: OpenRun, card: Card, measure: Measure) -> Comparison:
    target = card.target or {}
    margin = float(target["margin"])
    figures = tuple(measure.figures(run, run.catalogue.table(card.name), margin))
    source = ", ".join(part for part in (card.publisher, card.table_id, card.period) if part)
    reason = f"{target['margin_reason']}; published {target['rounding']}"
    unit = measure.unit or card.unit
    return Comparison(card.name, card.title, source, target["role"], unit, margin, reason, figures, measure.about)
