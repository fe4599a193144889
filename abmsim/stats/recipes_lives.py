"""Unions and children up to 2020: what published facts say of the past of somebody of an age, sex and position."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache, partial

from abmsim.stats import recipes_lives_couples
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_lives_cohorts import (
    BASE_YEAR,
    first_unions,
    life_assumptions,
    new_partners,
    separations_of_cohort,
)

FIRST_AGE, LAST_AGE = 16, 102
AGE_GROUPS = tuple(range(15, 100, 5))
"""The first ages of the groups of five years that the past is told for; the last has no end."""

SEXES = ("female", "male")
NEVER, SEPARATION, BEREAVEMENT = PASTS = ("never", "separation", "bereavement")
LEAST = 0.0005
"""Shares below it are left out, and the others scaled up."""

MOST_CHILDREN = 6
FIRST_COHORT, LAST_COHORT = 1915, 2000


def past_of_partnerless(catalogue: Catalogue) -> list[dict[str, str]]:
    """Of who lives without a partner: the share that never lived with one, is separated or bereaved, by age and sex."""
    rows = []
    for sex, group, course in _courses(catalogue):
        numbers = (course.never, sum(course.separated.values()), sum(course.bereaved.values()))
        rows += [
            {"sex": sex, "age": _label(group), "past": past, "share": f"{number / sum(numbers):.5f}"}
            for past, number in zip(PASTS, numbers, strict=True)
        ]
    return rows


def age_at_end_of_union(catalogue: Catalogue) -> list[dict[str, str]]:
    """Of who is separated or bereaved and without a partner: the age at the end of the last union, by age and sex."""
    rows = []
    for sex, group, course in _courses(catalogue):
        for past, ends in ((SEPARATION, course.separated), (BEREAVEMENT, course.bereaved)):
            for age, share in _shares(ends):
                rows.append({"sex": sex, "age": _label(group), "past": past, "age_at_end": str(age), "share": share})
    return rows


def age_at_start_of_union(catalogue: Catalogue) -> list[dict[str, str]]:
    """Of who lives with a partner: the age at the start, and the share of first unions there, by age and sex."""
    rows = []
    for sex, group, course in _courses(catalogue):
        for age, share in _shares(course.together):
            first = course.first[age] / course.together[age]
            rows.append({
                "sex": sex, "age": _label(group), "age_at_start": str(age), "share": share, "first": f"{first:.4f}",
            })  # fmt: skip
    return rows


def children_ever_born(catalogue: Catalogue) -> list[dict[str, str]]:
    """Shares of women with 0-6 children at 50 by year of birth, among those with a lasting union.

    The chance of each further child stands in an assumed proportion to that of the second; the latter is solved so
    that the mean is the sum of the published rates of fertility along the women's lives.
    """
    assumed = life_assumptions(catalogue)
    rows = []
    for cohort in range(FIRST_COHORT, LAST_COHORT + 1, 5):
        mean = cohort_fertility(catalogue, cohort) / assumed["ever_in_a_union"]
        shares = _numbers(min(mean, 4.0), assumed)
        rows += [
            {"born_from": str(cohort), "children": str(number), "share": f"{share:.5f}"}
            for number, share in enumerate(shares)
        ]
    return rows


def cohort_fertility(catalogue: Catalogue, cohort: int) -> float:
    """Children per woman along the published rates; before 1950 as in 1950-1955, after 2025 as in 2020-2025."""
    table = catalogue.table("fertility_by_age_1950_2023")
    total = 0.0
    for label in table.labels["age"]:
        age = int(label.split("-")[0])
        year = min(max(cohort + age + 4, 1950), 2024)
        total += 5 * table.value(period=f"{year // 5 * 5}-{year // 5 * 5 + 5}", age=label)
    return total


def _numbers(mean: float, assumed: dict[str, float]) -> list[float]:
    low, high = 0.0, 1.0
    for _ in range(60):
        second = (low + high) / 2
        shares = _progression(second, assumed)
        if sum(number * share for number, share in enumerate(shares)) < mean:
            low = second
        else:
            high = second
    return _progression((low + high) / 2, assumed)


def _progression(second: float, assumed: dict[str, float]) -> list[float]:
    """Shares by number of children; `second` 0-1: how ready women are for a second child, the rest follows."""
    # Below two children per woman the first becomes rarer too, above it the third and further ones more common.
    childless = assumed["childless_in_lasting_unions"] + max(0.0, 0.8 - second) / 2
    chances = [1 - childless, second]
    factor = assumed["third_child_against_second"] + max(0.0, second - 0.8)
    while len(chances) < MOST_CHILDREN:
        chances.append(min(0.95, chances[-1] * factor))
        factor = assumed["fourth_child_against_third"] + max(0.0, second - 0.8)
    shares, left = [], 1.0
    for chance in chances:
        shares.append(left * (1 - chance))
        left *= chance
    return [*shares, left]


class _Course:
    """How many of one birth cohort and sex are where at the age they have in 2020; all dead apart."""

    def __init__(self) -> None:
        self.never = 1.0
        self.separated: dict[int, float] = {}
        self.bereaved: dict[int, float] = {}
        self.together: dict[int, float] = {}
        self.first: dict[int, float] = {}


def _courses(catalogue: Catalogue) -> Iterator[tuple[str, int, _Course]]:
    rules = _Rules(catalogue)
    for sex in SEXES:
        for group in AGE_GROUPS:
            yield sex, group, rules.course(sex, max(group + 2, FIRST_AGE + 1))


class _Rules:
    """The yearly chances of a union, its end and a new one, by sex, age and cohort."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.assumed = life_assumptions(catalogue)
        self.facts = catalogue.table("union_and_family_facts")
        self.deaths = catalogue.table("death_rate")
        self.level = cache(partial(separations_of_cohort, catalogue))
        self.gap = round(self.assumed["first_union_mean_age_men"] - self.assumed["first_union_mean_age_women"])

    def course(self, sex: str, age_now: int) -> _Course:
        """The cohort of that age in 2020, year by year."""
        course = _Course()
        cohort = BASE_YEAR - age_now
        ever = self.assumed["ever_in_a_union"]
        for age in range(FIRST_AGE, age_now):
            starting = ever * (self._first_by(sex, age + 1) - self._first_by(sex, age))
            starting = min(starting, course.never)
            self._end_unions(course, sex, age, cohort)
            again = self._new_partners(course, sex, age)
            course.never -= starting
            course.first[age] = starting
            course.together[age] = starting + again
        return course

    def _end_unions(self, course: _Course, sex: str, age: int, cohort: int) -> None:
        died = 1 - math.exp(-self._partner_death(sex, age, cohort))
        for start, number in course.together.items():
            parted = 1 - math.exp(-self._separation(cohort, age - start))
            course.separated[age] = course.separated.get(age, 0.0) + number * parted
            course.bereaved[age] = course.bereaved.get(age, 0.0) + number * (1 - parted) * died
            course.together[start] = number * (1 - parted) * (1 - died)
            course.first[start] *= (1 - parted) * (1 - died)

    def _new_partners(self, course: _Course, sex: str, age: int) -> float:
        found = 0.0
        less = self.assumed["bereaved_who_find_a_partner_against_separated"]
        for ended, factor in ((course.separated, 1.0), (course.bereaved, less)):
            chance = 1 - math.exp(-new_partners(self.catalogue, sex, age) * factor)
            for end, number in ended.items():
                ended[end] = number * (1 - chance)
                found += number * chance
        return found

    def _first_by(self, sex: str, age: float) -> float:
        """Share of first unions begun by an age: a normal curve, cut off at the earliest age."""
        mean = self.assumed["first_union_mean_age_women" if sex == "female" else "first_union_mean_age_men"]
        earliest = self.assumed["earliest_union_age"]
        if age <= earliest:
            return 0.0
        spread = self.assumed["first_union_age_spread"]
        below = _normal((earliest - mean) / spread)
        return (_normal((age - mean) / spread) - below) / (1 - below)

    def _separation(self, cohort: int, years: int) -> float:
        """Rate per year of those together since `years`; the first five years differ from the next ten as published."""
        (early, later), level = first_unions(self.facts), self.level(cohort)
        if years >= 30:
            return level * later * self.assumed["separation_level_after_30_years"]
        if years >= 15:
            return level * later * self.assumed["separation_level_after_15_years"]
        return level * (early if years < 5 else later)

    def _partner_death(self, sex: str, age: int, cohort: int) -> float:
        other, theirs = ("male", age + self.gap) if sex == "female" else ("female", age - self.gap)
        earlier = BASE_YEAR - 2 - (cohort + age)
        rate = self.deaths.value(age=str(min(max(theirs, FIRST_AGE), 110)), sex=other)
        return rate * (1 + self.assumed["mortality_higher_per_earlier_year"]) ** max(earlier, 0)

def _shares(numbers: dict[int, float]) -> list[tuple[int, str]]:
    total = sum(numbers.values())
    kept = {age: number for age, number in numbers.items() if total and number / total >= LEAST}
    return [(age, f"{number / sum(kept.values()):.5f}") for age, number in sorted(kept.items())]


def _label(group: int) -> str:
    return f"{group}+" if group == AGE_GROUPS[-1] else f"{group}-{group + 4}"


def _normal(z: float) -> float:
    return (1 + math.erf(z / math.sqrt(2))) / 2


RECIPES = {
    "past_of_partnerless": past_of_partnerless,
    "age_at_end_of_union": age_at_end_of_union,
    "age_at_start_of_union": age_at_start_of_union,
    "children_ever_born": children_ever_born,
    **recipes_lives_couples.RECIPES,
}
