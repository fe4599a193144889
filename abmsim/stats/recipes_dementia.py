"""Dementia: how often it begins and how soon it is noticed, from the shares that have it and the new diagnoses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from abmsim.stats.by_age import onwards
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_lifecourse_institutions import AGED, mortality
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES, bisect
from abmsim.stats.recipes_wlz_flows import indicated_at_home, nursing_deaths
from abmsim.stats.recipes_wlz_inside import in_nursing_home, psychogeriatric_part

FIRST_AGE = 40
YEAR = "2021"
_OLDEST = 99
_STEPS = 12
_ROUNDS = 40
_WEEKS_A_YEAR = 365.25 / 7
_KNOTS = {"under 65": 60, "65-89": 82, "90 and older": 93}
"""Classes with a published figure or what others leave of one, and the age at which the line of log odds bends."""
_NO_FIGURE = FIRST_AGE, -12.0
_BY_STAGE = ("mild", "moderate", "severe")

Curve = Mapping[str, Sequence[float]]


def prevalence(catalogue: Catalogue) -> Curve:
    """By sex the share with dementia at exact ages 0, 1, 2, ...: log odds on straight lines between the knots."""
    facts, assumed = _facts(catalogue), residents(catalogue, YEAR)
    wanted = _wanted(facts, assumed)
    knots = {label: log(0.05 / 0.95) + 0.12 * (age - 75) for label, age in _KNOTS.items()}
    women, apart = facts["women_2020"] / facts["persons_all_2020"], 0.2
    curve: dict[str, list[float]] = {}
    for _ in range(_ROUNDS):
        curve = {sex: _line(knots, apart if sex == "female" else -apart) for sex in SEXES}
        found = {label: 0.0 for label in _KNOTS}
        of_women = 0.0
        for (age, sex), persons in assumed.items():
            number = persons * middle(curve[sex], age)
            found[_label(age)] += number
            of_women += number if sex == "female" else 0.0
        knots = {label: knot + log(wanted[label] / found[label]) for label, knot in knots.items()}
        share = of_women / sum(found.values())
        apart += (log(women / (1 - women)) - log(share / (1 - share))) / 2
    return curve


def _wanted(facts: Mapping[str, float], persons: Mapping[tuple[int, str], float]) -> dict[str, float]:
    oldest = facts["percent_90_and_older"] / 100 * sum(n for (age, _), n in persons.items() if age >= 90)
    young = facts["persons_under_65"]
    return {"under 65": young, "65-89": facts["persons_all_2021"] - young - oldest, "90 and older": oldest}


def _label(age: int) -> str:
    return "under 65" if age < 65 else "65-89" if age < 90 else "90 and older"


def _line(knots: Mapping[str, float], shift: float) -> list[float]:
    points = [_NO_FIGURE, *((age, knots[label] + shift) for label, age in _KNOTS.items())]
    ages = range(LAST_AGE + 2)
    return [0.0 if age < FIRST_AGE else 1 / (1 + exp(-onwards(points, age))) for age in ages]


def middle(curve: Sequence[float], age: int) -> float:
    return (curve[age] + curve[age + 1]) / 2


def residents(catalogue: Catalogue, year: str) -> dict[tuple[int, str], float]:
    """Residents on 1 January by completed age and sex."""
    cells = catalogue.table("residents_nl_by_base_year").cells
    return {(int(age.rstrip("+")), sex): persons for (at, age, sex), persons in cells.items() if at == year}


def told(catalogue: Catalogue) -> list[float]:
    """The shares of residents of exact ages who live in a nursing home for their dementia on the base date: that they
    have it is told with the home."""
    in_home, part = in_nursing_home(catalogue), psychogeriatric_part(catalogue)
    return [in_home(min(age, _OLDEST)) * part for age in range(LAST_AGE + 2)]


def others(catalogue: Catalogue) -> Curve:
    """The share with dementia at exact ages of those who do not live in a nursing home for it."""
    homes, curve = told(catalogue), prevalence(catalogue)

    def without(share: float, home: float) -> float:
        return max(share - home, 0.0) / (1 - home)

    return {sex: [without(share, home) for share, home in zip(curve[sex], homes, strict=True)] for sex in SEXES}


def dementia_stages(catalogue: Catalogue) -> dict[str, dict[int, list[float]]]:
    """By sex and completed age: the shares with mild, moderate and severe dementia outside nursing homes."""
    assumed, rate = assumptions(catalogue), catalogue.table("dementia_noticed_rate").value(dementia="mild")
    return {
        sex: {age: stages.all for age, stages in cohort(catalogue, curve, rate, assumed)}
        for sex, curve in others(catalogue).items()
    }


def _dying(catalogue: Catalogue, curve: Curve) -> dict[tuple[int, str], float]:
    """Deaths per year of those with dementia beyond those of their age, as a share of all: many have nursing care."""
    homes, part = told(catalogue), psychogeriatric_part(catalogue)
    ratios, indicated = nursing_deaths(catalogue), indicated_at_home(catalogue)
    found = {}
    for age in range(AGED, LAST_AGE + 1):
        cared, rest = ratios[min(age // 5 * 5, max(ratios))]
        nursing = homes[age] + part * indicated[min(age, _OLDEST)] * (1 - homes[age] / part)
        for sex in SEXES:
            share = middle(curve[sex], age)
            with_care = min(nursing, share)
            found[age, sex] = mortality(catalogue, age) * (with_care * cared + (share - with_care) * rest - share)
    return found


def _facts(catalogue: Catalogue) -> dict[str, float]:
    return {fact: value for (fact,), value in catalogue.table("dementia_facts").cells.items()}


def assumptions(catalogue: Catalogue, name: str = "dementia_assumptions") -> dict[str, float]:
    return {label: value for (label,), value in catalogue.table(name).cells.items()}


def onset_of_all(curve: Sequence[float], age: int, dying: float = 0.0) -> float:
    """Per person-year without dementia at a completed age, whatever the education; `dying`: see `_dying`."""
    return max(0.0, (curve[age + 1] - curve[age] + dying) / (1 - middle(curve, age)))


@dataclass(slots=True)
class Stages:
    """Shares of a cohort by stage (mild, moderate, severe), those whose dementia is not known yet, and those who have
    been to the GP and wait for the diagnosis."""

    unknown: list[float]
    known: list[float]
    asked: float = 0.0

    @property
    def all(self) -> list[float]:
        """By stage, known or not; who waits for the diagnosis is taken for known here."""
        return [u + k for u, k in zip(self.unknown, self.known, strict=True)]


def worsening(catalogue: Catalogue) -> list[float]:
    """Per person-year in a stage: mild, moderate, severe."""
    table = catalogue.table("dementia_worsens_rate")
    return [table.value(dementia=stage) for stage in _BY_STAGE]


def diagnosing(catalogue: Catalogue) -> float:
    """Diagnoses per year of those who have been to the GP: one by the mean time that it takes."""
    weeks = 0.0
    for (span,), share in catalogue.table("dementia_weeks_to_diagnosis").cells.items():
        low, high = span.split("-")
        weeks += share * (float(low) + float(high)) / 2
    return _WEEKS_A_YEAR / weeks


def cohort(
    catalogue: Catalogue, curve: Sequence[float], noticed: float, assumed: Mapping[str, float]
) -> Iterator[tuple[int, Stages]]:
    """The stages in the middle of each completed age, of a cohort whose share with dementia is the curve's."""
    worsens, diagnosed = worsening(catalogue), diagnosing(catalogue)
    sooner = (1.0, assumed["noticed_moderate_ratio"], assumed["noticed_severe_ratio"])
    stages = Stages([0.0] * 3, [0.0] * 3)
    for age in range(FIRST_AGE, LAST_AGE + 1):
        for step in range(_STEPS):
            if step == _STEPS // 2:
                yield age, stages
            stages.asked -= stages.asked * diagnosed / _STEPS
            _pass(stages, (curve[age + 1] - curve[age]) / _STEPS, worsens, [noticed * ratio for ratio in sooner])


