"""Depression and anxiety: how often episodes begin and return, from those who had one in the year and ever."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from abmsim.stats.by_age import between
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.prevalence import resident_count
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES

_FIRST, _LAST = 18, 75
"""Ages of the survey."""

_MONTHS = 12
_ROUNDS = 40
_MOST = 0.95
"""At most this part of the episodes of an age is known to the GP."""

Lines = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Disorder:
    """By sex those with the disorder in twelve months by exact age and those who ever had it, and how long it lasts."""

    year: Mapping[str, Sequence[float]]
    ever: Mapping[str, float]
    lasts: Sequence[float]
    """Part of the episodes that still lasts at the end of the month in which they began, of the next one, ..."""


@dataclass(frozen=True, slots=True)
class Course:
    """By completed age the rate of a first episode, and how many times that another one comes."""

    begins: Sequence[float]
    again: float
    ever: Sequence[float]


def spread(catalogue: Catalogue) -> Lines:
    """Sigma of the lognormal through the median and those not recovered after three years."""
    course = catalogue.table("depression_course_2018")
    later = course.value(measure="not_recovered_after_3_years_percent") / 100
    sigma = math.log(36 / course.value(measure="median_months")) / NormalDist().inv_cdf(1 - later)
    return [{"sigma": f"{sigma:.4f}"}]


def depression(catalogue: Catalogue) -> Disorder:
    survey = catalogue.table("mental_disorders_2019_2022")
    year = {sex: survey.value(measure=f"depression_12_months_{word}") / 100 for sex, word in _WORDS.items()}
    ever = {sex: survey.value(measure=f"depression_ever_{word}") / 100 for sex, word in _WORDS.items()}
    young = survey.value(measure="depression_12_months_18_24") / survey.value(measure="depression_12_months")
    median = catalogue.table("depression_course_2018").value(measure="median_months")
    sigma = catalogue.table("depression_spread").value()
    return Disorder(_curves(catalogue, year, young), ever, _lasts(median, sigma))


def anxiety(catalogue: Catalogue) -> Disorder:
    """Women and men apart by the ratio of those who ever had one in NEMESIS-2."""
    survey = catalogue.table("mental_disorders_2019_2022")
    by_sex = catalogue.table("anxiety_ever_by_sex_2007_2009")
    mean = sum(by_sex.value(sex=sex) for sex in SEXES) / len(SEXES)
    part = {sex: by_sex.value(sex=sex) / mean / 100 for sex in SEXES}
    year = {sex: survey.value(measure="anxiety_12_months") * part[sex] for sex in SEXES}
    ever = {sex: survey.value(measure="anxiety_ever") * part[sex] for sex in SEXES}
    assumed = catalogue.table("mental_health_assumptions")
    lasts = _lasts(assumed.value(assumption="anxiety_median_months"), assumed.value(assumption="anxiety_sigma"))
    return Disorder(_curves(catalogue, year, None), ever, lasts)


_WORDS = {"female": "women", "male": "men"}


def _lasts(median: float, sigma: float) -> list[float]:
    """The part of the episodes that lasts longer than half a month, a month and a half, ..."""
    normal = NormalDist(math.log(median), sigma)
    return [1 - normal.cdf(math.log(month + 1 / 2)) for month in range((LAST_AGE + 1) * _MONTHS)]


def _curves(catalogue: Catalogue, level: Mapping[str, float], young: float | None) -> dict[str, list[float]]:
    """By sex the part with it in the last twelve months at exact ages: the shape of any disorder, at the sex's level.

    From nothing at the first age to the middle of the youngest class in a line, and level beyond the oldest.
    """
    disorders = catalogue.table("any_mental_disorder_by_age_2019_2022")
    first = catalogue.table("mental_health_assumptions").value(assumption="first_age")
    shape = {}
    for label in disorders.labels["age"]:
        low, high = (int(part) for part in label.split("-"))
        shape[(low + high + 1) / 2] = disorders.value(age=label) / sum(
            resident_count(catalogue, age, sex) for age in range(low, high + 1) for sex in SEXES
        )
    if young is not None:
        mean = sum(disorders.value(age=label) for label in disorders.labels["age"]) / sum(
            resident_count(catalogue, age, sex) for age in range(_FIRST, _LAST + 1) for sex in SEXES
        )
        shape[min(shape)] = young * mean
    points = [(first, 0.0), *sorted(shape.items())]
    line = [between(points, age) for age in range(LAST_AGE + 2)]
    return {sex: [part * level[sex] / _over_survey(catalogue, line, sex) for part in line] for sex in SEXES}


def _over_survey(catalogue: Catalogue, line: Sequence[float], sex: str) -> float:
    """The mean over the residents of the ages of the survey."""
    number = [resident_count(catalogue, age, sex) for age in range(_FIRST, _LAST + 1)]
    parts = [(line[age] + line[age + 1]) / 2 for age in range(_FIRST, _LAST + 1)]
    return sum(n * part for n, part in zip(number, parts, strict=True)) / sum(number)


def course(catalogue: Catalogue, disorder: Disorder, sex: str) -> Course:
    """First episodes by age that give those with it in the year, and how much oftener others come, for those ever."""
    low, high = 1.0, 400.0
    found = _lived(disorder, sex, high)
    for _ in range(_ROUNDS):
        again = math.sqrt(low * high)
        found = _lived(disorder, sex, again)
        if _over_survey(catalogue, found.ever, sex) > disorder.ever[sex]:
            low = again
        else:
            high = again
    return found


def _lived(disorder: Disorder, sex: str, again: float) -> Course:
    """One life month by month: never, in an episode, recovered; a rate for each year of age."""
    never, recovered = 1.0, 0.0
    began = np.zeros((LAST_AGE + 1) * _MONTHS)
    lasts = np.asarray(disorder.lasts)[::-1]
    begins, ever, month = [], [0.0], 0
    for age in range(LAST_AGE + 1):
        inside = max(0.0, 1 - never - recovered)
        rate = _rate(disorder.year[sex][age + 1] - inside, never, recovered, again)
        for _ in range(_MONTHS):
            first = never * -math.expm1(-rate / _MONTHS)
            other = recovered * -math.expm1(-rate * again / _MONTHS)
            never -= first
            began[month] = first + other
            month += 1
            inside = float(began[:month] @ lasts[-month:])
            recovered = max(0.0, 1 - never - inside)
        begins.append(rate)
        ever.append(1 - never)
    return Course(begins, again, ever)


def _rate(wanted: float, never: float, recovered: float, again: float) -> float:
    """The rate at which so many are struck in a year who were not in an episode when it began."""
    if wanted <= 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(_ROUNDS):
        rate = (low + high) / 2
        if never * -math.expm1(-rate) + recovered * -math.expm1(-rate * again) < wanted:
            low = rate
        else:
            high = rate
    return (low + high) / 2


def _first(disorder_of: Callable[[Catalogue], Disorder]) -> Callable[[Catalogue], Lines]:
    return lambda catalogue: _rates(catalogue, disorder_of(catalogue), returns=False)


def _another(disorder_of: Callable[[Catalogue], Disorder]) -> Callable[[Catalogue], Lines]:
    return lambda catalogue: _rates(catalogue, disorder_of(catalogue), returns=True)


def _rates(catalogue: Catalogue, disorder: Disorder, returns: bool) -> Lines:
    found = {sex: course(catalogue, disorder, sex) for sex in SEXES}
    rows = []
    for age in range(LAST_AGE + 1):
        for sex in SEXES:
            rate = found[sex].begins[age] * (found[sex].again if returns else 1)
            rows.append({"age": str(age), "sex": sex, "rate": f"{rate:.5f}"})
    return rows


def depression_known(catalogue: Catalogue) -> Lines:
    """Known to the GP in the year for each one with a depression in the year; before the first age as in that class."""
    known = catalogue.table("depression_known_to_gp_2019")
    year = depression(catalogue).year
    rows = []
    for label in known.labels["age"]:
        low, _, high = label.rstrip("+").partition("-")
        ages = range(int(low), min(int(high or 94), LAST_AGE) + 1)
        for sex in SEXES:
            number = [resident_count(catalogue, age, sex) for age in ages]
            parts = [(year[sex][age] + year[sex][age + 1]) / 2 for age in ages]
            ill = sum(n * part for n, part in zip(number, parts, strict=True)) / sum(number)
            share = known.value(age=label, sex=sex) / 100 / ill if ill else _MOST
            rows.append({"age": label, "sex": sex, "share": f"{min(share, _MOST):.4f}"})
    return rows


def anxiety_known(catalogue: Catalogue) -> Lines:
    """Persons known to the GP in 2019 for each one with an anxiety disorder in the year, of all ages together."""
    known = catalogue.table("anxiety_known_to_gp")
    year = anxiety(catalogue).year
    rows = []
    for sex in SEXES:
        ill = sum(resident_count(catalogue, age, sex) * (year[sex][age] + year[sex][age + 1]) / 2 for age in range(100))
        rows.append({"sex": sex, "share": f"{known.value(year='2019', sex=sex) / ill:.4f}"})
    return rows


def education_ratio(catalogue: Catalogue) -> Lines:
    """By education against the mean over the residents by their education."""
    known = catalogue.table("anxiety_by_education_2011")
    residents = catalogue.rows("residents_by_education")
    persons = dict.fromkeys(known.labels["education"], 0.0)
    for row in residents:
        persons[row["education"]] += float(row["persons"])
    mean = sum(known.value(education=level) * n for level, n in persons.items()) / sum(persons.values())
    return [{"education": level, "ratio": f"{known.value(education=level) / mean:.4f}"} for level in persons]


def assistance_ratio(catalogue: Catalogue) -> Lines:
    """Who has social assistance as the unemployed and unfit for work; the others so that the mean of adults is 1."""
    survey = catalogue.table("mental_disorders_2019_2022")
    without_work = catalogue.table("mental_disorders_by_work_2019_2022").value(group="unemployed_or_disabled")
    ratio = without_work / survey.value(measure="any_12_months")
    adults = sum(resident_count(catalogue, age, sex) for age in range(_FIRST, 66) for sex in SEXES)
    part = catalogue.table("social_assistance_2020").value(sex="total") / adults
    rest = (1 - part * ratio) / (1 - part)
    return [{"social_assistance": "no", "ratio": f"{rest:.4f}"}, {"social_assistance": "yes", "ratio": f"{ratio:.4f}"}]


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "depression_spread": spread,
    "depression_begins": _first(depression),
    "depression_returns": _another(depression),
    "depression_known": depression_known,
    "anxiety_begins": _first(anxiety),
    "anxiety_returns": _another(anxiety),
    "anxiety_known": anxiety_known,
    "mental_education_ratio": education_ratio,
    "mental_assistance_ratio": assistance_ratio,
}
