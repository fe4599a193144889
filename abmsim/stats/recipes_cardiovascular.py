"""Coronary disease, stroke and heart failure: rates that give the published admissions, patients and mortality."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from abmsim.stats.by_age import ages_of, between, onwards
from abmsim.stats.catalogue import Catalogue, Table
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES

MONTHS = 12
_AGES = range(LAST_AGE + 1)
_DAYS_30 = 30 / 365.25
_REST_OF_YEAR = 11
"""Months from the thirtieth day to the first year."""

_HORIZONS = {"30 days": 1, "1 year": MONTHS, "5 years": 5 * MONTHS}
_CLASSES = ("0-44", "45-54", "55-64", "65-74", "75-84", "85-94", "95+")
"""Published classes of age at admission."""

_COPIED = (("infarction", "75-84"), ("stroke", "75-84"))
"""Here the source gives men and women the same figures, which look copied: everybody's stand instead."""

_OUTER, _KNOTS, _HALVINGS = 3, 20, 18
_YOUNGEST = 20
"""Below this age nobody falls ill; the published classes begin with a few admissions of children."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A disease with admissions: the cards it is solved for, and how often it strikes who is known with it.

    `again`: times the rate of all residents; without it a share of the admissions is of those known before.
    """

    name: str
    admissions: str
    year: str
    patients: str
    patients_year: str
    again: str = ""
    known_before: str = ""


CORONARY = Topic(
    "infarction", "infarction_admissions_2022", "2022", "coronary_disease_known", "2021", "infarction_again"
)
STROKE = Topic("stroke", "stroke_admissions_2022", "2022", "stroke_known", "2021", "stroke_again")
HEART_FAILURE = Topic(
    "heart_failure", "heart_failure_admissions_2021", "2021", "heart_failure_known", "2021",
    known_before="heart_failure_known_before",
)  # fmt: skip
"""`patients_year`: the residents of that 1 January are taken (by sex the first published ones)."""


@dataclass(slots=True)
class Deadly:
    """Deaths beyond those of the same age, per person-year by completed age: in 30 days, in the year, later."""

    month: list[float] = field(default_factory=lambda: [0.0] * len(_AGES))
    year: list[float] = field(default_factory=lambda: [0.0] * len(_AGES))
    later: list[float] = field(default_factory=lambda: [0.0] * len(_AGES))


@dataclass(slots=True)
class Course:
    """What a life under the rates looks like, by completed age; `known` at exact ages."""

    known: list[float]
    begins: list[float]
    first_admission: list[float]
    again: list[float]
    deaths: list[float]


def admission_rates(catalogue: Catalogue, topic: Topic, sex: str) -> list[float]:
    """Admissions per person-year by completed age: a line through the logarithms that meets each class's number."""
    published = catalogue.table(topic.admissions)
    persons = [_persons(catalogue, topic.year, age, sex) for age in _AGES]
    classes = {label: ages_of(label) for label in published.labels["age"]}
    middles = {label: (max(ages[0], _YOUNGEST) + min(ages[-1], 96)) / 2 for label, ages in classes.items()}
    knots = dict.fromkeys(classes, math.log(0.001))
    rates: list[float] = []
    for _ in range(_KNOTS):
        points = [(middles[label], knots[label]) for label in classes]
        rates = [0.0 if age < _YOUNGEST else math.exp(onwards(points, min(age + 0.5, points[-1][0]))) for age in _AGES]
        for label, ages in classes.items():
            found = sum(rates[age] * persons[age] for age in _AGES if age in ages)
            knots[label] += math.log(published.value(age=label, sex=sex) / found)
    return rates


def solved(catalogue: Catalogue, topic: Topic) -> dict[str, tuple[Course, Deadly]]:
    """By sex the course of lives that meets all that is published, and what dies."""
    return {sex: _solved(catalogue, topic, sex) for sex in SEXES}


def _solved(catalogue: Catalogue, topic: Topic, sex: str) -> tuple[Course, Deadly]:
    admitted = admission_rates(catalogue, topic, sex)
    all_deaths = [catalogue.table("death_rate").value(age=str(age), sex=sex) for age in _AGES]
    persons = [_persons(catalogue, topic.patients_year, age, sex) for age in _AGES]
    patients = catalogue.table(topic.patients).value(sex=sex)
    means = _mean_ages(admitted, persons)
    deadly, excess = Deadly(), [0.0] * len(_AGES)
    again = list(admitted)
    course = Course([], [], [], [], [])
    for _ in range(_OUTER):
        others = [total - own for total, own in zip(all_deaths, excess, strict=True)]
        deadly = _deadly(catalogue, topic, sex, others, again, means)
        course = _with_patients(catalogue, topic, admitted, deadly, persons, patients)
        excess, again = course.deaths, course.again
    return course, deadly


