"""A target that no run can be held against is told at its place; so are two that contradict each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from toy_targets import catalogue_of, write

from abmsim.problems import ProblemsFound
from abmsim.validate.target_problems import target_problems

HELP = "counts: {table: wmo_deliveries}"
YEAR, DAY = "year,figure\n2021,4", "year,figure\n2021-01-01,4"


def told(folder: Path) -> list[str]:
    """All problems, of reading and of counting, as `line:column CODE text (hint)`."""
    try:
        problems = target_problems(catalogue_of(folder))
    except ProblemsFound as found:
        problems = found.problems
    return [f"{p.line}:{p.column} {p.code} {p.text} ({p.hint})" for p in problems]


def test_a_sound_target_has_no_problem(tmp_path):
    write(tmp_path, HELP, YEAR)
    assert not told(tmp_path)


@pytest.mark.parametrize(
    ("rule", "unit", "target", "figures", "problem"),
    [
        ("ends", "number", "counts: {table: vaccinations}", YEAR,
         "7:16 S154 'ends' needs the end of a row, and vaccinations has no column for it ()"),
        ("stock at date", "persons", "counts: {table: vaccinations, by: {year: 1 January}}", YEAR,
         "7:16 S154 'stock at date' needs rows that last, and vaccinations has no column for their end ()"),
        ("persons in period", "persons", "counts: {table: households}", YEAR,
         "7:16 S154 households has no column for the person whose row it is, and persons are counted ()"),
        ("rate in period", "persons", HELP, YEAR,
         "7:16 S154 'rate in period' is not counted from the rows of a table (name a `measure`) ()"),
        ("duration of spells", "persons", HELP, YEAR,
         "7:16 S154 'duration of spells' is in days, weeks, months, years, not in persons ()"),
        ("stock at date", "persons", HELP, YEAR,
         "18:11 S155 a stock is at a date, and '2021' has a period "
         "(`by: {year: 1 January}` or `31 December`, or `period: '2023-12-31'`)"),
        ("persons in period", "persons", HELP, DAY,
         "18:11 S155 'persons in period' has a period, and '2021-01-01' a date "
         "(`period: 2023`, or `by: {year: period}`)"),
        ("persons in period", "persons", HELP, "year,figure\nlast,4",
         "18:11 S157 'last' is no period such as 2024, 2024H1 or 2024-12-31 ()"),
        ("persons in period", "persons", HELP, "sex,figure\nfemale,4",
         "18:11 S157 no period: neither `period` nor a dimension says which year or day the figure is of ()"),
        ("persons in period", "persons", f"{HELP}\nperiod: '2021'", "age,figure\nold,4",
         "18:11 S157 'old' are no ages such as 10, 75-84 or 85+ ()"),
        ("persons in period", "persons", f"{HELP}\nperiod: '2021'", "age,figure\n80+,4",
         "18:11 S155 nothing says when age and home are looked at (`population: {at: start | end | event}`)"),
        ("persons in period", "persons", f"{HELP}\npopulation: {{present: at date}}", YEAR,
         "19:15 S155 '2021' is in a period, where nobody can be 'at date' ()"),
        ("persons in period", "persons", "counts: {table: wmo_delivery}", YEAR,
         "18:19 S151 there is no table 'wmo_delivery' (did you mean 'wmo_deliveries'?)"),
        ("persons in period", "persons", "counts: {table: wmo_deliveries, where: {produkt: household_help}}", YEAR,
         "18:52 S152 wmo_deliveries has no column 'produkt' (did you mean 'product'?)"),
        ("persons in period", "persons", "counts: {table: wmo_deliveries, where: {product: houshold_help}}", YEAR,
         "18:52 S153 'product' is never 'houshold_help' (did you mean 'household_help'?)"),
        ("persons in period", "persons", "counts: {table: wmo_deliveries, where: {delivery_start: empty}}", YEAR,
         "18:59 S153 'delivery_start' is never empty (leave the condition out)"),
        ("persons in period", "persons", f"{HELP}\nperiod: '2021'", "sex,figure\nwoman,4",
         "18:11 S153 'woman': 'sex' is never 'woman' (valid: female, male)"),
        ("persons in period", "persons", f"{HELP}\nperiod: '2021'", "town,figure\nLeiden,4",
         "18:11 S156 wmo_deliveries has no column 'town' for 'town' "),
        ("persons in period", "persons", "counts: {table: wmo_deliveries, by: {years: period}}", YEAR,
         "18:47 S156 'years' is no dimension of this card (did you mean 'year'?)"),
        ("persons in period", "persons", "counts: {table: wmo_deliveries, end: end_reason}", YEAR,
         "18:40 S152 wmo_deliveries has no date 'end_reason' "),
        ("persons in period", "persons", "counts: {table: unions, person: partner}", YEAR,
         "18:35 S152 'partner' is no person of unions (did you mean 'partner_id'?)"),
        ("persons in period", "persons", "measure: life_expectance", YEAR,
         "18:12 S152 there is no measure 'life_expectance' (did you mean 'life_expectancy'?)"),
        ("persons in period", "persons", f"{HELP}\nmeasure: widowed", YEAR,
         "12:3 S143 a target says how a run counts it: by `counts` or by `measure` "),
        ("persons in period", "persons", "period: '2021'", YEAR,
         "12:3 S143 a target says how a run counts it: by `counts` or by `measure` "),
        ("persons in period", "persons", f"{HELP}\nstratum: age", YEAR,
         "19:12 S102 unknown key 'stratum' in 'target' "),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) and " S1" in value else "",
)  # fmt: skip
def test_what_cannot_be_counted_is_told_at_its_place(tmp_path, rule, unit, target, figures, problem):
    write(tmp_path, target, figures, rule, unit)
    assert any(line.startswith(problem) for line in told(tmp_path)), told(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("role: target", "role: input", "12:9 S140 unknown role 'input' "),
        ("role: target", "role: targets", "12:9 S140 unknown role 'targets' (did you mean 'target'?)"),
        ("margin_reason: it is a toy", "margin_reason:",
         "14:17 S141 'margin_reason' is empty (say why a run may be as far off)"),
        ("  margin_reason: it is a toy\n", "", "12:3 S105 'target' lacks 'margin_reason' "),
        ("margin: 0.05", "margin: 5", "13:11 S141 a margin is a part of the figure between 0 and 1, not 5 "),
        ("margin: 0.05", "margin: some", "13:11 S142 'margin' is a number from 0, and 'some' is not "),
        ("unit: persons}", "unit: euro}", "15:13 S158 figures in persons are not rounded to euro "),
        ("{to: 1,", "{to: 5,", "15:13 S158 2021: 4 is not rounded to 5 persons "),
        ("vintage: final", "vintage: finale", "16:12 S140 unknown vintage 'finale' (did you mean 'final'?)"),
        ("module: wmo/household_help", "module: wmo/househelp", "17:11 S150 there is no module 'wmo/househelp' "),
    ],
)  # fmt: skip
def test_a_target_says_its_role_margin_rounding_and_vintage(tmp_path, old, new, problem):
    card = write(tmp_path, HELP, YEAR)
    text = card.read_text(encoding="utf-8")
    assert old in text
    card.write_text(text.replace(old, new), encoding="utf-8")
    assert any(line.startswith(problem) for line in told(tmp_path)), told(tmp_path)


def test_all_problems_are_told_at_once(tmp_path):
    write(tmp_path, "counts: {table: wmo_deliveries, where: {produkt: x, sex: x}, drawn_by: home}", YEAR, "schedule")
    codes = [line.split()[1] for line in told(tmp_path)]
    assert sorted(codes) == ["S152", "S152", "S153", "S154"]


def test_two_figures_of_the_same_thing_may_not_differ(tmp_path):
    write(tmp_path, HELP, "year,figure\n2020,400\n2021,500", name="one")
    write(tmp_path, HELP, "year,figure\n2021,520", name="other")
    (line,) = told(tmp_path)
    text = "12:3 S160 '2021' is 520 here and 500 in one ('2021'): 20 apart, of which rounding explains 1"
    assert line.startswith(text)


def test_two_roundings_of_one_figure_are_no_conflict(tmp_path):
    write(tmp_path, HELP, "year,figure\n2021,496120", name="one", to="5")
    write(tmp_path, HELP, "year,figure\n2021,500000", name="other", to="10000")
    assert not told(tmp_path)
    write(tmp_path, HELP, "year,figure\n2021,510000", name="other", to="10000")
    assert "13880 apart, of which rounding explains 5002.5" in told(tmp_path)[0]


@pytest.mark.parametrize(
    "other",
    [
        "counts: {table: wmo_deliveries, where: {product: household_help}}",
        f"{HELP}\npopulation: {{age: 18+, at: start}}",
        f"{HELP}\npopulation: {{living: independently, at: start}}",
    ],
)
def test_figures_that_count_other_people_or_rows_do_not_contradict_each_other(tmp_path, other):
    write(tmp_path, HELP, "year,figure\n2021,500", name="one")
    write(tmp_path, other, "year,figure\n2021,300", name="other")
    assert not told(tmp_path)


def test_a_total_is_the_sum_of_its_strata(tmp_path):
    by_sex = "period: '2021'\ncounts: {table: wmo_deliveries}"
    write(tmp_path, by_sex, "sex,figure\nfemale,300\nmale,200\ntotal,501")  # three roundings of a half
    assert not told(tmp_path)
    write(tmp_path, by_sex, "sex,figure\nfemale,300\nmale,200\ntotal,520")
    (line,) = told(tmp_path)
    assert "by sex the strata add up to 500 and the total is 520: 20 apart, of which rounding explains 1.5" in line
    write(tmp_path, f"{by_sex}\nstrata_lack: 20", "sex,figure\nfemale,300\nmale,200\ntotal,520")
    assert not told(tmp_path)


def test_who_is_in_two_strata_is_once_in_the_total(tmp_path):
    by_product = "period: '2021'\ncounts: {table: wmo_deliveries}"
    write(tmp_path, by_product, "product,figure\nhousehold_help,300\npersonal_care,200\ntotal,450")
    assert not told(tmp_path)
