"""Over the residents of the country, each line of the immunisation programme comes out at its published coverage."""

from __future__ import annotations

from math import exp

import pytest

from abmsim.paths import PUBLIC_STATS
from abmsim.stats.catalogue import Catalogue, load
from abmsim.stats.recipes_coverage import groups_of_line, level_of


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load([PUBLIC_STATS])


@pytest.fixture(scope="module")
def residents(catalogue) -> list[tuple[str, float, float]]:
    """(group of ages, residents, shift of their municipality) of every cell of the published table."""
    shift = catalogue.table("rvp_municipal_shift")
    found = []
    for row in catalogue.rows("household_positions_2020"):
        code, age = row.pop("municipality_code"), row.pop("age")
        found.append((age, sum(map(float, row.values())), shift.value(municipality_code=code)))
        row |= {"municipality_code": code, "age": age}
    return found


def lines(catalogue: Catalogue) -> dict[str, dict[str, str]]:
    return {row["line"]: row for row in catalogue.rows("rvp_schedule")}


@pytest.mark.parametrize(
    ("line", "ages"),
    [
        ("DKTP_Hib_HepB-4-11months-2017-01-01", ["0-4"]),
        ("BMR-1-14months-2017-01-01", ["0-4"]),
        ("HPV-1-13years-2006-01-01-female", ["10-14"]),
        ("HPV-2-162months-2005-01-01-female", ["10-14"]),
        ("HPV-2-162months-2004-01-01-female", ["15-19"]),
        ("HPV-3-150months-1997-01-01-female", ["20-24"]),
    ],
)
def test_the_country_comes_out_at_the_published_coverage(catalogue, residents, line, ages):
    row = lines(catalogue)[line]
    weighed = [(count, shift) for age, count, shift in residents if age in ages]
    accepting = sum(count / (1 + exp(-float(row["level"]) - shift)) for count, shift in weighed)
    kept = (1 - catalogue.table("rvp_missed_dose").value()) ** int(row["counted_doses"])
    assert accepting / sum(count for count, _ in weighed) * kept == pytest.approx(float(row["coverage"]), abs=1e-4)


def test_every_line_has_the_coverage_of_its_source(catalogue):
    assert {(row["line"], row["coverage"]) for row in catalogue.rows("rvp_lines")} == {
        (row["line"], row["coverage"]) for row in catalogue.rows("rvp_schedule")
    }


def test_the_doses_of_a_series_are_accepted_together(catalogue):
    levels = {row["level"] for name, row in lines(catalogue).items() if name.endswith("months-1999-01-01")}
    assert len(levels) == 1


def test_fewer_finish_hpv_than_begin(catalogue):
    rows = lines(catalogue)
    first, second = rows["HPV-1-13years-2004-01-01-female"], rows["HPV-2-162months-2004-01-01-female"]
    assert (first["counted_doses"], second["counted_doses"]) == ("1", "2")
    assert float(first["level"]) > float(second["level"])


def test_the_figures_of_rivm_are_those_of_their_lines(catalogue):
    rows, published = lines(catalogue), catalogue.table("rvp_coverage")
    for vaccine, year, line in [
        ("BMR-1", "2019", "BMR-1-14months-2017-01-01"),
        ("DKTP", "2019", "DKTP_Hib_HepB-4-11months-2017-01-01"),
        ("BMR-1", "2022", "BMR-1-14months-2018-01-01"),
        ("HPV girls", "2018", "HPV-2-162months-2004-01-01-female"),
        ("HPV girls", "2019", "HPV-2-162months-2005-01-01-female"),
        ("HPV girls", "2023", "HPV-1-13years-2006-01-01-female"),
    ]:
        assert 100 * float(rows[line]["coverage"]) == pytest.approx(published.value(vaccine=vaccine, report_year=year))


def test_the_age_of_a_line_is_that_of_its_births():
    line = {"valid_from_birth_date": "2003-03-01", "valid_until_birth_date": "2006-01-01"}
    assert list(groups_of_line(line)) == ["15-19", "15-19", "10-14"]
    assert list(groups_of_line(line | {"valid_until_birth_date": "2005-08-01"})) == ["15-19", "15-19", "10-14"]
    unborn = {"valid_from_birth_date": "2024-01-01", "valid_until_birth_date": ""}
    assert list(groups_of_line(unborn)) == ["0-4"]


def test_a_figure_that_leaves_no_room_for_missed_doses_is_refused():
    with pytest.raises(ValueError, match="no room for missed doses"):
        level_of(1.01, {"GM0003": 1.0}, {"GM0003": 0.0})
