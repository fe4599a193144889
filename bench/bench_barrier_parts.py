"""What pairing and arrivals cost at the monthly barrier: `python bench/bench_barrier_parts.py [repeats]`.

A partner market of 5,000 seekers, and a month's arrivals of Amsterdam (872,757 residents, the published move rates).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
from machine import description

from abmsim.days import civil_day
from abmsim.paths import PUBLIC_STATS
from abmsim.population.arrival_patterns import read_arrivals
from abmsim.population.arrivals import arriving
from abmsim.population.margins import read_margins
from abmsim.population.market import pair_up, read_market
from abmsim.population.patterns import read_patterns
from abmsim.randomness import keys, uniform
from abmsim.stats.catalogue import load

SEEKERS = 5000
AMSTERDAM = "GM0363"
MOVERS_A_MONTH = 0.0448 / 12
"""About the country's moves to another municipality per resident and month."""


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    catalogue = load([PUBLIC_STATS])
    print(description())
    margins = read_margins(catalogue)
    patterns = read_patterns(catalogue, margins)
    market = read_market(catalogue, int(patterns.assumed["widest_age_gap"]))
    draws = [uniform(keys(number, np.arange(SEEKERS))) for number in range(3)]
    sex = (np.arange(SEEKERS) % 2).astype(np.int8)
    education = np.floor(3 * draws[1]).astype(np.int8)
    person, age, has_children = keys(9, np.arange(SEEKERS)), 20 + 40 * draws[0], draws[2] < 0.3
    show(f"pair_up, {SEEKERS:,} seekers", repeats, lambda month: len(
        pair_up(person, sex, age, education, has_children, month, market, seed=1)), "pairs")  # fmt: skip
    arrivals = read_arrivals(catalogue, margins, patterns)
    residents = arrivals.residents[[arrivals.place[AMSTERDAM]]]
    show("arriving, Amsterdam", repeats, lambda month: len(
        arriving([AMSTERDAM], residents, civil_day(2020 + month // 12, month % 12 + 1, 1), residents * MOVERS_A_MONTH,
                 arrivals, seed=1)), "persons")  # fmt: skip


def show(what: str, repeats: int, work: Callable[[int], int], unit: str) -> None:
    """Best and median time of the work of successive months, and what the last one gave."""
    milliseconds, number = [], 0
    for month in range(repeats):
        begin = time.perf_counter()
        number = work(month)
        milliseconds.append((time.perf_counter() - begin) * 1000)
    best, median = min(milliseconds), float(np.median(milliseconds))
    print(f"{what:26} {number:6,} {unit:8} best {best:6.1f} ms, median {median:6.1f} ms")


if __name__ == "__main__":
    main()
