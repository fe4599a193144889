"""Flows of nursing care, from stocks: who is indicated, waits, is cared for at home, and moves to a nursing home."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_lifecourse import residents_by_band, shares_of
from abmsim.stats.recipes_lifecourse_institutions import AGED, INSIDE, entries_by_partner, in_nursing_homes
from abmsim.stats.recipes_wlz_inside import assumed, fact, in_nursing_home

BASE_YEAR = 2020
LAW = 2015
WAYS = ("active", "preference", "care_at_home")
"""Where somebody who is indicated can be before a nursing home; who moves in at once is in none of them."""

OLDEST = 99
_LEVEL_FROM = 95
_TO_2023 = 3.75
"""Years from the base date to October 2023."""


@dataclass(frozen=True, slots=True)
class Before:
    """Nursing care at home: persons on the base date, and in October 2023, by way; the rate at which each moves in."""

    at_base: Mapping[str, float]
    in_2023: Mapping[str, float]
    moves_in: Mapping[str, float]
    dying: float

    def leaving(self, way: str) -> float:
        """Per person-year: moves in or dies."""
        return self.moves_in[way] + self.dying

    def at(self, way: str, years: float) -> float:
        """Persons so many years after the base date: a straight line, level after 2023."""
        part = min(years / _TO_2023, 1.0)
        return self.at_base[way] + (self.in_2023[way] - self.at_base[way]) * part


def before(catalogue: Catalogue) -> Before:
    """Of 2023 everything is published; of the base date who had care in kind, and who waited some time later."""
    waiting = fact(catalogue, "all_waiting_2021") * fact(catalogue, "waiting") / fact(catalogue, "all_waiting_2023")
    active = fact(catalogue, "waiting_actively") / fact(catalogue, "waiting")
    at_home = fact(catalogue, "in_kind_2019") - fact(catalogue, "in_nursing_home_2020")
    return Before(
        at_base={"active": active * waiting, "preference": (1 - active) * waiting, "care_at_home": at_home},
        in_2023={
            "active": fact(catalogue, "waiting_actively"),
            "preference": fact(catalogue, "waiting") - fact(catalogue, "waiting_actively"),
            "care_at_home": fact(catalogue, "at_home") - fact(catalogue, "waiting"),
        },
        moves_in=moving_in(catalogue),
        dying=_dying_at_home(catalogue),
    )


def moving_in(catalogue: Catalogue) -> dict[str, float]:
    return {
        "active": 12 / assumed(catalogue, "months_waiting_actively"),
        "preference": 1 / assumed(catalogue, "years_waiting_by_preference"),
        "care_at_home": assumed(catalogue, "moves_in_from_care_at_home"),
    }


@dataclass(frozen=True, slots=True)
class Entries:
    """Moves to a nursing home by age: `persons` of 2020 who live at home, `rate` per year of these, by partner."""

    persons: Mapping[int, float]
    rate: Mapping[int, float]
    by_partner: Mapping[str, Sequence[float]]

    @property
    def total(self) -> float:
        return self.younger(0)

    def younger(self, years: int) -> float:
        """The moves of a year, were everybody of the base date so many years younger."""
        return sum(number * self.rate.get(age - years, 0.0) for age, number in self.persons.items())


def entries(catalogue: Catalogue) -> Entries:
    ages = range(AGED, OLDEST + 1)
    share, residents = shares_of(catalogue), catalogue.table("residents_nl_2020_by_age")
    by_partner = {partner: _level(rates) for partner, rates in entries_by_partner(catalogue, ages).items()}
    alone = _without_partner(catalogue)
    rate = {
        age: alone(age) * by_partner["no"][at] + (1 - alone(age)) * by_partner["yes"][at] for at, age in enumerate(ages)
    }
    oldest = {label: label if label in residents.labels["age"] else f"{label}+" for label in map(str, ages)}
    persons = {age: residents.value(age=oldest[str(age)]) * (1 - share(age + 0.5, INSIDE)) for age in ages}
    return Entries(persons, rate, by_partner)


def indicated_at_home(catalogue: Catalogue) -> dict[int, float]:
    """By age from 65 on: of those at home on the base date the share indicated for nursing care."""
    found, number = entries(catalogue), sum(before(catalogue).at_base.values())
    return {age: number * rate / found.total for age, rate in found.rate.items()}


def _level(rates: Sequence[float]) -> list[float]:
    """From 95 on as at 90-94: the published share in institutions has no further age that it could rise to."""
    mean = sum(rates[_LEVEL_FROM - 5 - AGED : _LEVEL_FROM - AGED]) / 5
    return [rate if age < _LEVEL_FROM else mean for age, rate in enumerate(rates, AGED)]


def _without_partner(catalogue: Catalogue) -> Callable[[int], float]:
    """Of those at home, the share who have no partner there."""
    share = shares_of(catalogue)

    def alone(age: int) -> float:
        couples = share(
            age + 0.5, "partner_unmarried_no_children", "partner_married_no_children",
            "partner_unmarried_with_children", "partner_married_with_children",
        )  # fmt: skip
        return 1 - couples / (1 - share(age + 0.5, INSIDE))

    return alone


def _dying_at_home(catalogue: Catalogue) -> float:
    """Deaths per year of those indicated for nursing care who are still at home: as in nursing homes."""
    return catalogue.table("household_life_facts").value(fact="nursing_home_deaths_per_resident_year")


def nursing_deaths(catalogue: Catalogue) -> dict[int, tuple[float, float]]:
    """By the first age of each group of five from 65 on: deaths of those indicated for nursing care, and of all others,
    against those of the age."""
    found, indicated, in_home = entries(catalogue), indicated_at_home(catalogue), in_nursing_home(catalogue)
    residents = residents_by_band(catalogue)
    ratios = {}
    for low in range(AGED, 100, 5):
        at_home = sum(found.persons[age] * indicated[age] for age in range(low, low + 5)) / residents[low]
        part = in_home(low + 2.5) + at_home
        cared = in_nursing_homes(catalogue, low + 2)
        ratios[low] = cared, (1 - part * cared) / (1 - part)
    return ratios


@dataclass(frozen=True, slots=True)
class Flow:
    """New indications of a year by what comes first, and their sum against the moves to nursing homes of a year."""

    first: Mapping[str, float]
    per_entry: float


def flows(catalogue: Catalogue) -> dict[int, Flow]:
    """From 2015 on. Those of the years before the base date are those who were still at home on it: the history is that
    of survivors. After it as many as bring the stocks from what they were to those of 2023."""
    ways, moving = before(catalogue), entries(catalogue)
    found, moves = {}, moving.total
    for year in range(LAW, BASE_YEAR):
        first = {"at_once": 0.0}
        for way in WAYS:
            late, soon = ways.leaving(way) * (BASE_YEAR - year), ways.leaving(way) * (BASE_YEAR - year - 1)
            first[way] = ways.at_base[way] * (exp(-soon) - (0.0 if year == LAW else exp(-late)))
        found[year] = _flow(first, moving.younger(BASE_YEAR - year))
    for year in range(BASE_YEAR, BASE_YEAR + 5):
        since = year - BASE_YEAR + 0.5
        stock = {way: ways.at(way, since) for way in WAYS}
        growth = {way: ways.at(way, since + 0.5) - ways.at(way, since - 0.5) for way in WAYS}
        first = {way: growth[way] + ways.leaving(way) * stock[way] for way in WAYS}
        moved = sum(ways.moves_in[way] * stock[way] for way in WAYS)
        found[year] = _flow({"at_once": max(moves - moved, 0.0), **first}, moves)
    return found


def _flow(first: Mapping[str, float], moves: float) -> Flow:
    total = sum(first.values())
    return Flow({way: number / total for way, number in first.items()}, total / moves)


def years_label(year: int) -> str:
    return f"{year}+" if year == BASE_YEAR + 4 else str(year)
