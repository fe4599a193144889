"""Recipes: the code that makes every derived statistic from the published ones, and writes it beside its card.

`python -m abmsim.stats.derive` makes all of them again; a test compares what it would write with what is there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from abmsim.paths import PUBLIC_STATS
from abmsim.stats import (
    recipes_cardiovascular,
    recipes_cardiovascular_risk,
    recipes_centre_municipalities,
    recipes_copd,
    recipes_coverage,
    recipes_dementia,
    recipes_diabetes,
    recipes_excess_deaths,
    recipes_falls,
    recipes_frailty,
    recipes_gp_contacts,
    recipes_hospital,
    recipes_household_help,
    recipes_informal_care,
    recipes_lifecourse_list,
    recipes_limitation_rates,
    recipes_limitations,
    recipes_lives,
    recipes_mental_health,
    recipes_migration,
    recipes_mortality,
    recipes_neighbourhoods,
    recipes_partners,
    recipes_projection,
    recipes_shelter,
    recipes_social_problems,
    recipes_veilig_thuis,
    recipes_violence,
    recipes_wlz,
    recipes_wmo_access,
    recipes_wmo_groups,
    recipes_wmo_needs,
    recipes_wmo_products,
    recipes_youth_help,
)
from abmsim.stats.card import Card
from abmsim.stats.catalogue import Catalogue, load
from abmsim.stats.solved import RECIPE as CALIBRATION
from abmsim.stats.solved import solved_rows
from abmsim.stats.verify import file_hash

Row = Mapping[str, str]
Recipe = Callable[[Catalogue], Sequence[Row]]

RECIPES: dict[str, Recipe] = {
    "death_rate": recipes_mortality.death_rate,
    "death_rate_year_ratio": recipes_mortality.year_ratio,
    "wmo_use_against_75_84": recipes_household_help.use_against_75_84,
    "household_help_turnover": recipes_household_help.turnover,
    "household_help_ends": recipes_household_help.ends,
    "household_help_reports": recipes_household_help.reports,
    "household_help_hours": recipes_household_help.hours,
    "youth_help_referrers": recipes_youth_help.referrers,
    "youth_help_end_reasons": recipes_youth_help.end_reasons,
    "youth_help_durations": recipes_youth_help.durations,
    "youth_help_solution": recipes_youth_help.solution,
    "youth_help_entry": recipes_youth_help.entry,
    "municipal_vaccination_shift": recipes_coverage.municipal_shift,
    "vaccination_schedule": recipes_coverage.schedule,
    **recipes_centre_municipalities.RECIPES,
    "same_sex_seekers": recipes_partners.same_sex_seekers,
    "education_homogamy": recipes_partners.education_homogamy,
    **recipes_lives.RECIPES,
    **recipes_migration.RECIPES,
    **recipes_lifecourse_list.RECIPES,
    **recipes_projection.RECIPES,
    **recipes_limitations.RECIPES,
    **recipes_dementia.RECIPES,
    **recipes_falls.RECIPES,
    **recipes_frailty.RECIPES,
    **recipes_limitation_rates.RECIPES,
    **recipes_mental_health.RECIPES,
    **recipes_social_problems.RECIPES,
    **recipes_shelter.RECIPES,
    **recipes_diabetes.RECIPES,
    **recipes_copd.RECIPES,
    **recipes_hospital.RECIPES,
    **recipes_gp_contacts.RECIPES,
    **recipes_informal_care.RECIPES,
    **recipes_wlz.RECIPES,
    **recipes_cardiovascular.RECIPES,
    **recipes_cardiovascular_risk.RECIPES,
    **recipes_excess_deaths.RECIPES,
    **recipes_violence.RECIPES,
    **recipes_veilig_thuis.RECIPES,
    **recipes_wmo_access.RECIPES,
    **recipes_wmo_products.RECIPES,
    **recipes_wmo_needs.RECIPES,
    **recipes_wmo_groups.RECIPES,
    "neighbourhood_figures": recipes_neighbourhoods.neighbourhood_figures,
}

RECIPE_NAMES = (*RECIPES, CALIBRATION)
"""What a derived card may name: a recipe, or that calibration solved it (then the card itself says how)."""

PASSES = 4
"""A derived statistic may rest on another one; no chain is longer than this."""


def csv_text(rows: Sequence[Row]) -> str:
    """Rows as the text of a CSV file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def derived_cards(catalogue: Catalogue) -> list[Card]:
    return [card for card in catalogue.cards.values() if card.recipe and card.part is None]


def made(catalogue: Catalogue, card: Card) -> str:
    """The text of the CSV that the card's recipe makes."""
    rows = solved_rows(catalogue, card) if card.recipe == CALIBRATION else RECIPES[card.recipe](catalogue)
    return csv_text(rows)


def seal(card: Card) -> None:
    """Write the hash of the CSV as it is into the card."""
    text = card.file.read_text(encoding="utf-8")
    sealed = re.sub(r"(?m)^sha256:.*$", f"sha256: {file_hash(card.csv)}", text)
    card.file.write_text(sealed, encoding="utf-8", newline="\n")


def derive_all(roots: Iterable[Path] = (PUBLIC_STATS,)) -> None:
    """Make every derived table again, then seal its card."""
    for _ in range(PASSES):
        catalogue = load(list(roots))
        for card in derived_cards(catalogue):
            card.csv.write_text(made(catalogue, card), encoding="utf-8", newline="\n")
            seal(card)


if __name__ == "__main__":
    derive_all()
