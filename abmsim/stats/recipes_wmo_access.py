"""Access to the Wmo: how much more or less the residents of a municipality use than its age and households explain."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from statistics import NormalDist, stdev

from abmsim.randomness import name_key, uniform
from abmsim.stats.by_age import ages_of
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_household_help import ratio_alone
from abmsim.stats.recipes_mortality import SEXES

NOT_POSITIONS = ("municipality_code", "age")
OLD = ("60-74", "75-84")
BY_AGE = "at home, by age"
GROUPS = {"low": range(1, 3), "middle": range(3, 6), "high": range(6, 11)}
"""Tenths of household income that are taken for the published groups, whose limits are not."""

TENTHS = 10
INCOME_YEAR, RESIDENTS_OF, OLDEST = "2019", "2020", "75-89"
"""Persons of a year against residents at its end; the ages that stand for those with help."""


def use_of_place(catalogue: Catalogue) -> list[dict[str, str]]:
    """Use against what is expected, a municipality each; where nothing is published a draw of the same spread.

    Where use by age is published, that of 60-84 counts, else all clients. The mean over all residents, each counted for
    what is expected, is one. Of what differs, income and health of the residents explain a part.
    """
    rates = _rates(catalogue)
    expected = _expected(catalogue, rates)
    country = sum(expected.values())
    old = {band: _expected(catalogue, {age: rates[age] for age in ages_of(band)}) for band in OLD}
    part = catalogue.table("wmo_use_of_place_assumptions_policy").value()
    known = {}
    for row in catalogue.rows("wmo_clients_of_municipalities"):
        code, level = row["municipality_code"], float(row["clients_nl"]) / country
        at = expected[code] * level
        clients = float(row["clients"])
        if row["kind"] == BY_AGE:
            at = sum(old[band][code] for band in OLD) * level
            clients = sum(_of_band(catalogue, row["name"], code, band) for band in OLD)
        known[code] = (clients / at) ** part
    spread = stdev(math.log(ratio) for ratio in known.values())
    drawn = {code: math.exp(spread * _normal(code)) for code in expected if code not in known}
    left = country - sum(known[code] * expected[code] for code in known)
    level = left / sum(drawn[code] * expected[code] for code in drawn)
    use = known | {code: level * ratio for code, ratio in drawn.items()}
    return [{"municipality_code": code, "ratio": f"{use[code]:.3f}"} for code in sorted(use)]


def _of_band(catalogue: Catalogue, name: str, code: str, band: str) -> float:
    """Clients of an age band, from the published share of its residents."""
    share = catalogue.table("wmo_use_by_age_in_three_municipalities").value(municipality=name, age=band) / 1000
    return share * _expected(catalogue, dict.fromkeys(ages_of(band), 1.0), alone=1.0)[code]


def _expected(catalogue: Catalogue, rates: Mapping[int, float], alone: float | None = None) -> dict[str, float]:
    """Clients of each municipality at these rates by age, more for those who live alone, in the unit of the rates."""
    alone = ratio_alone(catalogue) if alone is None else alone
    found: dict[str, float] = {}
    for row in catalogue.rows("household_positions_2020"):
        ages = ages_of(row["age"])
        persons = sum(float(count) for position, count in row.items() if position not in NOT_POSITIONS)
        weighted = persons + (alone - 1) * float(row["single"])
        code = row["municipality_code"]
        found[code] = found.get(code, 0.0) + weighted * sum(rates.get(age, 0.0) for age in ages) / len(ages)
    return found


def _rates(catalogue: Catalogue) -> dict[int, float]:
    """Use by age against that of 75-84; nobody under 18."""
    younger = catalogue.table("wmo_use_by_age_of_75_84")
    published = catalogue.table("wmo_household_help_by_age")
    ratios = {band: younger.value(age=band) for band in younger.labels["age"]} | {"75-84": 1.0}
    ratios["85+"] = published.value(age="85+") / published.value(age="75-84")
    return {age: ratio for band, ratio in ratios.items() for age in ages_of(band)}


def income_ratio(catalogue: Catalogue) -> list[dict[str, str]]:
    """Household help by income group among the old, so that the published persons per 1,000 of all ages come out."""
    rate = {group: catalogue.table("wmo_household_help_by_income").value(income=group) for group in GROUPS}
    persons = catalogue.table("wmo_household_help_persons").value(year=INCOME_YEAR)
    mean = 1000 * persons / catalogue.table("residents_nl").value(year=RESIDENTS_OF)
    rates = [rate[group] for group, tenths in GROUPS.items() for _ in tenths]
    middle = (1 + TENTHS) / 2
    flat = sum(rates)
    tilted = sum(of * (tenth - middle) for tenth, of in enumerate(rates, start=1))
    slope = (mean * TENTHS - flat) / tilted
    users = {
        group: rate[group] * sum(1 + slope * (tenth - middle) for tenth in tenths) for group, tenths in GROUPS.items()
    }
    old = _tenths_of_the_old(catalogue)
    rows = []
    for group, tenths in GROUPS.items():
        ratio = users[group] / sum(users.values()) / sum(old[tenth] for tenth in tenths)
        rows.append({"income_decile": f"{tenths[0]}-{tenths[-1]}", "ratio": f"{ratio:.4f}"})
    return rows


def _tenths_of_the_old(catalogue: Catalogue) -> dict[int, float]:
    """Shares of residents of 75-89 by tenth of household income, by their education, without work."""
    residents = catalogue.table("residents_by_education")
    tenth = catalogue.table("income_tenth")
    of = {
        level: sum(residents.value(age=OLDEST, sex=sex, education=level) for sex in SEXES)
        for level in residents.labels["education"]
    }
    return {
        at: sum(of[level] * tenth.value(tenth=str(at), employed="no", education=level) for level in of)
        / sum(of.values())
        for at in range(1, TENTHS + 1)
    }


def _normal(code: str) -> float:
    """A municipality's own draw from the standard normal distribution, the same for ever."""
    return NormalDist().inv_cdf(float(uniform(name_key(f"wmo_use_of_place {code}"))))


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "wmo_use_of_place": use_of_place,
    "household_help_income_ratio": income_ratio,
}
