"""Simulated figures with their error: sums over residents, and shares of them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from math import sqrt

from abmsim.validate.figure import Figure
from abmsim.validate.opened import OpenRun

SURVIVORS = "before the live years: the history of those who survived"
NOT_REACHED = "after the end of the run"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A simulated figure and its standard error, both in the unit of the published one."""

    value: float
    error: float


def total(run: OpenRun, query: str, expected: float | None = None, **values: object) -> Estimate:
    """A sum over residents, scaled to the place; the query gives one row for each resident with a count above 0.

    The error is that of as many independent residents with these counts, or with the count `expected` (as published)
    if that is larger, so that nobody found is not taken for certainty.
    """
    ((count, squares),) = run.rows(f"select coalesce(sum(x), 0), coalesce(sum(x * x), 0) from ({query})", values)
    count, squares = float(count), float(squares)
    error = sqrt(max(0.0, squares - count * count / run.residents))
    if expected is not None:
        wanted = min(expected / run.scale, run.residents)
        error = max(error, sqrt(wanted * (1 - wanted / run.residents)))
    return Estimate(count * run.scale, error * run.scale)


def percent(reached: int, of: int, expected: float | None = None) -> Estimate | None:
    """A share of residents in percent with its binomial error; None where there is nobody to ask."""
    if of == 0:
        return None
    share = reached / of
    shares = [share] if expected is None else [share, expected / 100]
    return Estimate(100 * share, 100 * sqrt(max(part * (1 - part) for part in shares) / of))


def figure(run: OpenRun, label: str, published: float, found: Estimate | None, margin: float, note: str = "") -> Figure:
    """The figure of a national table: in a run of another place there is no published one beside it."""
    return Figure(
        label,
        published if run.is_country else None,
        found.value if found else None,
        found.error if found else 0.0,
        margin,
        note,
    )


def note_on(run: OpenRun, from_date: datetime.date, to_date: datetime.date) -> str:
    """Why a period [from, to) cannot be judged: it is not wholly inside the live years; empty if it is."""
    if to_date > run.to_date:
        return NOT_REACHED
    return SURVIVORS if from_date < run.from_date else ""


def year_of(label: str) -> tuple[datetime.date, datetime.date]:
    """The period [from, to) of a label: `2024`, `2024H1` or `2024H2`."""
    year, half = int(label[:4]), label[4:]
    middle = datetime.date(year, 7, 1)
    from_date = middle if half == "H2" else datetime.date(year, 1, 1)
    return from_date, middle if half == "H1" else datetime.date(year + 1, 1, 1)
