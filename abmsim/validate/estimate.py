"""Simulated figures with their error: sums over residents, shares of them, means."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from abmsim.validate.figure import Figure
from abmsim.validate.opened import OpenRun

SURVIVORS = "before the live years: the history of those who survived"
NOT_REACHED = "after the end of the run"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A simulated figure and its standard error, both in the unit of the published one; `n`: rows of the run behind."""

    value: float
    error: float
    n: int = 0

    def times(self, factor: float) -> Estimate:
        """The same rows in another unit."""
        return Estimate(self.value * factor, self.error * factor, self.n)


def total(run: OpenRun, query: str, expected: float | None = None, **values: object) -> Estimate:
    """A sum over residents, scaled to the place; the query gives one row for each resident with a count `x` above 0.

    The error is that of as many independent residents with these counts, or with the count `expected` (as published)
    if that is larger, so that nobody found is not taken for certainty.
    """
    ((count, squares),) = run.rows(f"select coalesce(sum(x), 0), coalesce(sum(x * x), 0) from ({query})", values)
    found, squares = float(count), float(squares)
    error = sqrt(max(0.0, squares - found * found / run.residents))
    if expected is not None:
        error = max(error, error_of(run, expected) / run.scale)
    return Estimate(found * run.scale, error * run.scale, int(found))


def error_of(run: OpenRun, expected: float) -> float:
    """The error of a number of persons, were it the published one: binomial over the residents."""
    wanted = min(expected / run.scale, run.residents)
    return run.scale * sqrt(wanted * (1 - wanted / run.residents))


def percent(reached: int, of: int, expected: float | None = None) -> Estimate | None:
    """A share of residents in percent with its binomial error; None where there is nobody to ask."""
    if of == 0:
        return None
    share = reached / of
    shares = [share] if expected is None else [share, expected / 100]
    return Estimate(100 * share, 100 * sqrt(max(part * (1 - part) for part in shares) / of), of)


def share(run: OpenRun, query: str, expected: float | None = None, **values: object) -> Estimate | None:
    """A share in percent; the query gives one row a cluster: `x` of its `s` members have it.

    The error is that of the ratio of sums over independent clusters (a household, a person with all their years), and
    at least the binomial one of the share expected.
    """
    sums = "coalesce(sum(x), 0), coalesce(sum(s), 0), coalesce(sum(x * x), 0), coalesce(sum(x * s), 0), sum(s * s)"
    ((x, s, xx, xs, ss),) = run.rows(f"select {sums} from ({query})", values)
    if not s:
        return None
    x, s, xx, xs, ss = float(x), float(s), float(xx), float(xs), float(ss)
    ratio = x / s
    error = sqrt(max(0.0, xx - 2 * ratio * xs + ratio * ratio * ss)) / s
    if expected is not None:
        error = max(error, sqrt(expected / 100 * (1 - expected / 100) / s))
    return Estimate(100 * ratio, 100 * error, round(s))


def mean(run: OpenRun, query: str, **values: object) -> Estimate | None:
    """A mean with the error of as many independent values; the query gives one row with `x` for each of them."""
    ((count, value, spread),) = run.rows(f"select count(x), avg(x), stddev_samp(x) from ({query})", values)
    if count < 2:
        return None
    return Estimate(float(value), float(spread) / sqrt(count), count)


def figure(run: OpenRun, label: str, published: float, found: Estimate | None, margin: float, note: str = "") -> Figure:
    """The figure of a national table: in a run of another place there is no published one beside it."""
    return beside(label, published if run.is_country else None, found, margin, note)


def beside(label: str, published: float | None, found: Estimate | None, margin: float, note: str = "") -> Figure:
    """A published figure and what was found, if anything was."""
    value, error, n = (found.value, found.error, found.n) if found else (None, 0.0, None)
    return Figure(label, published, value, error, margin, note, n)


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


def period(label: str) -> Mapping[str, datetime.date]:
    """The bounds of a labelled period as values of a query: `$from` and `$to` (the day after)."""
    from_date, to_date = year_of(label)
    return {"from": from_date, "to": to_date}


def new_year(run: OpenRun, year: str) -> tuple[Mapping[str, datetime.date], str]:
    """1 January of a year as the value `$day` of a query, and why it cannot be judged; the run's last day can."""
    day = datetime.date(int(year), 1, 1)
    return {"day": day}, note_on(run, day, day)
