"""Separations: rates by years together and marriage, from published facts and the durations of divorces."""

from __future__ import annotations

import math
from collections.abc import Mapping

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_mortality import LAST_AGE, bisect

CLASSES = {"first_years": range(5), "middle_years": range(5, 15), "later_years": range(15, 25), "long": range(25, 100)}
"""Years together; the classes have their own rates of parting."""
BASE_YEAR = 2020
_LONGEST_MARRIAGE = 65

Rates = Mapping[tuple[str, str, str], float]
"""Separations per couple-year by (class, married, is_parent)."""


def fact(catalogue: Catalogue, name: str) -> float:
    return catalogue.table("household_life_facts").value(fact=name)


def assumed(catalogue: Catalogue, name: str) -> float:
    return catalogue.table("union_assumptions").value(assumption=name)


def base_rates(catalogue: Catalogue) -> Rates:
    """Married: the published level and mean duration of divorces. Unmarried: by the facts on couples and parents.

    Unmarried couples together for 15 years or more: the married rate times the ratio of unmarried to married parents.
    """
    married = _divorce_by_class(catalogue)
    parents = -math.log1p(-fact(catalogue, "unmarried_parents_apart_after_6_years_percent") / 100) / 6
    ratio = fact(catalogue, "children_of_unmarried_parents_apart_in_a_year_percent") / fact(
        catalogue, "children_of_married_parents_apart_in_a_year_percent"
    )
    childless = _childless_separation(catalogue, parents, married["first_years"])
    rates = {}
    for name in CLASSES:
        old = name in ("later_years", "long")
        for parent, young in (("no", childless), ("yes", parents)):
            rates[name, "no", parent] = ratio * married[name] if old else young
            rates[name, "yes", parent] = married[name]
    return rates


def _childless_separation(catalogue: Catalogue, parents: float, married: float) -> float:
    """The rate before children and marriage at which the published share of first unions is over within 5 years.

    They marry or have a first child at a rate that gives the other published share: of those who did neither in 15
    years, so many are apart.
    """
    over = fact(catalogue, "first_unions_of_2000_over_within_5_years_percent") / 100
    never = fact(catalogue, "childless_never_married_over_after_15_years_percent") / 100
    later = (parents + married) / 2

    def rate_at(change: float) -> float:
        return bisect(lambda rate: _over_after(5, rate, change, later) - over, later, 1.0)

    def apart(change: float) -> float:
        rate = rate_at(change)
        left = math.exp(-15 * (rate + change))
        ended = rate / (rate + change) * (1 - left)
        return ended / (ended + left)

    return rate_at(bisect(lambda change: apart(change) - never, 0.01, 1.0))


def _over_after(years: float, rate: float, change: float, later: float) -> float:
    """Share of unions over after years at `rate` until marriage or a child comes (at `change`), then at `later`."""
    before = math.exp(-years * (rate + change))
    after = change / (rate + change - later) * (math.exp(-years * later) - before)
    return 1 - before - after


def _divorce_by_class(catalogue: Catalogue) -> dict[str, float]:
    """Divorces and dissolved partnerships per married couple-year by class of years together."""
    divorces, stock = _marriages_by_duration(catalogue)
    level = divorces_per_couple(catalogue) / (sum(divorces) / sum(stock))
    before = round(assumed(catalogue, "years_before_marriage"))
    rates = {}
    for name, years in CLASSES.items():
        durations = [max(year - before, 0) for year in years if year - before < _LONGEST_MARRIAGE]
        rates[name] = level * sum(divorces[d] for d in durations) / sum(stock[d] for d in durations)
    return rates


def divorces_per_couple(catalogue: Catalogue) -> float:
    """Couples who end a marriage or registered partnership in 2020 per couple of that kind."""
    rows = catalogue.rows("divorcing_persons_2020")
    per_couple = sum(float(row["per_1000_married"]) for row in rows) / len(rows) / 1000
    return per_couple * (1 + fact(catalogue, "partnerships_dissolved_2022") / fact(catalogue, "divorces_2022"))


def _marriages_by_duration(catalogue: Catalogue) -> tuple[list[float], list[float]]:
    """Divorces of a year and running marriages by completed years of marriage.

    Divorces lie over durations as a gamma distribution with the published mean and share under five years. Running are
    the marriages of each year, less those that ended by these divorces and by death at the mean ages of their year.
    """
    total = sum(float(row["persons"]) for row in catalogue.rows("divorcing_persons_2020")) / 2
    share = _durations_of_divorces(catalogue)
    divorces = [total * part for part in share]
    death = catalogue.table("death_rate")
    by_year = {int(row["year"]): row for row in catalogue.rows("marriages_nl")}
    stock, hazards = [], []
    for duration in range(_LONGEST_MARRIAGE):
        row = by_year[BASE_YEAR - 1 - duration]
        alive = 0.0
        for years in range(duration):
            for sex, column in (("male", "mean_age_men"), ("female", "mean_age_women")):
                age = min(round(float(row[column])) + years, LAST_AGE)
                alive -= death.value(age=str(age), sex=sex)
        running = float(row["marriages"]) * math.exp(alive - sum(hazards))
        stock.append(running)
        hazards.append(min(divorces[duration] / running, 0.1))
    return divorces, stock


def _durations_of_divorces(catalogue: Catalogue) -> list[float]:
    mean = fact(catalogue, "years_of_marriage_at_divorce")
    early = fact(catalogue, "divorces_within_5_years_percent") / 100
    low, high = 1.0, 4.0
    for _ in range(40):
        shape = (low + high) / 2
        if sum(_gamma(shape, mean)[:5]) > early:
            low = shape
        else:
            high = shape
    return _gamma(low, mean)


def _gamma(shape: float, mean: float) -> list[float]:
    """Shares by completed year of a gamma distribution, by its density at four places of each year."""

    def density(at: float) -> float:
        return at ** (shape - 1) * math.exp(-shape * at / mean)

    parts = [sum(density(year + (place + 0.5) / 4) for place in range(4)) for year in range(_LONGEST_MARRIAGE)]
    return [part / sum(parts) for part in parts]


def change_of_parent(catalogue: Catalogue) -> list[dict[str, str]]:
    """Changes to the other parent per year of a minor whose parents have parted: the end of co-parenting."""
    ends = -math.log(fact(catalogue, "co_parenting_still_in_place_after_2_years_percent") / 100) / 2
    return [{"rate": f"{ends * fact(catalogue, 'co_parenting_percent') / 100 / 2:.4f}"}]