def _pass(stages: Stages, begin: float, worsens: Sequence[float], noticed: Sequence[float]) -> None:
    """A step: who begins, who gets worse and who is noticed, of the shares at its beginning."""
    unknown, known = list(stages.unknown), list(stages.known)
    stages.unknown[0] += begin
    for at in range(len(_BY_STAGE)):
        seen = unknown[at] * noticed[at] / _STEPS
        stages.unknown[at] -= seen
        stages.known[at] += seen
        stages.asked += seen
        for here, before in ((stages.unknown, unknown), (stages.known, known)):
            worse = before[at] * worsens[at] / _STEPS
            here[at] -= worse
            if worse:
                here[at + 1] += worse


def _noticed(catalogue: Catalogue) -> float:
    facts, assumed, curve = _facts(catalogue), assumptions(catalogue), prevalence(catalogue)
    wanted = facts["new_diagnoses_men_2021"] + facts["new_diagnoses_women_2021"]
    persons = residents(catalogue, YEAR)
    diagnosed = diagnosing(catalogue)

    def found(rate: float) -> float:
        stages = {sex: cohort(catalogue, curve[sex], rate, assumed) for sex in SEXES}
        return sum(persons.get((age, sex), 0.0) * diagnosed * at.asked for sex in SEXES for age, at in stages[sex])

    return bisect(lambda rate: found(rate) - wanted, 0.0, 2.0)


