"""The residents of a run as a graph of relatives, for teaching and for networks of contacts."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abmsim.problems import UserError

if TYPE_CHECKING:
    import networkx

    from abmsim.runner import RunSummary

KINDS = ("mother", "father", "partner", "former_partner")
"""Kinds of edges: from a resident to the relative of that kind."""


def kinship_graph(run: RunSummary | Path | str, household: bool = False) -> networkx.MultiDiGraph:
    """The graph of a run, or of the folder that it left.

    Nodes are residents under their `person_id`, with `birth_date` and `sex`; an edge goes from a resident to a relative
    and has its `kind` as key and attribute, with `from_date` and `to_date` (None while it lasts). With `household` an
    edge of that kind joins every two members of a household in both directions; they are the housemates of the run's
    first day. Raises UserError if the folder holds no tables.
    """
    import networkx

    folder = _folder(run)
    graph = networkx.MultiDiGraph()
    for person in _rows(folder, "persons", ("person_id", "birth_date", "sex")):
        graph.add_node(person["person_id"], birth_date=person["birth_date"], sex=person["sex"])
    for row in _rows(folder, "relations", ("person_id", "relative_id", "kind", "from_date", "to_date")):
        dates = {name: row[name] for name in ("from_date", "to_date") if name in row}
        graph.add_edge(row["person_id"], row["relative_id"], key=row["kind"], kind=row["kind"], **dates)
    if household:
        _add_housemates(graph, folder)
    return graph


def _folder(run: RunSummary | Path | str) -> Path:
    return Path(run) if isinstance(run, str | Path) else run.folder


def _rows(folder: Path, table: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """The rows of a table of the run, with those of the columns that it has."""
    import pyarrow.parquet as parquet

    file = folder / "tables" / f"{table}.parquet"
    if not file.is_file():
        raise UserError(f"{folder} has no table '{table}' (give the folder of a run: it holds tables/{table}.parquet)")
    known = parquet.read_schema(file).names
    return parquet.read_table(file, columns=[name for name in columns if name in known]).to_pylist()


def _add_housemates(graph: networkx.MultiDiGraph, folder: Path) -> None:
    members: dict[str, set[str]] = {}
    rows = _rows(folder, "household_members", ("person_id", "household_id", "from_date"))
    first_day = min((row["from_date"] for row in rows), default=None)
    for row in rows:
        if row["from_date"] == first_day:
            members.setdefault(row["household_id"], set()).add(row["person_id"])
    private = {
        row["household_id"] for row in _rows(folder, "households", ("household_id", "kind")) if row["kind"] == "private"
    }
    for household, persons in members.items():
        if household in private:
            for one, other in combinations(sorted(persons), 2):
                graph.add_edge(one, other, key="household", kind="household")
                graph.add_edge(other, one, key="household", kind="household")
