"""The recipes of the life course by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from abmsim.stats import recipes_lifecourse_births as births
from abmsim.stats import recipes_lifecourse_homes as homes
from abmsim.stats import recipes_lifecourse_income as income
from abmsim.stats import recipes_lifecourse_institutions as institutions
from abmsim.stats import recipes_lifecourse_separations as separations
from abmsim.stats import recipes_lifecourse_unions as unions
from abmsim.stats import recipes_lifecourse_work as work
from abmsim.stats.catalogue import Catalogue

RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "birth_rate": births.rates,
    "birth_rate_year_ratio": births.year_ratio,
    "separation_rate": unions.separation_rates,
    "change_of_parent_rate": separations.change_of_parent,
    "marriage_rate": unions.marriage_rates,
    "marriage_rate_year_ratio": unions.marriage_year_ratio,
    "partner_seeking_rate": unions.seeking_rates,
    "leaving_home_rate": homes.leaving_rates,
    "household_move_rate": homes.move_rates,
    "household_move_elsewhere": homes.elsewhere_shares,
    "household_emigration_rate": homes.emigration_rates,
    "emigration_year_ratio": homes.emigration_year_ratio,
    "emigration_origin_ratio": homes.emigration_by_origin,
    "institution_entry_rate": institutions.institution_rates,
    "education_level": work.education_levels,
    "job_entry_rate": work.job_entries,
    "job_exit_rate": work.job_exits,
    "income_tenth": income.tenths,
    "income_rise_rate": income.rises,
    "income_fall_rate": income.falls,
    "social_assistance_exit_rate": income.assistance_exits,
    "social_assistance_entry_rate": income.assistance_entries,
}
