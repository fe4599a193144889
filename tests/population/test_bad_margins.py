"""Figures of a municipality that are missing or contradict each other are told with their tables and the place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from abmsim.paths import PUBLIC_STATS
from abmsim.population.margins import read_margins
from abmsim.population.places import all_places, find_places
from abmsim.population.synthesis import synthesise
from abmsim.problems import ProblemsFound, UsageError
from abmsim.stats.catalogue import Catalogue, load

Change = Callable[[str, str, str], Catalogue]


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    """`changed(table, old, new)`: the statistics of the population with one row written differently."""

    def change(table: str, old: str, new: str) -> Catalogue:
        folder = tmp_path / "population"
        if not folder.exists():
            shutil.copytree(PUBLIC_STATS / "population", folder)
        file = folder / f"{table}.csv"
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        file.write_text(text.replace(old, new), encoding="utf-8", newline="\n")
        return load([folder])

    return change


def row_of(table: str, start: str) -> str:
    """The row of a shipped table that begins with `start`, without its end of line."""
    rows = (PUBLIC_STATS / "population" / f"{table}.csv").read_text(encoding="utf-8").splitlines()
    return next(row for row in rows if row.startswith(start))


def with_more(row: str, column: int, more: int) -> str:
    cells = row.split(",")
    cells[column] = str(int(cells[column]) + more)
    return ",".join(cells)


def told(catalogue: Catalogue, place: str = "Urk") -> list[str]:
    with pytest.raises(ProblemsFound) as found:
        synthesise(find_places(place, catalogue), 50, 1, catalogue)
    return [problem.text for problem in found.value.problems]


TYPES, POSITIONS, PLACES = "households_type_size_2020", "household_positions_2020", "municipalities_2020"
TYPES_OF_URK = row_of(TYPES, "GM0184,")
URK_AT_20 = row_of(POSITIONS, "GM0184,20-24,")


def test_one_person_households_and_persons_alone_have_to_agree(changed):
    alone, households = int(TYPES_OF_URK.split(",")[1]), sum(map(int, TYPES_OF_URK.split(",")[6:]))
    assert told(changed(TYPES, TYPES_OF_URK, with_more(TYPES_OF_URK, 1, 4))) == [
        f"Urk: {alone:,} single in {POSITIONS}, but {alone + 4:,} single_person in {TYPES}",
        f"Urk: {alone + 4:,} single_person in {TYPES}, but {alone:,} size_1 in {TYPES}",
        f"Urk: {households + 4:,} of all types in {TYPES}, but {households:,} of all sizes in {TYPES}",
    ]


def test_types_and_sizes_have_to_be_as_many_households(changed):
    sizes = sum(map(int, TYPES_OF_URK.split(",")[6:]))
    problems = told(changed(TYPES, TYPES_OF_URK, with_more(TYPES_OF_URK, 7, 10)))
    assert f"Urk: {sizes:,} of all types in {TYPES}, but {sizes + 10:,} of all sizes in {TYPES}" in problems


def test_partners_are_pairs_and_as_many_as_the_couples(changed):
    problems = told(changed(POSITIONS, URK_AT_20, with_more(URK_AT_20, 5, 1)))
    assert any("partner_married_no_children in household_positions_2020 are no pairs" in text for text in problems)
    assert any("2 x couple_married in households_type_size_2020" in text for text in problems)


def test_private_households_hold_no_more_than_the_residents(changed):
    problems = told(changed(POSITIONS, URK_AT_20, with_more(URK_AT_20, 2, 9000)))
    assert any(
        "persons in private households in household_positions_2020 are more than the 21,031 population in "
        "municipalities_2020" in text
        for text in problems
    )


def test_households_by_size_hold_no_more_than_the_persons_there_are(changed):
    row = with_more(with_more(TYPES_OF_URK, 10, 5000), 1, 5000)
    problems = told(changed(TYPES, TYPES_OF_URK, row))
    assert any("persons in households by size in households_type_size_2020 are more than" in text for text in problems)


def test_the_ages_of_the_country_hold_all_private_households(changed):
    catalogue = changed(POSITIONS, URK_AT_20, with_more(URK_AT_20, 2, 20_000))
    assert any(text.endswith("in population_by_age_2020") and "20-24" in text for text in told(catalogue, "Leiden"))


def test_a_contradiction_elsewhere_stops_nobody(changed):
    catalogue = changed(TYPES, TYPES_OF_URK, with_more(TYPES_OF_URK, 1, 4))
    assert len(synthesise(find_places("Schiermonnikoog", catalogue), 50, 1, catalogue).people) >= 50


def test_a_municipality_without_its_rows_is_told(changed):
    catalogue = changed(TYPES, TYPES_OF_URK + "\n", "")
    with pytest.raises(ProblemsFound) as found:
        read_margins(catalogue)
    assert [problem.text for problem in found.value.problems] == [f"{TYPES} lacks figures for Urk (GM0184)"]


def test_a_missing_age_and_a_missing_figure_are_told_at_once(changed):
    changed(POSITIONS, URK_AT_20 + "\n", "")
    at_30 = row_of(POSITIONS, "GM0184,30-34,")
    code, age, at_home, _, *others = at_30.split(",")
    catalogue = changed(POSITIONS, at_30, ",".join([code, age, at_home, "", *others]))
    with pytest.raises(ProblemsFound) as found:
        read_margins(catalogue)
    assert [problem.text for problem in found.value.problems] == [
        f"{POSITIONS} lacks the ages from 20 on for Urk (GM0184)",
        f"{POSITIONS} has no number of single for GM0184 at age 30-34",
    ]


def test_a_municipality_without_a_population_is_told(changed):
    urk = row_of(PLACES, "GM0184,")
    catalogue = changed(PLACES, urk, ",".join([*urk.split(",")[:2], "", *urk.split(",")[3:]]))
    with pytest.raises(UsageError, match="municipalities_2020 has no population for Urk"):
        all_places(catalogue)
