"""How the figures of lives are counted: a measure for each card."""

from __future__ import annotations

from collections.abc import Mapping

from abmsim.validate import ages_of_events, happened, mortality, of_places, past, standing
from abmsim.validate.measure import COUNTRY, PLACES, Measure

_BIRTH, _DEATH, _HOME = "lifecourse/birth", "lifecourse/mortality", "lifecourse/leaving_home"
_PARTNER, _MOVING = "lifecourse/partner", "lifecourse/moving"
_PARTED = "two persons for each married couple who parted"

_births = happened.by_year(happened.BIRTHS)
_moves = happened.by_year(happened.BETWEEN)
_marriages = happened.couples(happened.MARRIED_HERE, 1, happened.part_that_marries)
_divorces = happened.couples(happened.PARTED_MARRIED, 2, happened.part_that_divorces)

HAPPENED: Mapping[str, Measure] = {
    "births_in_year": Measure(_BIRTH, "children born in the year", _births, COUNTRY),
    "births_in_2023": Measure(_BIRTH, "children born in the year", _births, COUNTRY),
    "migration_in_year": Measure(
        _MOVING, "persons who came from or went to another country", happened.by_year(happened.MIGRATION), COUNTRY
    ),
    "moves_between_municipalities_in_2020": Measure(_MOVING, "moves of a person to another place", _moves, COUNTRY),
    "moves_between_municipalities_later": Measure(_MOVING, "moves of a person to another place", _moves, COUNTRY),
    "moves_by_age": Measure(_MOVING, "moves in a hundred years lived at that age", happened.moves_by_age, COUNTRY),
    "marriages_in_2020": Measure(_PARTNER, "couples who married while both lived here", _marriages, COUNTRY),
    "marriages_later": Measure(_PARTNER, "couples who married while both lived here", _marriages, COUNTRY),
    "persons_marrying_in_2023": Measure(
        _PARTNER,
        "two persons for each couple who married or registered while both lived here",
        happened.couples(happened.MARRIED_HERE, 2, happened.all_of_them),
        COUNTRY,
    ),
    "persons_divorcing_in_2020": Measure(_PARTNER, _PARTED, _divorces, COUNTRY),
    "persons_divorcing_in_2022": Measure(_PARTNER, _PARTED, _divorces, COUNTRY),
    "persons_separating_in_2023": Measure(
        _PARTNER,
        "two persons for each married or registered couple who parted",
        happened.couples(happened.PARTED_MARRIED, 2, happened.all_of_them),
        COUNTRY,
    ),
    "widowed_in_year": Measure(
        _PARTNER, "married persons whose partner at home died", happened.by_year(happened.WIDOWED), COUNTRY
    ),
    "children_of_separations": Measure(
        _PARTNER, "minors of whom both parents are the couple that parted", happened.children_of_separations, COUNTRY
    ),
}
"""What happened in the live years."""

STANDING: Mapping[str, Measure] = {
    "residents_on_1_january": Measure(_BIRTH, "everybody who lives here on the day", standing.residents, COUNTRY),
    "residents_by_age_on_1_january": Measure(
        _BIRTH, "residents by completed age", standing.grouped(standing.TEN_YEARS, standing.ten_years), COUNTRY
    ),
    "young_residents_in_2024": Measure(
        _BIRTH, "residents by completed age", standing.grouped(standing.YOUNG, standing.young_group), COUNTRY
    ),
    "positions_on_1_january_2024": Measure(
        _PARTNER, "residents by position", standing.grouped("position", standing.position_of_2024), COUNTRY
    ),
    "children_at_home_on_1_january": Measure(
        _HOME, "children at home of any age", standing.grouped(standing.CHILD_BY_SEX, standing.child_at_home), COUNTRY
    ),
    "couples_on_1_january_2021": Measure(_PARTNER, "households of a couple", standing.couples, COUNTRY),
    "households_with_children_in_2023": Measure(
        _HOME, "private households by children at home of any age", standing.with_children, COUNTRY
    ),
    "one_person_households_in_2021": Measure(
        _PARTNER, "private households of one member", standing.one_person, COUNTRY
    ),
    "at_home_on_1_january_2021": Measure(_HOME, "children at home among all of that age", standing.at_home, COUNTRY),
}
"""Residents and households of a later 1 January."""

AGES: Mapping[str, Measure] = {
    "age_at_first_birth": Measure(
        _BIRTH,
        "parents of the first child of a mother in the run",
        ages_of_events.age_at_first_birth,
        COUNTRY,
    ),
    "births_outside_marriage": Measure(
        _BIRTH,
        "children of a mother who is not married on the day",
        ages_of_events.outside_marriage,
        COUNTRY,
        "percent",
    ),
    "births_by_order": Measure(
        _BIRTH,
        "children by their place among those of the mother in the run",
        ages_of_events.orders,
        COUNTRY,
        "percent",
    ),
    "births_by_age_of_father": Measure(
        _BIRTH, "children of whom the father lived with the mother", ages_of_events.by_age_of_father, COUNTRY, "percent"
    ),
    "multiple_deliveries": Measure(_BIRTH, "deliveries of twins", ages_of_events.multiple, COUNTRY),
    "age_at_marriage": Measure(
        _PARTNER, "those who married while both lived here", ages_of_events.age_at_marriage, COUNTRY
    ),
    "divorces_of_2019": Measure(
        _PARTNER, "married couples who parted, over the live years", ages_of_events.separations, COUNTRY
    ),
    "divorces_of_2022": Measure(
        _PARTNER, "married couples who parted, over the live years", ages_of_events.separations, COUNTRY
    ),
    "age_at_leaving_home": Measure(
        _HOME, "children at home who went to another household", ages_of_events.age_at_leaving_home, COUNTRY
    ),
    "age_at_death": Measure(_DEATH, "age of those who died in the year", ages_of_events.age_at_death, COUNTRY),
    "life_expectancy_of_2023": Measure(
        _DEATH, "life table of the year's deaths, closed at 100", mortality.life_expectancies, COUNTRY
    ),
}
"""At which age and how it happened."""

PAST: Mapping[str, Measure] = {
    "age_gap_of_spouses": Measure(
        _PARTNER, "couples married in 2015-2019 who live together on 1 January 2020", past.age_gap_of_spouses, COUNTRY
    ),
    "age_at_first_birth_before": Measure(
        _BIRTH, "residents of 1 January 2020 by their eldest child in the run", past.age_at_first_birth, COUNTRY
    ),
    "children_of_one_parent": Measure(_BIRTH, "children on 1 January 2020", past.children_and_parents, COUNTRY),
    "minors_of_one_parent": Measure(_BIRTH, "children on 1 January 2020", past.children_and_parents, COUNTRY),
}
"""What the residents of the base date have behind them."""

OF_PLACES: Mapping[str, Measure] = {
    "births_of_a_place": Measure(
        _BIRTH, "children born in the year", of_places.events_of_2020(happened.BIRTHS), PLACES
    ),
    "deaths_of_a_place": Measure(_DEATH, "deaths in the year", of_places.events_of_2020(happened.DEATHS), PLACES),
    "marital_status_of_a_place": Measure(
        _PARTNER, "residents of 1 January 2020 by their last marriage or partnership", of_places.marital_status
    ),
    "moves_of_a_place": Measure(_MOVING, "persons who moved in the year", of_places.moves, PLACES),
}
"""What is published by municipality."""

LIVES: Mapping[str, Measure] = {**HAPPENED, **STANDING, **AGES, **PAST, **OF_PLACES}