def _with_patients(
    catalogue: Catalogue, topic: Topic, admitted: Sequence[float], deadly: Deadly, persons: Sequence[float],
    patients: float,
) -> Course:  # fmt: skip
    """The course with so many who fall ill without an admission that as many as published are known in the year."""
    low, high = 0.0, 20.0
    course = _course(catalogue, topic, admitted, deadly, high)
    for _ in range(_HALVINGS):
        ratio = (low + high) / 2
        course = _course(catalogue, topic, admitted, deadly, ratio)
        known = [course.known[age] + (1 - course.known[age]) * course.begins[age] for age in _AGES]
        if sum(n * share for n, share in zip(persons, known, strict=True)) < patients:
            low = ratio
        else:
            high = ratio
    return course


def _course(catalogue: Catalogue, topic: Topic, admitted: Sequence[float], deadly: Deadly, unadmitted: float) -> Course:
    """A life month by month: free, known without an admission, in the month or year after one, later.

    `unadmitted`: new patients without an admission, for each admission of all residents of the age.
    """
    strikes = _Again(catalogue, topic)
    free, never, month, later = 1.0, 0.0, 0.0, 0.0
    year: deque[float] = deque([0.0] * _REST_OF_YEAR)  # by the survival `lasted` when they came in
    lasted = 1.0
    course = Course([], [], [], [], [])
    for age in _AGES:
        in_year = sum(year) * lasted
        everybody = free + never + month + in_year + later
        course.known.append(1 - free / everybody)
        first = onset = deaths = lived = lived_free = again = 0.0
        for _ in range(MONTHS):
            in_year = sum(year) * lasted
            everybody = free + never + month + in_year + later
            wanted = admitted[age] * everybody / MONTHS
            rate = strikes.rate(admitted[age], wanted * MONTHS, never, in_year + later)
            rate_later = rate * strikes.readmission
            from_never = never * -math.expm1(-rate / MONTHS)
            part_later = -math.expm1(-rate_later / MONTHS)
            returned = from_never + (in_year + later) * part_later
            new = min(max(wanted - returned, 0.0), free)
            quiet = min(unadmitted * wanted, free - new)
            died_month = month * -math.expm1(-deadly.month[age] * _DAYS_30)
            died_year = in_year * -math.expm1(-deadly.year[age] / MONTHS)
            died_later = later * -math.expm1(-deadly.later[age] / MONTHS)
            lived_free += free - (new + quiet) / 2
            free -= new + quiet
            never += quiet - from_never
            later = (later - died_later) * (1 - part_later)
            lasted *= math.exp(-deadly.year[age] / MONTHS) * (1 - part_later)
            later += year.popleft() * lasted
            year.append((month - died_month) / lasted)
            month = new + returned
            first, onset, again = first + new, onset + new + quiet, again + rate
            deaths, lived = deaths + died_month + died_year + died_later, lived + everybody
        course.first_admission.append(first / lived_free * MONTHS if lived_free else 0.0)
        course.begins.append(onset / lived_free * MONTHS if lived_free else 0.0)
        course.again.append(again / MONTHS)
        course.deaths.append(deaths / lived * MONTHS)
    return course


class _Again:
    """How often an admission strikes those who are known, and those who were admitted before."""

    def __init__(self, catalogue: Catalogue, topic: Topic) -> None:
        self._times = _assumed(catalogue, topic.again) if topic.again else 0.0
        self._share = _assumed(catalogue, topic.known_before) if topic.known_before else 0.0
        self._most = _assumed(catalogue, "heart_failure_most")
        self.readmission = _assumed(catalogue, "heart_failure_readmission") if topic.known_before else 1.0

    def rate(self, of_all: float, wanted: float, never: float, before: float) -> float:
        """Per person-year of those known and never admitted; `wanted`: admissions of the cohort a year."""
        if self._times:
            return self._times * of_all
        pool = never + self.readmission * before
        return min(self._most, self._share * wanted / pool) if pool else 0.0


def _mean_ages(admitted: Sequence[float], persons: Sequence[float]) -> dict[str, int]:
    """By published class the mean age of those who are admitted."""
    means = {}
    for label in _CLASSES:
        number = {age: admitted[age] * persons[age] for age in _AGES if age in ages_of(label)}
        means[label] = round(sum(age * n for age, n in number.items()) / sum(number.values()))
    return means


def _deadly(
    catalogue: Catalogue, topic: Topic, sex: str, others: Sequence[float], again: Sequence[float],
    ages: Mapping[str, int],
) -> Deadly:  # fmt: skip
    """Deaths beyond those of others of the age, so that those admitted die as published within each horizon.

    `ages`: of each published class the age at which its figure stands.
    """
    published = catalogue.table("mortality_after_admission")
    readmission = _Again(catalogue, topic).readmission
    hazard = {
        horizon: {label: -math.log1p(-_died(published, topic, horizon, sex, label)) for label in ages}
        for horizon in _HORIZONS
    }
    in_month = {label: hazard["30 days"][label] / _DAYS_30 - others[age] for label, age in ages.items()}
    knots = {"30 days": in_month, "1 year": dict.fromkeys(ages, 0.0), "5 years": dict.fromkeys(ages, 0.0)}
    for _ in range(_KNOTS):
        deadly = _lines(knots, ages)
        for label, age in ages.items():
            found = _followed(age, deadly, others, again, readmission)
            in_year = hazard["1 year"][label] - hazard["30 days"][label] - found["1 year"] + found["30 days"]
            after = hazard["5 years"][label] - hazard["1 year"][label] - found["5 years"] + found["1 year"]
            knots["1 year"][label] = max(knots["1 year"][label] + in_year / (_REST_OF_YEAR / MONTHS), 0.0)
            knots["5 years"][label] = max(knots["5 years"][label] + after / 4, 0.0)
    return _lines(knots, ages)


