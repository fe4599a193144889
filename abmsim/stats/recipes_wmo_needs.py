"""Products of the Wmo: how often a need is raised, solved so that the published users come out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from abmsim.stats.by_age import ages_of
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_household_help import ADULT, BANDS, rate_at
from abmsim.stats.recipes_limitations import limited
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES
from abmsim.stats.recipes_wmo_products import PRODUCTS, RESIDENTS_OF, Rows, by_band, residents, right_years

LIMITATIONS, ALONE = ("none", "some", "severe"), ("no", "yes")
AGES = range(ADULT, LAST_AGE + 1)
_ROUNDS = 40
_MOST_WITH_IT = 0.95
_MOST_ALONG = 0.6

Classes = Mapping[tuple[str, str], float]
"""Share of residents at home, or a rate, by limitations and living alone."""


@dataclass(frozen=True, slots=True)
class Town:
    """Residents at home by age, and the classes that they fall into."""

    at_home: Mapping[int, float]
    classes: Mapping[int, Classes]
    alone: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Needs:
    """Of one product: needs by age and class per person-year without it, and the share of users by age."""

    rates: Mapping[int, Classes]
    users: Mapping[int, float]


def town(catalogue: Catalogue) -> Town:
    """Difficulty and living alone fall together by chance within an age; both sexes together."""
    arrangement = catalogue.table("residents_nl_by_living_arrangement")
    of = catalogue.table("residents_nl_by_age_sex")
    curves = limited(catalogue)
    at_home, classes, alone = {}, {}, {}
    for label in arrangement.labels["age"]:
        here = {kind: arrangement.value(age=label, arrangement=kind) for kind in arrangement.labels["arrangement"]}
        home = sum(here.values()) - here["institution"]
        for age in ages_of(label):
            if age not in AGES:
                continue
            alone[age] = here["alone"] / home
            at_home[age] = residents(catalogue, age) * home / sum(here.values())
            known = str(age) in of.labels["age"]
            weight = {sex: of.value(year=RESIDENTS_OF, age=str(age), sex=sex) if known else 1.0 for sex in SEXES}
            either = sum(weight[sex] * curves.any[sex][age] for sex in SEXES) / sum(weight.values())
            severe = sum(weight[sex] * curves.severe[sex][age] for sex in SEXES) / sum(weight.values())
            limitation = {"none": 1 - either, "some": either - severe, "severe": severe}
            lives = {"yes": alone[age], "no": 1 - alone[age]}
            classes[age] = {(x, y): limitation[x] * lives[y] for x in LIMITATIONS for y in ALONE}
    return Town(at_home, classes, alone)


def solve(catalogue: Catalogue, here: Town, product: str) -> Needs:
    """The level at six knots of age, until persons in a year by age band are those wanted."""
    wanted = by_band(catalogue, product)
    knots = dict.fromkeys(BANDS, 0.001)
    needs = Needs({}, {})
    for _ in range(_ROUNDS):
        needs, persons = _live(catalogue, here, product, knots)
        knots = {band: knots[band] * wanted[band] / persons[band] for band in BANDS}
    return needs


def _live(catalogue: Catalogue, here: Town, product: str, knots: Mapping[str, float]) -> tuple[Needs, dict[str, float]]:
    """One life after the other: users by age, from needs that are found and granted, less those who leave.

    Users are spread over the classes as needs are; who has the product raises no need for it.
    """
    process, ends = catalogue.table("wmo_product_process"), catalogue.table("wmo_product_ends")
    ratio = catalogue.table("wmo_need_by_limitations")
    succeeds = success(catalogue, product)
    leaving = ends.value(product=product, figure="leaving")
    alone = {"yes": process.value(product=product, figure="alone"), "no": 1.0}
    relative = {(x, y): ratio.value(product=product, limitations=x) * alone[y] for x in LIMITATIONS for y in ALONE}
    rates, users, persons = {}, {}, dict.fromkeys(BANDS, 0.0)
    using = 0.0
    for age in AGES:
        level = rate_at(knots, age)
        share = here.classes[age]
        rates[age] = {key: level * relative[key] for key in share}
        mean = sum(share[key] * relative[key] for key in share)
        begin = sum(
            share[key] * rates[age][key] * (1 - min(using * relative[key] / mean, _MOST_WITH_IT)) for key in share
        ) * succeeds  # fmt: skip
        steady = begin / leaving
        at_end = steady + (using - steady) * math.exp(-leaving)
        users[age] = steady + (using - at_end) / leaving
        using = at_end
        band = next(label for label in BANDS if age in ages_of(label))
        persons[band] += here.at_home[age] * (users[age] + begin / 2)
    return Needs(rates, users), persons


def success(catalogue: Catalogue, product: str) -> float:
    """Needs that lead to the product."""
    solved = catalogue.table("wmo_product_solved").value(product=product)
    return (1 - solved) * catalogue.table("wmo_product_granted").value(product=product)


def _inquiries(
    catalogue: Catalogue, here: Town, found: Mapping[str, Needs], product: str, age: int, limitation: str
) -> dict[str, float]:
    """Inquiries per person-year at home by what was asked for: needs raised by themselves, and reviews of rights."""
    reports = catalogue.table("wmo_household_help_report")
    granted = catalogue.table("wmo_household_help_process").value(step="granted")
    helped = catalogue.table("wmo_household_help_turnover").value(figure="mean_spell_years")
    rights = catalogue.table("wmo_right_years")
    renewals = granted * helped / ((rights.value(end="shortest") + rights.value(end="longest")) / 2)
    lives = {"yes": here.alone[age], "no": 1 - here.alone[age]}
    mean = sum(reports.value(age=str(age), sex=sex, lives_alone=y) * lives[y] / 2 for sex in SEXES for y in ALONE)
    without = catalogue.table("wmo_reviews_without").value(product=product)
    asked = {"household_help": mean * (1 + without * renewals)}
    process, ends = catalogue.table("wmo_product_process"), catalogue.table("wmo_product_ends")
    for other in PRODUCTS:
        own = 1 - process.value(product=other, figure="asked_along")
        spell = ends.value(product=other, figure="mean_spell")
        reviews = success(catalogue, other) * spell / right_years(catalogue, other)
        asked[other] = _in_class(here, found[other], age, limitation) * (own + without * reviews)
    return asked


def _in_class(here: Town, needs: Needs, age: int, limitation: str) -> float:
    lives = {"yes": here.alone[age], "no": 1 - here.alone[age]}
    return sum(needs.rates[age][(limitation, y)] * lives[y] for y in ALONE)


def both(catalogue: Catalogue) -> tuple[Rows, Rows]:
    """Needs that are raised by themselves, and shares that come up in an inquiry for something else."""
    here = town(catalogue)
    found = {product: solve(catalogue, here, product) for product in PRODUCTS}
    process = catalogue.table("wmo_product_process")
    raised, along = [], []
    for product in PRODUCTS:
        part = process.value(product=product, figure="asked_along")
        none = {"product": product, "age": f"0-{ADULT - 1}"}
        raised += [{**none, "limitations": x, "lives_alone": y, "rate": "0"} for x in LIMITATIONS for y in ALONE]
        along += [{**none, "limitations": x, "share": "0"} for x in LIMITATIONS]
        for age in AGES:
            for x in LIMITATIONS:
                of = {"product": product, "age": str(age), "limitations": x}
                asked = _inquiries(catalogue, here, found, product, age, x)
                others = sum(asked.values()) - asked[product]
                total = _in_class(here, found[product], age, x)
                share = min(part * total / others, _MOST_ALONG)
                own = 1 - share * others / total
                along.append({**of, "share": f"{share:.4f}"})
                raised += [
                    {**of, "lives_alone": y, "rate": f"{own * found[product].rates[age][(x, y)]:.6f}"} for y in ALONE
                ]
    return raised, along


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "wmo_product_need": lambda catalogue: both(catalogue)[0],
    "wmo_product_along": lambda catalogue: both(catalogue)[1],
}
