"""Records of a run, broken by hand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
from fake_log import SCHEMA

from abmsim.problems import Problem
from abmsim.records.faults import Check
from abmsim.records.integrity import check_run, prove


def rewrite(run: Path, table: str, query: str, promises: Iterable[Check] | None = None) -> list[Problem]:
    """Replace a table by a query over it (as `t`) and the others, then check (all, or these promises alone)."""
    path = run / "tables" / f"{table}.parquet"
    new = path.with_suffix(".new")
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW t AS SELECT * FROM read_parquet('{path.as_posix()}')")
        for other in (run / "tables").glob("*.parquet"):
            connection.execute(f"CREATE VIEW {other.stem} AS SELECT * FROM read_parquet('{other.as_posix()}')")
        connection.execute(f"COPY ({query}) TO '{new.as_posix()}' (FORMAT parquet)")
    new.replace(path)
    return check_run(run, SCHEMA) if promises is None else prove(run / "tables", SCHEMA, promises)


def codes(problems: list[Problem]) -> set[tuple[str, str]]:
    return {(Path(problem.file).stem, problem.code) for problem in problems}
