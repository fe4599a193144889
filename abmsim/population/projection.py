"""The margins of a later 1 January: those of 2020 carried on to the newest published totals of the country.

Published later are only figures of the whole country. Each cell of a municipality (age group by household position)
grows as the country's does; the country's cells are fitted to its residents by age and its residents by position.
Households follow from the persons in them. Everything ends in whole numbers that agree with each other.
"""

from __future__ import annotations

import numpy as np

from abmsim.days import civil_date
from abmsim.population.margins import Margins, by_group, in_whole_numbers, read_margins
from abmsim.population.municipality import Place
from abmsim.population.people import POSITIONS
from abmsim.population.rounding import controlled, fitted, largest_remainder, on_grid
from abmsim.population.sizes import households_by_size
from abmsim.stats.catalogue import Catalogue
from abmsim.vocabulary import BASE_DATE

BASE_YEAR = civil_date(BASE_DATE)[0]
RESIDENTS, TOTALS = "residents_nl_by_base_year", "household_position_totals_2024"
POSITIONS_YEAR = 2024
"""The latest 1 January whose residents by position are published."""

_SINGLE, _SINGLE_PARENT, _OTHER = (POSITIONS.index(name) for name in ("single", "single_parent", "other_member"))
_COUPLES = tuple(POSITIONS.index(name) for name in POSITIONS if name.startswith("partner_"))
_MARRIED = tuple(position for position in _COUPLES if "_married_" in POSITIONS[position])


def base_years(catalogue: Catalogue) -> tuple[int, ...]:
    """The years on whose 1 January a run can begin."""
    labels = catalogue.table(RESIDENTS).labels["year"] if RESIDENTS in catalogue.cards else ()
    return (BASE_YEAR, *map(int, labels))


def margins_of(catalogue: Catalogue, year: int) -> Margins:
    """The margins of 1 January of a year: published for 2020, projected for later ones."""
    margins = catalogue.once("margins", read_margins)
    return margins if year == margins.year else project(margins, year, catalogue)


def places_of(catalogue: Catalogue, places: tuple[Place, ...], year: int) -> tuple[Place, ...]:
    """The same municipalities with their residents of 1 January of a year."""
    if year == BASE_YEAR:
        return places
    by_code = {place.code: place for place in margins_of(catalogue, year).places}
    return tuple(by_code[place.code] for place in places)


def projected_tables(year: int) -> dict[str, str]:
    """Of each table of 2020 what it was projected by, in words; empty for 2020 itself."""
    if year == BASE_YEAR:
        return {}
    forecast = " (a forecast)" if year > POSITIONS_YEAR else ""
    positions = f"{TOTALS}{f', shares of each age kept after {POSITIONS_YEAR}' if year > POSITIONS_YEAR else ''}"
    if year < POSITIONS_YEAR:
        positions = f"shares on the way from 2020 to {TOTALS}"
    growth = "each cell with the country's growth, no figures of municipalities"
    return {
        "population_by_age_2020": f"{RESIDENTS} of {year}{forecast}",
        "household_positions_2020": f"{RESIDENTS} of {year}{forecast} and {positions}; {growth}",
        "households_type_size_2020": "the projected positions; sizes as in 2020, shifted to hold the projected persons",
        "municipalities_2020": f"the projected positions; women by the change of {RESIDENTS}",
    }


def project(margins: Margins, year: int, catalogue: Catalogue) -> Margins:
    """The margins carried on to 1 January of `year`.

    The country's residents by age are met, those by position to one person a municipality (partners are pairs).
    """
    residents = catalogue.table(RESIDENTS).cells
    ages = np.zeros(len(margins.ages), dtype=np.int64)
    females = 0
    for (at, age, sex), persons in residents.items():
        if at == str(year):
            ages[int(age)] += int(persons)
            females += int(persons) if sex == "female" else 0
    country = _country(margins, year, ages, catalogue)
    persons = _persons(margins, country)
    total = persons.sum(axis=(1, 2))
    types = _types(margins, persons)
    places = tuple(
        Place(place.code, place.name, int(number)) for place, number in zip(margins.places, total, strict=True)
    )
    sizes = households_by_size(margins, persons, types)
    return Margins(places, persons, types, sizes, _females(margins, total, females), ages, year)


