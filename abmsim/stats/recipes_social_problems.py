"""Psychosis, intellectual disability, loneliness, debts and homelessness: rates from those who have them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from abmsim.stats.by_age import ages_of, between
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.prevalence import resident_count
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES
from abmsim.stats.recipes_wlz_inside import persons_inside

Lines = list[dict[str, str]]

_ADULT = 18
_OLDEST = 104
"""The oldest of whom residents are counted apart."""

_ALONE = ("single",)
_WITHOUT_PARTNER = ("child_at_home", "single", "single_parent", "other_member")
_WITH_PARTNER = (
    "partner_unmarried_no_children",
    "partner_married_no_children",
    "partner_unmarried_with_children",
    "partner_married_with_children",
)
_ORIGINS_AT_RISK = ("suriname", "dutch_caribbean", "morocco")
_DEBT_AGES = {"age_24": 21, "age_25_44": 35, "age_45_64": 55, "age_65": 72}
"""Published classes, and the age at which each one's figure stands."""

_FIFTHS = {"1-2": "income_1", "3-4": "income_2", "5-6": "income_3", "7-8": "income_4", "9-10": "income_5"}


def psychosis_begins(catalogue: Catalogue) -> Lines:
    """A first psychosis: the level at which so many residents have had one as the GP knows with schizophrenia."""
    shape = catalogue.table("psychosis_onset_shape")
    known = catalogue.table("schizophrenia_known_to_gp")
    part = catalogue.table("mental_health_shares").value(assumption="schizophrenia_part")
    rows = []
    for age_class in shape.labels["age"]:
        for sex in SEXES:
            of_life: dict[int, float] = {}
            for label in shape.labels["age"]:
                of_life |= _spread_out(label, shape.value(age=label, sex=sex))
            ever = _running(of_life)
            have = sum(resident_count(catalogue, age, sex) * ever[age] for age in range(_OLDEST + 1))
            level = known.value(measure="in_year", sex=sex) / have / part / _raised_by_origin(catalogue)
            rate = level * of_life[ages_of(age_class, LAST_AGE)[0]]
            rows.append({"age": age_class, "sex": sex, "rate": f"{rate:.7f}"})
    return rows


def _raised_by_origin(catalogue: Catalogue) -> float:
    """The mean over all origins of what the one of higher risk multiplies a rate by."""
    residents = catalogue.table("population_by_origin_2022")
    at_risk = sum(n for cell, n in residents.cells.items() if cell[0] in _ORIGINS_AT_RISK)
    part = at_risk / sum(residents.cells.values())
    times = catalogue.table("mental_health_assumptions").value(assumption="psychosis_times_origin")
    return 1 + part * (times - 1)


def _spread_out(label: str, share: float) -> dict[int, float]:
    """A class's share over its ages; the open one up to 80 and at the same pace beyond."""
    years = len(ages_of(label, 80))
    return {age: share / years for age in ages_of(label, LAST_AGE)}


def _running(of_life: Mapping[int, float]) -> list[float]:
    """The part before the middle of each year of age."""
    ever, before = [], 0.0
    for age in range(LAST_AGE + 1):
        ever.append(before + of_life[age] / 2)
        before += of_life[age]
    return ever


def intellectual_disability(catalogue: Catalogue) -> Lines:
    """Of all residents those with a disability, without those who are told to live in an institution for it."""
    disabled = catalogue.table("intellectual_disability_2018")
    residents = catalogue.table("residents_nl").value(year="2020")
    severe = catalogue.table("wlz_shares").value(choice="severe_inside")
    inside = persons_inside(catalogue, "intellectual")
    part = {"severe": severe, "mild": 1 - severe}
    return [
        {"severity": label, "share": f"{(disabled.value(severity=label) - inside * part[label]) / residents:.5f}"}
        for label in disabled.labels["severity"]
    ]


def _positions(catalogue: Catalogue) -> dict[str, dict[str, float]]:
    """Persons of the country by five-year age group and position."""
    found: dict[str, dict[str, float]] = {}
    for row in catalogue.rows("household_positions_2020"):
        group = found.setdefault(row["age"], {})
        for position in (*_WITHOUT_PARTNER, *_WITH_PARTNER):
            group[position] = group.get(position, 0.0) + float(row[position])
    return found


def _part(groups: Mapping[str, Mapping[str, float]], ages: range, positions: Sequence[str]) -> float:
    """Of the residents of the groups that lie in the ages those in the positions."""
    inside = [group for label, group in groups.items() if ages_of(label, 99)[0] in ages]
    everybody = sum(sum(group.values()) for group in inside)
    return sum(group[position] for group in inside for position in positions) / everybody


def loneliness_shares(catalogue: Catalogue) -> Lines:
    """By age the published share; those who live alone and those who do not apart by the published ratio."""
    published = catalogue.table("loneliness_2022")
    by_household = catalogue.table("loneliness_by_household_2017")
    somewhat = catalogue.table("loneliness_somewhat_2017").value()
    strongly = by_household.value(household="single") / by_household.value(household="couple")
    ratio = {"some": somewhat, "strong": strongly}
    groups = _positions(catalogue)
    rows = []
    for level, times in ratio.items():
        rows += [{"level": level, "age": "0-14", "lives_alone": alone, "share": "0"} for alone in ("no", "yes")]
        for label in published.labels["age"]:
            singles = _part(groups, ages_of(label, 99), _ALONE)
            others = published.value(age=label, level=level) / 100 / (1 - singles + singles * times)
            rows.append({"level": level, "age": label, "lives_alone": "no", "share": f"{others:.4f}"})
            rows.append({"level": level, "age": label, "lives_alone": "yes", "share": f"{others * times:.4f}"})
    return rows


