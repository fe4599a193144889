"""Unions: how couples marry and begin, from marriages and the shares of couples by age.

Nobody publishes how many begin to live together by age. The share with a partner by age is known, and what ends unions:
so many begin at each age that the share becomes that of the next age (a population that stays as it is).
"""

from __future__ import annotations

import math
from collections.abc import Callable
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
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES

FIRST_AGE = 16
LAST_SEEKING_AGE = 95
FADING_FROM = 45
_LAST_SHAPED_AGE = 45


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
    """Marriages and registrations per unmarried couple-year by age of the woman (or of the one who asks)."""
    rates = _marriage(catalogue)
    return [{"age": age, "rate": rate} for age, rate in steps([rates[age] for age in range(ADULT, 100)], ADULT)]


def _marriage(catalogue: Catalogue) -> dict[int, float]:
    """By age so that the married share of women becomes that of the next age; the level gives the marriages of 2019.

    From 45 on the rate stays as it is: the shares of older women are those of generations that married more.
    """
    women = partial(shares_by_sex(catalogue), "female")
    ending, divorce = _ending(catalogue, "female"), divorces_per_couple(catalogue)
    ages = range(ADULT, 100)
    unmarried = {age: women(age + 0.5, *UNMARRIED) for age in ages}
    weddings = {
        age: max(
            women(age + 1, *MARRIED) - women(age, *MARRIED) + (ending(age) + divorce) * women(age + 0.5, *MARRIED), 0.0
        )
        for age in ages
    }
    shape = {}
    for age in ages:
        near = [at for at in range(age - 2, age + 3) if ADULT <= at <= _LAST_SHAPED_AGE]
        shape[age] = (
            shape[age - 1]
            if age > _LAST_SHAPED_AGE
            else (sum(weddings[at] for at in near) / sum(unmarried[at] for at in near))
        )
    kinds = catalogue.table("marrying_and_registering_2023")
    ratio = 1 + kinds.value(kind="registered_partnership") / kinds.value(kind="marriage")
    wanted = catalogue.table("marriages_nl").value(year=str(BASE_YEAR - 1)) * ratio
    expected = sum(_women(catalogue, age) * unmarried[age] * rate for age, rate in shape.items())
    return {age: rate * wanted / expected for age, rate in shape.items()}


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
