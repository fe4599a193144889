"""Speed of the kernel on one core: `python bench/bench_kernel.py [repeats]`.

The module `bench/course` has nine states, guards in byte-code, a covariate that changes, and a read of the partner;
4,000 residents in couples live for eighty years with the monthly barrier on. Every entered state is a row.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
from machine import description

from abmsim.days import parse_day
from abmsim.engine.agenda import Agenda, Block, Calendar
from abmsim.engine.kernel import run_block
from abmsim.engine.world import FULL, NEXT_UNIT, ROW_COUNT, STEPS
from abmsim.lang.check import check_modules, read_modules
from abmsim.lang.compile import compile_modules
from abmsim.lang.program import Program
from abmsim.randomness import keys
from abmsim.schema.schema import load_schema
from abmsim.stats.catalogue import Catalogue

RESIDENTS = 4_000
YEARS = 80
ROOM = 2_000_000
"""Rows that the log has room for from the start: growing is not what is measured."""


def program() -> Program:
    """The benchmark's module, compiled."""
    schema, codes = load_schema(), ("GM0001",)
    modules, problems = read_modules([Path(__file__).parent / "modules"], schema)
    checked = check_modules(modules, Catalogue({}), schema, codes)
    assert not [*problems, *checked.errors], [*problems, *checked.errors]
    return compile_modules(checked.modules, Catalogue({}), schema, codes)


def couples(compiled: Program) -> Agenda:
    """Residents born in 1940-1944, two a household, up to their eightieth year."""
    numbers = np.arange(RESIDENTS)
    birth = parse_day("1940-01-01") + numbers % 1461
    until = parse_day("2024-01-01")
    relatives = np.full((RESIDENTS, 3), -1)
    relatives[:, 0] = numbers ^ 1
    attributes = np.zeros((RESIDENTS, len(compiled.attributes)))
    attributes[:, compiled.attribute_index("household_size")] = 2
    attributes[:, compiled.attribute_index("has_partner")] = 1
    block = Block(birth, keys(7, numbers), relatives, attributes, np.full(RESIDENTS // 2, 2))
    agenda = Agenda(compiled, block, Calendar.until(until), until, until)
    agenda._give_rows(ROOM)
    return agenda


def measure(agenda: Agenda) -> float:
    """Seconds of processor time for all lives."""
    agenda.world[NEXT_UNIT] = agenda.world[ROW_COUNT] = agenda.world[STEPS] = 0
    begin = time.process_time()
    assert run_block(agenda.address) != FULL
    return time.process_time() - begin


def main(repeats: int) -> None:
    print(description())
    compiled = program()
    begin = time.perf_counter()
    agenda = couples(compiled)
    measure(agenda)
    print(f"first call with compiling or reading the cache: {time.perf_counter() - begin:.1f} s")
    seconds = sorted(measure(agenda) for _ in range(repeats))
    rows, steps = agenda.row_count, int(agenda.world[STEPS])
    for name, value in (("fastest", seconds[0]), ("median", seconds[len(seconds) // 2]), ("slowest", seconds[-1])):
        print(
            f"{name}: {rows / value / 1e6:.2f} million event rows/s, {value / steps * 1e9:.0f} ns a step, "
            f"{value / RESIDENTS * 1e6:.1f} us a life ({rows:,} rows)"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
