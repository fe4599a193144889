"""Years since a date, and statistics by them and by other numbers: the same in the kernel and in plain Python."""

from __future__ import annotations

import numpy as np
import pytest
from test_explain import workshop
from test_plain import assert_same, both
from toys import Person, Toys, households

from abmsim.days import day_date, parse_day
from abmsim.explain.staging import Question
from abmsim.explain.trace import trace, trace_lines
from abmsim.lang.cases import Given, Resident

HEAD = "module: toy/years\nabout: x\nbegins: base_date\nassume: {w: {is: 1 year, why: x}, k: {is: 2, why: x}}\n"
UNTIL = parse_day("2025-05-17")

PARTING = HEAD + """\
attributes: {n: {type: number, about: x}}
start: a
states:
  a: {hazard: stats.parting, when: has_partner, next: b}
  b: {set: {n: n + stats.by_years}, hazard: {rate: stats.by_parity, times: assume.k}, next: c}
  c: {when: years_since_separation >= 3 or partner.years_since_bereavement < 2, next: d}
  d: {set: {n: years_together}, wait: assume.w, next: a}
"""
RATES = """\
years_together,sex,age,value
0-1,female,0-49,0.9
0-1,female,50+,0.5
0-1,male,0-49,0.7
0-1,male,50+,0.3
10+,female,0-49,0.1
10+,female,50+,0.2
10+,male,0-49,0.15
10+,male,50+,0.25
2-9,female,0-49,0.4
2-9,female,50+,0.45
2-9,male,0-49,0.35
2-9,male,50+,0.55
"""
BIRTHS = HEAD + """\
attributes: {asked: {type: bool, about: x}}
start: a
states:
  a: {hazard: stats.by_decile, next: b}
  b: {hazard: stats.by_parity, next: a}
"""
EARNING = """\
module: lifecourse/income
about: x
begins: base_date
assume: {w: {is: 7 months, why: x}}
start: a
states:
  a: {wait: assume.w, next: [{when: income_decile < 10, to: b}, {else: c}]}
  b: {set: {income_decile: income_decile + 1}, next: a}
  c: {final: true}
"""


@pytest.fixture
def toys(tmp_path) -> Toys:
    toys = Toys(tmp_path)
    toys.statistic("parting", "rate per person-year", RATES)
    toys.statistic("by_years", "number", "years_together,value\n0,0.5\n1-4,0.25\n5+,0.125\n")
    toys.statistic("by_parity", "rate per person-year", "parity,household_size,value\n" + "".join(
        f"{parity},{size},{0.1 + 0.2 * i + 0.05 * j}\n"
        for i, parity in enumerate(("0", "1", "2", "3+")) for j, size in enumerate(("1", "2-3", "4+"))
    ))  # fmt: skip
    deciles = "".join(f"{decile},{age},{0.02 * decile:.2f}\n" for decile in range(1, 11) for age in ("0-64", "65+"))
    toys.statistic("by_decile", "rate per person-year", "income_decile,age,value\n" + deciles)
    return toys


def couples(n: int) -> list[list[Person]]:
    units = []
    for i in range(n):
        dates = {
            "union_date": float(parse_day(f"{2008 + i % 12}-{1 + i % 12:02}-03")),
            "separation_date": float(parse_day(f"201{6 + i % 4}-02-1{i % 10}")),
        }
        known = {name: day for j, (name, day) in enumerate(dates.items()) if i % 3 != j}
        other = {"bereavement_date": float(parse_day("2018-11-30"))} if i % 2 else {}
        common = {"has_partner": 1.0, "household_size": 2.0, "parity": float(i % 5), "income_decile": 1.0 + i % 10}
        units.append([Person(f"19{50 + i % 45}-05-1{i % 9}", {**known, **common, "sex": float(i % 2)}),
                      Person("1971-02-28", {**other, **common, "sex": 1.0 - i % 2})])  # fmt: skip
    return units


def test_kernel_and_plain_python_agree_on_years_since_a_date(toys: Toys) -> None:
    agenda, plain = both(toys.program(PARTING), households(toys.program(PARTING), couples(150)), UNTIL)
    assert_same(agenda, plain)
    assert {state.name for state in agenda.program.states} == {
        agenda.program.states[row[2]].name for row in agenda.rows[: agenda.row_count].tolist()
    }


def test_kernel_and_plain_python_agree_on_numbers_that_change(toys: Toys) -> None:
    program = toys.program(BIRTHS, EARNING)
    assert_same(*both(program, households(program, couples(100)), UNTIL))


def test_the_rate_follows_the_years_together(toys: Toys) -> None:
    """Of couples who have just begun, the rate is that of each span while they are in it."""
    toys.statistic("steps", "rate per person-year", "years_together,value\n0,1\n1,0\n2+,1000\n")
    text = HEAD + "start: a\nstates: {a: {hazard: stats.steps, next: b}, b: {final: true}}\n"
    program = toys.program(text)
    n = 2000
    unit = [Person(values={"union_date": float(parse_day("2020-01-01"))})]
    agenda, _ = both(program, households(program, [unit] * n), UNTIL)
    parted = np.sort([row[1] for row in agenda.rows[: agenda.row_count].tolist() if row[2] == 1])
    first_year = (parted < parse_day("2021-01-01") + 31).sum() / n
    assert abs(first_year - (1 - np.exp(-1))) < 4 * np.sqrt(0.25 / n) + 0.02
    assert not ((parted >= parse_day("2021-02-01")) & (parted < parse_day("2022-01-01"))).any()
    assert parted.max() < parse_day("2022-02-10") and len(parted) == n


@pytest.mark.parametrize("seed", range(3))
def test_a_trace_tells_the_years(toys: Toys, seed: int) -> None:
    books = workshop(toys, PARTING)
    values = {"has_partner": 1.0, "union_date": float(parse_day("2017-03-01")), "household_size": 1.0}
    given = Given(Resident(parse_day("1980-05-06"), values))
    module = books.modules["toy/years"]
    found = trace(Question(module, given, "a", False, UNTIL, seed), books)
    text = "\n".join(trace_lines(found, books))
    assert "union date 2017-03-01" in text and "years_together 2-9" in text
    assert day_date(UNTIL).isoformat() in text
