"""Education and work: levels by year of birth, who works, and how often work begins and ends."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from abmsim.stats.by_age import ages_of
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_lifecourse import line, steps
from abmsim.stats.recipes_mortality import SEXES, bisect

LEVELS: tuple[str, ...] = ("low", "middle", "high")
REFERENCE_YEAR = 2020
MIDDLE_UNTIL, HIGH_UNTIL = 19, 23
"""Ages at which the middle and the high level are reached (lifecourse/education assumes the same)."""
_ROUNDS = 30


def education_levels(catalogue: Catalogue) -> list[dict[str, str]]:
    """Share of each level of education by year of birth and sex: that of the age group which they are in 2020.

    Those born after 1994 are still learning: they are taken to reach what those born ten years before them have.
    """
    persons = catalogue.table("residents_by_education")
    rows = []
    for age in persons.labels["age"][1:]:
        ages = ages_of(age)
        first, last = REFERENCE_YEAR - 1 - int(age.split("-")[1]), REFERENCE_YEAR - 1 - ages[0]
        years = f"{last - 9}+" if ages[0] == 25 else f"{first}-{last}" if ages[0] < 75 else f"1900-{last}"
        for sex in SEXES:
            total = sum(persons.value(age=age, sex=sex, education=level) for level in LEVELS)
            for level in LEVELS:
                share = persons.value(age=age, sex=sex, education=level) / total
                rows.append({"level": level, "year": years, "sex": sex, "share": f"{share:.4f}"})
    return rows


def job_entries(catalogue: Catalogue) -> list[dict[str, str]]:
    """Begins to work per person-year without work, by age, sex and education."""
    return _rows(catalogue, 0)


def job_exits(catalogue: Catalogue) -> list[dict[str, str]]:
    """Stops working per person-year of work, by age, sex and education."""
    return _rows(catalogue, 1)


FIRST_AGE, LAST_AGE_AT_WORK = 15, 74


def _rows(catalogue: Catalogue, which: int) -> list[dict[str, str]]:
    """Entries (0) or exits (1) so that the share with work becomes that of the next age.

    Where it rises or stays, the assumed part of workers stops and as many more begin; where it falls, more stop.
    """
    least = catalogue.table("work_assumptions").value(assumption="least_exits")
    shares = _shares(catalogue)
    rows = []
    for level in LEVELS:
        for sex in SEXES:
            values = []
            for age in range(FIRST_AGE, LAST_AGE_AT_WORK + 1):
                now, then = (_at(shares[level, sex], at) for at in (age, age + 1))
                middle = (now + then) / 2
                entry = (max(then - now, 0.0) + least * middle) / (1 - middle)
                leaving = least + max(now - then, 0.0) / max(middle, 0.01)
                values.append((entry, leaving)[which])
            for age, rate in steps(values, FIRST_AGE):
                rows.append({"age": age, "sex": sex, "education": level, "rate": rate})
    return rows


def _at(points: Mapping[float, float], age: float) -> float:
    return line(sorted(points.items()), age)


def _shares(catalogue: Catalogue) -> dict[tuple[str, str], dict[float, float]]:
    """Share with work by level and sex, at the middle of each group of ages; nobody at 15 and at 75.

    Published are ages by sex, and levels for all: within each group of age and sex the odds of the levels differ by the
    same factors, which give the published differences between the levels.
    """
    level_of = _factors(catalogue)
    published = catalogue.table("employed_by_age_sex_2023")
    found: dict[tuple[str, str], dict[float, float]] = {}
    for (age, sex), share in published.cells.items():
        middle = ages_of(age)[0] + 5.0
        group = _in_group(_persons(catalogue, age, sex), share, level_of)
        for level in LEVELS:
            points = found.setdefault((level, sex), {15.0: 0.0, 75.0: 0.0})
            points[middle] = group[level]
    return found


def _persons(catalogue: Catalogue, age: str, sex: str) -> dict[str, float]:
    persons = catalogue.table("residents_by_education")
    return {level: persons.value(age=age, sex=sex, education=level) for level in LEVELS}


def _in_group(persons: Mapping[str, float], share: float, factors: Mapping[str, float]) -> dict[str, float]:
    """Share with work by level in a group whose mean is known."""
    total = sum(persons.values())

    def mean(base: float) -> float:
        return sum(persons[level] / (1 + math.exp(-base - factors[level])) for level in LEVELS) / total - share

    base = bisect(mean, -8.0, 8.0)
    return {level: 1 / (1 + math.exp(-base - factors[level])) for level in LEVELS}


def _factors(catalogue: Catalogue) -> dict[str, float]:
    """Log odds of work against the middle level; the published participation of 2020, at the level of 2023."""
    published = catalogue.table("employed_by_age_sex_2023").cells
    wanted = {level: catalogue.table("employed_by_education_2020").value(education=level) / 100 for level in LEVELS}
    factors = dict.fromkeys(LEVELS, 0.0)
    for _ in range(_ROUNDS):
        working, all_ = dict.fromkeys(LEVELS, 0.0), dict.fromkeys(LEVELS, 0.0)
        for (age, sex), share in published.items():
            persons = _persons(catalogue, age, sex)
            group = _in_group(persons, share, factors)
            for level in LEVELS:
                working[level] += persons[level] * group[level]
                all_[level] += persons[level]
        scale = sum(working.values()) / sum(wanted[level] * all_[level] for level in LEVELS)
        for level in LEVELS:
            found, aim = working[level] / all_[level], min(wanted[level] * scale, 0.99)
            factors[level] += math.log(aim / (1 - aim)) - math.log(found / (1 - found))
        middle = factors["middle"]
        factors = {level: factor - middle for level, factor in factors.items()}
    return factors


def share_at_work(catalogue: Catalogue) -> Callable[[float], float]:
    """`share(age)` of residents with work, both sexes and all levels."""
    shares = _shares(catalogue)
    groups = {label: ages_of(label) for label in catalogue.table("residents_by_education").labels["age"]}
    numbers = {label: {sex: _persons(catalogue, label, sex) for sex in SEXES} for label in groups}

    def share(age: float) -> float:
        of_group = numbers[next(label for label, ages in groups.items() if int(age) in ages)]
        cells = [(of_group[sex][level], shares[level, sex]) for sex in SEXES for level in LEVELS]
        return sum(number * _at(points, age) for number, points in cells) / sum(number for number, _ in cells)

    return share


def share_learning(catalogue: Catalogue) -> Callable[[int], float]:
    """`share(age)` of adults still in education: who is to reach the middle level until 19, the high one until 23."""
    rows = [row for row in education_levels(catalogue) if row["year"].endswith("+")]
    reach = {level: sum(float(row["share"]) for row in rows if row["level"] == level) / 2 for level in LEVELS}
    return lambda age: 1 - reach["low"] if age < MIDDLE_UNTIL else reach["high"] if age < HIGH_UNTIL else 0.0
