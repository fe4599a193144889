"""What institutions and informal care add to a town's life: `python bench/bench_barrier_users.py [PLACE [RESIDENTS]]`.

The same residents live twice, each time from the synthesis on: with everything, and without waiting lists and the
three modules of informal care. Wall and processor seconds of both, and the ratio; nothing is written.
"""

from __future__ import annotations

import sys
import time

from bench_lives import SEED, TO, WORKERS
from machine import description

from abmsim.days import day_date, parse_day
from abmsim.engine.town import Town
from abmsim.kept import program_of
from abmsim.loading import load_catalogue, load_modules
from abmsim.plan import RunPlan
from abmsim.population.places import find_places
from abmsim.simulation import draw, town_of

CARE = ("primary_care/limitations", "wmo/informal_care", "wmo/informal_carer")


def quiet(*_: object) -> None:
    """No progress."""


def town(place: str, size: int | None, everything: bool) -> Town:
    """The town, ready to live."""
    catalogue = load_catalogue()
    plan = RunPlan(place, size, SEED, to_date=day_date(parse_day(TO)), workers=WORKERS)
    modules = [one for one in load_modules(catalogue).modules if everything or one.name not in CARE]
    read = catalogue.afresh()
    drawn = draw(plan, tuple(find_places(place, catalogue)), read, quiet)
    made = town_of(plan, drawn, program_of(modules, read), read, quiet)
    if not everything:
        made.admissions.limited[:] = False
    return made


def main(place: str, size: int | None) -> None:
    print(description())
    town("Leiden", 1000, everything=True).run()  # the kernel is loaded
    seconds = {}
    for everything in (True, False):
        begin, processor = time.perf_counter(), time.process_time()
        made = town(place, size, everything)
        made.run()
        seconds[everything] = time.perf_counter() - begin
        parts = ", ".join(f"{name} {value:.1f}" for name, value in made.seconds.items())
        name = "with institutions and informal care" if everything else "without"
        spent = time.process_time() - processor
        print(f"{name:36} {seconds[everything]:7.1f} s wall, {spent:7.1f} s processor ({parts})")
        del made
    print(f"{'ratio':36} {seconds[True] / seconds[False]:7.3f}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "Amsterdam", int(sys.argv[2]) if len(sys.argv) > 2 else None)