def _died(published: Table, topic: Topic, horizon: str, sex: str, label: str) -> float:
    of = "all" if (topic.name, label) in _COPIED else sex
    return published.value(diagnosis=topic.name, horizon=horizon, sex=of, age=label) / 100


def _followed(
    age: int, deadly: Deadly, others: Sequence[float], again: Sequence[float], readmission: float
) -> dict[str, float]:
    """Cumulative hazard of death after an admission at that age, by horizon; who is admitted again begins anew."""
    month, later, lasted = 1.0, 0.0, 1.0
    year: deque[float] = deque([0.0] * _REST_OF_YEAR)
    found: dict[str, float] = {}
    horizons = {months: horizon for horizon, months in _HORIZONS.items()}
    for months in range(1, 5 * MONTHS + 1):
        at = min(age + (months - 1) // MONTHS, LAST_AGE)
        rate = again[at] * readmission
        other = math.exp(-others[at] / MONTHS)
        in_year = sum(year) * lasted
        returned = (in_year + later) * -math.expm1(-rate / MONTHS) * other
        later *= math.exp(-(deadly.later[at] + rate) / MONTHS) * other
        lasted *= math.exp(-(deadly.year[at] + rate) / MONTHS) * other
        later += year.popleft() * lasted
        year.append(month * math.exp(-deadly.month[at] * _DAYS_30) * other / lasted)
        month = returned
        if months in horizons:
            found[horizons[months]] = -math.log(month + sum(year) * lasted + later)
    return found


def _lines(knots: Mapping[str, Mapping[str, float]], ages: Mapping[str, int]) -> Deadly:
    """By completed age on straight lines between the classes, level beyond the first and the last."""
    by_horizon = {
        horizon: [between([(ages[label], max(at[label], 0.0)) for label in _CLASSES], age) for age in _AGES]
        for horizon, at in knots.items()
    }
    return Deadly(by_horizon["30 days"], by_horizon["1 year"], by_horizon["5 years"])


def _persons(catalogue: Catalogue, year: str, age: int, sex: str) -> float:
    return catalogue.table("residents_nl_by_age_sex").cells.get((year, str(age), sex), 0.0)


def _assumed(catalogue: Catalogue, name: str) -> float:
    return catalogue.table(f"cardiovascular_events_{name}").value()


RATES = ("begins", "first_admission", "again", "dies_in_30_days", "dies_in_the_year", "dies_later", "deaths")
"""The rates of a disease, per person-year; `deaths` are those it adds, per resident of the age."""


def rates(topic: Topic) -> Callable[[Catalogue], list[dict[str, str]]]:
    """A recipe: all rates of the disease by age and sex."""

    def rows(catalogue: Catalogue) -> list[dict[str, str]]:
        found = []
        for sex, (course, deadly) in solved(catalogue, topic).items():
            by_rate = (
                course.begins, course.first_admission, course.again, deadly.month, deadly.year, deadly.later,
                course.deaths,
            )  # fmt: skip
            for name, by_age in zip(RATES, by_rate, strict=True):
                found += [{"rate": name, "age": str(age), "sex": sex, "value": f"{by_age[age]:.7f}"} for age in _AGES]
        return found

    return rows


def first_is_admission(name: str) -> Callable[[Catalogue], list[dict[str, str]]]:
    """A recipe: of those who fall ill the share whom it strikes as an admission; `name`: the card of the rates."""

    def rows(catalogue: Catalogue) -> list[dict[str, str]]:
        begins, first = catalogue.table(f"{name}_begins"), catalogue.table(f"{name}_first_admission")
        found = []
        for age in _AGES:
            for sex in SEXES:
                of = begins.value(age=str(age), sex=sex)
                share = first.value(age=str(age), sex=sex) / of if of else 0.0
                found.append({"age": str(age), "sex": sex, "share": f"{share:.4f}"})
        return found

    return rows


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "coronary_disease_rates": rates(CORONARY),
    "coronary_first_is_infarction": first_is_admission("coronary_disease"),
    "stroke_rates": rates(STROKE),
    "stroke_first_is_stroke": first_is_admission("stroke_disease"),
    "heart_failure_rates": rates(HEART_FAILURE),
    "heart_failure_first_is_admission": first_is_admission("heart_failure_disease"),
}
