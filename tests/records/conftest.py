"""A small town's records, written once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from fake_log import CATALOGUE, PROGRAM, SCHEMA, TO_DAY, deaths, spells, split, town, whole_log

from abmsim.records.people import PlanDates
from abmsim.records.writer import RecordWriter
from abmsim.vocabulary import BASE_DATE

PEOPLE = 400

Write = Callable[..., dict[str, int]]


def write_town(folder: Path, chunks: Sequence[int] = (), formats: Sequence[str] = ("csv",), history: bool = True):
    """Write a town's records into `folder`, its log split before the people in `chunks`."""
    population = town(PEOPLE)
    death_day = deaths(population)
    dates = PlanDates(BASE_DATE, TO_DAY, history)
    writer = RecordWriter(folder, population, PROGRAM, SCHEMA, CATALOGUE, dates, formats, spells, row_group=1000)
    for chunk in split(whole_log(population, death_day), chunks):
        writer.add(chunk)
    return writer.finish(death_day)


@pytest.fixture(scope="session")
def write() -> Write:
    return write_town


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    write_town(folder)
    return folder
