"""Unions: how couples marry and begin, from marriages and the shares of couples by age.

Nobody publishes how many begin to live together by age. The share with a partner by age is known, and what ends unions:
so many begin at each age that the share becomes that of the next age (a population that stays as it is).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_lifecourse import (
    ADULT,
    MARRIED,
    UNMARRIED,
    Shares,
    at_home_share,
    gap_years,
    shares_by_sex,
    shares_of,
    steps,
)
from abmsim.stats.recipes_lifecourse_separations import (
    BASE_YEAR,
    CLASSES,
    Rates,
    assumed,
    base_rates,
    divorces_per_couple,
    fact,
)
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES, bisect

FIRST_AGE = 16
LAST_SEEKING_AGE = 95
FADING_FROM = 45
_LAST_SHAPED_AGE = 45
AGES_OF_FIRST_CHILD = range(20, 40)
"""Later the children of some couples have left: who lives without them is not childless."""


def separation_rates(catalogue: Catalogue) -> list[dict[str, str]]:
    """Separations per couple-year by class of years together, age, married or not, with children at home or not.

    From 45 on they become rarer with age, so that the mean age of divorcing women is the published one; the level of
    the married gives the published number of divorces.
    """
    solved = _Women(catalogue).solved()
    groups = ((0, FADING_FROM - 1), *((low, low + 4) for low in range(FADING_FROM, 85, 5)), (85, LAST_AGE))
    rows = []
    for (name, married, parent), rate in base_rates(catalogue).items():
        level = rate * (solved.level if married == "yes" else 1.0)
        for low, high in groups:
            cell = {"together": name, "age": f"{low}-{high}", "married": married, "is_parent": parent}
            rows.append({**cell, "rate": f"{level * _faded(solved.fading, (low + high + 1) / 2):.5f}"})
    return rows


def _faded(fading: float, age: float) -> float:
    return math.exp(-fading * max(age - FADING_FROM, 0.0))


def marriage_rates(catalogue: Catalogue) -> list[dict[str, str]]:
    """Marriages and registrations per unmarried couple-year by age of who asks, with children at home or not."""
    rates = _marriage(catalogue)
    women = partial(shares_by_sex(catalogue), "female")
    ratio = _parents_against_childless(catalogue, rates)
    found = {age: _by_parenthood(women, age, rate, ratio) for age, rate in rates.items()}
    rows = []
    for place, parent in enumerate(("no", "yes")):
        of_ages = steps([found[age][place] for age in range(ADULT, 100)], ADULT)
        rows += [{"age": age, "is_parent": parent, "rate": rate} for age, rate in of_ages]
    return rows


def _by_parenthood(women: Shares, age: int, rate: float, ratio: float) -> tuple[float, float]:
    """(without, with children at home) at the mean rate of all unmarried couples of an age."""
    childless, parents = (women(age + 0.5, position) for position in UNMARRIED)
    without = rate * (childless + parents) / (childless + ratio * parents)
    return without, ratio * without


def _parents_against_childless(catalogue: Catalogue, rates: Mapping[int, float]) -> float:
    """Marriage rate of couples with children against those without, at the ages at which couples become parents.

    The married without children lose those who have a first child, part or are widowed. So many childless couples marry
    that their share still becomes that of the next age; of all marriages at those ages the rest are of parents.
    """
    women, births = partial(shares_by_sex(catalogue), "female"), catalogue.table("birth_rate_usual")
    ending, divorce = _ending(catalogue, "female"), divorces_per_couple(catalogue)
    of_childless, of_all = 0.0, 0.0
    for age in AGES_OF_FIRST_CHILD:
        first = births.value(age=str(age), parity="0", has_partner="yes", married="yes")
        for_all = _weddings(women, age, MARRIED, ending(age) + divorce)
        of_all += _women(catalogue, age) * for_all
        of_childless += _women(catalogue, age) * _weddings(women, age, MARRIED[:1], ending(age) + divorce + first)

    def childless_part(ratio: float) -> float:
        part, total = 0.0, 0.0
        for age in AGES_OF_FIRST_CHILD:
            rate, _ = _by_parenthood(women, age, rates[age], ratio)
            part += _women(catalogue, age) * rate * women(age + 0.5, UNMARRIED[0])
            total += _women(catalogue, age) * rates[age] * women(age + 0.5, *UNMARRIED)
        return part / total

    return bisect(lambda ratio: of_childless / of_all - childless_part(ratio), 0.01, 10.0)


def _weddings(women: Shares, age: int, positions: Sequence[str], leaving: float) -> float:
    """Women who marry at an age, per woman, so that the share in the positions becomes that of the next age."""
    return women(age + 1, *positions) - women(age, *positions) + leaving * women(age + 0.5, *positions)


def _marriage(catalogue: Catalogue) -> dict[int, float]:
    """By age so that the married share of women becomes that of the next age; the level gives the marriages of 2019.

    From 45 on the shares are those of generations that married more; there the rate falls with age, so fast that the
    mean age of marrying women is the one of 2019.
    """
    women = partial(shares_by_sex(catalogue), "female")
    ending, divorce = _ending(catalogue, "female"), divorces_per_couple(catalogue)
    unmarried = {age: women(age + 0.5, *UNMARRIED) for age in range(ADULT, 100)}
    young = range(ADULT, _LAST_SHAPED_AGE + 1)
    weddings = {age: max(_weddings(women, age, MARRIED, ending(age) + divorce), 0.0) for age in young}
    shape = {}
    for age in young:
        near = [at for at in range(age - 2, age + 3) if at in young]
        shape[age] = sum(weddings[at] for at in near) / sum(unmarried[at] for at in near)
    number = {age: _women(catalogue, age) * share for age, share in unmarried.items()}
    of_2019 = next(row for row in catalogue.rows("marriages_nl") if row["year"] == str(BASE_YEAR - 1))

    def rates(fading: float) -> dict[int, float]:
        last = shape[_LAST_SHAPED_AGE]
        return {age: shape.get(age, last * math.exp(-fading * (age - _LAST_SHAPED_AGE))) for age in unmarried}

    def mean_age(fading: float) -> float:
        marrying = {age: number[age] * rate for age, rate in rates(fading).items()}
        return sum(at * (age + 0.5) for age, at in marrying.items()) / sum(marrying.values())

    found = rates(bisect(lambda fading: float(of_2019["mean_age_women"]) - mean_age(fading), 0.0, 0.5))
    kinds = catalogue.table("marrying_and_registering_2023")
    ratio = 1 + kinds.value(kind="registered_partnership") / kinds.value(kind="marriage")
    wanted = catalogue.table("marriages_nl").value(year=str(BASE_YEAR - 1)) * ratio
    expected = sum(number[age] * rate for age, rate in found.items())
    return {age: rate * wanted / expected for age, rate in found.items()}


def _women(catalogue: Catalogue, age: int) -> float:
    return catalogue.table("residents_nl_by_age_sex").value(year="2021", age=str(age), sex="female")


def marriage_year_ratio(catalogue: Catalogue) -> list[dict[str, str]]:
    """Marriages of 2020 against 2019; registered partnerships are taken to have gone on."""
    marriages = catalogue.table("marriages_nl")
    kinds = catalogue.table("marrying_and_registering_2023")
    other = kinds.value(kind="registered_partnership") / kinds.value(kind="marriage")
    ratio = marriages.value(year="2020") / marriages.value(year="2019")
    dip = (ratio + other) / (1 + other)
    return [{"year": "2019", "ratio": "1"}, {"year": "2020", "ratio": f"{dip:.4f}"}, {"year": "2021+", "ratio": "1"}]


def _ending(catalogue: Catalogue, sex: str) -> Callable[[int], float]:
    """Deaths of partners per year by a resident's age, at the mean difference of age."""
    death = catalogue.table("death_rate")
    other, shift = ("male", gap_years(catalogue)) if sex == "female" else ("female", -gap_years(catalogue))
    return lambda age: death.value(age=str(min(max(round(age + shift), 0), LAST_AGE)), sex=other)


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Per year and resident of an age and sex: unions begun, separations; and the rate of those who may seek."""

    begun: dict[tuple[str, int], float]
    parted: dict[tuple[str, int], float]
    seeking: dict[tuple[str, int], float]


def seeking_rates(catalogue: Catalogue) -> list[dict[str, str]]:
    """Begins to seek per person-year without partner, by age and sex; at home the assumed part of it."""
    seeking = beginnings(catalogue).seeking
    rows = []
    for sex in SEXES:
        values = [seeking[sex, age] for age in range(FIRST_AGE, LAST_SEEKING_AGE)]
        rows += [{"age": age, "sex": sex, "rate": rate} for age, rate in steps(values, FIRST_AGE)]
    return rows


def beginnings(catalogue: Catalogue) -> Beginnings:
    """Unions that begin at each age so that the share with a partner becomes that of the next age."""
    share, both, at_home = shares_by_sex(catalogue), shares_of(catalogue), at_home_share(catalogue)
    women = _Women(catalogue)
    parting = women.live(women.solved()).parting
    factor = assumed(catalogue, "seeking_at_home")
    found = Beginnings({}, {}, {})
    for sex in SEXES:
        widowing = _ending(catalogue, sex)
        may_seek = {}
        for age in range(FIRST_AGE, LAST_SEEKING_AGE):
            now, then = (share(sex, at, *MARRIED, *UNMARRIED) for at in (float(age), age + 1.0))
            of_women = max(age - round(gap_years(catalogue)), FIRST_AGE) if sex == "male" else age
            found.begun[sex, age] = max(then - now * math.exp(-parting[of_women] - widowing(age)), 0.0)
            found.parted[sex, age] = (now + then) / 2 * parting[of_women]
            home = at_home(age + 0.5, sex)
            alone = max(1 - home - (now + then) / 2 - both(age + 0.5, "institution"), 0.01)
            may_seek[age] = alone + factor * home
        for age in may_seek:
            near = [at for at in range(age - 2, age + 3) if at in may_seek]
            found.seeking[sex, age] = sum(found.begun[sex, at] for at in near) / sum(may_seek[at] for at in near)
    return found


@dataclass(frozen=True, slots=True)
class _Lives:
    """Separations per year and woman with a partner by age; of all married women: divorces a year, mean age at it."""

    parting: dict[int, float]
    divorces: float
    age_at_divorce: float


@dataclass(frozen=True, slots=True)
class _Solved:
    """How fast separations become rarer with age, and the factor that gives the published number of divorces."""

    fading: float
    level: float


class _Women:
    """Women who live through the years together of their unions, of whom as many have a partner as published."""

    def __init__(self, catalogue: Catalogue) -> None:
        share = shares_by_sex(catalogue)
        self.ages = range(FIRST_AGE, LAST_SEEKING_AGE + 1)
        self.partner = {age: share("female", age + 1.0, *MARRIED, *UNMARRIED) for age in self.ages}
        self.number = {age: _women(catalogue, age) for age in self.ages}
        marriage, widowing = _marriage(catalogue), _ending(catalogue, "female")
        self.weds = {age: -math.expm1(-marriage.get(age, 0.0)) for age in self.ages}
        self.widowing = {age: widowing(age) for age in self.ages}
        self.rates = self._rates(base_rates(catalogue), share)
        self.wanted_age = fact(catalogue, "age_of_women_at_divorce")
        self.wanted_divorces = divorces_per_couple(catalogue)

    def _rates(self, rates: Rates, share: Shares) -> dict[tuple[int, str], list[float]]:
        """By age and married or not, for each year together: parents and others in their published shares."""
        found = {}
        for age in self.ages:
            for married, names in (("no", UNMARRIED), ("yes", MARRIED)):
                parents = share("female", age + 0.5, names[1]) / max(share("female", age + 0.5, *names), 1e-9)
                found[age, married] = [
                    parents * rates[name, married, "yes"] + (1 - parents) * rates[name, married, "no"]
                    for name, years in CLASSES.items() for _ in years
                ]  # fmt: skip
        return found

    def solved(self) -> _Solved:
        low, high, level = 0.0, 0.2, 1.0
        for _ in range(14):
            lives = self.live(_Solved((low + high) / 2, level))
            level *= self.wanted_divorces / lives.divorces
            low, high = ((low + high) / 2, high) if lives.age_at_divorce > self.wanted_age else (low, (low + high) / 2)
        return _Solved((low + high) / 2, level)

    def live(self, solved: _Solved) -> _Lives:
        unions: dict[tuple[int, str], float] = {}
        parting = {}
        divorces, at_age, married_women = 0.0, 0.0, 0.0
        for age in self.ages:
            faded = _faded(solved.fading, age + 0.5)
            after: dict[tuple[int, str], float] = {}
            parted = 0.0
            for (years, married), number in unions.items():
                rate = self.rates[age, married][years] * faded * (solved.level if married == "yes" else 1.0)
                left = number * math.exp(-rate - self.widowing[age])
                weds = self.weds[age] if married == "no" else 0.0
                after[years + 1, married] = after.get((years + 1, married), 0.0) + left * (1 - weds)
                after[years + 1, "yes"] = after.get((years + 1, "yes"), 0.0) + left * weds
                parted += number * rate
                if married == "yes":
                    divorces += number * rate * self.number[age]
                    at_age += number * rate * self.number[age] * (age + 0.5)
                    married_women += number * self.number[age]
            parting[age] = parted / sum(unions.values()) if unions else self.rates[age, "no"][0]
            after[0, "no"] = max(self.partner[age] - sum(after.values()), 0.0)
            unions = after
        return _Lives(parting, divorces / married_women, at_age / divorces)
