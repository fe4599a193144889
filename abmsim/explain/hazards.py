"""When a hazard fires: its rate at a resident's age, its threshold, and how much of that is used up."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from abmsim.days import NEVER, civil_day, day_date
from abmsim.explain.figures import cumulated
from abmsim.explain.here import Here
from abmsim.explain.person import Hazard
from abmsim.expressions import show
from abmsim.lang.compile_states import split_rate
from abmsim.lang.layout import AGES
from abmsim.lang.module import Exit

_BEYOND_A_LIFE = civil_day(2400, 1, 1)
"""A day that nobody lives to see: a small rate of the oldest ages goes on for ever."""

_MOST_AGES = 8
_CONSTANT = tuple(1.0 * age for age in range(int(AGES) + 1))


def hazard_day(here: Here, exit_: Exit, hazard: Hazard) -> int:
    """The day on which a hazard fires if nothing changes; what has run since the last look is used up.

    What is new about it is left in `hazard.told`.
    """
    exact = here.person.exact_age(here.day)
    if hazard.rates is not None:
        run = _level(hazard.rates, exact) - _level(hazard.rates, hazard.age)
        hazard.remaining = max(hazard.remaining - hazard.factor * run, 0.0)
        hazard.rates = None
    here.reads.clear()
    if exit_.expression is not None and not here.value(exit_.expression):
        hazard.told = (f"does not run: `{show(exit_.expression)}` is false{here.taken()}",)
        return NEVER
    holds = (f"runs: `{show(exit_.expression)}` is true{here.taken()}",) if exit_.expression is not None else ()
    rates, factor, text = _rate(here, exit_)
    hazard.told = (*holds, f"rate {text}")
    if rates is None or not factor > 0.0:
        return NEVER
    hazard.rates, hazard.factor, hazard.age = rates, factor, exact
    level = _level(rates, exact) + hazard.remaining / factor
    last = int(AGES) - 1
    age = bisect_right(rates, level, min(int(exact), last) + 1, last + 1) - 1
    if age == last and rates[last + 1] <= level and rates[last + 1] <= rates[last]:
        return NEVER
    reached = max(exact, age + (level - rates[age]) / (rates[age + 1] - rates[age]))
    return max(here.person.day_of_age(reached), here.day)


def threshold_text(here: Here, hazard: Hazard, fires: int) -> str:
    """`threshold 0.5, of which 0.3 is left, is reached on 2024-05-01 if nothing changes`, with the rates until then."""
    left = "" if hazard.remaining == hazard.threshold else f", of which {hazard.remaining:.6g} is left,"
    if hazard.rates is None:
        return f"threshold {hazard.threshold:.6g}{left} waits"
    if fires >= _BEYOND_A_LIFE:
        return f"threshold {hazard.threshold:.6g}{left} is never reached"
    ages = [f"{rate:.6g} at {age}" for age, rate in _rates_by_age(hazard, here.person.age(fires))]
    if len(ages) > _MOST_AGES:
        ages = [*ages[: _MOST_AGES - 2], "...", ages[-1]]
    by_age = f" (rate by age: {', '.join(ages)})" if len(ages) > 1 else ""
    return f"threshold {hazard.threshold:.6g}{left} is reached on {day_date(fires)} if nothing changes{by_age}"


def _rate(here: Here, exit_: Exit) -> tuple[tuple[float, ...] | None, float, str]:
    """(rates added up by age, what multiplies them, the rate of today in words)."""
    assert exit_.quantity is not None
    core, factors = split_rate(exit_.quantity.parameters[0], here.books.catalogue)
    factors += [exit_.times] if exit_.times is not None else []
    rates, text, now = _CONSTANT, "", 1.0
    if core is not None:
        table = here.books.catalogue.table(core)
        rates, found = cumulated(table, here.dimensions(table.by)), here.figure(core)
        text, now = str(found), found.value or 0.0
    factor, told = 1.0, []
    for number, part in enumerate(factors):
        value = here.value(part)
        factor = factor * value if number else value
        told.append(f"`{show(part)}` {value:.6g}{here.taken()}")
    text = " times ".join([text, *told] if text else told)
    if not factors:
        return rates, 1.0, f"{text} a year"
    source = "" if core is not None or not exit_.quantity.source else f", {exit_.quantity.source}"
    return rates, factor, f"{now * factor:.6g} a year = {text}{source}"


def _level(rates: tuple[float, ...], exact: float) -> float:
    """The rate added up from birth to an exact age; that of the last year of age goes on."""
    age = min(int(exact), int(AGES) - 1)
    return rates[age] + (exact - age) * (rates[age + 1] - rates[age])


def _rates_by_age(hazard: Hazard, until: int) -> Iterator[tuple[int, float]]:
    """(age, rate a year) at each birthday from the last look on at which the rate changes."""
    if hazard.rates is None:
        return
    last = None
    for age in range(int(hazard.age), min(until, int(AGES) - 1) + 1):
        rate = hazard.factor * (hazard.rates[age + 1] - hazard.rates[age])
        if rate != last:
            yield age, rate
        last = rate
