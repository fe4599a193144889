"""What the recipes of the life course share: household positions by single age and sex, and lines between points."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache

from abmsim.stats.by_age import ages_of
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES

POSITIONS = (
    "child_at_home", "single", "partner_unmarried_no_children", "partner_married_no_children",
    "partner_unmarried_with_children", "partner_married_with_children", "single_parent", "other_member",
)  # fmt: skip
UNMARRIED = ("partner_unmarried_no_children", "partner_unmarried_with_children")
MARRIED = ("partner_married_no_children", "partner_married_with_children")
WITH_CHILDREN = ("partner_unmarried_with_children", "partner_married_with_children")
NO_CHILDREN = ("partner_unmarried_no_children", "partner_married_no_children")
ADULT = 18
Points = Sequence[tuple[float, float]]
Shares = Callable[..., float]


def line(points: Points, at: float) -> float:
    """The straight line between points; flat before the first and after the last."""
    place = bisect_right([x for x, _ in points], at)
    if place == 0 or place == len(points):
        return points[max(place - 1, 0)][1]
    (low, at_low), (high, at_high) = points[place - 1], points[place]
    return at_low + (at_high - at_low) * (at - low) / (high - low)


def residents_by_band(catalogue: Catalogue) -> dict[int, float]:
    """Residents of 1 January 2020 by the first age of their five-year group; the last is 95 and over."""
    persons: dict[int, float] = {}
    for (age,), number in catalogue.table("residents_nl_2020_by_age").cells.items():
        band = min(int(age.rstrip("+")) // 5 * 5, 95)
        persons[band] = persons.get(band, 0.0) + number
    return persons


def persons_by_position(catalogue: Catalogue) -> dict[tuple[int, str], float]:
    """Persons by the first age of their five-year group and position, both sexes; `institution` is who is left over."""
    persons: dict[tuple[int, str], float] = {}
    for row in catalogue.rows("household_positions_2020"):
        band = ages_of(row["age"])[0]
        for position in POSITIONS:
            persons[band, position] = persons.get((band, position), 0.0) + float(row[position])
    for band, number in residents_by_band(catalogue).items():
        at_home = sum(persons[band, position] for position in POSITIONS)
        persons[band, "institution"] = number - at_home
    return persons


def shares_of(catalogue: Catalogue) -> Shares:
    """`share(age, *positions)`: share of residents of an exact age in positions, lines between groups."""
    persons, residents = persons_by_position(catalogue), residents_by_band(catalogue)

    @cache
    def points(position: str) -> Points:
        return [(band + 2.5, persons[band, position] / residents[band]) for band in sorted(residents)]

    return lambda age, *positions: sum(line(points(position), age) for position in positions)


def at_home_share(catalogue: Catalogue) -> Callable[[float, str], float]:
    """Share who live with a parent at an exact age, by sex: by single age 18-30, five-year groups (one ratio) above."""
    single_ages = catalogue.table("living_with_parents_2021")
    share = shares_of(catalogue)
    points = {}
    for sex in SEXES:
        own = {age: single_ages.value(age=str(age), sex=sex) / 100 for age in range(18, 31)}
        ratio = own[30] / (single_ages.value(age="30", sex="total") / 100)
        older = [(float(age), ratio * share(age, "child_at_home")) for age in range(33, 76, 5)]
        shares = [(15.5, share(12.5, "child_at_home")), *((age + 0.5, own[age]) for age in own), *older]
        points[sex] = [(age, math.log(max(part, 1e-6))) for age, part in shares]
    return lambda age, sex: math.exp(line(points[sex], age))


def gap_years(catalogue: Catalogue) -> float:
    """How much older the man of a couple is, on average, by the classes of the age difference at marriage."""
    middles = {"0": 0.0, "1-4": 2.5, "5-9": 7.0, "10-14": 12.0, "15-19": 17.0, "20+": 23.0}
    sign = {"man_older": 1, "woman_older": -1, "same": 0}
    cells = catalogue.table("spouse_age_gap_2017").cells
    return sum(sign[way] * middles[gap] * percent for (way, gap), percent in cells.items()) / sum(cells.values())


def shares_by_sex(catalogue: Catalogue) -> Callable[..., float]:
    """`share(sex, age, *positions)` for positions of couples and single parents.

    The figures are for both sexes together. The couples of women are half a gap younger than those of both sexes, of
    men half a gap older; they are divided by residents of their own sex. Single parents: the published share of women.
    """
    both = shares_of(catalogue)
    half_gap = gap_years(catalogue) / 2
    parents = catalogue.table("single_parents_by_sex_2020").cells
    part = {sex: parents[(sex,)] / sum(parents.values()) for sex in SEXES}
    women = _share_of_women(catalogue)

    def share(sex: str, age: float, *positions: str) -> float:
        total = 0.0
        of_sex = women(age) if sex == "female" else 1 - women(age)
        for position in positions:
            if position == "single_parent":
                total += both(age, position) * part[sex] / of_sex
            else:
                shifted = age + (half_gap if sex == "female" else -half_gap)
                total += both(shifted, position) * 0.5 / (women(shifted) if sex == "female" else 1 - women(shifted))
        return total

    return share


def _share_of_women(catalogue: Catalogue) -> Callable[[float], float]:
    """Share of women among residents of an age: near one half until old age."""
    persons = catalogue.table("residents_nl_by_age_sex")
    found = {}
    for low in range(0, 100, 5):
        ages = [str(age) for age in range(low, low + 5)]
        of = {sex: sum(persons.value(year="2021", age=age, sex=sex) for age in ages) for sex in SEXES}
        found[low + 2.5] = of["female"] / (of["female"] + of["male"])
    points = sorted(found.items())
    return lambda age: line(points, age)


def women_by_age(catalogue: Catalogue, year: str) -> dict[int, float]:
    """Women by age on 1 January of 2020 (divided over the sexes as at the same ages a year later), 2021 or 2022."""
    by_sex = catalogue.table("residents_nl_by_age_sex")
    at = {age: by_sex.value(year=max(year, "2021"), age=str(age), sex="female") for age in range(15, 50)}
    if year != "2020":
        return at
    total = catalogue.table("residents_nl_2020_by_age")
    for age in at:
        both = sum(by_sex.value(year="2021", age=str(age), sex=sex) for sex in SEXES)
        at[age] *= total.value(age=str(age)) / both
    return at


def steps(values: Sequence[float], first_age: int, digits: int = 5) -> list[tuple[str, str]]:
    """(label, figure) by age: nought before `first_age`, then one value an age, then nought again."""
    rows = [(f"0-{first_age - 1}", "0")] if first_age else []
    rows += [(str(first_age + place), f"{value:.{digits}f}") for place, value in enumerate(values)]
    after = first_age + len(values)
    return [*rows, (f"{after}-{LAST_AGE}", "0")] if after <= LAST_AGE else rows
