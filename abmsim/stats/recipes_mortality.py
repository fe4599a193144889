"""Mortality: rates by completed age from the life table by age on 31 December, and the level of each year."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from abmsim.stats.catalogue import Catalogue

SEXES = ("female", "male")
LAST_PUBLISHED_AGE = 99
LAST_AGE = 120
LAST_OBSERVED_YEAR = 2023
LAST_TREND_YEAR = 2100
_FITTED_AGES = range(80, 99)

Rates = Mapping[tuple[str, ...], float]


def death_rate(catalogue: Catalogue) -> list[dict[str, str]]:
    """Deaths per person-year by completed age 0-120 and sex, mean of 2017-2019.

    The published table goes by age on 31 December: its row x is the risk of a calendar year for those who were x-1 on
    1 January, so it covers exact ages x-0.5 to x+0.5 (row 0: birth to 31 December, half a year on average). The rate
    of completed age a lies half-way between the rows a and a+1. Above the table: Kannisto's logistic line.
    """
    rows = []
    for sex in SEXES:
        hazards = _hazards_by_row(catalogue, sex)
        rates = [hazards[0] + hazards[1] / 2]
        rates += [math.sqrt(hazards[age] * hazards[age + 1]) for age in range(1, LAST_PUBLISHED_AGE)]
        rates += _kannisto(rates)
        rows += [{"age": str(age), "sex": sex, "rate": f"{rate:.7f}"} for age, rate in enumerate(rates)]
    return rows


def _hazards_by_row(catalogue: Catalogue, sex: str) -> list[float]:
    table = catalogue.table("death_probability_by_age_on_31_december")
    years = table.labels["year"]
    return [
        sum(-math.log1p(-table.value(year=year, sex=sex, age=str(age))) for year in years) / len(years)
        for age in range(LAST_PUBLISHED_AGE + 1)
    ]


def _kannisto(rates: list[float]) -> list[float]:
    """Rates above the published ages: logit(rate) = a + b age, least squares over the fitted ages."""
    points = [(float(age), math.log(rates[age] / (1 - rates[age]))) for age in _FITTED_AGES]
    mean_age = sum(age for age, _ in points) / len(points)
    mean_logit = sum(logit for _, logit in points) / len(points)
    spread = sum((age - mean_age) ** 2 for age, _ in points)
    slope = sum((age - mean_age) * (logit - mean_logit) for age, logit in points) / spread
    ages = range(len(rates), LAST_AGE + 1)
    return [1 / (1 + math.exp(-(mean_logit + slope * (age - mean_age)))) for age in ages]


def year_ratio(catalogue: Catalogue) -> list[dict[str, str]]:
    """Mortality of each year against 2017-2019 by age and sex.

    To 2022 deaths published / deaths expected, 2023 from the life expectancy: the same at every age. After that the
    level of 2023 falls as the rates of the United Nations do at that age and sex.
    """
    levels = _published_levels(catalogue)
    trend = _Trend(catalogue)
    rows = [(year, cell, level) for year, level in levels.items() for cell in trend.cells]
    for year in range(LAST_OBSERVED_YEAR + 1, LAST_TREND_YEAR + 1):
        level = levels[str(LAST_OBSERVED_YEAR)]
        rows += [(str(year), cell, level * trend.fall(year, cell)) for cell in trend.cells]
    return [
        {"year": year, "age": age, "sex": sex, "ratio": f"{ratio:.4f}"} for year, (age, sex), ratio in rows
    ]


def _published_levels(catalogue: Catalogue) -> dict[str, float]:
    rates = catalogue.table("death_rate").cells
    cbs = catalogue.table("deaths_nl")
    united_nations = catalogue.table("deaths_nl_un")
    return {
        "2017-2019": 1.0,
        "2020": cbs.value(year="2020") / _expected(rates, _both_sexes(catalogue)),
        "2021": united_nations.value(year="2021") / _expected(rates, _by_sex(catalogue, "2021")),
        "2022": cbs.value(year="2022") / _expected(rates, _by_sex(catalogue, "2022")),
        str(LAST_OBSERVED_YEAR): _ratio_for_life_expectancy(catalogue, rates),
    }


class _Trend:
    """How the rates of the United Nations change from the last observed year on, by `cells` of (age, sex).

    The rate of a period stands for its middle; in between a straight line through the logarithms, after the last
    middle the line goes on.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        table = catalogue.table("death_rates_un")
        self.cells = [(age, sex) for age in table.labels["age"] for sex in table.labels["sex"]]
        self._middles = [sum(map(int, period.split("-"))) / 2 for period in table.labels["period"]]
        self._logs = {
            (age, sex): [math.log(table.value(period=period, age=age, sex=sex)) for period in table.labels["period"]]
            for age, sex in self.cells
        }

    def fall(self, year: int, cell: tuple[str, str]) -> float:
        """The rate in the middle of the year against that of the last observed year."""
        return math.exp(self._log(year + 0.5, cell) - self._log(LAST_OBSERVED_YEAR + 0.5, cell))

    def _log(self, at: float, cell: tuple[str, str]) -> float:
        logs, middles = self._logs[cell], self._middles
        after = min(next((i for i, middle in enumerate(middles) if middle >= at), len(middles)), len(middles) - 1)
        low, high = middles[after - 1], middles[after]
        return logs[after - 1] + (logs[after] - logs[after - 1]) * (at - low) / (high - low)


def _by_sex(catalogue: Catalogue, year: str) -> Rates:
    cells = catalogue.table("residents_nl_by_age_sex").cells
    return {(age, sex): persons for (at, age, sex), persons in cells.items() if at == year}


def _both_sexes(catalogue: Catalogue) -> Rates:
    """The residents of 1 January 2020 by age, divided over the sexes as at the same ages a year later."""
    later = catalogue.table("residents_nl_by_age_sex")
    persons = catalogue.table("residents_nl_2020_by_age")
    divided = {}
    for age in later.labels["age"]:
        total = sum(later.value(year="2021", age=age, sex=sex) for sex in SEXES)
        for sex in SEXES:
            divided[age, sex] = persons.value(age=age) * later.value(year="2021", age=age, sex=sex) / total
    return divided


def _expected(rates: Rates, persons: Rates) -> float:
    """Deaths in the calendar year among those alive on 1 January: half a year at age a, half at a+1.

    Those born or arrived in the year are left out: about 0.3 % of deaths.
    """
    total = 0.0
    for (age, sex), number in persons.items():
        at = int(age.rstrip("+"))
        next_age = str(min(at + 1, LAST_AGE))
        total += number * -math.expm1(-(rates[str(at), sex] + rates[next_age, sex]) / 2)
    return total


def life_expectancy(rates: Rates, sex: str, ratio: float = 1.0) -> float:
    """Period life expectancy at birth in years of a table of rates by completed age, all times `ratio`."""
    alive, years = 1.0, 0.0
    for age in range(LAST_AGE + 1):
        rate = ratio * rates[str(age), sex]
        years += alive * -math.expm1(-rate) / rate
        alive *= math.exp(-rate)
    return years


def _ratio_for_life_expectancy(catalogue: Catalogue, rates: Rates) -> float:
    published = catalogue.table("life_expectancy_nl_2023")
    target = sum(published.value(sex=sex) for sex in SEXES) / len(SEXES)
    return bisect(lambda ratio: sum(life_expectancy(rates, sex, ratio) for sex in SEXES) / 2 - target, 2.0, 0.5)


def bisect(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function that rises from `low` to `high` is zero (the bounds may stand either way round)."""
    for _ in range(60):
        middle = (low + high) / 2
        if function(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
