"""Smoking by age, sex and education; who is known with raised blood pressure; the mean of SCORE2 by age and sex."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise, product

from abmsim.stats.by_age import ages_of, between
from abmsim.stats.catalogue import Catalogue, Table
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES, bisect

LEVELS = ("low", "middle", "high")
ADULT, FORTY, OLD = 18, 40, 70
"""Who is asked whether they smoke, from when on a risk is looked at, and where SCORE2-OP takes over from SCORE2."""

_YEAR = "2021"
_CLASSES = {"25-44": 35, "45-64": 55, "65+": 70}
"""Published classes, and the age at which each one's figure stands; those of 65+ stand for 65-74 once made so."""

_GROUPS = {"25-44": ("25-34", "35-44"), "45-64": ("45-54", "55-64"), "65+": ("65-74", "75-89")}
_YOUNG, _OLDEST = 22, 82
_NORMAL = [(-math.sqrt(3), 1 / 6), (0.0, 2 / 3), (math.sqrt(3), 1 / 6)]
"""Points and weights that stand for a normal distribution (Gauss-Hermite rule of three)."""

_PRESSURES, _LAST = 15, 100


def smoking(catalogue: Catalogue) -> dict[tuple[str, str], list[float]]:
    """The share that smokes at each completed age of 18 and older, by sex and level of education.

    The shares of 2016-2017 by age and education, at the level of 2021; younger than 25 and older than 75 by the shape
    of 2013. Nobody begins after 18, so a share never rises with age.
    """
    by_year = catalogue.table("smokers_by_year")
    level = by_year.value(group="all", year=_YEAR) / (
        (by_year.value(group="all", year="2016") + by_year.value(group="all", year="2017")) / 2
    )
    shape = catalogue.table("smokers_by_age_2013")
    persons = catalogue.table("residents_nl_by_age_sex")
    found = {}
    for sex, education in product(SEXES, LEVELS):
        at = {label: level * _smokers(catalogue, label, sex, education) for label in _CLASSES}
        of_65 = _mean_of(shape, persons, {"65-74": range(65, 75), "75+": range(75, 105)}, sex)
        of_35 = _mean_of(shape, persons, {"30-39": range(30, 40), "40-49": range(40, 45)}, sex)
        knots = [
            (_YOUNG, at["25-44"] * shape.value(age="20-29") / of_35),
            (_CLASSES["25-44"], at["25-44"]),
            (_CLASSES["45-64"], at["45-64"]),
            (_CLASSES["65+"], at["65+"] * shape.value(age="65-74") / of_65),
            (_OLDEST, at["65+"] * shape.value(age="75+") / of_65),
        ]
        shares = [between(knots, age) for age in range(ADULT, LAST_AGE + 1)]
        for place in range(len(shares) - 2, -1, -1):
            shares[place] = max(shares[place], shares[place + 1])
        found[sex, education] = shares
    return found


def _smokers(catalogue: Catalogue, label: str, sex: str, education: str) -> float:
    """As published for men; women are everybody less the men, by the residents of each level."""
    published = catalogue.table("smokers_by_education_2016")
    share = {group: published.value(group=group, age=label, education=education) / 100 for group in ("all", "male")}
    if sex == "male":
        return share["male"]
    residents = catalogue.table("residents_by_education")
    number = {
        one: sum(residents.value(age=group, sex=one, education=education) for group in _GROUPS[label]) for one in SEXES
    }
    both = number["male"] + number["female"]
    return (share["all"] * both - share["male"] * number["male"]) / number["female"]


def _mean_of(shape: Table, persons: Table, ages: Mapping[str, range], sex: str) -> float:
    number = {
        label: sum(persons.cells.get((_YEAR, str(age), sex), 0.0) for age in span) for label, span in ages.items()
    }
    return sum(shape.value(age=label) * n for label, n in number.items()) / sum(number.values())


