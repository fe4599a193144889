"""Tests and traces of modules of the life course: dates are given as dates, and nobody answers what a module asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from abmsim.casework.staging import run
from abmsim.casework.verdict import failures
from abmsim.casework.workshop import Workshop
from abmsim.explain.asking import question
from abmsim.explain.trace import trace, trace_lines
from abmsim.lang.read_cases import read_cases
from abmsim.problems import UsageError
from abmsim.schema.schema import load_schema
from abmsim.stats.catalogue import load

CODES = ("GM0363",)

MODULE = """\
module: toy/looking
about: x
begins: base_date
assume: {w: {is: 2 weeks, why: a guess}}
attributes: {left: {type: date, about: x}}
start: alone
states:
  alone: {when: known(separation_date) and years_since_separation >= 1, next: looking}
  looking: {silent: true, happens: seeks_partner, set: {left: separation_date}, when: has_partner, next: found}
  found: {happens: moves_house, wait: assume.w, next: done}
  done: {final: true}
"""

TESTS = """\
module: toy/looking
tests:
  - name: a year after the separation
    given: {separation_date: 2019-05-20}
    run: 5 years
    expect: {path: [alone, {looking: 2020-06-01}], attributes: {left: 2019-05-20, has_partner: false}}
  - name: the answer is given
    begin: looking
    given: {has_partner: true}
    run: 1 year
    expect: {path: [looking, found, done], attributes: {left: none}}
  - name: without a separation
    given: {separation_date: none}
    run: 50 years
    expect: {path: [alone]}
"""


def books_of(folder: Path, workshop) -> Workshop:
    workshop.module(MODULE, "toy/looking")
    result = workshop.check()
    assert result.errors == ()
    modules = {module.name: module for module in result.modules}
    return Workshop(modules, load([folder / "public_stats"]), load_schema(), CODES)


def test_cases_give_dates_and_answers(tmp_path: Path, workshop) -> None:
    books = books_of(tmp_path, workshop)
    path = tmp_path / "modules" / "toy" / "looking.test.yaml"
    path.write_text(TESTS, encoding="utf-8")
    cases, problems = read_cases(path, books.modules, books.schema, CODES)
    assert problems == [] and len(cases) == 3
    for case in cases:
        assert failures(case, run(case, books), books) == []


def test_a_failure_says_dates_as_dates(tmp_path: Path, workshop) -> None:
    books = books_of(tmp_path, workshop)
    path = tmp_path / "modules" / "toy" / "looking.test.yaml"
    path.write_text(TESTS.replace("left: 2019-05-20", "left: none"), encoding="utf-8")
    case = read_cases(path, books.modules, books.schema, CODES)[0][0]
    assert failures(case, run(case, books), books) == ["left: expected none, got 2019-05-20"]


def test_a_trace_tells_dates_years_and_what_is_asked_for(tmp_path: Path, workshop) -> None:
    books = books_of(tmp_path, workshop)
    given = "separation_date: 2019-05-20, bereavement_date: none, has_partner: true"
    asked = question(books.modules["toy/looking"], given, "", "base_date", "5 years", 1, books)
    told = "\n".join(trace_lines(trace(asked, books), books))
    assert "separation date 2019-05-20, bereavement date none" in told
    assert "years_since_separation 1.03491" in told
    assert "asks: seeks_partner (in a town it is carried out at the end of the month)" in told
    assert "sets left: 2019-05-20" in told and "asks: moves_house" in told


def test_what_cannot_be_given_says_what_to_give(tmp_path: Path, workshop) -> None:
    books = books_of(tmp_path, workshop)
    module = books.modules["toy/looking"]
    with pytest.raises(UsageError, match="they follow from the day: `separation_date: 2019-05-01`"):
        question(module, "years_since_separation: 3", "", "base_date", "5 years", 1, books)
    with pytest.raises(UsageError, match="'separation_date' is a date, not 'last year'"):
        question(module, "separation_date: last year", "", "base_date", "5 years", 1, books)
