"""Vaccination: how far each municipality lies above or below the country, and the level that meets a national figure.

Both on the logit scale: a resident of a municipality accepts a dose with the chance `logistic(level + shift)`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_mortality import bisect

HIGHEST, LOWEST = 0.995, 0.5
"""A cohort of a few dozen children with 100 % says no more than that coverage is very high."""

BASE_YEAR = 2020
"""Residents are counted by age on 1 January of this year."""

OLDEST_GROUP = 95
"""The first age of the last group of residents, which has no end."""


SOURCES = ("verified", "note")
"""Columns that say where a line comes from, and stay with the lines."""


def municipal_shift(catalogue: Catalogue) -> list[dict[str, str]]:
    """Logit of the coverage of 2014 minus that of the country (mean over births), by municipality of 2020.

    A municipality merged since has the mean of its parts. Only differences count: the level is solved for each figure.
    """
    parts: dict[str, list[float]] = defaultdict(list)
    merged = {row["code_2014"]: row["municipality_code"] for row in catalogue.rows("municipalities_merged_2014_2020")}
    for (code,), percent in catalogue.table("rvp_bmr1_by_municipality_2014").cells.items():
        parts[merged.get(code, code)].append(logit(percent / 100))
    births = {code: number for (code,), number in catalogue.table("births_by_municipality_2020").cells.items()}
    logits = {code: sum(parts[code]) / len(parts[code]) for code in births if code in parts}
    known = {code: births[code] for code in logits}
    country = logit(mean_chance(known, logits, 0.0))
    shifts = {code: logits[code] - country if code in logits else 0.0 for code in births}
    return [{"municipality_code": code, "shift": f"{shift:.4f}"} for code, shift in sorted(shifts.items())]


def schedule(catalogue: Catalogue) -> list[dict[str, str]]:
    """The lines of the programme with `level`: where the residents that a figure is about have its coverage.

    A figure counts residents who had `counted_doses` doses, each of which one who accepts it may still miss.
    """
    shifts = {code: shift for (code,), shift in catalogue.table("rvp_municipal_shift").cells.items()}
    residents = residents_by_age(catalogue)
    kept = 1 - catalogue.table("rvp_missed_dose").value()
    rows = []
    for row in catalogue.rows("rvp_lines"):
        accepting = float(row["coverage"]) / kept ** int(row["counted_doses"])
        level = level_of(accepting, weights(residents, row), shifts)
        rows.append({key: value for key, value in row.items() if key not in SOURCES} | {"level": f"{level:.4f}"})
    return rows


def level_of(share: float, residents: Mapping[str, float], shifts: Mapping[str, float]) -> float:
    """The level at which this share of the residents accepts; ValueError if no level can give it."""
    if not 0 < share < 1:
        raise ValueError(f"a share of {share:.3f} cannot accept a dose: the figure leaves no room for missed doses")
    return bisect(lambda level: mean_chance(residents, shifts, level) - share, -12.0, 12.0)


def mean_chance(residents: Mapping[str, float], shifts: Mapping[str, float], level: float) -> float:
    """The mean over residents of `logistic(level + shift)` of their municipality."""
    total = sum(residents.values())
    return sum(number / (1 + math.exp(-level - shifts[code])) for code, number in residents.items()) / total


def residents_by_age(catalogue: Catalogue) -> dict[str, dict[str, float]]:
    """Residents on 1 January 2020 by group of ages (`0-4`) and municipality."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for row in catalogue.rows("household_positions_2020"):
        counts = (float(value) for key, value in row.items() if key not in ("municipality_code", "age"))
        found[row["age"]][row["municipality_code"]] = sum(counts)
    return found


def weights(residents: Mapping[str, Mapping[str, float]], line: Mapping[str, str]) -> dict[str, float]:
    """Residents by municipality of the ages that a line is for, each age a fifth of its group."""
    found: dict[str, float] = defaultdict(float)
    for group in groups_of_line(line):
        for code, number in residents[group].items():
            found[code] += number
    return found


def groups_of_line(line: Mapping[str, str]) -> Iterator[str]:
    """The group of ages of each year of birth; who is born after the base date lives as the youngest do."""
    first = int(line["valid_from_birth_date"][:4])
    until = line["valid_until_birth_date"]
    last = max(first, int(until[:4]) - (until[5:] == "01-01")) if until else max(first, BASE_YEAR - 1)
    for year in range(first, last + 1):
        low = max(0, BASE_YEAR - 1 - year) // 5 * 5
        yield f"{OLDEST_GROUP}+" if low >= OLDEST_GROUP else f"{low}-{low + 4}"


def logit(share: float) -> float:
    share = min(max(share, LOWEST), HIGHEST)
    return math.log(share / (1 - share))
