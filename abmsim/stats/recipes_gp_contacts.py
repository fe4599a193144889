"""Contacts with general practice: home visits and the out-of-hours service by age, and how income and sex differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from abmsim.stats.by_age import ages_of
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.prevalence import residents

_OLDEST, _YOUNGEST = "85+", "0-4"
_THOUSAND = 1000


def home_visits(catalogue: Catalogue) -> list[dict[str, str]]:
    """As assumed under 85, and from 85 on what the published mean of all ages leaves."""
    kinds, assumed = catalogue.table("gp_contacts_by_kind_2017"), catalogue.table("gp_contact_assumptions")
    persons = residents(catalogue)
    every = (kinds.value(kind="home_visit_short") + kinds.value(kind="home_visit_long")) * sum(persons)
    rates = {age: assumed.value(age=age) for age in assumed.labels["age"]}
    under = sum(rate * persons[age] for label, rate in rates.items() for age in ages_of(label))
    rates[_OLDEST] = (every - under) / sum(persons[age] for age in ages_of(_OLDEST))
    return [{"age": age, "rate": f"{rate:.4f}"} for age, rate in rates.items()]


def out_of_hours(catalogue: Catalogue) -> list[dict[str, str]]:
    """All kinds together where they are published, and as assumed in between."""
    table = catalogue.table("gp_out_of_hours_2017")
    rates = {
        label: sum(number for cell, number in table.cells.items() if cell[0] == label) / _THOUSAND
        for label in table.labels["age"]
    }
    between = {
        row["age"]: float(row["out_of_hours"])
        for row in catalogue.rows("gp_contact_assumptions")
        if row["out_of_hours"]
    }
    rates = {_YOUNGEST: rates[_YOUNGEST], **between, _OLDEST: rates[_OLDEST]}
    return [{"age": age, "rate": f"{rate:.4f}"} for age, rate in rates.items()]


def ratio(catalogue: Catalogue) -> list[dict[str, str]]:
    """Contacts by tenth of income times contacts by sex, each against its mean."""
    incomes, sexes = catalogue.table("gp_contacts_by_income_2018"), catalogue.table("gp_contact_by_sex_2019")
    mean_income = sum(incomes.cells.values()) / len(incomes.cells)
    mean_sex = sum(sexes.cells.values()) / len(sexes.cells)
    return [
        {"income_decile": decile, "sex": sex, "ratio": f"{contacts / mean_income * share / mean_sex:.4f}"}
        for (decile,), contacts in incomes.cells.items()
        for (sex,), share in sexes.cells.items()
    ]


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "gp_home_visits": home_visits,
    "gp_out_of_hours": out_of_hours,
    "gp_contact_ratio": ratio,
}
