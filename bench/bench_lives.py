"""The whole life course of a place, phase by phase: `python bench/bench_lives.py [PLACE [RESIDENTS]]`.

Population, backstory, all modules up to the base date, five live years with the monthly barrier; wall seconds of each,
the barrier's share of all, and the peak memory. Nothing is written.
"""

from __future__ import annotations

import resource
import sys
import time

from machine import description

from abmsim.days import parse_day
from abmsim.engine.town import Past, Town
from abmsim.lang.compile import compile_modules
from abmsim.loading import load_catalogue, load_modules, municipality_codes
from abmsim.population.attributes import attribute_columns
from abmsim.population.backstory import tell_backstory
from abmsim.population.customs import read_customs
from abmsim.population.kinship import link_relatives
from abmsim.population.places import find_places
from abmsim.population.synthesis import synthesise
from abmsim.schema.schema import load_schema
from abmsim.vocabulary import BASE_DATE

SEED, WORKERS, TO = 42, 2, "2025-01-01"


def town_of(place: str, size: int | None) -> Town:
    """The town with its past, ready to run; says how long each step took."""
    catalogue = load_catalogue()
    codes = tuple(municipality_codes(catalogue))
    checked = load_modules(catalogue)
    program = compile_modules(checked.modules, catalogue, load_schema(), codes)
    begin = time.perf_counter()
    population = synthesise(find_places(place, catalogue), size, SEED, catalogue)
    begin = lap("population", begin)
    courses = link_relatives(population, catalogue, SEED)
    present = attribute_columns(population, codes)
    backstory = tell_backstory(population, present, catalogue, SEED, courses)
    begin = lap("kinship and backstory", begin)
    customs = read_customs(catalogue, population, codes)
    lap("customs", begin)
    past = Past({**present, **backstory.present()}, backstory)
    return Town(program, population, past, SEED, BASE_DATE, parse_day(TO), WORKERS, customs=customs)


def lap(name: str, begin: float) -> float:
    """Prints the seconds since `begin`; returns now."""
    now = time.perf_counter()
    print(f"{name:24} {now - begin:7.1f} s")
    return now


def main(place: str, size: int | None) -> None:
    print(description())
    begin = time.perf_counter()
    town = town_of(place, size)
    town.run()
    whole = time.perf_counter() - begin
    for name, seconds in town.seconds.items():
        print(f"{name:24} {seconds:7.1f} s")
    barrier = town.seconds["barriers"] - town.seconds["arrivals"]
    print(f"whole                    {whole:7.1f} s")
    print(f"the barrier itself       {barrier:7.1f} s, {barrier / whole:.1%} of all")
    print(f"residents                {len(town.population.people)} on the base date, {len(town.lives)} in all")
    print(f"peak memory              {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:7.2f} GiB")


if __name__ == "__main__":
    given = sys.argv[1:]
    main(given[0] if given else "Amsterdam", int(given[1]) if len(given) > 1 else None)
