"""Institutions: who enters and who dies there, from the shares that live in them and the deaths in nursing homes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_lifecourse import (
    ADULT,
    MARRIED,
    UNMARRIED,
    persons_by_position,
    residents_by_band,
    shares_by_sex,
    shares_of,
    steps,
)
from abmsim.stats.recipes_lifecourse_homes import assumed_of_homes
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES, bisect

FIRST_INSTITUTION_AGE = 12
AGED = 65
INSIDE = "institution"


def mortality(catalogue: Catalogue, age: int) -> float:
    death, persons = catalogue.table("death_rate"), catalogue.table("residents_nl_by_age_sex")
    number = {sex: persons.value(year="2021", age=str(min(age, 99)), sex=sex) for sex in SEXES}
    deaths = sum(number[sex] * death.value(age=str(min(age, LAST_AGE)), sex=sex) for sex in SEXES)
    return deaths / sum(number.values())


def death_ratios(catalogue: Catalogue) -> dict[int, tuple[float, float]]:
    """(outside, inside) by the first age of each group of five from 65 on: deaths against those of the age.

    Residents of nursing homes die at the published rate, at whatever age; who lives at home so much less that the
    deaths of an age stay the same.
    """
    share, others = shares_of(catalogue), other_aged(catalogue)
    found = {}
    for low in range(AGED, 100, 5):
        within = share(low + 2.5, INSIDE)
        in_homes = max(within - others, 0.0) / within
        inside = in_homes * in_nursing_homes(catalogue, low + 2) + 1 - in_homes
        found[low] = ((1 - within * inside) / (1 - within), inside)
    return found


def in_nursing_homes(catalogue: Catalogue, age: int) -> float:
    """Deaths in nursing homes against those of the age, never fewer."""
    published = catalogue.table("household_life_facts").value(fact="nursing_home_deaths_per_resident_year")
    return max(published / mortality(catalogue, age), 1.0)


def other_aged(catalogue: Catalogue) -> float:
    """The share of the aged in other institutions than nursing homes, alike at every age: what the published residents
    of nursing homes leave."""
    persons, residents = persons_by_position(catalogue), residents_by_band(catalogue)
    aged = sum(number for (band, position), number in persons.items() if position == INSIDE and band >= AGED)
    part = catalogue.table("wlz_assumptions").value(assumption="aged_among_nursing_home_residents")
    in_homes = catalogue.table("nursing_home_residents").value(date="2020-01-01") * part
    return (aged - in_homes) / sum(number for band, number in residents.items() if band >= AGED)


def institution_rates(catalogue: Catalogue) -> list[dict[str, str]]:
    """Enters an institution under 65 per year at home, by age and having a partner.

    Two parts: the rise of the share that lives in institutions from age to age (nobody leaves but by death), and from
    18 on those who came to be in other institutions than nursing homes since 2020, alike at every age. From 65 on
    nobody: they enter by the Wlz.
    """
    grown = others_grown(catalogue)
    rises = entries_by_partner(catalogue, range(FIRST_INSTITUTION_AGE, AGED))
    rates = {
        partner: [rate + (grown if age >= ADULT else 0.0) for age, rate in enumerate(by_age, FIRST_INSTITUTION_AGE)]
        for partner, by_age in rises.items()
    }
    return [
        {"age": age, "has_partner": partner, "rate": rate}
        for partner, values in rates.items() for age, rate in steps(values, FIRST_INSTITUTION_AGE)
    ]  # fmt: skip


def others_grown(catalogue: Catalogue) -> float:
    """Per resident of 18-64 and year: what institutions held more in 2024 than in 2020, nursing homes and the rise of
    the share with age left out."""
    persons = residents_by_band(catalogue)
    lived_in = sum(number for (_, position), number in persons_by_position(catalogue).items() if position == INSIDE)
    later = catalogue.table("in_institutions_on_1_january_2024").value(position=INSIDE)
    homes = catalogue.table("nursing_home_residents")
    in_homes = homes.value(date="2023-01-01") - homes.value(date="2020-01-01")
    rises = risen(catalogue)
    return ((later - lived_in - in_homes) / 4 - rises) / _adults(persons)


def risen(catalogue: Catalogue) -> float:
    """Persons under 65 a year who enter as the share in institutions rises with age."""
    persons, share = residents_by_band(catalogue), shares_of(catalogue)
    ages = range(FIRST_INSTITUTION_AGE, AGED)
    return sum(max(share(age + 1, INSIDE) - share(age, INSIDE), 0.0) * persons[age // 5 * 5] / 5 for age in ages)


def _adults(persons: Mapping[int, float]) -> float:
    """Residents of 18-64."""
    return persons[15] * 2 / 5 + sum(persons[band] for band in range(20, AGED, 5))


def entries_by_partner(catalogue: Catalogue, ages: Iterable[int]) -> dict[str, list[float]]:
    """By having a partner: enters an institution per year at home at each age.

    So many that the share in institutions becomes that of the next age though its residents die sooner, those of the
    same year included. Nobody leaves but by death, so under 65 it is the rise of the share alone.
    """
    share, both = shares_of(catalogue), shares_by_sex(catalogue)
    ratios = death_ratios(catalogue)
    factor = assumed_of_homes(catalogue, "entering_institution_without_partner")
    rates: dict[str, list[float]] = {"no": [], "yes": []}
    for age in ages:
        now, then = share(age, INSIDE), share(age + 1, INSIDE)
        rate = mortality(catalogue, age)
        outside, inside = (rate * ratio for ratio in ratios.get(min(age // 5 * 5, 95), (1.0, 1.0)))
        entries = entering(now, then, outside, inside)
        partner = sum(both(sex, age + 0.5, *MARRIED, *UNMARRIED) for sex in SEXES) / 2
        mean = partner + factor * (1 - partner)
        rates["yes"].append(entries / mean)
        rates["no"].append(factor * entries / mean)
    return rates


def entering(now: float, then: float, dying_outside: float, dying_inside: float) -> float:
    """Entries per year at home after which the share `now` in institutions is `then`, at these death rates."""

    def share_after(rate: float) -> float:
        at_home = math.exp(-rate - dying_outside)
        staying = math.exp(-dying_inside)
        apart = dying_inside - dying_outside - rate
        # of those who entered in the year; where the two exponents are one, the limit
        entered = rate * (staying if abs(apart) < 1e-9 else (at_home - staying) / apart)
        within = now * staying + (1 - now) * entered
        return within / (within + (1 - now) * at_home)

    return 0.0 if share_after(0.0) >= then else bisect(lambda rate: share_after(rate) - then, 0.0, 1.0)
