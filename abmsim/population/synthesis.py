"""Residents and households of some places on the base date, whole or as a sample, from public statistics alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields

import numpy as np

from abmsim.days import civil_date
from abmsim.population.contradictions import contradictions
from abmsim.population.draws import Draws
from abmsim.population.fit import household_list, household_tables, prior
from abmsim.population.margins import INSTITUTION_POSITION, Margins
from abmsim.population.neighbourhoods import Published, read_neighbourhoods, settle
from abmsim.population.patterns import Patterns, patterns_of
from abmsim.population.people import Households, People, Population
from abmsim.population.places import Place
from abmsim.population.projection import margins_of
from abmsim.population.residents import chosen_residents
from abmsim.population.sample import SamplingUnits, choose, sampling_units
from abmsim.population.town import build_town
from abmsim.problems import ProblemsFound, UsageError
from abmsim.stats.catalogue import Catalogue
from abmsim.vocabulary import BASE_DATE


def synthesise(
    places: tuple[Place, ...], size: int | None, seed: int, catalogue: Catalogue, base_day: int = BASE_DATE
) -> Population:
    """Residents of the places on 1 January `base_day`: all, or the `size` of a sample to within one household.

    The same seed gives the same residents, and a smaller sample is part of a larger one. One municipality is put
    together at a time; only the chosen households stay. The places of the result have the residents of that day. Raises
    UsageError if `size` is above what they hold, ProblemsFound if their published figures contradict each other.
    """
    margins = margins_of(catalogue, civil_date(base_day)[0])
    places = _on_that_day(places, margins)
    return _joined(places, list(_each(places, size, seed, catalogue, margins)), base_day)


def each_municipality(
    places: tuple[Place, ...], size: int | None, seed: int, catalogue: Catalogue, base_day: int = BASE_DATE
) -> Iterator[tuple[People, Households]]:
    """The same residents municipality by municipality, rows counted from 0 in each; those without any are left out."""
    margins = margins_of(catalogue, civil_date(base_day)[0])
    return _each(_on_that_day(places, margins), size, seed, catalogue, margins)


def _on_that_day(places: tuple[Place, ...], margins: Margins) -> tuple[Place, ...]:
    by_code = {place.code: place for place in margins.places}
    return tuple(by_code[place.code] for place in places)


def _each(
    places: tuple[Place, ...], size: int | None, seed: int, catalogue: Catalogue, margins: Margins
) -> Iterator[tuple[People, Households]]:
    _check_size(places, size, margins.year)
    row_of = {place.code: row for row, place in enumerate(margins.places)}
    rows = np.array([row_of[place.code] for place in places])
    problems = contradictions(margins, rows, catalogue)
    if problems:
        raise ProblemsFound(problems)
    patterns = patterns_of(catalogue, margins)
    units = _units(margins, rows, patterns, catalogue)
    if size is None:
        chosen = [np.ones(len(unit.households.size) + len(unit.unit), dtype=bool) for unit in units]
    else:
        chosen = choose(units, size, seed)
    published = read_neighbourhoods(catalogue)
    for place, unit in enumerate(units):
        if chosen[place].any():
            yield _municipality(margins, int(rows[place]), unit, chosen[place], place, patterns, seed, published)


def _check_size(places: tuple[Place, ...], size: int | None, year: int) -> None:
    most = sum(place.population for place in places)
    names = places[0].name if len(places) == 1 else f"these {len(places)} municipalities together"
    if size is not None and size < 1:
        raise UsageError(f"a population of {size} residents cannot be made (give at least 1)")
    if size is not None and size > most:
        raise UsageError(f"{names} had {most} residents on 1 January {year}: {size} is too many (give {most} or less)")


def _units(margins: Margins, rows: np.ndarray, patterns: Patterns, catalogue: Catalogue) -> list[SamplingUnits]:
    seed_table = prior(catalogue, patterns.assumed)
    share = patterns.assumed["share_of_other_members_outside_families"]
    tables = household_tables(margins, rows, seed_table, share)
    per_unit = int(patterns.assumed["residents_per_institution"])
    units = []
    for row, table in zip(rows, tables, strict=True):
        residents = int(margins.persons[row, :, INSTITUTION_POSITION].sum())
        households = household_list(margins, int(row), table)
        units.append(sampling_units(margins.places[row].code, households, residents, per_unit))
    return units


def _municipality(
    margins: Margins, row: int, unit: SamplingUnits, chosen: np.ndarray, place: int, patterns: Patterns, seed: int,
    published: Mapping[str, Published],
) -> tuple[People, Households]:
    draws = Draws(seed, margins.places[row].code)
    town = build_town(margins.persons[row], int(margins.females[row]), unit.households, patterns, draws)
    neighbourhood = settle(town, unit, published, draws)
    return chosen_residents(town, unit, chosen, place, patterns, seed, neighbourhood, margins.year)


def _joined(places: tuple[Place, ...], parts: list[tuple[People, Households]], base_day: int) -> Population:
    """The municipalities one after the other, their rows counted on."""
    people_before, households_before = 0, 0
    for people, households in parts:
        for relative in (people.partner, people.mother, people.father, people.former_partner):
            relative[relative >= 0] += people_before
        people.household += households_before
        households.first += people_before
        people_before += len(people)
        households_before += len(households)
    people, households = _stacked(People, [people for people, _ in parts]), _stacked(Households, [h for _, h in parts])
    return Population(places, people, households, base_day)


def _stacked(kind: type, parts: list):
    columns = {field.name: [getattr(part, field.name) for part in parts] for field in fields(kind)}
    return kind(**{name: np.concatenate(arrays) for name, arrays in columns.items()})
