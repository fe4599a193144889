"""How long `abmsim check` takes, with start-up: `python bench/bench_check.py [--profile]`.

The four shipped modules and a hundred: with nothing kept from an earlier check, with all of it, and after one module
was edited. Each round measures all of them, one after the other, so that a slow moment of the machine meets all alike.
With compiled Python files, as an installed abmsim has them.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PACKAGE))

from generated_modules import write_project  # noqa: E402

MODULES, ROUNDS, LIMIT_SECONDS, LIMIT_OF_FOUR = 100, 7, 0.6, 0.3
EDITED = Path("modules/many/m0.yaml")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder, "hundred")
        write_project(project, MODULES)
        if "--profile" in sys.argv:
            return profile(project)
        cases = {
            "start (--help)": (PACKAGE, ["--help"], False),
            "shipped modules, nothing kept": (PACKAGE, ["check"], True),
            "shipped modules, all kept": (PACKAGE, ["check"], False),
            f"{MODULES} modules, nothing kept": (project, ["check"], True),
            f"{MODULES} modules, all kept": (project, ["check"], False),
            f"{MODULES} modules, one edited": (project, ["check"], False),
        }
        taken: dict[str, list[tuple[float, float]]] = {case: [] for case in cases}
        for number in range(ROUNDS + 1):
            for case, (place, arguments, is_first) in cases.items():
                if "edited" in case:
                    edit(project / EDITED, number)
                if is_first:
                    shutil.rmtree(Path(folder, "cache"), ignore_errors=True)
                found = measure(arguments, place, Path(folder))
                if number:  # the first round compiles
                    taken[case].append(found)
        for case, found in taken.items():
            walls, processors = zip(*found, strict=True)
            print(f"{case:28} {spread(walls)} s wall, {spread(processors)} s processor")
        print(f"least and median of {ROUNDS}; limits {LIMIT_OF_FOUR} s and {LIMIT_SECONDS} s")


def spread(seconds: tuple[float, ...]) -> str:
    return f"{min(seconds):.2f} {statistics.median(seconds):.2f}"


def edit(module: Path, number: int) -> None:
    """Change the text of a module: it is read and checked again."""
    text, *_ = module.read_text(encoding="utf-8").partition("# edition")
    module.write_text(f"{text}# edition {number}\n", encoding="utf-8")


def measure(arguments: list[str], place: Path, folder: Path) -> tuple[float, float]:
    """Wall and processor seconds of one run in a process of its own; compiled files and cache lie in `folder`."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment |= {
        "PYTHONPATH": str(PACKAGE), "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        "ABMSIM_CACHE": str(folder / "cache"),
    }  # fmt: skip
    before, begin = os.times(), time.perf_counter()
    command = [sys.executable, "-m", "abmsim", *arguments]
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True)
    wall, after = time.perf_counter() - begin, os.times()
    if done.returncode:
        sys.exit(done.stderr or done.stdout)
    return wall, after.children_user + after.children_system - before.children_user - before.children_system


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
