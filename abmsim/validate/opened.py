"""A run opened for questions: its tables, its settings and the published size of its place."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from abmsim.days import day_date
from abmsim.life import open_run, open_tables
from abmsim.problems import UserError
from abmsim.records.formats import DATABASE
from abmsim.records.runfile import RUN_FILE, read_run_file
from abmsim.stats.catalogue import Catalogue
from abmsim.vocabulary import BASE_DATE

if TYPE_CHECKING:
    import duckdb

BASE = "DATE '2020-01-01'"
"""The base date (`vocabulary.BASE_DATE`) in SQL."""


@dataclass(frozen=True, slots=True)
class OpenRun:
    """What measures need: `residents` drawn, `published_residents` of the same municipalities on the base date."""

    tables: duckdb.DuckDBPyConnection
    settings: Mapping[str, Any]
    catalogue: Catalogue
    places: tuple[str, ...]
    residents: int
    published_residents: int
    is_country: bool

    @classmethod
    def of(cls, tables: duckdb.DuckDBPyConnection, settings: Mapping[str, Any], catalogue: Catalogue) -> OpenRun:
        """The run with these tables and settings, and what is published of its municipalities."""
        sizes = {row["municipality_code"]: int(row["population"]) for row in catalogue.rows("municipalities_2020")}
        places = tuple(settings["places"])
        return cls(
            tables=tables,
            settings=settings,
            catalogue=catalogue,
            places=places,
            residents=settings["residents"]["drawn"],
            published_residents=sum(sizes[code] for code in places),
            is_country=len(places) == len(sizes),
        )

    @property
    def scale(self) -> float:
        """How many residents of the place one simulated resident stands for."""
        return self.published_residents / self.residents

    @property
    def is_whole(self) -> bool:
        return self.residents == self.published_residents

    @property
    def begins_in_2020(self) -> bool:
        """Whether its residents are those of 1 January 2020, of whom most counts are published."""
        return self.from_date == day_date(BASE_DATE)

    @property
    def has_births(self) -> bool:
        """Whether children are born in the live years."""
        return "lifecourse/birth" in self.settings["modules"]

    @property
    def from_date(self) -> datetime.date:
        return datetime.date.fromisoformat(self.settings["from"])

    @property
    def to_date(self) -> datetime.date:
        return datetime.date.fromisoformat(self.settings["to"])

    def rows(self, query: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of an SQL query over the run's tables; `$name` stands for a value."""
        return self.tables.execute(query, values).fetchall() if values else self.tables.execute(query).fetchall()


@contextmanager
def opened(folder: Path, catalogue: Catalogue) -> Iterator[OpenRun]:
    """The run in a folder, closed again at the end; raises UserError if its settings or its database are not there."""
    _there(folder / RUN_FILE, folder / DATABASE)
    with open_run(folder) as tables:
        yield OpenRun.of(tables, _settings(folder), catalogue)


@contextmanager
def tables_opened(folder: Path, catalogue: Catalogue) -> Iterator[OpenRun]:
    """The run in a folder as `opened` gives it, from its Parquet tables: its database may not be whole yet."""
    _there(folder / RUN_FILE, folder / "tables")
    with open_tables(folder) as tables:
        yield OpenRun.of(tables, _settings(folder), catalogue)


def _there(*parts: Path) -> None:
    for part in parts:
        if not part.exists():
            raise UserError(f"{part.parent} has no {part.name}: make the run again with --force")


def _settings(folder: Path) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], read_run_file(folder))
