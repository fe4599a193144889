"""How fast the records are written, and how much memory that takes, at the size of Amsterdam.

    python bench/bench_records.py [people]

A made-up log (8 vaccinations a person, some Wmo and youth help) goes through the writer in chunks of 16,384 people.
Only the writer is timed, not the making of the log.
"""

from __future__ import annotations

import platform
import sys
import tempfile
import time
from pathlib import Path

try:
    import resource
except ImportError:  # Windows tells no peak this way
    resource = None

sys.path[:0] = [str(Path(__file__).parents[1] / "tests" / "records"), str(Path(__file__).parents[1])]

from fake_log import CATALOGUE, PROGRAM, SCHEMA, whole_log  # noqa: E402  # pyright: ignore[reportMissingImports]
from fake_town import TO_DAY, deaths, lively, town  # noqa: E402  # pyright: ignore[reportMissingImports]

from abmsim.records.formats import formats_written_beside  # noqa: E402
from abmsim.records.integrity import check_run  # noqa: E402
from abmsim.records.people import PlanDates  # noqa: E402
from abmsim.records.writer import RecordWriter  # noqa: E402
from abmsim.vocabulary import BASE_DATE  # noqa: E402

CHUNK = 16_384


class Clock:
    """Adds up the time of what is measured."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __enter__(self) -> None:
        self.start = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self.start


def peak_megabytes() -> float:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 if resource else float("nan")


def main(people: int) -> None:
    """Write, load and prove the records of a made-up town of `people`."""
    population = town(people)
    lives = lively(population, deaths(population))
    adding, finishing, proving = Clock(), Clock(), Clock()
    with tempfile.TemporaryDirectory() as folder:
        dates = PlanDates(BASE_DATE, TO_DAY)
        writer = RecordWriter(Path(folder), lives.people.key, PROGRAM, SCHEMA, CATALOGUE, dates)
        for first in range(0, len(lives), CHUNK):
            chunk = whole_log(lives, first, first + CHUNK)
            with adding:
                writer.add(chunk)
        streamed = peak_megabytes()
        with finishing:
            rows = writer.finish(lives)
            with formats_written_beside(Path(folder), SCHEMA, rows):
                pass
        loaded = peak_megabytes()
        with proving:
            problems = check_run(Path(folder), SCHEMA)
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 1e6
    total = sum(rows.values())
    print(f"{platform.platform()}, {platform.processor() or platform.machine()}, Python {platform.python_version()}")
    print(f"{people:,} people, {total:,} rows ({rows['events']:,} events, {rows['vaccinations']:,} vaccinations)")
    print(f"log to Parquet {adding.seconds:6.1f} s, {total / adding.seconds / 1e6:.1f} million rows/s")
    print(f"people, DuckDB {finishing.seconds:6.1f} s")
    print(f"proof          {proving.seconds:6.1f} s, {len(problems)} problems")
    peak = peak_megabytes()
    print(f"peak memory {streamed:,.0f} MB streaming, {loaded:,.0f} MB after DuckDB, {peak:,.0f} MB after the proof")
    print(f"files {size:,.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 872_757)
