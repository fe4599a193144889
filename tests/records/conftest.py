"""A small town's records, written once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from fake_institutions import with_institutions
from fake_log import CATALOGUE, PROGRAM, SCHEMA, split, whole_log
from fake_town import TO_DAY, deaths, lively, still, town

from abmsim.days import NEVER
from abmsim.engine.lives import Lives
from abmsim.records.formats import formats_written_beside
from abmsim.records.people import PlanDates
from abmsim.records.writer import RecordWriter
from abmsim.vocabulary import BASE_DATE

PEOPLE = 400

Write = Callable[..., dict[str, int]]


def all_lives() -> Lives:
    """The lives of the town; made anew each time, so that nothing can be changed under somebody's hands."""
    population = town(PEOPLE)
    return with_institutions(lively(population, deaths(population)))


def write_town(
    folder: Path,
    chunks: Sequence[int] = (),
    formats: Sequence[str] = ("csv",),
    history_from: int = -NEVER,
    lives: Lives | None = None,
) -> dict[str, int]:
    """Write a town's records into `folder`, its log split before the people in `chunks`."""
    lives = lives or all_lives()
    dates = PlanDates(BASE_DATE, TO_DAY, history_from)
    writer = RecordWriter(folder, lives.people.key, PROGRAM, SCHEMA, CATALOGUE, dates, row_group=1000)
    for chunk in split(whole_log(lives), chunks):
        writer.add(chunk)
    rows = writer.finish(lives)
    with formats_written_beside(folder, SCHEMA, rows, formats):
        return rows


@pytest.fixture(scope="session")
def lives() -> Lives:
    return all_lives()


@pytest.fixture(scope="session")
def write() -> Write:
    return write_town


@pytest.fixture(scope="session")
def write_still() -> Write:
    """Writes the records of a town in which people only die."""
    population = town(PEOPLE)
    return lambda folder: write_town(folder, formats=(), lives=still(population, deaths(population)))


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    write_town(folder)
    return folder


@pytest.fixture
def copy(run: Path, tmp_path: Path) -> Path:
    """A run of one's own to break."""
    shutil.copytree(run / "tables", tmp_path / "tables")
    return tmp_path
