"""Difficulty with daily activities: how it begins and worsens beside what strokes, hip fractures and dementia do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_cardiovascular import STROKE, admission_rates
from abmsim.stats.recipes_dementia import assumptions, others, prevalence, worsening
from abmsim.stats.recipes_falls import limitation_ratio, survived_hip_fractures
from abmsim.stats.recipes_lifecourse_institutions import AGED, mortality
from abmsim.stats.recipes_limitations import ADULT, Curve, Limited, limited
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES
from abmsim.stats.recipes_wlz_flows import indicated_at_home, nursing_deaths
from abmsim.stats.recipes_wlz_inside import in_nursing_home, psychogeriatric_part

_STEPS = 12
_ROUNDS = 8
_MONTH = 30 / 365.25
_OLDEST = 99
NONE, SOME, SEVERE = 0, 1, 2
HEALTHY, MODERATE, ADVANCED = 0, 1, 2
"""Dementia as far as it limits: not or mild, moderate (the household is difficult), severe (self-care is too)."""

Shares = list[list[float]]
"""By dementia, then by limitations: of a cohort of one sex, in the middle of a step."""


@dataclass(frozen=True, slots=True)
class Blows:
    """What happens per year at an age by limitations to those who live on, and what it leaves: shares that end with
    some and with severe limitations."""

    stroke: float
    fracture: tuple[float, float, float]
    after: Mapping[str, float]

    def moves(self) -> tuple[float, float, float]:
        """Per year: none to some, none to severe, some to severe."""
        after = self.after
        to_some = self.stroke * after["stroke_some"] + self.fracture[NONE] * after["hip_fracture_some"]
        to_severe = [
            self.stroke * after["stroke_severe"] + self.fracture[at] * after["hip_fracture_severe"]
            for at in (NONE, SOME)
        ]
        return to_some, to_severe[NONE], to_severe[SOME]


@dataclass(slots=True)
class Rates:
    """What is solved for one age: per person-year without dementia that limits, and (worse) of all with some."""

    begins: float = 0.0
    worsens: float = 0.0


@dataclass(frozen=True, slots=True)
class Lives:
    """Whose lives are solved: their limitations and dementia by age, and what dies of those with nursing care beyond
    the others of the age, as a share of all, of whom a part has dementia."""

    limited: Limited
    dementia: Curve
    dying: Mapping[int, float]
    with_dementia: float


def before_base(catalogue: Catalogue) -> Lives:
    """The published shares are those at home; nobody dies, and of residents of nursing homes it is told."""
    return Lives(limited(catalogue), others(catalogue), {}, 0.0)


def from_base(catalogue: Catalogue) -> Lives:
    """All residents, those of nursing homes too; so many begin that shares stay though those cared for die sooner."""
    home, inside, indicated = limited(catalogue), in_nursing_home(catalogue), indicated_at_home(catalogue)
    ratios, dying = nursing_deaths(catalogue), {}
    for age in range(AGED, LAST_AGE + 1):
        cared, rest = ratios[min(age // 5 * 5, max(ratios))]
        within = inside(min(age + 0.5, _OLDEST))
        nursing = within + (1 - within) * indicated[min(age, _OLDEST)]
        dying[age] = nursing * mortality(catalogue, age) * (cared - rest)

    def everybody(curve: Sequence[float]) -> list[float]:
        within = [inside(min(age, _OLDEST)) for age in range(len(curve))]
        return [share * (1 - part) + part for share, part in zip(curve, within, strict=True)]

    either, severe = ({sex: everybody(curve[sex]) for sex in SEXES} for curve in (home.any, home.severe))
    return Lives(Limited(either, severe), prevalence(catalogue), dying, psychogeriatric_part(catalogue))


def solve(catalogue: Catalogue, lives: Lives) -> dict[tuple[int, str], Rates]:
    """By age and sex the rates that lead from the shares of one age to those of the next."""
    soon = {label: value for (label,), value in catalogue.table("limitation_assumptions").cells.items()}
    mild, moderate, _ = worsening(catalogue)
    blows = _blows(catalogue, limited(catalogue))
    solved = {}
    for sex in SEXES:
        cohort, curve = _Cohort(lives.limited, sex, soon, (mild, moderate)), lives.dementia[sex]
        for age in range(ADULT, LAST_AGE + 1):
            dying = lives.dying.get(age, 0.0)
            begin = max(0.0, curve[age + 1] - curve[age] + dying * lives.with_dementia * (1 - curve[age]))
            solved[age, sex] = cohort.year(age, begin, blows[age, sex], dying)
    return solved


def _blows(catalogue: Catalogue, found: Limited) -> dict[tuple[int, str], Blows]:
    after = {label: value for (label,), value in catalogue.table("limitation_causes").cells.items()}
    strokes, hips = _survived_strokes(catalogue), survived_hip_fractures(catalogue)
    assumed = assumptions(catalogue, "falls_assumptions")
    blows = {}
    for sex in SEXES:
        for age in range(ADULT, LAST_AGE + 1):
            hip = hips.get((age, sex), 0.0)
            ratio = limitation_ratio(found, assumed, age, sex)
            by_limitation = hip * ratio["none"], hip * ratio["some"], hip * ratio["severe"]
            blows[age, sex] = Blows(strokes[age, sex], by_limitation, after)
    return blows


def _survived_strokes(catalogue: Catalogue) -> dict[tuple[int, str], float]:
    """Strokes per person-year, first and later ones, of those who live on for a year."""
    month, year = (catalogue.table(f"stroke_disease_dies_in_{span}") for span in ("30_days", "the_year"))
    found = {}
    for sex in SEXES:
        for age, rate in enumerate(admission_rates(catalogue, STROKE, sex)):
            died = month.value(age=str(age), sex=sex) * _MONTH + year.value(age=str(age), sex=sex) * (1 - _MONTH)
            found[age, sex] = rate * exp(-died)
    return found


class _Cohort:
    """One sex from 18 on: shares by limitations and by dementia that limits, a year at a time."""

    def __init__(self, found: Limited, sex: str, soon: Mapping[str, float], worsens: tuple[float, float]) -> None:
        self.any, self.severe = found.any[sex], found.severe[sex]
        self.soon, self.worsens = soon, worsens
        severe, some = self.severe[ADULT], self.any[ADULT] - self.severe[ADULT]
        self.shares: Shares = [[1 - some - severe, some, severe], [0.0] * 3, [0.0] * 3]
        self.mild = 0.0

    def year(self, age: int, begin: float, blows: Blows, dying: float) -> Rates:
        """Solves the two rates of a completed age, lives through it, and `dying` of all die at its end."""
        rates, start, mild = Rates(), self.shares, self.mild
        any_wanted, severe_wanted = (curve[age + 1] * (1 - dying) + dying for curve in (self.any, self.severe))
        for _ in range(_ROUNDS):
            self.shares, self.mild = [list(row) for row in start], mild
            for _ in range(_STEPS):
                self._step(begin / _STEPS, rates, blows.moves())
            able = start[HEALTHY][NONE]
            some = sum(row[SOME] for row in start[:ADVANCED])
            severe = sum(row[SEVERE] for row in self.shares)
            either = severe + sum(row[SOME] for row in self.shares)
            rates.begins = max(0.0, rates.begins + (any_wanted - either) / max(able, 1e-9))
            rates.worsens = max(0.0, rates.worsens + (severe_wanted - severe) / max(some, 1e-9))
        left = 1 - dying / max(sum(row[SEVERE] for row in self.shares), dying, 1e-9)
        for row in self.shares:
            row[SEVERE] *= left
            row[:] = [share / (1 - dying) for share in row]
        return rates

    def _step(self, begin: float, rates: Rates, moves: tuple[float, float, float]) -> None:
        before = [list(row) for row in self.shares]
        to_some, to_severe, some_to_severe = moves
        for dementia in (HEALTHY, MODERATE, ADVANCED):
            row = before[dementia]
            able = dementia == HEALTHY
            self._move(dementia, NONE, SOME, row[NONE] * (rates.begins + to_some))
            self._move(dementia, NONE, SEVERE, row[NONE] * to_severe)
            self._move(dementia, SOME, SEVERE, row[SOME] * (rates.worsens + some_to_severe))
            self._move(dementia, SOME, NONE, row[SOME] * self.soon["recovers"] if able else 0.0)
            self._move(dementia, SEVERE, SOME, row[SEVERE] * self.soon["improves"] if dementia < ADVANCED else 0.0)
        self._dementia(before, begin)

    def _move(self, dementia: int, origin: int, to: int, per_year: float) -> None:
        self.shares[dementia][origin] -= per_year / _STEPS
        self.shares[dementia][to] += per_year / _STEPS

    def _dementia(self, before: Shares, begin: float) -> None:
        """Mild dementia is spread over the limitations of all without one that limits; it gets worse in its time."""
        worse = self.mild * self.worsens[0] / _STEPS
        self.mild += begin - worse
        healthy = sum(before[HEALTHY])
        for limitation in (NONE, SOME, SEVERE):
            moved = worse * before[HEALTHY][limitation] / healthy
            self.shares[HEALTHY][limitation] -= moved
            self.shares[MODERATE][max(limitation, SOME)] += moved
            advanced = before[MODERATE][limitation] * self.worsens[1] / _STEPS
            self.shares[MODERATE][limitation] -= advanced
            self.shares[ADVANCED][SEVERE] += advanced


def begins(catalogue: Catalogue) -> list[dict[str, str]]:
    """Difficulty with the household begins by itself: what is missing to the share of the next age."""
    return _rows(catalogue, lambda rates: rates.begins)


def worsens(catalogue: Catalogue) -> list[dict[str, str]]:
    """It becomes difficulty with self-care by itself."""
    return _rows(catalogue, lambda rates: rates.worsens)


def _rows(catalogue: Catalogue, figure: Callable[[Rates], float]) -> list[dict[str, str]]:
    """A row for the years before the base date and from it on, an age and a sex."""
    rows = []
    for years, lives in (("1850-2019", before_base(catalogue)), ("2020+", from_base(catalogue))):
        solved = solve(catalogue, lives)
        rows += [{"year": years, "age": f"0-{ADULT - 1}", "sex": sex, "rate": "0"} for sex in SEXES]
        rows += [
            {"year": years, "age": str(age), "sex": sex, "rate": f"{figure(solved[age, sex]):.5f}"}
            for age in range(ADULT, LAST_AGE + 1)
            for sex in SEXES
        ]
    return rows


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "limitation_begins": begins,
    "limitation_worsens": worsens,
}
