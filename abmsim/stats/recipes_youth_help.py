"""Youth help: who starts at which age, how long it lasts and how it goes on, from stocks, starts and ended spells."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_mortality import SEXES

ADULT, LAST_AGE = 18, 22
MONTHS = 12
SMOOTHING = 0.03
"""Weight of each neighbouring year of age when entry rates are smoothed; without it they swing from year to year."""
REFERRERS = (
    "municipal_access", "gp", "youth_physician", "certified_institution", "medical_specialist", "no_referrer", "judge",
)  # fmt: skip
DURATION_CLASSES = {
    "0-3 months": 0.25, "3-6 months": 0.5, "6-12 months": 1, "1-2 years": 2, "2-3 years": 3, "3-4 years": 4,
    "4 years and over": math.inf,
}  # fmt: skip
"""Classes of published durations, each with its upper bound in years."""


def referrers(catalogue: Catalogue) -> list[dict[str, str]]:
    """Share of each referrer in the trajectories started in the year, those without a known referrer left out."""
    started = catalogue.table("youth_trajectories_started_by_referrer")
    total = sum(started.value(referrer=name) for name in REFERRERS)
    return [{"referrer": name, "share": f"{started.value(referrer=name) / total:.5f}"} for name in REFERRERS]


def end_reasons(catalogue: Catalogue) -> list[dict[str, str]]:
    """Share of each end reason by referrer; without a referrer = total minus the others."""
    ended = catalogue.table("youth_trajectories_ended_by_reason")
    reasons = ended.labels["reason"]
    rows = []
    for name in REFERRERS:
        counts = {reason: _of_referrer(ended.cells, name, reason) for reason in reasons}
        total = sum(counts.values())
        rows += [{"reason": r, "youth_referrer": name, "share": f"{counts[r] / total:.4f}"} for r in reasons]
    return rows


def _of_referrer(cells: Mapping[tuple[str, ...], float], referrer: str, reason: str) -> float:
    if referrer != "no_referrer":
        return cells[referrer, reason]
    return cells["total", reason] - sum(cells[name, reason] for name in REFERRERS if name != "no_referrer")


def durations(catalogue: Catalogue) -> list[dict[str, str]]:
    """Lognormal duration of a trajectory by referrer, least squares on the shares of the duration classes."""
    ended = catalogue.table("youth_trajectories_ended_by_duration")
    rows = []
    for name in REFERRERS:
        counts = [ended.value(referrer=name, duration=label) for label in DURATION_CLASSES]
        shares = [count / sum(counts) for count in counts]
        grid = itertools.product((i / 50 for i in range(-50, 11)), (i / 50 for i in range(30, 76)))
        mu, sigma = min(grid, key=lambda point: _misfit(shares, *point))
        rows.append({"youth_referrer": name, "median_years": f"{math.exp(mu):.4f}", "sigma": f"{sigma:.2f}"})
    return rows


def _misfit(shares: Sequence[float], mu: float, sigma: float) -> float:
    bounds = [_lognormal_below(bound, mu, sigma) for bound in (0.0, *DURATION_CLASSES.values())]
    fitted = (high - low for low, high in itertools.pairwise(bounds))
    return sum((share - fit) ** 2 for share, fit in zip(shares, fitted, strict=True))


def _lognormal_below(years: float, mu: float, sigma: float) -> float:
    if years == 0.0 or years == math.inf:
        return float(years > 0)
    return 0.5 * (1 + math.erf((math.log(years) - mu) / (sigma * math.sqrt(2))))


def solution(catalogue: Catalogue) -> list[dict[str, str]]:
    """Share of ended trajectories that another one follows, and share of the helped who stay in help at 18.

    Solved with the entry rates: starts that are not follow-ups = persons in the year - stock, stock of 18 and over.
    """
    solved = _solve(catalogue)
    return [
        {"step": "followed", "share": f"{solved.followed:.4f}"},
        {"step": "stays_at_18", "share": f"{solved.stays:.4f}"},
    ]


def entry(catalogue: Catalogue) -> list[dict[str, str]]:
    """Referrals per person-year by single age 0-17 and sex, among those neither waiting nor helped."""
    solved = _solve(catalogue)
    rows = [
        {"age": str(age), "sex": sex, "rate": f"{solved.entry[sex][age]:.6f}"} for age in range(ADULT) for sex in SEXES
    ]
    return rows + [{"age": "18+", "sex": sex, "rate": "0"} for sex in SEXES]


@dataclass(frozen=True, slots=True)
class _Solved:
    entry: Mapping[str, Sequence[float]]
    followed: float
    stays: float


def _solve(catalogue: Catalogue) -> _Solved:
    """Forward run over age in months, repeated until stock by age, starts in the year and stock at 18 fit."""
    residents = _residents(catalogue)
    wanted, wanted_adult = _wanted_stock(catalogue, residents)
    survival = _survival(catalogue)
    waiting_months = round(catalogue.table("youth_help_waiting").value() * MONTHS * 7 / 365.25)
    at_once = round(catalogue.table("youth_help_at_once").value() * MONTHS)
    total = catalogue.table("youth_care_stock_by_age").cells
    new_in_year = catalogue.table("youth_care_persons").value(year="2023") - sum(total.values())
    rates = {sex: [share / 2 for share in wanted[sex]] for sex in SEXES}
    followed, stays = 0.3, 0.4
    for _ in range(60):
        waits = (at_once, waiting_months)
        runs = {sex: _run_over_age(rates[sex], survival, followed, stays, waits) for sex in SEXES}
        for sex in SEXES:
            stock = runs[sex].stock
            rates[sex] = _smooth([rates[sex][a] * (wanted[sex][a] / stock[a]) ** 0.5 for a in range(ADULT)])
        new = sum(residents[sex][a] * runs[sex].new[a] for sex in SEXES for a in range(LAST_AGE + 1))
        adult = sum(residents[sex][a] * runs[sex].stock[a] for sex in SEXES for a in range(ADULT, LAST_AGE + 1))
        followed = min(max(1 - (1 - followed) * (new_in_year / new) ** 0.5, 0.0), 0.9)
        stays = min(stays * (wanted_adult / adult) ** 0.5, 1.0)
    return _Solved(rates, followed, stays)


def _smooth(rates: Sequence[float]) -> list[float]:
    """A light running mean: the stock of a year of age says little of the split between neighbouring years."""
    around = [rates[0], *rates, rates[-1]]
    weight = SMOOTHING
    return [
        weight * before + (1 - 2 * weight) * here + weight * after
        for before, here, after in zip(around, around[1:], around[2:], strict=False)
    ]


@dataclass(frozen=True, slots=True)
class _Run:
    """By year of age, per resident: mean share in help, and starts that no other help went before."""

    stock: list[float]
    new: list[float]


def _run_over_age(
    rates: Sequence[float], survival: Sequence[float], followed: float, stays: float, waits: tuple[int, int]
) -> _Run:
    """`waits`: until which month of age help begins at once, and for how many months later ones wait."""
    at_once, waiting_months = waits
    ending = [high - low for high, low in itertools.pairwise([*survival, 0.0])]
    started: list[float] = []
    referred: list[float] = []
    stock, new = [0.0] * (LAST_AGE + 1), [0.0] * (LAST_AGE + 1)
    helped = waiting = 0.0
    for month in range((LAST_AGE + 1) * MONTHS):
        age = month // MONTHS
        if month == ADULT * MONTHS:
            started = [0.0] * (month - 1) + [helped * stays]
            helped *= stays
        over = sum(start * end for start, end in zip(reversed(started), ending, strict=False))
        rate = rates[age] if age < ADULT else 0.0
        referred.append((1 - helped - waiting) * -math.expm1(-rate / MONTHS))
        asked = month if month < at_once else month - waiting_months
        first = referred[asked] if month < at_once or asked >= at_once else 0.0
        started.append(first + over * followed)
        waiting += referred[month] - first
        helped += first - over * (1 - followed)
        stock[age] += helped / MONTHS
        new[age] += first
    return _Run(stock, new)


def _survival(catalogue: Catalogue) -> list[float]:
    """Share of trajectories that still run after 0, 1, 2, ... months, over all referrers."""
    share = catalogue.table("youth_help_referrer")
    median, sigma = catalogue.table("youth_help_median_years"), catalogue.table("youth_help_sigma")
    fits = [
        (share.value(referrer=name), math.log(median.value(youth_referrer=name)), sigma.value(youth_referrer=name))
        for name in REFERRERS
    ]
    months = range((LAST_AGE + 1) * MONTHS + 1)
    return [sum(part * (1 - _lognormal_below(month / MONTHS, mu, s)) for part, mu, s in fits) for month in months]


def _residents(catalogue: Catalogue) -> dict[str, list[float]]:
    table = catalogue.table("residents_nl_by_age_sex")
    return {sex: [table.value(year="2022", age=str(a), sex=sex) for a in range(LAST_AGE + 1)] for sex in SEXES}


def _wanted_stock(
    catalogue: Catalogue, residents: Mapping[str, Sequence[float]]
) -> tuple[dict[str, list[float]], float]:
    """Share of residents in help by sex and age 0-17, and persons in help of 18-22.

    Boys by age are published up to 6 only. From 6 to 17 their share falls on a straight line, and stays there, so
    that all boys together are the published number.
    """
    youths = catalogue.table("youth_care_stock_by_age")
    boys = catalogue.table("youth_care_stock_boys")
    stock = [youths.value(age=str(age)) for age in range(ADULT)]
    adult = youths.value(age="18") + youths.value(age="19-22")
    last = 6
    at_last = boys.value(age=str(last)) / stock[last]
    rest = boys.value(age="total") - sum(boys.value(age=str(age)) for age in range(last + 1))
    weight = [(age - last) / (ADULT - 1 - last) for age in range(last + 1, ADULT)]
    older = stock[last + 1 :]
    level = at_last * (sum(older) + adult) - rest
    fall = level / (sum(w * s for w, s in zip(weight, older, strict=True)) + adult)
    share = [boys.value(age=str(age)) / stock[age] for age in range(last + 1)] + [at_last - fall * w for w in weight]
    wanted = {
        "male": [share[a] * stock[a] / residents["male"][a] for a in range(ADULT)],
        "female": [(1 - share[a]) * stock[a] / residents["female"][a] for a in range(ADULT)],
    }
    return wanted, adult
