"""A whole municipality is exact, a sample is near, and a fault is found."""

import json
import shutil

import duckdb
import pytest

from abmsim.problems import UserError
from abmsim.validate import compare, validate_json, validate_lines
from abmsim.validate.figure import DIFFERENT, EQUAL, NO_FIGURE, TOO_FEW, WITHIN_ERROR, WITHIN_MARGIN
from abmsim.validate.lives import LIVES
from abmsim.validate.opened import opened
from abmsim.validate.population import population_comparisons
from abmsim.validate.published import HOUSEHOLD_TYPES, SUBJECTS, published_counts
from abmsim.validate.targets import MEASURES

CARE = [name for name, measure in MEASURES.items() if not measure.module.startswith("lifecourse/")]


def test_every_count_of_a_whole_municipality_is_equal(whole_village, catalogue):
    with opened(whole_village, catalogue) as run:
        comparisons = population_comparisons(run)
    assert [comparison.role for comparison in comparisons] == ["exact"] * len(SUBJECTS)
    figures = [figure for comparison in comparisons for figure in comparison.figures]
    assert {figure.verdict for figure in figures} == {EQUAL}
    assert len(figures) == 1 + 2 + 20 + 9 + 5 + 5


def test_one_resident_too_many_is_found(whole_village, catalogue, tmp_path):
    folder = tmp_path / "changed"
    shutil.copytree(whole_village, folder)
    with duckdb.connect(str(folder / "abmsim.duckdb")) as tables:
        (person,) = tables.execute("select person_id from persons where sex = 'male' limit 1").fetchone() or ("",)
        tables.execute("update household_members set position = 'other_member' where person_id = ?", [person])
    with opened(folder, catalogue) as run:
        positions = next(comparison for comparison in population_comparisons(run) if "position" in comparison.title)
    assert sum(figure.verdict == DIFFERENT for figure in positions.figures) == 2
    with pytest.raises(UserError, match="Persons by position"):
        list(validate_lines(folder, catalogue))


def test_a_sample_is_within_its_error(small_sample, catalogue):
    with opened(small_sample, catalogue) as run:
        figures = [figure for comparison in population_comparisons(run) for figure in comparison.figures]
    assert not [figure for figure in figures if figure.verdict == DIFFERENT]
    assert sum(figure.verdict == WITHIN_ERROR for figure in figures) > len(figures) / 2


def test_published_counts_agree_with_each_other(catalogue):
    codes = [row["municipality_code"] for row in catalogue.rows("municipalities_2020")]
    counts = published_counts(catalogue, codes)
    assert counts["residents"]["all"] == sum(counts["sex"].values()) == sum(counts["position"].values()) == 17_407_585
    assert sum(counts["age"].values()) == 17_407_585 - counts["position"]["institution"]
    assert sum(counts["household size"].values()) == sum(counts["household type"][kind] for kind in HOUSEHOLD_TYPES)
    assert counts["household size"]["1"] == counts["position"]["single"]


def test_a_municipality_has_no_published_figures_of_care(whole_village, catalogue):
    with opened(whole_village, catalogue) as run:
        comparisons = [comparison for comparison in compare(run) if comparison.statistic in CARE]
    assert len(comparisons) == len(CARE)
    assert {figure.verdict for comparison in comparisons for figure in comparison.figures} == {NO_FIGURE}


def test_lines_state_the_margin_and_its_reason(whole_village, catalogue):
    text = "\n".join(validate_lines(whole_village, catalogue))
    assert "Schiermonnikoog: " in text
    assert "a whole place, counted to the person" in text
    assert "no published figure" in text
    for name in CARE:
        target = catalogue.card(name).target
        assert target and target["margin_reason"] in text


def test_of_lives_a_municipality_has_only_its_own_figures(whole_village, catalogue):
    with opened(whole_village, catalogue) as run:
        told = {comparison.statistic: comparison for comparison in compare(run)}
    assert {name for name in told if name in LIVES} == {
        "births_of_a_place", "deaths_of_a_place", "marital_status_of_a_place"
    }  # fmt: skip
    (births,) = told["births_of_a_place"].figures
    published = catalogue.table("births_of_a_place").value(municipality_code="GM0088")
    assert births.published == published and births.n is not None
    assert births.verdict in (TOO_FEW, WITHIN_MARGIN, WITHIN_ERROR)


def test_json_says_what_the_lines_say(whole_village, catalogue):
    text, comparisons = validate_json(whole_village, catalogue)
    found = json.loads(text)
    assert found["fails"] is False
    assert [entry["statistic"] for entry in found["comparisons"]] == [entry.statistic for entry in comparisons]
    assert found["comparisons"][0]["figures"][0]["verdict"] == EQUAL
