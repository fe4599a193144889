"""How long `abmsim check` takes for 100 modules, with start-up: `python bench/bench_check.py [--profile]`."""

from __future__ import annotations

import cProfile
import os
import pstats
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from generated_modules import write_project

MODULES, RUNS, LIMIT_SECONDS = 100, 5, 0.6


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_project(Path(folder), MODULES)
        if "--profile" in sys.argv:
            return profile(Path(folder))
        for what, arguments in (("start", ["--help"]), (f"{MODULES} modules", ["check"])):
            wall, processor = measure(arguments, Path(folder))
            print(f"abmsim {arguments[0]:7} {what:12} {wall:.2f} s wall, {processor:.2f} s processor (best of {RUNS})")
        print(f"limit {LIMIT_SECONDS} s")


def measure(arguments: list[str], folder: Path) -> tuple[float, float]:
    """Fewest wall and processor seconds of some runs, each in a process of its own."""
    walls, processors = [], []
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    for _ in range(RUNS):
        before, begin = os.times(), time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "abmsim", *arguments], cwd=folder, env=environment, capture_output=True, text=True
        )
        walls.append(time.perf_counter() - begin)
        after = os.times()
        processors.append(after.children_user + after.children_system - before.children_user - before.children_system)
        if done.returncode:
            sys.exit(done.stderr or done.stdout)
    return min(walls), min(processors)


def profile(folder: Path) -> None:
    """Where the time of the check itself goes."""
    os.chdir(folder)
    from abmsim.loading import load_modules, read_catalogue

    profiler = cProfile.Profile()
    profiler.enable()
    catalogue, _ = read_catalogue()
    load_modules(catalogue)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(40)


if __name__ == "__main__":
    main()
