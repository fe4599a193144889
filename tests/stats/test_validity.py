"""A table says which years it was published for, and what holds after them."""

from __future__ import annotations

from pathlib import Path

import pytest

from abmsim.problems import Problem, ProblemsFound
from abmsim.stats.catalogue import Catalogue, load
from abmsim.stats.show import show_lines
from abmsim.stats.validity import extensions, furthest, rule_after, validity
from abmsim.stats.verify import file_hash, verify

CARD = """\
title: A level a year
publisher: CBS
period: 2017-2023
unit: number
by: [year]
values: ratio
counting_rule: not a count
licence: CC BY 4.0
verified: seen
sha256: {sha256}
{valid}"""


def written(folder: Path, valid: str = "", years: tuple[str, ...] = ("2017-2019", "2020", "2021+")) -> Catalogue:
    """A statistic `level` of these years, whose card says how long it is valid."""
    csv = folder / "level.csv"
    csv.write_text("year,ratio\n" + "".join(f"{year},1\n" for year in years), encoding="utf-8")
    text = CARD.format(sha256=file_hash(csv), valid=f"valid: {valid}\n" if valid else "")
    (folder / "level.yaml").write_text(text, encoding="utf-8")
    return load([folder])


def told(problems: list[Problem] | tuple[Problem, ...]) -> list[str]:
    return [f"{problem.line}:{problem.column} {problem.code} {problem.text}" for problem in problems]


def test_a_table_by_year_is_valid_for_its_labels(tmp_path):
    valid = validity(written(tmp_path).table("level"))
    assert valid is not None
    assert (valid.first_year, valid.last_year, valid.after) == (2017, 2021, "last value")


def test_a_table_without_years_is_not_extended(folder):
    catalogue = load([folder])
    assert validity(catalogue.table("deaths")) is None
    assert extensions(catalogue, ["deaths"], 2090) == {}


def test_the_last_value_holds_after_the_last_year(tmp_path):
    catalogue = written(tmp_path)
    assert extensions(catalogue, ["level"], 2021) == {}
    assert extensions(catalogue, ["level"], 2022) == {"level": "the figures of 2021 hold from 2022 on"}


def test_a_forecast_holds_as_far_as_it_goes(tmp_path):
    catalogue = written(tmp_path, "{from: 2020, to: 2021, after: {forecast: level}}", ("2020", "2021", "2030"))
    table = catalogue.table("level")
    assert rule_after(table, 2030) == "from 2022 on by the forecast level"
    assert rule_after(table, 2031) == "from 2022 on by the forecast level; the figures of 2030 hold from 2031 on"
    assert furthest(catalogue, ["level"]) == ("level", 2030)
    assert verify(catalogue) == []


def test_a_trend_is_called_so(tmp_path):
    catalogue = written(tmp_path, "{from: 2020, to: 2021, after: trend}", ("2020", "2021", "2030"))
    assert rule_after(catalogue.table("level"), 2025) == "from 2022 on by a trend"
    assert "  valid          2020 to 2021, to 2030 by a trend, then the last value" in show_lines(catalogue, "level")


def test_a_card_without_years_can_say_how_long_it_is_valid(folder, replace):
    replace("deaths.yaml", "verified: seen", "verified: seen\nvalid: {from: 2017, to: 2019, after: last value}")
    catalogue = load([folder])
    assert extensions(catalogue, ["deaths"], 2020) == {"deaths": "the figures of 2019 hold from 2020 on"}
    assert "  valid          2017 to 2019, then the last value" in show_lines(catalogue, "deaths")


def test_everything_that_is_wrong_with_a_validity_is_told_at_once(tmp_path):
    with pytest.raises(ProblemsFound) as found:
        written(tmp_path, "{from: '20', to: later, after: hope}")
    assert told(found.value.problems) == [
        "11:15 S113 'from' is a year such as 2020, and '20' is not",
        "11:25 S113 'to' is a year such as 2020, and 'later' is not",
        "11:39 S113 what holds after the last year is not 'hope'",
    ]


@pytest.mark.parametrize(
    ("valid", "problem"),
    [
        ("{from: 2020, to: 2021, until: 2030, after: trend}", "11:38 S102 unknown key 'until' in 'valid'"),
        ("{from: 2020, to: 2021}", "11:8 S105 'valid' lacks 'after'"),
        ("{from: 2021, to: 2020, after: trend}", "11:25 S113 'valid' ends in 2020, before it begins in 2021"),
        ("{from: 2021, to: 2022, after: {trend: x}}", "11:46 S102 unknown key 'trend' in 'after'"),
    ],
)
def test_a_faulty_validity_is_told_at_its_place(tmp_path, valid, problem):
    with pytest.raises(ProblemsFound) as found:
        written(tmp_path, valid)
    assert problem in told(found.value.problems)


@pytest.mark.parametrize(
    ("valid", "problem"),
    [
        ("{from: 2016, to: 2021, after: last value}",
         "S128 valid from 2016 to 2021, but the figures are of 2017 to 2021"),
        ("{from: 2017, to: 2020, after: last value}",
         "S128 the last value of 2020 does not hold: there are figures up to 2021"),
        ("{from: 2017, to: 2021, after: trend}", "S128 after 2021 nothing follows the trend: there are no figures"),
        ("{from: 2017, to: 2020, after: {forecast: levle}}", "S133 there is no statistic 'levle'"),
    ],
)  # fmt: skip
def test_a_validity_is_checked_against_the_figures(tmp_path, valid, problem):
    assert told(verify(written(tmp_path, valid))) == [f"11:8 {problem}"]