def debt_ends(catalogue: Catalogue) -> Lines:
    """Households that come to have debts in a year for each one that has them: as many end."""
    debts = catalogue.table("debts_registered")
    rate = 12 * debts.value(measure="households_in_a_month_2020") / debts.value(measure="households_1_october_2020")
    return [{"rate": f"{rate:.4f}"}]


def debt_shares(catalogue: Catalogue) -> dict[str, list[float]]:
    """By fifth of income the part in debt at exact ages: the shape of arrears, at the level of registered debts."""
    arrears = catalogue.table("arrears_2021")
    least = catalogue.table("social_problem_assumptions").value(assumption="debts_of_income_4_and_5")
    by_age = [(float(age), arrears.value(group=label)) for label, age in _DEBT_AGES.items()]
    line = [0.0] * _ADULT + [between(by_age, age) for age in range(_ADULT, LAST_AGE + 2)]
    by_income = {label: arrears.value(group=group) or least for label, group in _FIFTHS.items()}
    mean = sum(by_income.values()) / len(by_income)
    number = {age: sum(resident_count(catalogue, age, sex) for sex in SEXES) for age in range(16, _OLDEST + 1)}
    over = sum(n * (line[age] + line[age + 1]) / 2 for age, n in number.items()) / sum(number.values())
    level = catalogue.table("debts_registered").value(measure="persons_16_plus_percent_2018") / 100 / over
    return {label: [part * level * income / mean for part in line] for label, income in by_income.items()}


def debt_begins(catalogue: Catalogue) -> Lines:
    """As many as raise the share to that of the next age, and as end in the year; at 18 those of that age at once."""
    ends = catalogue.table("debt_ends_rate").value()
    shares = debt_shares(catalogue)
    rows = [{"age": f"0-{_ADULT - 1}", "income_decile": label, "rate": "0"} for label in shares]
    for age in range(_ADULT, LAST_AGE + 1):
        for label, share in shares.items():
            mean = (share[age] + share[age + 1]) / 2
            rate = (share[age + 1] - share[age] + ends * mean) / (1 - mean)
            rows.append({"age": str(age), "income_decile": label, "rate": f"{max(rate, 0.0):.5f}"})
    return rows


def homeless_begins(catalogue: Catalogue) -> Lines:
    """Of residents without a partner: those homeless, by how long it lasts and by the mean of what raises the rate."""
    homeless = catalogue.table("homeless_residents")
    stock = sum(homeless.value(year=year) for year in ("2021", "2022", "2023")) / 3
    men = catalogue.table("homeless_2024").value(measure="men_percent") / 100
    by_age = catalogue.table("homeless_by_age_2023")
    assumed = catalogue.table("social_problem_assumptions")
    sigma = assumed.value(assumption="homeless_sigma")
    years = assumed.value(assumption="homeless_median_months") * math.exp(sigma * sigma / 2) / 12
    parted = catalogue.table("mental_health_shares").value(assumption="homeless_from_separation")
    groups = _positions(catalogue)
    rows = [{"age": "0-17", "sex": sex, "rate": "0"} for sex in SEXES]
    for label in by_age.labels["age"]:
        ages = ages_of(label, _OLDEST)
        single = _part(groups, range(ages[0] // 5 * 5, ages[-1] + 1), _WITHOUT_PARTNER)
        for sex in SEXES:
            persons = stock * by_age.value(age=label) / 100 * (men if sex == "male" else 1 - men)
            able = single * sum(resident_count(catalogue, age, sex) for age in ages) - persons
            rate = persons / years / able / _raised(catalogue) * (1 - parted)
            rows.append({"age": label, "sex": sex, "rate": f"{rate:.6f}"})
    rows += [{"age": "65+", "sex": sex, "rate": "0"} for sex in SEXES]
    return rows


def _raised(catalogue: Catalogue) -> float:
    """The mean of what debts and psychosis multiply the rate by, as if they came apart from each other."""
    assumed = catalogue.table("social_problem_assumptions")
    debts = catalogue.table("debts_registered").value(measure="persons_16_plus_percent_2018") / 100
    known = catalogue.table("schizophrenia_known_to_gp")
    part = catalogue.table("mental_health_shares").value(assumption="schizophrenia_part")
    residents = sum(resident_count(catalogue, age, sex) for age in range(_OLDEST + 1) for sex in SEXES)
    psychosis = sum(known.value(measure="in_year", sex=sex) for sex in SEXES) / part / residents
    of_debts = 1 + debts * (assumed.value(assumption="homeless_times_debts") - 1)
    return of_debts * (1 + psychosis * (assumed.value(assumption="homeless_times_psychosis") - 1))


def homeless_known(catalogue: Catalogue) -> Lines:
    """Those in a register, of all homeless residents."""
    homeless = catalogue.table("homeless_2024")
    return [{"share": f"{homeless.value(measure='in_registers') / homeless.value(measure='persons'):.4f}"}]


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "psychosis_begins": psychosis_begins,
    "intellectual_disability": intellectual_disability,
    "loneliness_shares": loneliness_shares,
    "debt_ends": debt_ends,
    "debt_begins": debt_begins,
    "homeless_begins": homeless_begins,
    "homeless_known": homeless_known,
}
