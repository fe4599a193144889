"""The measures that a card's `target: {measure: ...}` can name: what no single table counts."""

from __future__ import annotations

from collections.abc import Mapping

from abmsim.validate import (
    after_admission,
    ages_of_events,
    daily_life,
    happened,
    informal_care,
    mortality,
    of_places,
    past,
    standing,
    vaccination,
    violence,
    waiting,
    wmo_provisions,
)
from abmsim.validate.measure import ANYWHERE, COUNTRY, PLACES, Measure

_HERE = "couples who married while both lived here"

HAPPENED: Mapping[str, Measure] = {
    "marriages": Measure(_HERE, happened.couples(happened.MARRIED_HERE, 1, happened.part_that_marries)),
    "persons_marrying": Measure(
        "two persons for each couple who married or registered while both lived here",
        happened.couples(happened.MARRIED_HERE, 2, happened.all_of_them),
    ),
    "persons_divorcing": Measure(
        "two persons for each married couple who parted",
        happened.couples(happened.PARTED_MARRIED, 2, happened.part_that_divorces),
    ),
    "widowed": Measure("married persons whose partner at home died", happened.by_year(happened.WIDOWED)),
    "children_of_separations": Measure(
        "minors of whom both parents are the couple that parted", happened.children_of_separations
    ),
    "moves_by_age": Measure("moves in a hundred years lived at that age", happened.moves_by_age),
    "moves_of_a_place": Measure("persons who moved in the year", of_places.moves, PLACES),
}
"""What happened in the live years."""

STANDING: Mapping[str, Measure] = {
    "residents": Measure("everybody who lives here on the day", standing.residents),
    "residents_by_ten_years": Measure(
        "residents by completed age", standing.grouped(standing.TEN_YEARS, standing.ten_years)
    ),
    "young_residents": Measure("residents by completed age", standing.grouped(standing.YOUNG, standing.young_group)),
    "couples": Measure("households of a couple", standing.couples),
    "households_with_children": Measure("private households by children at home of any age", standing.with_children),
    "one_person_households": Measure("private households of one member", standing.one_person),
    "marital_status": Measure(
        "residents of 1 January 2020 by their last marriage or partnership",
        of_places.marital_status,
        ANYWHERE,
        of_2020=True,
    ),
}
"""Residents and households of a day."""

AGES: Mapping[str, Measure] = {
    "age_at_first_birth": Measure(
        "parents of the first child of a mother in the run", ages_of_events.age_at_first_birth
    ),
    "births_outside_marriage": Measure(
        "children of a mother who is not married on the day", ages_of_events.outside_marriage, unit="percent"
    ),
    "births_by_order": Measure(
        "children by their place among those of the mother in the run", ages_of_events.orders, unit="percent"
    ),
    "births_by_age_of_father": Measure(
        "children of whom the father lived with the mother", ages_of_events.by_age_of_father, unit="percent"
    ),
    "multiple_deliveries": Measure("deliveries of twins", ages_of_events.multiple),
    "age_at_marriage": Measure("those who married while both lived here", ages_of_events.age_at_marriage),
    "separations": Measure("married couples who parted, over the live years", ages_of_events.separations),
    "age_at_leaving_home": Measure(
        "children at home who went to another household", ages_of_events.age_at_leaving_home
    ),
    "age_at_death": Measure("age of those who died in the year", ages_of_events.age_at_death),
    "life_expectancy": Measure("life table of the year's deaths, closed at 100", mortality.life_expectancies),
}
"""At which age and how it happened."""

PAST: Mapping[str, Measure] = {
    "age_gap_of_spouses": Measure(
        "couples married in 2015-2019 who live together on 1 January 2020", past.age_gap_of_spouses, of_2020=True
    ),
    "age_at_first_birth_before": Measure(
        "residents of 1 January 2020 by their first child", past.age_at_first_birth, of_2020=True
    ),
    "children_of_one_parent": Measure("children on 1 January 2020", past.children_and_parents, of_2020=True),
}
"""What the residents of the base date have behind them."""

CARE: Mapping[str, Measure] = {
    "vaccination_coverage": Measure(
        "of the birth cohort, those with every dose due, at 2 (HPV: 14)", vaccination.coverage, ANYWHERE
    ),
    "fully_vaccinated": Measure(
        "of the birth cohort, those with every dose due before 2", vaccination.fully_vaccinated, ANYWHERE
    ),
    "informal_carers_of_a_place": Measure(
        "residents at home who care for somebody on 1 October 2020", informal_care.of_a_place, ANYWHERE
    ),
    "informal_care_hours": Measure(
        "hours of all whom a carer cares for, 1 October 2022", informal_care.hours, ANYWHERE
    ),
    "informal_care_of_carers": Measure("those who care for somebody on 1 October 2022", informal_care.carers, ANYWHERE),
    "daily_limitations": Measure("residents of 55 and older at home on 1 July 2022", daily_life.limitations),
    "dementia": Measure("all with dementia on 1 July 2021, known or not, of an age", daily_life.dementia),
    "persons_with_dementia": Measure(
        "all with dementia on 1 July 2021, known or not", daily_life.persons_with_dementia
    ),
    "frail": Measure("who is frail on 1 July 2021", daily_life.frail),
    "women_of_the_frail": Measure("women among the frail at home on 1 July 2021", daily_life.women_of_the_frail),
    "mortality_after_admission": Measure("those first admitted in the live years", after_admission.mortality),
    "weeks_to_household_help": Measure("reports of 2022 that led to help", waiting.weeks),
    "wmo_expenditure": Measure("days of delivery x volume x tariff, of the year", wmo_provisions.cost),
    "wmo_expenditure_of_a_place": Measure(
        "days of delivery x volume x tariff, of the year", wmo_provisions.cost_of_a_place, PLACES
    ),
    "wmo_number_of_provisions": Measure(
        "clients of the year by how many rights were delivered on", wmo_provisions.number_of_provisions, COUNTRY
    ),
    "waiting_in_municipalities": Measure("desks by the mean of their reports of 2022", waiting.municipalities),
    "violence_in_five_years": Measure(
        "residents of 18 and older who suffered it as adults in the five years before the base date",
        violence.adults_in_five_years,
        of_2020=True,
    ),
    "child_abuse_in_a_year": Measure(
        "residents under 18 who suffered it in the year before the base date", violence.children_in_a_year, of_2020=True
    ),
    "violence_in_a_year": Measure("residents of 16 and older who suffered it in the year", violence.of_16_in_a_year),
    "veilig_thuis_in_time": Measure("offices by their reports and inquiries of 2022", violence.regions_in_time),
}

MEASURES: Mapping[str, Measure] = {**HAPPENED, **STANDING, **AGES, **PAST, **CARE}
