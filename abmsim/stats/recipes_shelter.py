"""Sheltered living and shelter: how often they are needed, from the persons who have them in a year."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_mortality import SEXES

_ADULT, _OLDEST = 18, 104
_LAST_PSYCHIATRIC = 75
_TARIFF_YEAR = "2024"
_HOMELESS_YEARS = ("2021", "2022", "2023")

Lines = list[dict[str, str]]


def _share(catalogue: Catalogue, figure: str) -> float:
    return catalogue.table("wmo_shelter_shares").value(figure=figure)


def _persons(catalogue: Catalogue) -> float:
    return catalogue.table("wmo_residence_and_shelter_2020").value(sex="total")


def _homeless(catalogue: Catalogue) -> float:
    table = catalogue.table("homeless_residents")
    return sum(table.value(year=year) for year in _HOMELESS_YEARS) / len(_HOMELESS_YEARS)


def sheltered_living_need(catalogue: Catalogue) -> Lines:
    """Those of a year are who was there and who came: with the length of stay that gives both, and the needs behind.

    By reason: needs for each resident with it who does not live sheltered yet.
    """
    years, came = _stays(catalogue)
    needs = came / _share(catalogue, "granted") / (1 - _share(catalogue, "solved"))
    rows = []
    for reason, able in _with_reason(catalogue).items():
        part = _share(catalogue, f"of_{reason}")
        outside = able - part * came * years if reason != "homeless" else able
        rows.append({"reason": reason, "rate": f"{part * needs / outside:.5f}"})
    return rows


def _stays(catalogue: Catalogue) -> tuple[float, float]:
    """How many years a stay in sheltered living lasts, and the stays that begin in a year."""
    rate = catalogue.table("wmo_shelter_rates").value(figure="stops")
    right = catalogue.table("wmo_shelter_right_years").value()
    years = 1 / (rate + _share(catalogue, "not_renewed") / right)
    return years, _persons(catalogue) * _share(catalogue, "sheltered_living") / (years + 1)


def wlz_psychiatric_ratio(catalogue: Catalogue) -> Lines:
    """The part of those who come from a group, against the part that the group is of the residents of 18-74."""
    come = catalogue.table("wlz_psychiatric_from")
    residents = catalogue.table("residents_nl_by_age_sex")
    everybody = sum(
        residents.value(year="2021", age=str(age), sex=sex) for age in range(_ADULT, _LAST_PSYCHIATRIC) for sex in SEXES
    )
    years, came = _stays(catalogue)
    known = catalogue.table("schizophrenia_known_to_gp")
    ill = sum(known.value(measure="in_year", sex=sex) for sex in SEXES)
    group = {"sheltered_living": years * came, "psychosis": ill - _share(catalogue, "of_psychosis") * years * came}
    group["others"] = everybody - sum(group.values())
    return [{"who": who, "ratio": f"{come.value(who=who) * everybody / n:.4f}"} for who, n in group.items()]


def _with_reason(catalogue: Catalogue) -> dict[str, float]:
    """Adults with schizophrenia, with a mild intellectual disability, homeless."""
    known = catalogue.table("schizophrenia_known_to_gp")
    residents = catalogue.table("residents_nl_by_age_sex")
    ages = [(age, sex) for age in range(_OLDEST + 1) for sex in SEXES]
    number = {cell: residents.value(year="2021", age=str(cell[0]), sex=cell[1]) for cell in ages}
    adults = sum(n for (age, _), n in number.items() if age >= _ADULT) / sum(number.values())
    return {
        "psychosis": sum(known.value(measure="in_year", sex=sex) for sex in SEXES),
        "intellectual_disability": catalogue.table("intellectual_disability_2018").value(severity="mild") * adults,
        "homeless": _homeless(catalogue),
    }


def shelter_asked(catalogue: Catalogue) -> Lines:
    """Those with shelter in the year for each one who is homeless in the year, before what is not granted."""
    assumed = catalogue.table("social_problem_assumptions")
    sigma = assumed.value(assumption="homeless_sigma")
    years = assumed.value(assumption="homeless_median_months") * math.exp(sigma * sigma / 2) / 12
    in_year = _homeless(catalogue) * (1 + 1 / years)
    reached = _share(catalogue, "granted") * (1 - _share(catalogue, "solved")) * _share(catalogue, "still_homeless")
    sheltered = _persons(catalogue) * (1 - _share(catalogue, "sheltered_living"))
    return [{"share": f"{sheltered / in_year / reached:.4f}"}]


def shelter_price(catalogue: Catalogue) -> Lines:
    """The price of each year against that of the tariffs, those of 2024."""
    price = catalogue.table("wmo_price")
    of_tariffs = price.value(year=_TARIFF_YEAR)
    return [{"year": year, "ratio": f"{price.value(year=year) / of_tariffs:.4f}"} for year in price.labels["year"]]


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "sheltered_living_need": sheltered_living_need,
    "shelter_asked": shelter_asked,
    "shelter_price": shelter_price,
    "wlz_psychiatric_ratio": wlz_psychiatric_ratio,
}
