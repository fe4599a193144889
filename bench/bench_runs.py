"""Whole runs as a user starts them: `python bench/bench_runs.py [--amsterdam]`.

Each command runs in a process of its own; wall time, processor time and the largest resident memory are the operating
system's. The cold run has an empty kernel cache, so that it compiles. With `--amsterdam` the whole city runs too.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import description

LEIDEN = ("run", "Leiden", "-p", "10000", "-s", "42")
AMSTERDAM = ("run", "Amsterdam", "-s", "42")
COUNTRY = ("run", "Nederland", "-p", "174000", "-s", "42")


def measure(arguments: tuple[str, ...], folder: Path, cache: Path | None = None) -> str:
    """One line: wall seconds, processor seconds and peak memory of `abmsim` with these arguments."""
    environment = {**os.environ, **({"ABMSIM_CACHE": str(cache)} if cache else {})}
    command = [sys.executable, "-m", "abmsim", *arguments]
    if arguments[0] == "run":
        command += ["-o", str(folder / "run"), "--force"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - begin
    assert process.returncode == 0, f"{' '.join(command)} ended with {process.returncode}"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return f"{wall:7.2f} s wall, {cpu:7.2f} s processor, {usage.ru_maxrss / 2**20:5.2f} GiB peak"


def main(with_amsterdam: bool) -> None:
    print(description())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("abmsim --help             ", measure(("--help",), folder))
        print("abmsim check              ", measure(("check",), folder))
        print("Leiden -p 10000, cold     ", measure(LEIDEN, folder, folder / "cache"))
        for _ in range(3):
            print("Leiden -p 10000           ", measure(LEIDEN, folder, folder / "cache"))
        print("Nederland -p 174000       ", measure(COUNTRY, folder, folder / "cache"))
        if with_amsterdam:
            print("Amsterdam, whole          ", measure(AMSTERDAM, folder, folder / "cache"))


if __name__ == "__main__":
    main("--amsterdam" in sys.argv[1:])