def begins(catalogue: Catalogue) -> list[dict[str, str]]:
    """Who smokes on becoming 18."""
    return [
        {"sex": sex, "level_to_reach": education, "share": f"{shares[0]:.4f}"}
        for (sex, education), shares in smoking(catalogue).items()
    ]


def stops(catalogue: Catalogue) -> list[dict[str, str]]:
    """Smokers who stop, per person-year: as many as bring the share to that of the next age."""
    rows = []
    for (sex, education), shares in smoking(catalogue).items():
        rates = [math.log(now / then) if then > 0 else 0.0 for now, then in pairwise(shares)]
        spans = [(f"0-{ADULT - 1}", 0.0), *((str(ADULT + at), rate) for at, rate in enumerate(rates))]
        spans.append((f"{LAST_AGE}+", 0.0))
        rows += [
            {"age": age, "sex": sex, "level_to_reach": education, "rate": f"{rate + 0.0:.5f}"} for age, rate in spans
        ]
    return rows


def looks_seen(catalogue: Catalogue) -> list[dict[str, str]]:
    """At how many looks the GP measures: as many as make those known with raised pressure the published number."""
    wanted = catalogue.table("hypertension_known").value(year=_YEAR)
    persons = catalogue.table("residents_nl_by_age_sex").cells
    raised: list[tuple[float, float]] = []  # persons, and their years with raised pressure at the end of the year
    for sex in SEXES:
        pressure = _Pressure(catalogue, sex)
        for age, at_40 in product(range(FORTY, LAST_AGE), pressure.at_40):
            number = persons.get((_YEAR, str(age), sex), 0.0) / len(pressure.at_40)
            raised.append((number, pressure.years_raised(at_40, age + 1)))
    years = catalogue.table("years_between_risk_looks").value()

    def missing(seen: float) -> float:
        return sum(number * -math.expm1(-seen * time / years) for number, time in raised) - wanted

    return [{"share": f"{bisect(missing, 0.0, 1.0):.4f}"}]


class _Pressure:
    """Systolic pressure of one sex without treatment: `at_40` are those of equally many persons each."""

    def __init__(self, catalogue: Catalogue, sex: str) -> None:
        mean, spread = (_factor(catalogue, name, sex) for name in ("systolic_at_40", "systolic_spread"))
        self.rise = _factor(catalogue, "systolic_rise", sex)
        self.at_40 = [mean + spread * _quantile((at + 0.5) / _PRESSURES) for at in range(_PRESSURES)]
        self._threshold = catalogue.table("blood_pressure_treatment_threshold").value()

    def years_raised(self, at_40: float, age: float) -> float:
        """Years above the threshold by that age."""
        return max(age - FORTY - max((self._threshold - at_40) / self.rise, 0.0), 0.0)


def _quantile(share: float) -> float:
    """Of the normal distribution."""
    return bisect(lambda z: (1 + math.erf(z / math.sqrt(2))) / 2 - share, -6.0, 6.0)


def mean_score(catalogue: Catalogue) -> list[dict[str, str]]:
    """SCORE2 and SCORE2-OP, mean over residents of the age and sex with all that they go by."""
    smokers = _smokers_of_all(catalogue)
    diabetics = catalogue.table("diabetes_known_2018")
    seen_a_year = catalogue.table("risk_look_seen").value() / catalogue.table("years_between_risk_looks").value()
    effect = catalogue.table("blood_pressure_treatment_effect").value()
    rows = []
    for sex in SEXES:
        pressure = _Pressure(catalogue, sex)
        lipids = list(product(_cholesterols(catalogue, sex), _hdls(catalogue, sex)))
        scores = {old: _Score(catalogue, sex, old) for old in (False, True)}
        for age in range(FORTY, _LAST + 1):
            group = next(label for label in diabetics.labels["age"] if age in ages_of(label))
            with_diabetes = diabetics.value(age=group, sex=sex) / 100
            total = 0.0
            for at_40, smokes, diabetes in product(pressure.at_40, (0, 1), (0, 1)):
                now = at_40 + pressure.rise * (age - FORTY)
                treated = -math.expm1(-seen_a_year * pressure.years_raised(at_40, age))
                of = _either(smokers[sex][age], smokes) * _either(with_diabetes, diabetes)
                for share, systolic in ((treated, now - effect), (1 - treated, now)):
                    total += of * share * sum(
                        weight * other * scores[age >= OLD].risk(age, smokes, diabetes, systolic, cholesterol, hdl)
                        for (weight, cholesterol), (other, hdl) in lipids
                    )  # fmt: skip
            label = f"0-{FORTY}" if age == FORTY else f"{age}+" if age == _LAST else str(age)
            rows.append({"age": label, "sex": sex, "risk": f"{total / len(pressure.at_40):.5f}"})
    return rows