def noticed(catalogue: Catalogue) -> list[dict[str, str]]:
    """First visits for memory complaints by stage, so that new diagnoses of a year are the published ones."""
    assumed, rate = assumptions(catalogue), _noticed(catalogue)
    sooner = {"none": 0.0, "mild": 1.0, **{stage: assumed[f"noticed_{stage}_ratio"] for stage in _BY_STAGE[1:]}}
    return [{"dementia": stage, "rate": f"{rate * ratio:.5f}"} for stage, ratio in sooner.items()]


def onset(catalogue: Catalogue) -> list[dict[str, str]]:
    """By years, age, sex and education; the mean over education (of those born so long before) is the rate of all.

    Before the base date nobody dies, and those in nursing homes are told apart; from it on as many as keep the shares.
    """
    assumed = assumptions(catalogue)
    ratio = {"low": assumed["low_education_ratio"], "middle": 1.0, "high": assumed["high_education_ratio"]}
    shares = {level: catalogue.table(f"education_level_{level}") for level in ratio}
    mean = {}
    for age in range(FIRST_AGE, LAST_AGE + 1):
        born = next(label for label in shares["low"].labels["year"] if _holds(label, int(YEAR) - age))
        for sex in SEXES:
            mean[age, sex] = sum(ratio[level] * shares[level].value(year=born, sex=sex) for level in ratio)
    rows = []
    for years, rates in (("1850-2019", _before_base(catalogue)), ("2020+", _from_base(catalogue))):
        rows += [
            {"year": years, "age": f"0-{FIRST_AGE - 1}", "sex": sex, "education": level, "rate": "0"}
            for sex in SEXES for level in ratio
        ]  # fmt: skip
        rows += [
            {"year": years, "age": str(age), "sex": sex, "education": level,
             "rate": f"{rate / mean[age, sex] * ratio[level]:.6f}"}
            for (age, sex), rate in rates.items() for level in ratio
        ]  # fmt: skip
    return rows


def _before_base(catalogue: Catalogue) -> dict[tuple[int, str], float]:
    curve = others(catalogue)
    return {(age, sex): onset_of_all(curve[sex], age) for age in range(FIRST_AGE, LAST_AGE + 1) for sex in SEXES}


def _from_base(catalogue: Catalogue) -> dict[tuple[int, str], float]:
    curve = prevalence(catalogue)
    dying = _dying(catalogue, curve)
    return {
        (age, sex): onset_of_all(curve[sex], age, dying.get((age, sex), 0.0))
        for age in range(FIRST_AGE, LAST_AGE + 1) for sex in SEXES
    }  # fmt: skip


def _holds(label: str, year: int) -> bool:
    low, _, high = label.rstrip("+").lstrip("-").partition("-")
    if label.endswith("+"):
        return year >= int(low)
    return (int(low) <= year <= int(high)) if high else year <= int(low)


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "dementia_onset": onset,
    "dementia_noticed": noticed,
}
