"""What becomes of people arrives in the tables: newcomers and leavers, births, couples, moves and relatives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest
from fake_log import SCHEMA
from fake_town import TO_DAY

from abmsim.days import NEVER, day_date, day_number, parse_day
from abmsim.engine import lives as kinds
from abmsim.engine.lives import Lives
from abmsim.population.origins import ORIGINS
from abmsim.report.changes import changes
from abmsim.stats.catalogue import Catalogue
from abmsim.validate.opened import OpenRun
from abmsim.vocabulary import BASE_DATE

BASE = day_date(BASE_DATE)


def table(run: Path, name: str) -> list[dict]:
    return pq.read_table(run / "tables" / f"{name}.parquet").to_pylist()


def ids(run: Path) -> list[str]:
    return [row["person_id"] for row in table(run, "persons")]


def dates(days: np.ndarray) -> list:
    return [None if day == NEVER else day_date(int(day)) for day in days]


def test_order_of_labels_is_that_of_the_lives() -> None:
    labels = {name: codes.labels for name, codes in SCHEMA.codes.items()}
    assert labels["origin"] == ORIGINS
    assert labels["entry"] == kinds.ENTRIES
    assert ("none", *labels["departure"]) == kinds.DEPARTURES
    assert labels["move_kind"] == kinds.MOVE_KINDS
    assert ("none", *labels["union_end"]) == kinds.UNION_ENDS
    assert labels["observation_begin"][: len(kinds.ENTRIES)] == kinds.ENTRIES
    assert labels["observation_end"][1 : len(kinds.DEPARTURES)] == kinds.DEPARTURES[1:]


def test_everybody_ever_is_there_with_how_they_came_and_left(run: Path, lives: Lives) -> None:
    persons = table(run, "persons")
    assert [row["entered_by"] for row in persons] == [kinds.ENTRIES[by] for by in lives.entered_by]
    assert [row["left_by"] or "none" for row in persons] == [kinds.DEPARTURES[by] for by in lives.left_by]
    assert [row["entered_date"] for row in persons] == dates(lives.entered_day)
    assert [row["left_date"] for row in persons] == dates(lives.left_day)
    assert {row["entered_by"] for row in persons} == set(kinds.ENTRIES)
    assert {row["left_by"] for row in persons} == {None, "death", "emigration", "move_out"}


def test_origin_is_empty_where_nobody_knows_it(run: Path) -> None:
    known = {(row["entered_by"], row["origin"], row["born_abroad"]) for row in table(run, "persons")}
    assert ("base_date", None, None) in known and ("birth", "netherlands", False) in known


def test_a_household_lasts_as_long_as_its_members_live_there(run: Path) -> None:
    homes = {row["household_id"]: row for row in table(run, "households")}
    spells: dict[str, list[dict]] = {}
    for row in table(run, "household_members"):
        spells.setdefault(row["household_id"], []).append(row)
    assert homes.keys() == spells.keys()
    for name, home in homes.items():
        first = min(row["from_date"] for row in spells[name])
        ends = [row["to_date"] for row in spells[name]]
        assert home["from_date"] == first
        assert home["to_date"] == (None if None in ends else max(ends))
        assert home["size"] == sum(row["from_date"] == first for row in spells[name])
    assert {row["from_date"] > BASE for row in homes.values()} == {True, False}
    assert any(row["to_date"] for row in homes.values())


def test_births_name_the_parents_and_who_is_a_twin(run: Path, lives: Lives) -> None:
    persons, born = ids(run), lives.births
    found = table(run, "births")
    assert [row["person_id"] for row in found] == [persons[child] for child in born.child]
    assert [row["mother_id"] for row in found] == [persons[mother] for mother in born.mother]
    assert [row["father_id"] for row in found] == [None if row < 0 else persons[row] for row in born.father]
    assert [row["date"] for row in found] == dates(born.day)
    twins = [row["mother_id"] for row in found if row["multiple"]]
    assert twins and all(twins.count(mother) == 2 for mother in twins)
    assert not all(row["multiple"] for row in found)


def test_couples_are_told_once_with_how_they_ended(run: Path, lives: Lives) -> None:
    found = table(run, "unions")
    assert len(found) == len(lives.unions)
    assert {row["ended_by"] for row in found} == {None, "separation", "bereavement"}
    assert all((row["to_date"] is None) == (row["ended_by"] is None) for row in found)
    assert {row["partner_id"] is None for row in found} == {True, False}


def test_moves_name_municipalities_of_the_run_only(run: Path, lives: Lives) -> None:
    found = table(run, "moves")
    assert len(found) == len(lives.moves)
    ends = {row["kind"]: (row["from_municipality_code"], row["to_municipality_code"]) for row in found}
    assert ends["within"] == ("GM0546", "GM0546")
    assert ends["out"] == ends["emigration"] == ("GM0546", None)
    assert ends["in"] == ends["immigration"] == (None, "GM0546")


def test_relations_hold_both_sides_of_a_couple_and_the_parents(run: Path) -> None:
    found = {(row["person_id"], row["relative_id"], row["kind"]): row for row in table(run, "relations")}
    for couple in table(run, "unions"):
        one, other = couple["person_id"], couple["partner_id"]
        if other is None:
            continue
        for pair in ((one, other), (other, one)):
            assert found[*pair, "partner"]["from_date"] == couple["from_date"]
            assert found[*pair, "partner"]["to_date"] == couple["to_date"]
            assert ((*pair, "former_partner") in found) == (couple["ended_by"] == "separation")
    for birth in table(run, "births"):
        assert found[birth["person_id"], birth["mother_id"], "mother"]["from_date"] == birth["date"]


def test_live_years_are_complete_and_history_is_not(run: Path, lives: Lives) -> None:
    periods = table(run, "observation_periods")
    assert {row["complete"] for row in periods if row["from_date"] >= BASE} == {True}
    history = [row for row in periods if not row["complete"]]
    assert {(row["to_date"], row["begins_by"], row["ends_by"]) for row in history} == {(BASE, "birth", "base_date")}
    assert len(history) == int((lives.entered_by == 0).sum())


def test_live_years_begin_and_end_with_the_stay(run: Path) -> None:
    live = [row for row in table(run, "observation_periods") if row["complete"]]
    stays = {row["person_id"]: row for row in table(run, "persons")}
    assert len(live) == len(stays)
    for row in live:
        stay = stays[row["person_id"]]
        assert (row["from_date"], row["begins_by"]) == (stay["entered_date"], stay["entered_by"])
        assert row["to_date"] == (stay["left_date"] or day_date(TO_DAY))
        assert row["ends_by"] == (stay["left_by"] or "run_end")


def test_without_history_only_the_live_years_are_observed(tmp_path: Path, write: Callable) -> None:
    write(tmp_path, formats=(), history_from=BASE_DATE)
    assert {row["complete"] for row in table(tmp_path, "observation_periods")} == {True}
    assert all(row["date"] >= BASE for row in table(tmp_path, "moves"))
    assert all(row["to_date"] is None or row["to_date"] > BASE for row in table(tmp_path, "unions"))


def test_a_history_of_some_years_begins_there_or_at_birth(tmp_path: Path, write: Callable) -> None:
    first = parse_day("2010-01-01")
    write(tmp_path, formats=(), history_from=first)
    births = {row["person_id"]: day_number(row["birth_date"]) for row in table(tmp_path, "persons")}
    history = [row for row in table(tmp_path, "observation_periods") if not row["complete"]]
    for row in history:
        born = births[row["person_id"]]
        assert day_number(row["from_date"]) == max(born, first)
        assert row["begins_by"] == ("birth" if born >= first else "history_begin")
    assert {row["begins_by"] for row in history} == {"birth", "history_begin"}


def test_the_report_counts_who_came_and_left(run: Path, lives: Lives) -> None:
    settings = {"from": "2020-01-01", "to": "2025-01-01"}
    with duckdb.connect(str(run / "abmsim.duckdb"), read_only=True) as tables:
        found = changes(OpenRun(tables, settings, Catalogue({}, {}, {}), (), 1, 1, False))
    came, left = np.bincount(lives.entered_by, minlength=4), np.bincount(lives.left_by, minlength=4)
    assert sum(year.births for year in found.years) == came[kinds.ENTRIES.index("birth")]
    assert sum(year.immigration for year in found.years) == came[kinds.ENTRIES.index("immigration")]
    assert sum(year.move_out for year in found.years) == left[kinds.DEPARTURES.index("move_out")]
    assert found.years[-1].end == int((lives.left_day == NEVER).sum()) and not found.nobody_came
    lived_in = {row["household_id"] for row in table(run, "household_members") if row["to_date"] is None}
    assert sum(change.last for change in found.types) == len(lived_in)


def test_a_life_says_how_everybody_came_and_left() -> None:
    from abmsim.life import words

    assert {"base_date", "birth", *words.ARRIVALS} == set(kinds.ENTRIES)
    assert {"none", *words.DEPARTURES} == set(kinds.DEPARTURES)


@pytest.mark.parametrize("name", ["births", "unions", "moves", "relations"])
def test_the_tables_of_a_town_where_nothing_happens_are_empty_but_there(
    tmp_path: Path, name: str, write_still: Callable
) -> None:
    write_still(tmp_path)
    assert table(tmp_path, name) == []
