"""Violence at home: how often it begins, from the shares who suffer it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_lifecourse import MARRIED, UNMARRIED, WITH_CHILDREN, persons_by_position
from abmsim.stats.recipes_mortality import SEXES, bisect

CHILD, YOUNGER, OLD = "0-17", "18-64", "65+"
ADULT, PENSION = 18, 65
_FOUND_YEAR, _SURVEY_YEARS = "2021", 5
_PARENT_BANDS = range(35, PENSION, 5)
"""Ages at which parents have children at home who are old enough to use violence against them."""

_HIGHEST_RATE = 5.0


@dataclass(frozen=True, slots=True)
class Group:
    """Those who can suffer a kind of violence: how many, the rate at which it begins and at which it stops."""

    persons: float
    begins: float
    stops: float

    @property
    def new_spells(self) -> float:
        """How many begin to suffer it in a year."""
        return self.persons * self.begins * self.stops / (self.begins + self.stops)


@dataclass(frozen=True, slots=True)
class Adults:
    """By whom adults suffer violence: partners by sex, children, and those who care for the old."""

    partners: Mapping[str, Group]
    parents: Group
    old: Group

    @property
    def new_spells(self) -> float:
        return sum(group.new_spells for group in (*self.partners.values(), self.parents, self.old))


def assumed(catalogue: Catalogue, name: str) -> float:
    return catalogue.table(f"violence_assumptions_{name}").value()


def _positions(catalogue: Catalogue, positions: Sequence[str], bands: Sequence[int]) -> float:
    persons = persons_by_position(catalogue)
    return sum(persons.get((band, position), 0.0) for band in bands for position in positions)


def partnered(catalogue: Catalogue, bands: Sequence[int] = range(15, 100, 5)) -> float:
    return _positions(catalogue, (*MARRIED, *UNMARRIED), bands)


def residents_of(catalogue: Catalogue, ages: range) -> float:
    cells = catalogue.table("residents_nl_2020_by_age").cells
    return sum(number for (age,), number in cells.items() if int(age.rstrip("+")) in ages)


def kinds(catalogue: Catalogue) -> dict[str, float]:
    """Part of all reports that is of each kind; against parents as in inquiries, beside those of partners."""
    reports, found = catalogue.table("veilig_thuis_reports_by_kind_2024"), _found(catalogue)
    parts = {kind: reports.value(kind=kind) / 100 for kind in ("child_abuse", "partner_violence", "elder_abuse")}
    parts["violence_against_parents"] = parts["partner_violence"] * sum(found["parents"]) / sum(found["partner"])
    return {**parts, "other_problems": 1 - sum(parts.values())}


def _found(catalogue: Catalogue) -> dict[str, tuple[float, float, float]]:
    """Inquiries that confirmed, did not confirm and refuted each kind."""
    inquiries = catalogue.table("veilig_thuis_inquiries_2023")
    names = {"child": "child_abuse", "parents": "violence_against_parents", "partner": "partner_violence"}
    refuted = {"child": inquiries.value(outcome="no_child_abuse"), "parents": 0.0}
    refuted["partner"] = inquiries.value(outcome="no_partner_violence")
    return {
        short: (
            inquiries.value(outcome=f"{name}_confirmed"), inquiries.value(outcome=f"{name}_not_confirmed"),
            refuted[short],
        )
        for short, name in names.items()
    }  # fmt: skip


def found_by_age(catalogue: Catalogue) -> dict[str, tuple[float, float, float]]:
    """The same, of children and of adults."""
    found = _found(catalogue)
    adults = [sum(found[kind][at] for kind in ("parents", "partner")) for at in range(3)]
    return {CHILD: found["child"], "18+": (adults[0], adults[1], adults[2])}


def founded(catalogue: Catalogue, age: str) -> float:
    """Part of the reports that is of violence that did happen."""
    confirmed, unclear, refuted = found_by_age(catalogue)[age]
    return (confirmed + assumed(catalogue, "unconfirmed_is_true") * unclear) / (confirmed + unclear + refuted)


def _over_years(begins: float, stops: float, years: float) -> float:
    """Share that suffers it at any time in so many years."""
    return 1 - stops / (begins + stops) * math.exp(-begins * years)


def adults(catalogue: Catalogue) -> Adults:
    """Rates at which violence begins, so that the published part of women and men suffers it in five years."""
    published = catalogue.table("domestic_violence_adults_2017")
    residents = catalogue.table("residents_nl_by_age_sex")
    stops = catalogue.table("violence_stops_rate").value(age="18+")
    victims = {
        sex: published.value(sex=sex) / 100 * sum(
            number for (year, age, whose), number in residents.cells.items()
            if year == _FOUND_YEAR and whose == sex and int(age) >= ADULT
        )
        for sex in SEXES
    }  # fmt: skip
    parts = kinds(catalogue)
    of_adults = parts["partner_violence"] + parts["elder_abuse"] + parts["violence_against_parents"]

    def group(persons: float, suffering: float, kind: str) -> Group:
        share = suffering * parts[kind] / of_adults / persons
        begins = bisect(lambda rate: _over_years(rate, stops, _SURVEY_YEARS) - share, 0.0, _HIGHEST_RATE)
        return Group(persons, begins, stops)

    limited = catalogue.table("daily_limitations_2022")
    old = sum(
        (residents_of(catalogue, ages) - _positions(catalogue, ("institution",), bands)) * percent / 100
        for ages, bands, percent in (
            (range(65, 75), range(65, 75, 5), limited.value(group="65-74", limitation="household")),
            (range(75, 121), range(75, 100, 5), limited.value(group="75+", limitation="household")),
        )
    )
    couples = partnered(catalogue) / 2 * (1 + assumed(catalogue, "parted_within_two_years"))
    parents = _positions(catalogue, (*WITH_CHILDREN, "single_parent"), _PARENT_BANDS)
    parents *= assumed(catalogue, "against_parents_with_children")
    return Adults(
        {sex: group(couples, victims[sex], "partner_violence") for sex in SEXES},
        group(parents, sum(victims.values()), "violence_against_parents"),
        group(old, sum(victims.values()), "elder_abuse"),
    )


def children_abused(catalogue: Catalogue) -> float:
    """Children who suffered abuse in a year: the middle of the two estimates."""
    estimates = catalogue.table("child_abuse_2017")
    return (estimates.value(estimate="low") + estimates.value(estimate="high")) / 2


def children(catalogue: Catalogue) -> Group:
    """The rate at which abuse of a child begins, so that as many suffer it in a year; nobody is born into it."""
    stops = catalogue.table("violence_stops_rate").value(age=CHILD)
    persons = [residents_of(catalogue, range(age, age + 1)) for age in range(ADULT)]

    def in_a_year(begins: float) -> float:
        return sum(
            number * (1 - (1 - _suffering(begins, stops, max(age - 0.5, 0.0))) * math.exp(-begins))
            for age, number in enumerate(persons)
        )

    begins = bisect(lambda rate: in_a_year(rate) - children_abused(catalogue), 0.0, _HIGHEST_RATE)
    return Group(sum(persons), begins, stops)


def _suffering(begins: float, stops: float, age: float) -> float:
    """Share of children of an age who suffer it."""
    return begins / (begins + stops) * (1 - math.exp(-(begins + stops) * age))


def _of_low_income(catalogue: Catalogue, who: str, rate: float) -> float:
    """The rate in the lowest two tenths of income, if that of all is `rate`."""
    low = assumed(catalogue, f"{who}_with_low_income")
    return rate / (low + (1 - low) * assumed(catalogue, "other_incomes"))


def begins(catalogue: Catalogue) -> list[dict[str, str]]:
    """Violence begins, by age and sex; against adults all kinds together, of which the module lets happen what can."""
    found, child = adults(catalogue), _of_low_income(catalogue, "children", children(catalogue).begins)
    rows = [{"age": CHILD, "sex": sex, "rate": f"{child:.6f}"} for sex in SEXES]
    for age, other in ((YOUNGER, _of_parents(catalogue, found)), (OLD, found.old.begins)):
        for sex in SEXES:
            rate = _of_low_income(catalogue, "old" if age == OLD else "adults", found.partners[sex].begins + other)
            rows.append({"age": age, "sex": sex, "rate": f"{rate:.6f}"})
    return rows


def _of_parents(catalogue: Catalogue, found: Adults) -> float:
    """The rate of all parents of these ages, whether their children are old enough or not."""
    return found.parents.begins * assumed(catalogue, "against_parents_with_children")


def part_of_partners(catalogue: Catalogue) -> list[dict[str, str]]:
    """Of these beginnings the part that is by a partner."""
    found = adults(catalogue)
    rows = [{"age": CHILD, "sex": sex, "share": "0"} for sex in SEXES]
    for age, other in ((YOUNGER, _of_parents(catalogue, found)), (OLD, found.old.begins)):
        for sex in SEXES:
            partners = found.partners[sex].begins
            rows.append({"age": age, "sex": sex, "share": f"{partners / (partners + other):.4f}"})
    return rows


def years_of_abuse(catalogue: Catalogue) -> float:
    """Years that children suffer abuse in a year: fewer than spells times their length, as they end at 18."""
    group = children(catalogue)
    return sum(
        _suffering(group.begins, group.stops, age + 0.5) * residents_of(catalogue, range(age, age + 1))
        for age in range(ADULT)
    )


def middle_estimate(catalogue: Catalogue) -> list[dict[str, str]]:
    """The middle of the two estimates of abused children."""
    return [{"figure": "children", "persons": f"{children_abused(catalogue):.0f}"}]


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "violence_begins": begins,
    "violence_part_of_partners": part_of_partners,
    "child_abuse_middle_estimate": middle_estimate,
}
