"""The same town gives the same log: for any number of workers, block size and hash seed, with or without others."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from abmsim.days import NEVER, parse_day
from abmsim.engine.eventlog import LogChunk
from abmsim.engine.town import BLOCK_RESIDENTS, Town
from abmsim.lang.compile import compile_modules
from abmsim.loading import load_catalogue, load_modules, municipality_codes
from abmsim.population.attributes import attribute_columns
from abmsim.population.places import find_places
from abmsim.population.synthesis import synthesise
from abmsim.schema.schema import load_schema
from abmsim.vocabulary import BASE_DATE

SEED, RESIDENTS = 5, 1500


@cache
def parts():
    catalogue = load_catalogue()
    return catalogue, load_modules(catalogue).modules, municipality_codes(catalogue)


@cache
def residents(size: int = RESIDENTS):
    return synthesise(find_places("Urk", parts()[0]), size, SEED, parts()[0])


def town(
    names: Sequence[str] = (), size: int = RESIDENTS, workers: int = 1, block_residents: int = BLOCK_RESIDENTS
) -> Town:
    """Urk with all modules, or only the named ones."""
    catalogue, modules, codes = parts()
    chosen = [module for module in modules if not names or module.name in names]
    program = compile_modules(chosen, catalogue, load_schema(), codes)
    population = residents(size)
    columns = attribute_columns(population, tuple(codes))
    dates = BASE_DATE, parse_day("2025-01-01")
    return Town(
        program, population, columns, SEED, *dates, workers=workers, block_residents=block_residents
    )


def digest(chunks: Sequence[LogChunk]) -> str:
    """One hash over the whole log, whatever chunks it comes in."""
    hashed = hashlib.sha256()
    for column in fields(LogChunk):
        hashed.update(np.concatenate([getattr(chunk, column.name) for chunk in chunks]).tobytes())
    return hashed.hexdigest()


@pytest.mark.parametrize(("workers", "block_residents"), [(3, BLOCK_RESIDENTS), (1, 100), (4, 77)])
def test_workers_and_blocks_change_nothing(workers: int, block_residents: int) -> None:
    one, other = town(), town(workers=workers, block_residents=block_residents)
    assert digest(list(one.chunks())) == digest(list(other.chunks()))
    assert np.array_equal(one.death_day, other.death_day)
    assert one.counts == other.counts


def test_the_hash_seed_of_python_changes_nothing() -> None:
    code = "from test_same_log import *; print(digest(list(town(size=200).chunks())))"
    seen = set()
    for seed in ("0", "12345"):
        path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        seen.add(done.stdout)
    assert len(seen) == 1


def test_another_seed_gives_another_history() -> None:
    one, other = town(size=200), town(size=200)
    other.seed = SEED + 1
    assert digest(list(one.chunks())) != digest(list(other.chunks()))


def told(run: Town, module: str) -> list[tuple]:
    """What the log tells of a module, by name instead of by number."""
    program, rows = run.program, []
    for chunk in run.chunks():
        for i in range(len(chunk)):
            state = program.states[chunk.state[i]]
            if state.module == module:
                rows.append((
                    int(chunk.person[i]), int(chunk.day[i]), state.name, str(program.whys[chunk.why[i]]),
                    int(chunk.ordinal[i]), int(chunk.end_day[i]), int(chunk.end_reason[i]),
                    int(chunk.planned_end[i]), int(chunk.on_time[i]), bool(chunk.carried_over[i]),
                    tuple(chunk.values[i].tolist()), tuple(chunk.parents[i].tolist()),
                ))  # fmt: skip
    return rows


@pytest.mark.parametrize("removed", ["ggd/vaccination", "wmo/contribution", "youth/youth_help"])
def test_removing_a_module_changes_no_row_of_the_others(removed: str) -> None:
    names = [module.name for module in parts()[1]]
    others = [name for name in names if name != removed]
    whole, without = town(), town(others)
    rows = {module: told(whole, module) for module in others}
    assert sum(map(bool, rows.values())) >= len(others) / 2
    for module in others:
        assert rows[module] == told(without, module), module


def test_a_sample_lives_the_lives_that_it_has_in_the_whole() -> None:
    """As far as nobody waits for others: a sample has its own lines."""
    small, large = town(size=300), town()
    for run in (small, large):
        run.admissions.limited[:] = False
    position = {int(key): row for row, key in enumerate(large.population.people.key)}
    rows = np.array([position[int(key)] for key in small.population.people.key])
    small_chunks, large_chunks = list(small.chunks()), list(large.chunks())
    assert np.array_equal(small.death_day, large.death_day[rows])
    days = [
        {int(key): log[person == row].tolist() for row, key in enumerate(run.population.people.key)}
        for run, (person, log) in ((small, _days(small_chunks)), (large, _days(large_chunks)))
    ]
    assert all(days[1][key] == lived for key, lived in days[0].items())


def _days(chunks: Sequence[LogChunk]) -> tuple[np.ndarray, np.ndarray]:
    return np.concatenate([chunk.person for chunk in chunks]), np.concatenate([chunk.day for chunk in chunks])


def test_nobody_has_a_row_after_death() -> None:
    run = town()
    for chunk in run.chunks():
        death = run.death_day[chunk.person]
        assert (chunk.day <= death).all()
        ended = chunk.end_day[(death < NEVER) & (chunk.end_day < NEVER)]
        assert (ended <= death[(death < NEVER) & (chunk.end_day < NEVER)]).all()
