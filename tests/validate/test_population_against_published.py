"""A whole municipality is exact, a sample is near, and a fault is found."""

import json
import shutil
from dataclasses import replace

import duckdb
import pytest

from abmsim.problems import UserError
from abmsim.validate.judging import DIFFERENT, EQUAL, NO_FIGURE, TOO_FEW, judge
from abmsim.validate.measure import ANYWHERE
from abmsim.validate.opened import opened
from abmsim.validate.population import population_comparisons
from abmsim.validate.published import HOUSEHOLD_TYPES, SUBJECTS, published_counts
from abmsim.validate.targets import OF_2020, left_out, scope_of, target_cards
from abmsim.validate.validation import Validation, compare, counted_run, judged


@pytest.fixture(scope="module")
def told_village(whole_village, catalogue) -> Validation:
    return judged([counted_run(whole_village, catalogue)])


@pytest.fixture(scope="module")
def care(catalogue) -> list[str]:
    """The targets that are of the country and told in every run."""
    national = [card for card in target_cards(catalogue) if "municipality_code" not in card.by]
    return [card.name for card in national if scope_of(card) == ANYWHERE]


def test_every_count_of_a_whole_municipality_is_equal(whole_village, catalogue):
    with opened(whole_village, catalogue) as run:
        comparisons = population_comparisons(run)
    assert [comparison.role for comparison in comparisons] == ["exact"] * len(SUBJECTS)
    figures = [figure for judgement in judge([comparisons]) for figure in judgement.figures]
    assert {figure.verdict for figure in figures} == {EQUAL}
    assert len(figures) == 1 + 2 + 20 + 9 + 5 + 5


def test_one_resident_too_many_is_found(whole_village, catalogue, tmp_path):
    folder = tmp_path / "changed"
    shutil.copytree(whole_village, folder)
    with duckdb.connect(str(folder / "abmsim.duckdb")) as tables:
        (person,) = tables.execute("select person_id from persons where sex = 'male' limit 1").fetchone() or ("",)
        tables.execute("update household_members set position = 'other_member' where person_id = ?", [person])
    with opened(folder, catalogue) as run:
        found = judge([population_comparisons(run)])
    positions = next(judgement for judgement in found if "position" in judgement.facts.title)
    assert sum(figure.verdict == DIFFERENT for figure in positions.figures) == 2
    with pytest.raises(UserError, match="Persons by position"):
        judged([counted_run(folder, catalogue)]).raise_differences()


def test_a_sample_is_not_different(small_sample, catalogue):
    with opened(small_sample, catalogue) as run:
        figures = [figure for judgement in judge([population_comparisons(run)]) for figure in judgement.figures]
    assert not [figure for figure in figures if figure.verdict == DIFFERENT]
    assert sum(figure.verdict == TOO_FEW for figure in figures) > len(figures) / 2


def test_published_counts_agree_with_each_other(catalogue):
    codes = [row["municipality_code"] for row in catalogue.rows("municipalities_2020")]
    counts = published_counts(catalogue, codes)
    assert counts["residents"]["all"] == sum(counts["sex"].values()) == sum(counts["position"].values()) == 17_407_585
    assert sum(counts["age"].values()) == 17_407_585 - counts["position"]["institution"]
    assert sum(counts["household size"].values()) == sum(counts["household type"][kind] for kind in HOUSEHOLD_TYPES)
    assert counts["household size"]["1"] == counts["position"]["single"]


def test_a_municipality_has_no_published_figures_of_care(told_village, care):
    told = [judgement for judgement in told_village.judgements if judgement.facts.statistic in care]
    assert len(told) == len(care)
    assert {figure.verdict for judgement in told for figure in judgement.figures} == {NO_FIGURE}


def test_lines_state_the_margin_and_its_reason(told_village, care, catalogue):
    text = "\n".join(told_village.lines())
    assert text.startswith("Schiermonnikoog: ")
    assert "a whole place, counted to the person" in text
    assert "no published figure" in text
    for name in care:
        assert catalogue.card(name).target.margin_reason in text


def test_verdicts_are_counted_role_by_role_and_never_over_all(told_village):
    lines = list(told_village.lines())
    assert any(line.startswith("held back: ") for line in lines)
    (country,) = [line for line in lines if line.startswith("  of the whole country: ")]
    assert "births_in_year" in country
    assert "by construction: 42 equal" in lines


def test_every_target_is_told_or_left_out_with_the_reason(told_village, catalogue):
    told = {judgement.facts.statistic for judgement in told_village.judgements}
    assert {card.name for card in target_cards(catalogue)} <= told | set(told_village.left_out)
    assert told.isdisjoint(told_village.left_out)


def test_of_lives_a_municipality_has_only_its_own_figures(told_village, catalogue):
    told = {judgement.facts.statistic: judgement for judgement in told_village.judgements}
    of_lives = {card.name for card in target_cards(catalogue) if card.target and "lifecourse/" in card.target.module}
    assert of_lives & set(told) == {"births_of_a_place", "deaths_of_a_place", "marital_status_of_a_place"}
    (births,) = told["births_of_a_place"].figures
    published = catalogue.table("births_of_a_place").value(municipality_code="GM0088")
    assert births.published == published and births.n is not None
    assert births.verdict != DIFFERENT


def test_json_says_what_the_lines_say(told_village):
    found = json.loads(told_village.json)
    assert found["fails"] is False and found["seeds"] == [3]
    told = [judgement.facts.statistic for judgement in told_village.judgements]
    assert [entry["statistic"] for entry in found["comparisons"]] == told
    assert found["comparisons"][0]["figures"][0]["verdict"] == EQUAL
    assert found["verdicts"]["exact"][EQUAL] == 42
    assert found["left_out"]["births_in_year"] == "of the whole country"
    assert found["left_out"]["moves_of_a_place"] == "no figure is published of these municipalities"


def test_only_the_targets_named_are_counted(whole_village, catalogue):
    with opened(whole_village, catalogue) as run:
        assert [comparison.statistic for comparison in compare(run, ["births_of_a_place"])] == ["births_of_a_place"]
        with pytest.raises(UserError, match="did you mean 'births_of_a_place'"):
            compare(run, ["birth_of_a_place"])


def test_a_run_that_begins_later_is_not_held_against_the_counts_of_2020(whole_village, catalogue):
    with opened(whole_village, catalogue) as run:
        later = replace(run, settings={**run.settings, "from": "2021-01-01"})
        told = {comparison.statistic for comparison in compare(later)}
    assert told.isdisjoint({*SUBJECTS.values(), "marital_status_of_a_place"})
    assert left_out(later)["municipalities_2020"] == left_out(later)["marital_status_of_a_place"] == OF_2020
    assert "births_of_a_place" in told


def test_a_run_with_other_tables_is_to_be_made_again(whole_village, catalogue, tmp_path):
    shutil.copytree(whole_village, tmp_path / "old")
    with duckdb.connect(str(tmp_path / "old" / "abmsim.duckdb")) as tables:
        tables.execute("drop table unions")
    with pytest.raises(UserError, match="other tables than are counted: run it again with --force"):
        counted_run(tmp_path / "old", catalogue)