def _country(margins: Margins, year: int, ages: np.ndarray, catalogue: Catalogue) -> np.ndarray:
    """int64[age groups, positions]: the country's residents of `year`, both its margins exact."""
    before = margins.persons.sum(axis=0)
    by_position = before.sum(axis=0)
    published = np.array([catalogue.table(TOTALS).value(position=name) for name in POSITIONS])
    share_before, share = by_position / by_position.sum(), published / published.sum()
    way = min((year - margins.year) / (POSITIONS_YEAR - margins.year), 1.0)
    groups = by_group(ages)
    if year > POSITIONS_YEAR:
        of_2024 = _ages_of(catalogue, POSITIONS_YEAR)
        kept = fitted(before, of_2024, published)
        by_position = (kept / of_2024[:, None] * groups[:, None]).sum(axis=0)
        share, before = by_position / by_position.sum(), kept
    positions = largest_remainder(share_before + way * (share - share_before), int(ages.sum()))
    return controlled(fitted(before, groups, positions), groups, positions, before > 0)


def _ages_of(catalogue: Catalogue, year: int) -> np.ndarray:
    cells = catalogue.table(RESIDENTS).cells
    ages = np.zeros(max(int(age) for _, age, _ in cells) + 1)
    for (at, age, _), persons in cells.items():
        ages[int(age)] += persons if at == str(year) else 0
    return by_group(ages)


def _persons(margins: Margins, country: np.ndarray) -> np.ndarray:
    """int64[places, age groups, positions]: every cell with the country's growth, partners in pairs."""
    before = margins.persons.sum(axis=0)
    growth = np.divide(country, before, out=np.zeros(before.shape), where=before > 0)
    wanted = (margins.persons * growth).reshape(len(margins.places), -1)
    totals = largest_remainder(wanted.sum(axis=1), int(country.sum()))
    persons = in_whole_numbers(on_grid(wanted), totals, country.ravel()).reshape(margins.persons.shape)
    for place in persons:
        _pair_off(place)
    return persons


def _pair_off(place: np.ndarray) -> None:
    """Make the partners of each kind even: one person more or less in its largest age group, `place` changed.

    Two odd kinds exchange a person; a last one takes it from the other members, or gives it there.
    """
    odd = [position for position in _COUPLES if place[:, position].sum() % 2]
    while odd:
        giver, taker = odd.pop(), odd.pop() if odd else _OTHER
        group = int(np.argmax(place[:, giver]))
        place[group, giver] -= 1
        place[group, taker] += 1


def _types(margins: Margins, persons: np.ndarray) -> np.ndarray:
    """int64[places, HOUSEHOLD_TYPES] as the persons are; other households grow as their members do."""
    of_position = persons.sum(axis=1)
    married = of_position[:, _MARRIED].sum(axis=1) // 2
    unmarried = of_position[:, _COUPLES].sum(axis=1) // 2 - married
    before = margins.persons[:, :, _OTHER].sum(axis=1)
    growth = np.divide(of_position[:, _OTHER], before, out=np.zeros(len(before)), where=before > 0)
    other = np.minimum(np.round(margins.types[:, 4] * growth).astype(np.int64), of_position[:, _OTHER] // 2)
    return np.stack([of_position[:, _SINGLE], unmarried, married, of_position[:, _SINGLE_PARENT], other], axis=1)


def _females(margins: Margins, total: np.ndarray, females: int) -> np.ndarray:
    """int64[places]: the share of women of 2020, shifted as in the country."""
    before = margins.persons.sum(axis=(1, 2))
    shift = females / total.sum() - margins.females.sum() / before.sum()
    return largest_remainder(total * (margins.females / before + shift), females)