def _either(share: float, has: int) -> float:
    return share if has else 1 - share


def _smokers_of_all(catalogue: Catalogue) -> dict[str, list[float]]:
    """By sex and completed age, over the levels of education."""
    shares = smoking(catalogue)
    residents = catalogue.table("residents_by_education")
    found = {}
    for sex in SEXES:
        ages = [0.0] * ADULT
        for age in range(ADULT, LAST_AGE + 1):
            group = next((label for label in residents.labels["age"] if age <= int(label.split("-")[1])), "75-89")
            number = {one: residents.value(age=group, sex=sex, education=one) for one in LEVELS}
            ages.append(sum(shares[sex, one][age - ADULT] * number[one] for one in LEVELS) / sum(number.values()))
        found[sex] = ages
    return found


def _cholesterols(catalogue: Catalogue, sex: str) -> list[tuple[float, float]]:
    mean, spread = (_factor(catalogue, name, sex) for name in ("cholesterol_mean", "cholesterol_spread"))
    return [(weight, mean + spread * z) for z, weight in _NORMAL]


def _hdls(catalogue: Catalogue, sex: str) -> list[tuple[float, float]]:
    median, spread = (_factor(catalogue, name, sex) for name in ("hdl_median", "hdl_spread"))
    return [(weight, median * math.exp(spread * z)) for z, weight in _NORMAL]


def _factor(catalogue: Catalogue, name: str, sex: str) -> float:
    return catalogue.table(f"risk_factor_{name}").value(sex=sex)


class _Score:
    """SCORE2, or SCORE2-OP if `old`, of one sex in the region of low risk."""

    def __init__(self, catalogue: Catalogue, sex: str, old: bool) -> None:
        self.old = old
        card = catalogue.card("score2_op" if old else "score2")
        terms = card.split[1] if card.split else ()
        self._of = {term: catalogue.table(f"{card.name}_{term}").value(sex=sex) for term in terms}

    def risk(
        self, age: float, smokes: float, diabetes: float, pressure: float, cholesterol: float, hdl: float
    ) -> float:
        """The ten-year risk as a share; `smokes` and `diabetes` are 0 or 1."""
        of = self._of
        values = {"smoking": smokes, "diabetes": diabetes, "cholesterol": cholesterol - 6}
        if self.old:
            years = age - 73
            values |= {"pressure": pressure - 150, "hdl": hdl - 1.4}
        else:
            years = (age - 60) / 5
            values |= {"pressure": (pressure - 120) / 20, "hdl": (hdl - 1.3) / 0.5}
        score = of["age"] * years - of.get("mean", 0.0)
        score += sum((of[name] + of[f"age_{name}"] * years) * value for name, value in values.items())
        low = of["scale1_low"] + of["scale2_low"] * (score + math.log(-math.log(of["survival"])))
        return -math.expm1(-math.exp(low))


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "smoking_begins": begins,
    "smoking_stops": stops,
    "risk_look_seen": looks_seen,
    "score2_mean": mean_score,
}
