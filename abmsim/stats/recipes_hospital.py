"""Hospital: clinical admissions that no other module brings about, what they are for, and how long stays last."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from abmsim.stats.by_age import ages_of
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.prevalence import Curve, residents
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES

_CHILDBEARING = range(15, 45)
_MIDDLE_AGED = 45
"""Before it hardly anybody is admitted for the heart or the vessels (9,620 of 239,055 in 2019)."""

_OF_HEART_AND_BRAIN = ("stroke_admissions_2022", "infarction_admissions_2022", "heart_failure_admissions_2021")
_HUNDRED_THOUSAND = 100_000
_HIPS = range(75, 85)


def other(catalogue: Catalogue) -> list[dict[str, str]]:
    """Clinical admissions a person-year by age and sex, less those for reasons that have a module of their own."""
    clinical = _clinical_shares(catalogue)
    rows = []
    for sex in SEXES:
        every = _all(catalogue, "male" if sex == "female" else sex, sex)
        known = _known(catalogue, sex)
        rates = [max(every[age] * clinical[age] - known[age], 0.0) for age in range(LAST_AGE + 1)]
        rows += [{"age": str(age), "sex": sex, "rate": f"{rate:.5f}"} for age, rate in enumerate(rates)]
    return rows


def _all(catalogue: Catalogue, of_childbearing: str, sex: str) -> Curve:
    """Admissions of any kind a person-year, without births: newborns as toddlers, mothers as men of their age."""
    own, others = _published(catalogue, sex), _published(catalogue, of_childbearing)
    rates = [others[age] if age in _CHILDBEARING else own[age] for age in range(LAST_AGE + 1)]
    return [rates[1], *rates[1:]]


def _published(catalogue: Catalogue, sex: str) -> Curve:
    table = catalogue.table("hospital_admissions_2019")
    return _rate(catalogue, sex, {age: table.value(age=age, sex=sex) for age in table.labels["age"]})


def _rate(catalogue: Catalogue, sex: str, numbers: Mapping[str, float]) -> Curve:
    """The same rate at all ages of a class."""
    persons = residents(catalogue, sex)
    rates = [0.0] * (LAST_AGE + 1)
    for label, number in numbers.items():
        rate = number / _sum(persons, ages_of(label))
        for age in ages_of(label):
            rates[age] = rate
    return rates


def _sum(persons: Sequence[float], ages: Iterable[int]) -> float:
    return sum(persons[age] for age in ages)


def _clinical_shares(catalogue: Catalogue) -> Curve:
    """The assumed shape by age, at the level of 2019: clinical and observations, less the observations."""
    shape, admissions = catalogue.table("hospital_clinical_shape"), catalogue.table("hospital_admissions_2019")
    kinds = _kinds(catalogue)
    stays = kinds["circulatory_clinical_2019"]
    level = kinds["clinical_or_observation_share_2019"] * stays / (stays + kinds["circulatory_observation_2019"])
    shares = [0.0] * (LAST_AGE + 1)
    for label in shape.labels["age"]:
        for age in ages_of(label):
            shares[age] = shape.value(age=label)
    total = sum(admissions.cells.values())
    found = sum(shares[min(ages_of(cell[0]))] * number for cell, number in admissions.cells.items()) / total
    return [share * level / found for share in shares]


def _kinds(catalogue: Catalogue) -> dict[str, float]:
    return {kind: figure for (kind,), figure in catalogue.table("hospital_admission_kinds").cells.items()}


def _known(catalogue: Catalogue, sex: str) -> Curve:
    """Admissions a person-year for stroke, infarction, heart failure, hip fracture and lung attacks."""
    rates = _hips(catalogue)
    for name in _OF_HEART_AND_BRAIN:
        table = catalogue.table(name)
        numbers = {age: table.value(age=age, sex=sex) for age in table.labels["age"]}
        rates = _plus(rates, _rate(catalogue, sex, numbers))
    return _plus(rates, _lungs(catalogue))


def _plus(one: Curve, other: Curve) -> Curve:
    return [a + b for a, b in zip(one, other, strict=True)]


def _hips(catalogue: Catalogue) -> Curve:
    """By age, both sexes alike; those of 75-84 are what the total leaves."""
    table, persons = catalogue.table("hospital_hip_fractures"), residents(catalogue)
    rates = [0.0] * (LAST_AGE + 1)
    for label in ("65-74", "85+"):
        for age in ages_of(label):
            rates[age] = table.value(age=label) / _HUNDRED_THOUSAND
    left = table.value(age="all_2019") - sum(rate * number for rate, number in zip(rates, persons, strict=True))
    for age in _HIPS:
        rates[age] = left / _sum(persons, _HIPS)
    return rates


def _lungs(catalogue: Catalogue) -> Curve:
    """Lung attacks at the shape of COPD by age, both sexes alike."""
    table, persons = catalogue.table("copd_reported_by_age_2014"), residents(catalogue)
    shape = [0.0] * (LAST_AGE + 1)
    for label in table.labels["age"]:
        for age in ages_of(label):
            shape[age] = table.value(age=label) if age >= _MIDDLE_AGED else 0.0
    every = catalogue.table("copd_admissions").value(period="2022")
    level = every / sum(share * number for share, number in zip(shape, persons, strict=True))
    return [share * level for share in shape]


def reasons(catalogue: Catalogue) -> list[dict[str, str]]:
    """What the other admissions are for: the rest of heart and vessels from 45 on, and injuries at every age."""
    kinds = _kinds(catalogue)
    of_modules = sum(sum(catalogue.table(name).cells.values()) for name in _OF_HEART_AND_BRAIN)
    heart = kinds["circulatory_clinical_2019"] - of_modules
    more = 1 + catalogue.table("hospital_assumptions").value(assumption="other_injury_rest")
    hips = catalogue.table("hospital_hip_fractures").value(age="all_2019")
    injury = (kinds["falls_clinical_2013"] - hips) * more
    rate = catalogue.table("hospital_other_rate")
    young = old = 0.0
    for sex in SEXES:
        for age, number in enumerate(residents(catalogue, sex)):
            admitted = number * rate.value(age=str(age), sex=sex)
            young, old = (young + admitted, old) if age < _MIDDLE_AGED else (young, old + admitted)
    rows = [("heart", f"0-{_MIDDLE_AGED - 1}", 0.0), ("heart", f"{_MIDDLE_AGED}+", heart / old)]
    rows += [("injury", label, injury / (young + old)) for label in (f"0-{_MIDDLE_AGED - 1}", f"{_MIDDLE_AGED}+")]
    return [{"reason": reason, "age": label, "share": f"{share:.4f}"} for reason, label, share in rows]


def stays(catalogue: Catalogue) -> list[dict[str, str]]:
    """Median days by reason; where a mean is published, the median of the lognormal with that mean."""
    means, assumed = catalogue.table("hospital_stay_mean"), catalogue.table("hospital_assumptions")
    shorter = math.exp(assumed.value(assumption="spread") ** 2 / 2)
    rows = {
        reason: means.value(reason=reason) / shorter
        for reason in ("acute_myocardial_infarction", "heart_failure", "stroke", "copd")
    }
    rows["hip_fracture"] = catalogue.table("hospital_stay_median_hip").value(reason="hip_fracture")
    rows["psychosis"] = assumed.value(assumption="psychosis")
    rows["other"] = means.value(reason="all") / shorter
    return [{"reason": reason, "days": f"{days:.2f}"} for reason, days in rows.items()]


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "hospital_other": other,
    "hospital_other_reasons": reasons,
    "hospital_stays": stays,
}
