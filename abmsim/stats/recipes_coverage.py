"""Vaccination: how far each municipality of 2020 lies above or below the country, on the logit scale."""

from __future__ import annotations

import math
from collections import defaultdict

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_mortality import bisect

HIGHEST, LOWEST = 0.995, 0.5
"""A cohort of a few dozen children with 100 % says no more than that coverage is very high."""


def municipal_shift(catalogue: Catalogue) -> list[dict[str, str]]:
    """Logit of the coverage of 2014 minus that of the country, by municipality of 2020.

    A municipality merged since has the mean of its parts. One constant makes the mean over births equal to the national
    level at which it is used, so that the shifts move children between places and not the country.
    """
    parts: dict[str, list[float]] = defaultdict(list)
    merged = {row["code_2014"]: row["municipality_code"] for row in catalogue.rows("municipalities_merged_2014_2020")}
    for (code,), percent in catalogue.table("rvp_bmr1_by_municipality_2014").cells.items():
        parts[merged.get(code, code)].append(logit(percent / 100))
    births = catalogue.table("births_by_municipality_2020").cells
    logits = {code: sum(parts[code]) / len(parts[code]) for (code,) in births if code in parts}
    level = catalogue.table("rvp_level_of_shift").value()
    centre = bisect(lambda at: level - _mean(births, logits, at, level), -8.0, 12.0)
    shifts = {code: logits[code] - centre if code in logits else 0.0 for (code,) in births}
    return [{"municipality_code": code, "shift": f"{shift:.4f}"} for code, shift in sorted(shifts.items())]


def _mean(births: dict[tuple[str, ...], float], logits: dict[str, float], centre: float, level: float) -> float:
    """National coverage if each municipality is shifted by its logit minus `centre`."""
    total = sum(births.values())
    at_level = math.log(level / (1 - level))
    known = ((number, logits.get(code, centre)) for (code,), number in births.items())
    return sum(number / (1 + math.exp(-(at_level + own - centre))) for number, own in known) / total


def logit(share: float) -> float:
    share = min(max(share, LOWEST), HIGHEST)
    return math.log(share / (1 - share))
