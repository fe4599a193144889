"""Institutions: who enters and who dies there, from the shares that live in them and the deaths in nursing homes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_lifecourse import MARRIED, UNMARRIED, shares_by_sex, shares_of, steps
from abmsim.stats.recipes_lifecourse_homes import assumed_of_homes
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES, bisect

FIRST_INSTITUTION_AGE = 12
AGED = 65


def institution_deaths(catalogue: Catalogue) -> list[dict[str, str]]:
    """Deaths of residents of institutions and of all others against those of their age, from 65 on.

    The share that lives in other institutions than nursing homes is that of the years before 65. Residents of nursing
    homes die at the published rate, at whatever age; who lives at home so much less that the deaths of an age stay the
    same.
    """
    ratios = _death_ratios(catalogue)
    rows = [{"age": f"0-{AGED - 1}", "in_institution": within, "ratio": "1"} for within in ("no", "yes")]
    for low, (outside, inside) in ratios.items():
        label = f"{low}-{low + 4}" if low < 95 else f"{low}-{LAST_AGE}"
        rows.append({"age": label, "in_institution": "no", "ratio": f"{outside:.4f}"})
        rows.append({"age": label, "in_institution": "yes", "ratio": f"{inside:.4f}"})
    return rows


def mortality(catalogue: Catalogue, age: int) -> float:
    death, persons = catalogue.table("death_rate"), catalogue.table("residents_nl_by_age_sex")
    number = {sex: persons.value(year="2021", age=str(min(age, 99)), sex=sex) for sex in SEXES}
    deaths = sum(number[sex] * death.value(age=str(min(age, LAST_AGE)), sex=sex) for sex in SEXES)
    return deaths / sum(number.values())


def _death_ratios(catalogue: Catalogue) -> dict[int, tuple[float, float]]:
    """(outside, inside) by the first age of each group of five."""
    share = shares_of(catalogue)
    published = catalogue.table("household_life_facts").value(fact="nursing_home_deaths_per_resident_year")
    found = {}
    others = share(AGED - 2.5, "institution")
    for low in range(AGED, 100, 5):
        within = share(low + 2.5, "institution")
        in_homes = max(within - others, 0.0) / within
        inside = max(in_homes * published / mortality(catalogue, low + 2) + 1 - in_homes, 1.0)
        found[low] = ((1 - within * inside) / (1 - within), inside)
    return found


def institution_rates(catalogue: Catalogue) -> list[dict[str, str]]:
    """Enters an institution per year at home, by age and having a partner.

    So many that the share in institutions becomes that of the next age though its residents die sooner, those of the
    same year included. Nobody leaves but by death, so under 65 it is the rise of the share alone.
    """
    share, both = shares_of(catalogue), shares_by_sex(catalogue)
    ratios = _death_ratios(catalogue)
    factor = assumed_of_homes(catalogue, "entering_institution_without_partner")
    rates: dict[str, list[float]] = {"no": [], "yes": []}
    for age in range(FIRST_INSTITUTION_AGE, 100):
        now, then = share(age, "institution"), share(age + 1, "institution")
        rate = mortality(catalogue, age)
        outside, inside = (rate * ratio for ratio in ratios.get(min(age // 5 * 5, 95), (1.0, 1.0)))
        entries = entering(now, then, outside, inside)
        partner = sum(both(sex, age + 0.5, *MARRIED, *UNMARRIED) for sex in SEXES) / 2
        mean = partner + factor * (1 - partner)
        rates["yes"].append(entries / mean)
        rates["no"].append(factor * entries / mean)
    return _by_partner(rates)


def entering(now: float, then: float, dying_outside: float, dying_inside: float) -> float:
    """Entries per year at home after which the share `now` in institutions is `then`, at these death rates."""

    def share_after(rate: float) -> float:
        at_home = math.exp(-rate - dying_outside)
        staying = math.exp(-dying_inside)
        apart = dying_inside - dying_outside - rate
        # of those who entered in the year; where the two exponents are one, the limit
        entered = rate * (staying if abs(apart) < 1e-9 else (at_home - staying) / apart)
        within = now * staying + (1 - now) * entered
        return within / (within + (1 - now) * at_home)

    return 0.0 if share_after(0.0) >= then else bisect(lambda rate: share_after(rate) - then, 0.0, 1.0)


def _by_partner(rates: Mapping[str, Sequence[float]]) -> list[dict[str, str]]:
    rows = []
    for partner, values in rates.items():
        for age, rate in steps(values, FIRST_INSTITUTION_AGE):
            figure = f"{values[-1]:.5f}" if age.startswith("100") else rate
            rows.append({"age": age, "has_partner": partner, "rate": figure})
    return rows
