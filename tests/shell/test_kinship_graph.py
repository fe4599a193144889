"""A run's relatives as a graph."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import networkx
import pyarrow as arrow
import pyarrow.parquet as parquet
import pytest

import abmsim
from abmsim.problems import UserError

START = date(2020, 1, 1)


def write(folder, table, **columns):
    (folder / "tables").mkdir(exist_ok=True)
    parquet.write_table(arrow.table(columns), folder / "tables" / f"{table}.parquet")


@pytest.fixture
def folder(tmp_path):
    """A grandmother on her own, her daughter with a partner and child, and the child's father elsewhere."""
    people = ["child", "daughter", "father", "grandmother", "partner"]
    births = [date(2012, 5, 1), date(1984, 2, 3), date(1982, 8, 9), date(1957, 7, 7), date(1983, 1, 1)]
    write(tmp_path, "persons", person_id=people, birth_date=births, sex=["female", "female", "male", "female", "male"])
    relations = [
        ("child", "daughter", "mother", births[0]), ("child", "father", "father", births[0]),
        ("daughter", "grandmother", "mother", births[1]), ("daughter", "partner", "partner", date(2018, 3, 1)),
        ("partner", "daughter", "partner", date(2018, 3, 1)),
        ("daughter", "father", "former_partner", date(2015, 1, 1)),
        ("father", "daughter", "former_partner", date(2015, 1, 1)),
    ]  # fmt: skip
    person, relative, kind, since = map(list, zip(*relations, strict=True))
    until = arrow.nulls(len(person), arrow.date32())
    write(tmp_path, "relations", person_id=person, relative_id=relative, kind=kind, from_date=since, to_date=until)
    homes = ["home", "home", "room", "flat", "home"]
    write(tmp_path, "household_members", person_id=people, household_id=homes, from_date=[START] * 5)
    write(tmp_path, "households", household_id=["flat", "home", "room"], kind=["private", "private", "institution"])
    return tmp_path


def test_edges_go_from_a_resident_to_the_relative_and_say_what_it_is(folder):
    graph = abmsim.kinship_graph(folder)
    assert graph.nodes["grandmother"] == {"birth_date": date(1957, 7, 7), "sex": "female"}
    assert set(graph["child"]) == {"daughter", "father"}
    assert graph.has_edge("child", "daughter", key="mother")
    assert graph.edges["daughter", "partner", "partner"]["from_date"] == date(2018, 3, 1)
    assert sorted(kind for _, _, kind in graph.edges(keys=True)) == [
        "father", "former_partner", "former_partner", "mother", "mother", "partner", "partner",
    ]  # fmt: skip


def test_generations_make_no_circle(folder):
    graph = abmsim.kinship_graph(str(folder))
    parents = networkx.DiGraph([(a, b) for a, b, kind in graph.edges(keys=True) if kind in ("mother", "father")])
    assert networkx.is_directed_acyclic_graph(parents)
    assert networkx.descendants(parents, "child") == {"daughter", "father", "grandmother"}


def test_housemates_are_joined_where_they_are_asked_for(folder):
    graph = abmsim.kinship_graph(folder, household=True)
    housemates = {(a, b) for a, b, kind in graph.edges(keys=True) if kind == "household"}
    assert housemates == {(a, b) for a in HOME for b in HOME if a != b}
    assert not any(kind == "household" for *_, kind in abmsim.kinship_graph(folder).edges(keys=True))


HOME = ("child", "daughter", "partner")


def test_a_folder_without_tables_is_one_clear_line(tmp_path):
    with pytest.raises(UserError, match=r"tables/persons\.parquet"):
        abmsim.kinship_graph(tmp_path)


def test_the_package_loads_no_networkx_by_itself():
    code = "import sys, abmsim; sys.exit('networkx' in sys.modules or not callable(abmsim.kinship_graph))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
