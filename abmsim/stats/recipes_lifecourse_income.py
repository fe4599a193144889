"""Income and social assistance: tenths of income, how they change, who comes to need assistance."""

from __future__ import annotations

import math
from collections.abc import Sequence

from abmsim.stats.by_age import ages_of
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_lifecourse import MARRIED, UNMARRIED, line, shares_of
from abmsim.stats.recipes_lifecourse_work import LEVELS, share_at_work, share_learning
from abmsim.stats.recipes_mortality import SEXES

TENTHS = range(1, 11)
_YEARS_OF_MOBILITY = 13
"""From 2001 to 2014."""
PENSION_AGE = 66


def _assumed(catalogue: Catalogue, name: str) -> float:
    return catalogue.table("income_assumptions").value(assumption=name)


def tenths(catalogue: Catalogue) -> list[dict[str, str]]:
    """Share of households in each tenth of income by work and education of the head."""
    return [
        {"tenth": str(tenth), "employed": work, "education": level, "share": f"{share:.4f}"}
        for work in ("no", "yes") for level in LEVELS
        for tenth, share in zip(TENTHS, _tenths(catalogue, work, level), strict=True)
    ]  # fmt: skip


def _tenths(catalogue: Catalogue, work: str, level: str) -> list[float]:
    tilt = _assumed(catalogue, f"tilt_{level}")
    shares = [share * math.exp(tilt * (at - 5.5)) for at, share in zip(TENTHS, _of_work(catalogue, work), strict=True)]
    return [share / sum(shares) for share in shares]


def _of_work(catalogue: Catalogue, work: str) -> list[float]:
    """Tenths of households with income from employment, mean of the municipalities; the others' are what is left."""
    published = catalogue.table("income_of_employee_households")
    towns = published.labels["municipality"]
    mean = [sum(published.value(municipality=town, decile=str(at)) for town in towns) for at in TENTHS]
    employed = [number / sum(mean) for number in mean]
    if work == "yes":
        return employed
    part = _assumed(catalogue, "share_of_households_with_employment")
    left = [max(1 / len(TENTHS) - part * share, 0.01) for share in employed]
    return [share / sum(left) for share in left]


def rises(catalogue: Catalogue) -> list[dict[str, str]]:
    """Changes to the next higher tenth of income per year, by tenth, work and education of the head."""
    return _changes(catalogue, 1)


def falls(catalogue: Catalogue) -> list[dict[str, str]]:
    """Changes to the next lower tenth of income per year, by tenth, work and education of the head."""
    return _changes(catalogue, -1)


def _changes(catalogue: Catalogue, step: int) -> list[dict[str, str]]:
    """One step a change, at a pace at which the published share stays in the lowest and in the highest tenth.

    Between two tenths as many rise as fall, so that each group keeps its shares: the rarer one is left at the pace.
    """
    stayed = catalogue.table("income_mobility_2001_2014").cells.values()
    pace = sum(-math.log(percent / 100) / _YEARS_OF_MOBILITY for percent in stayed) / len(stayed)
    rows = []
    for work in ("no", "yes"):
        for level in LEVELS:
            shares = _tenths(catalogue, work, level)
            for tenth in TENTHS:
                to = tenth - 1 + step
                rate = pace * min(1.0, shares[to] / shares[tenth - 1]) if 0 <= to < len(shares) else 0.0
                cell = {"income_decile": str(tenth), "employed": work, "education": level}
                rows.append({**cell, "rate": f"{rate:.5f}"})
    return rows


def assistance_exits(catalogue: Catalogue) -> list[dict[str, str]]:
    """Spells of social assistance that end per person-year with it."""
    figures = catalogue.table("social_assistance_ended_2023")
    rate = figures.value(figure="ended_spells") / figures.value(figure="persons_with_assistance")
    return [{"rate": f"{rate:.4f}"}]


def assistance_entries(catalogue: Catalogue) -> list[dict[str, str]]:
    """Begins to have social assistance per person-year of those who can, by age and sex.

    So many that the share with assistance becomes that of the next age, when the published part of spells ends. Who has
    work, is still learning or lives with a partner who works cannot; the partner works as often as others of that age.
    """
    ends = float(assistance_exits(catalogue)[0]["rate"])
    points, at_work = _shares_with_assistance(catalogue), share_at_work(catalogue)
    couples, learning = shares_of(catalogue), share_learning(catalogue)
    persons = catalogue.table("social_assistance_by_sex_2023")
    mean = sum(persons.cells.values()) / len(SEXES)
    rows = []
    for sex in SEXES:
        factor = persons.value(sex=sex) / mean
        rows.append({"age": "0-17", "sex": sex, "rate": "0"})
        for age in range(18, PENSION_AGE):
            now, then = line(points, age), line(points, age + 1.0)
            share = (now + then) / 2
            begun = max(then - now + ends * share, 0.0)
            idle = 1 - at_work(age + 0.5)
            can = idle * (1 - learning(age)) * (1 - couples(age + 0.5, *MARRIED, *UNMARRIED) * (1 - idle))
            without = max(can - share, 0.02)
            rows.append({"age": str(age), "sex": sex, "rate": f"{factor * begun / without:.5f}"})
        rows.append({"age": f"{PENSION_AGE}-120", "sex": sex, "rate": "0"})
    return rows


def _shares_with_assistance(catalogue: Catalogue) -> Sequence[tuple[float, float]]:
    """Share of residents with assistance at the middle of each group of ages, at the level of 2020; none at 18."""
    persons = catalogue.table("social_assistance_by_age_2023").cells
    level = catalogue.table("social_assistance_2020").value(sex="total") / sum(persons.values())
    residents = catalogue.table("residents_nl_2020_by_age")
    points = [(18.0, 0.0)]
    for (label,), number in persons.items():
        ages = ages_of(label)
        total = sum(residents.value(age=str(age)) for age in ages)
        points.append(((ages[0] + ages[-1] + 1) / 2, number * level / total))
    return points
