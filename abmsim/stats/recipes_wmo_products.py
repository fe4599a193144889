"""Products of the Wmo beside household help: how many have them, how they end, and what they cost."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from statistics import median

from abmsim.stats.by_age import ages_of
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_household_help import BANDS
from abmsim.stats.recipes_mortality import SEXES

SUPPORT = ("guidance", "day_activities", "short_stay")
AIDS = ("transport", "wheelchair", "aids", "home_adaptation")
PRODUCTS = (*SUPPORT, *AIDS)

SPENT_IN, TARIFFS_OF = 2018, 2023
PRICED = range(2015, 2031)
RESIDENTS_OF = "2022"
WEEKS_A_YEAR, MONTHS_A_YEAR = 365.25 / 7, 12
MILLION = 1_000_000
_HALF_YEARS = {"2020": 1, "2022H1": 2}
"""How many such periods a year has."""

Rows = list[dict[str, str]]


def persons(catalogue: Catalogue) -> Rows:
    """Persons in a year by product; who has support but no guidance has day activities, as often as in Voorst."""
    voorst = catalogue.table("wmo_products_of_voorst_2023")
    guidance = catalogue.table("wmo_guidance_persons").value(period="2024")
    support = catalogue.table("wmo_support_at_home_persons").value(period="2024")
    aids = catalogue.table("wmo_aids_and_services_persons").value(year="2020")
    without_guidance = voorst.value(type="support_at_home") - voorst.value(type="guidance")
    found = {
        "guidance": guidance,
        "day_activities": (support - guidance) * voorst.value(type="day_activities") / without_guidance,
        "short_stay": support * catalogue.table("wmo_short_stay_part").value(),
    } | {name: aids * voorst.value(type=name) / voorst.value(type="aids_and_services") for name in AIDS}
    return [{"product": name, "persons": f"{found[name]:.0f}"} for name in PRODUCTS]


def by_band(catalogue: Catalogue, product: str) -> dict[str, float]:
    """Persons with the product in a year by age band: the assumed part of all clients, whose ages are published."""
    shape = catalogue.table("wmo_product_age_shape")
    against = catalogue.table("wmo_use_by_age_of_75_84")
    old = catalogue.table("wmo_use_of_85_and_older")
    places = old.labels["municipality"]
    of_85 = [old.value(municipality=at, age="85+") / old.value(municipality=at, age="75-84") for at in places]
    use = {"75-84": 1.0, "85+": sum(of_85) / len(of_85)}
    use |= {band: against.value(age=band) for band in against.labels["age"]}
    living = {band: sum(residents(catalogue, age) for age in ages_of(band)) for band in BANDS}
    weight = {band: shape.value(product=product, age=band) * use[band] * living[band] for band in BANDS}
    total = catalogue.table("wmo_product_persons").value(product=product)
    return {band: total * of_band / sum(weight.values()) for band, of_band in weight.items()}


def residents(catalogue: Catalogue, age: int) -> float:
    table = catalogue.table("residents_nl_by_age_sex")
    if str(age) not in table.labels["age"]:
        return 0.0
    return sum(table.value(year=RESIDENTS_OF, age=str(age), sex=sex) for sex in SEXES)


def ends(catalogue: Catalogue) -> Rows:
    """Mean spell with deaths, and what leaves the living: early, or by a right that is not renewed.

    With rights of R years, early ends at rate e and a part n not renewed, a spell of a living user lasts
    B / (1 - (1 - n) exp(-eR)) on average, where B = (1 - exp(-eR)) / e.
    """
    reasons = catalogue.table("wmo_end_reasons")
    planned = reasons.value(reason="as_planned") / (reasons.value(reason="all") - reasons.value(reason="deceased"))
    rows = []
    for product in PRODUCTS:
        spell = 1 / _ended_of_aids(catalogue) if product in AIDS else _spell_of_support(catalogue)
        leaving = 1 / spell - _mortality(catalogue, product)
        early = leaving * (1 - planned)
        stays = math.exp(-early * right_years(catalogue, product))
        not_renewed = 1 - (1 - leaving * (1 - stays) / early) / stays
        figures = {"mean_spell": spell, "leaving": leaving, "early": early, "not_renewed": not_renewed}
        for figure, value in figures.items():
            rows.append({"product": product, "figure": figure, "value": f"{value:.4f}"})
    return rows


def right_years(catalogue: Catalogue, product: str) -> float:
    process = catalogue.table("wmo_product_process")
    return sum(process.value(product=product, figure=f"right_{end}") for end in ("shortest", "longest")) / 2


def _spell_of_support(catalogue: Catalogue) -> float:
    """Years, from the persons of a year and of its first half, as for household help."""
    starts, stock = support_turnover(catalogue)
    return stock / starts


def support_turnover(catalogue: Catalogue) -> tuple[float, float]:
    """Starts a year and users on 1 January: steady within the year and nobody twice."""
    table = catalogue.table("wmo_support_at_home_persons")
    half, year = table.value(period="2024H1"), table.value(period="2024")
    starts = 2 * (year - half)
    return starts, half - starts / 2


def _ended_of_aids(catalogue: Catalogue) -> float:
    """Arrangements that end in a year, as a part of those that run: the median municipality."""
    cells = catalogue.table("wmo_arrangements_of_aids_and_services").cells
    return median(
        _HALF_YEARS[period] * number / cells[(period, place, "running")]
        for (period, place, kind), number in cells.items() if kind == "ended"
    )  # fmt: skip


def _mortality(catalogue: Catalogue, product: str) -> float:
    """Deaths per person-year among users, who die at the rates of their age."""
    rates, of = catalogue.table("death_rate"), catalogue.table("residents_nl_by_age_sex")
    users, deaths = by_band(catalogue, product), 0.0
    for band, number in users.items():
        cells = [(a, sex) for a in ages_of(band) for sex in SEXES if str(a) in of.labels["age"]]
        at_risk = [of.value(year=RESIDENTS_OF, age=str(age), sex=sex) for age, sex in cells]
        died = [n * rates.value(age=str(age), sex=sex) for n, (age, sex) in zip(at_risk, cells, strict=True)]
        deaths += number * sum(died) / sum(at_risk)
    return deaths / sum(users.values())


def _figure(figure: str, column: str) -> Callable[[Catalogue], Rows]:
    def rows(catalogue: Catalogue) -> Rows:
        table = catalogue.table("wmo_product_ends")
        return [{"product": name, column: f"{table.value(product=name, figure=figure):.4f}"} for name in PRODUCTS]

    return rows


def pgb_part(catalogue: Catalogue) -> Rows:
    """Clients with a budget only and half of those with both, of all clients of the areas."""
    cells = catalogue.table("wmo_clients_by_financing_form").cells
    of = {form: sum(n for (_, label), n in cells.items() if label == form) for form in ("pgb_only", "both")}
    return [{"share": f"{(of['pgb_only'] + of['both'] / 2) / sum(cells.values()):.4f}"}]


def guidance_hours(catalogue: Catalogue) -> Rows:
    """What is left of the expenditure on support at home for guidance, hours a week of each who has it on a day."""
    _, stock = support_turnover(catalogue)
    on_a_day = stock / catalogue.table("wmo_support_at_home_persons").value(period="2024")
    products = catalogue.table("wmo_product_persons")
    support = catalogue.table("wmo_support_at_home_persons").value(period="2024")
    clients = catalogue.table("wmo_clients_by_type_2018").value(type="support_at_home") * on_a_day
    tariffs = catalogue.table("wmo_tariffs")
    prices = math.exp(catalogue.table("wmo_price_growth").value() * (SPENT_IN - TARIFFS_OF))
    with_it = {name: clients * products.value(product=name) / support for name in SUPPORT}
    day = tariffs.value(service="group") * catalogue.table("wmo_day_activities_hours").value() * WEEKS_A_YEAR
    stay = tariffs.value(service="short_stay") * catalogue.table("wmo_short_stay_days").value() * MONTHS_A_YEAR
    spent = catalogue.table("wmo_expenditure_2018").value(type="support_at_home") * MILLION
    left = spent / prices - with_it["day_activities"] * day - with_it["short_stay"] * stay
    an_hour = with_it["guidance"] * tariffs.value(service="guidance") * WEEKS_A_YEAR
    return [{"hours": f"{left / an_hour:.3f}"}]


def aids_euros(catalogue: Catalogue) -> Rows:
    """What is left of expenditure at home for wheelchairs, aids and adaptations, a month of each in prices of 2023."""
    clients = catalogue.table("wmo_clients_by_type_2018").value(type="aids_and_services")
    on_a_day = clients / (1 + _ended_of_aids(catalogue))
    voorst = catalogue.table("wmo_products_of_voorst_2023")
    each = {name: on_a_day * voorst.value(type=name) / voorst.value(type="aids_and_services") for name in AIDS}
    ride = catalogue.table("wmo_tariffs").value(service="transport_near")
    rides = catalogue.table("wmo_transport_days").value() * ride
    spent = catalogue.table("wmo_expenditure_2018")
    left = spent.value(type="at_home") - spent.value(type="support_at_home") - spent.value(type="household_help")
    prices = math.exp(catalogue.table("wmo_price_growth").value() * (SPENT_IN - TARIFFS_OF))
    a_month = left * MILLION / prices / MONTHS_A_YEAR - each.pop("transport") * rides
    return [{"euros": f"{a_month / sum(each.values()):.2f}"}]


def price(catalogue: Catalogue) -> Rows:
    """Tariffs grow by the same part each year; the last year's goes on."""
    growth = catalogue.table("wmo_price_growth").value()
    ratio = {year: f"{math.exp(growth * (year - TARIFFS_OF)):.4f}" for year in PRICED}
    first, last = PRICED[0], PRICED[-1]
    labels = {first: f"0-{first}", last: f"{last}+"}
    return [{"year": labels.get(year, str(year)), "ratio": of_year} for year, of_year in ratio.items()]


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "wmo_product_persons": persons,
    "wmo_product_ends": ends,
    "wmo_product_ends_early": _figure("early", "rate"),
    "wmo_product_not_renewed": _figure("not_renewed", "share"),
    "wmo_pgb_part": pgb_part,
    "wmo_guidance_hours": guidance_hours,
    "wmo_aids_euros": aids_euros,
    "wmo_price": price,
}
