"""Frailty at 65 and older who live at home: who is frail at 65, and how soon others become so, by limitations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import exp, log

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_dementia import assumptions, residents
from abmsim.stats.recipes_lifecourse import shares_of
from abmsim.stats.recipes_limitations import Limited, limited
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES, bisect

FIRST_AGE = 65
YEAR = "2021"
_YOUNGEST_CLASS = 67.5
"""The middle of 65-69, for which a figure is published."""

_STEPS = 12
_LABELS = ("none", "some", "severe")


def _line(facts: Mapping[str, float], slope: float) -> dict[str, list[float]]:
    """By sex the share of those at home who are frail at exact ages from 65 on: log odds on a straight line."""
    curve = {}
    for sex in SEXES:
        start = facts["percent_women_65_69" if sex == "female" else "percent_men_65_69"] / 100
        odds = [log(start / (1 - start)) + slope * (age - _YOUNGEST_CLASS) for age in range(FIRST_AGE, LAST_AGE + 2)]
        curve[sex] = [1 / (1 + exp(-value)) for value in odds]
    return curve


def shares(catalogue: Catalogue) -> dict[str, list[float]]:
    """The curves whose slope gives the published share of all at home."""
    facts = {fact: value for (fact,), value in catalogue.table("frailty_facts").cells.items()}
    within = shares_of(catalogue)
    home = {
        (age, sex): n * (1 - within(min(age, 99) + 0.5, "institution"))
        for (age, sex), n in residents(catalogue, YEAR).items()
        if age >= FIRST_AGE
    }

    def short(slope: float) -> float:
        curve = _line(facts, slope)
        frail = sum(
            n * (curve[sex][age - FIRST_AGE] + curve[sex][age - FIRST_AGE + 1]) / 2 for (age, sex), n in home.items()
        )
        return frail / sum(home.values()) - facts["percent_at_home"] / 100

    return _line(facts, bisect(short, 0.0, 0.5))


def _ratios(catalogue: Catalogue) -> tuple[float, float, float]:
    assumed = assumptions(catalogue, "frailty_assumptions")
    return 1.0, assumed["some_ratio"], assumed["severe_ratio"]


def _at_65(curve: Sequence[float], found: Limited, sex: str, ratios: Sequence[float]) -> list[float]:
    """The share of each limitation that is frail on the 65th birthday: odds that differ by the ratios."""
    severe = found.severe[sex][FIRST_AGE]
    some = found.any[sex][FIRST_AGE] - severe
    persons = (1 - some - severe, some, severe)

    def frail(odds: float) -> list[float]:
        return [odds * ratio / (1 + odds * ratio) for ratio in ratios]

    odds = bisect(lambda o: sum(n * f for n, f in zip(persons, frail(o), strict=True)) - curve[0], 0.0, 10.0)
    return frail(odds)


def _rates(catalogue: Catalogue, sex: str) -> Iterator[tuple[int, float]]:
    """The rate of those without limitations at each completed age, that leads to the share of the next age."""
    found, ratios, curve = limited(catalogue), _ratios(catalogue), shares(catalogue)[sex]
    soon = {label: value for (label,), value in catalogue.table("limitation_assumptions").cells.items()}
    either, severe = found.any[sex], found.severe[sex]
    start = (1 - either[FIRST_AGE], either[FIRST_AGE] - severe[FIRST_AGE], severe[FIRST_AGE])
    fit = [n * (1 - f) for n, f in zip(start, _at_65(curve, found, sex, ratios), strict=True)]
    for age in range(FIRST_AGE, LAST_AGE + 1):
        some = (either[age] - severe[age] + either[age + 1] - severe[age + 1]) / 2
        able = 1 - (either[age] + either[age + 1]) / 2
        begins = (either[age + 1] - either[age] + soon["recovers"] * some) / able
        worsens = (severe[age + 1] - severe[age] + soon["improves"] * (severe[age] + severe[age + 1]) / 2) / some
        moves = (max(0.0, begins), max(0.0, worsens), soon["recovers"], soon["improves"])
        wanted = 1 - curve[age + 1 - FIRST_AGE]

        def left(rate: float, fit: Sequence[float] = fit, moves: Sequence[float] = moves) -> float:
            return sum(_year(fit, rate, moves, ratios))

        rate = bisect(lambda rate, left=left, wanted=wanted: wanted - left(rate), 0.0, 1.0)
        fit = _year(fit, rate, moves, ratios)
        yield age, rate


def _year(fit: Sequence[float], rate: float, moves: Sequence[float], ratios: Sequence[float]) -> list[float]:
    """Who is not frail by limitations, a year later; limitations come and go as for all."""
    none, some, severe = fit
    begins, worsens, recovers, improves = (move / _STEPS for move in moves)
    frail = [1 - exp(-rate * ratio / _STEPS) for ratio in ratios]
    for _ in range(_STEPS):
        none, some, severe = (n * (1 - f) for n, f in zip((none, some, severe), frail, strict=True))
        begin, worse = none * begins, some * min(worsens, 1.0)
        recover, improve = some * recovers, severe * improves
        none, some, severe = (
            none - begin + recover, some + begin - recover - worse + improve, severe + worse - improve,
        )  # fmt: skip
    return [none, some, severe]


def frailty(catalogue: Catalogue) -> list[dict[str, str]]:
    """Becomes frail, by age, sex and limitations."""
    ratios = _ratios(catalogue)
    rows = [
        {"age": f"0-{FIRST_AGE - 1}", "sex": sex, "limitations": label, "rate": "0"}
        for sex in SEXES
        for label in _LABELS
    ]
    for sex in SEXES:
        for age, rate in _rates(catalogue, sex):
            rows += [
                {"age": str(age), "sex": sex, "limitations": label, "rate": f"{rate * ratio:.5f}"}
                for label, ratio in zip(_LABELS, ratios, strict=True)
            ]
    return rows


def frail_at_65(catalogue: Catalogue) -> list[dict[str, str]]:
    found, ratios, curves = limited(catalogue), _ratios(catalogue), shares(catalogue)
    return [
        {"sex": sex, "limitations": label, "share": f"{share:.5f}"}
        for sex in SEXES
        for label, share in zip(_LABELS, _at_65(curves[sex], found, sex, ratios), strict=True)
    ]


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "frailty": frailty,
    "frail_at_65": frail_at_65,
}
