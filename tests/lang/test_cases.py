"""What is wrong with a test file is told as for a module: place, code, what to do; all at once."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from abmsim.lang.cases import Case
from abmsim.lang.check import check_modules
from abmsim.lang.read import read_module
from abmsim.lang.read_cases import read_cases
from abmsim.schema.schema import load_schema
from abmsim.stats.catalogue import Catalogue

MODULE = """\
module: wmo/example
about: an example
attributes: {helped: {type: bool, default: false, about: has help}}
assume: {w: {is: 1 year, why: a guess}, s: {is: 0.4, why: a guess}}
start: waiting
states:
  waiting: {wait: assume.w, next: {helped: assume.s, refused: rest}}
  helped: {set: {helped: true}, final: true}
  refused: {final: true}
"""


def read(folder: Path, test: str) -> tuple[list[Case], list[str]]:
    """The cases and the problems of one test of the example module; its text begins on line 3."""
    path = folder / "wmo" / "example.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(MODULE)
    schema = load_schema()
    module, problems = read_module(path, folder, schema.verbs)
    assert module is not None and not problems
    checked = check_modules([module], Catalogue({}), schema, ["GM0363", "GM0546"])
    modules = {module.name: module for module in checked.modules}
    file = folder / "wmo" / "example.test.yaml"
    file.write_text("module: wmo/example\ntests:\n" + textwrap.indent(textwrap.dedent(test), "  "))
    cases, found = read_cases(file, modules, schema, ["GM0363", "GM0546"])
    return cases, [str(problem).partition("example.test.yaml:")[2] for problem in sorted(set(found))]


GOOD = """\
- name: a woman is helped
  given: {age: 80, sex: female, lives_alone: true}
  draw: {waiting: {to: helped, after: 3 months}}
  run: 1 year
  expect: {path: [waiting, {helped: 2020-04-01}], attributes: {helped: true}}
- name: shares
  cohort: {size: 400, given: {age: 30}}
  run: 2 years
  expect: {share: {ever: helped}, is: 0.4}
- name: table
  given: {sex: male, age: 12}
  run: 1 year
  cases:
    - {given: {age: 17}, expect: {last: waiting}}
    - {given: {birth_date: 1990-05-06}, draw: {waiting: {after: 2 days}}, run: 3 days, expect: {records: {death: 0}}}
"""


def test_three_kinds_of_cases_are_read(tmp_path: Path) -> None:
    cases, problems = read(tmp_path, GOOD)
    assert problems == []
    assert [(case.name, case.cohort, case.spot.line) for case in cases] == [
        ("a woman is helped", 1, 3), ("shares", 400, 8), ("table: age 17", 1, 16),
        ("table: birth_date 1990-05-06", 1, 17),
    ]  # fmt: skip
    assert cases[0].begin == "waiting" and cases[0].draw[0].to == "helped"
    assert cases[3].until < cases[2].until
    assert cases[2].given.resident.values["sex"] == 1.0


@pytest.mark.parametrize(
    ("test", "problem"),
    [
        ("{name: a, run: 1 year, expect: {last: waitin}}",
         "3:43 E301 wmo/example has no state 'waitin' (did you mean 'waiting'?)"),
        ("{name: a, begin: helpd, run: 1 year, expect: {last: waiting}}",
         "3:22 E301 wmo/example has no state 'helpd' (did you mean 'helped'?)"),
        ("{name: a, given: {agee: 3}, run: 1 year, expect: {last: waiting}}",
         "3:23 E201 a resident has no 'agee' (did you mean 'age'?)"),
        ("{name: a, given: {sex: woman}, run: 1 year, expect: {last: waiting}}",
         "3:28 E202 'sex' is never 'woman' (labels: female, male)"),
        ("{name: a, given: {age: 17.5}, run: 1 year, expect: {last: waiting}}",
         "3:28 E410 an age is a whole number from 0 to 120"),
        ("{name: a, gven: {age: 17}, run: 1 year, expect: {last: waiting}}",
         "3:15 E103 unknown key 'gven' in a test (did you mean 'given'?)"),
        ("{name: a, run: 1 yr, expect: {last: waiting}}",
         "3:20 E105 '1 yr' is no exact duration (write 3 months, in days, weeks, months or years)"),
        ("{name: a, run: 1 year}", "3:5 E104 the test expects nothing (add `expect: ...`)"),
        ("{name: a, run: 1 year, draw: {waiting: {to: waiting}}, expect: {last: waiting}}",
         "3:49 E311 no way leads from 'waiting' to 'waiting' (targets: helped, refused)"),
        ("{name: a, run: 1 year, expect: {records: {wmo_requests: 1}}}",
         "3:47 E208 no table has the verb 'wmo_requests' (did you mean 'wmo_request'?)"),
        ("{name: a, run: 1 year, expect: {records: {wmo_delivery: [{products: x}]}}}",
         "3:63 E209 'wmo_delivery' has no column 'products' (did you mean 'product'?)"),
        ("{name: a, run: 1 year, expect: {attributes: {helpd: true}}}",
         "3:50 E201 a resident has no stored attribute 'helpd' (did you mean 'helped'?)"),
        ("{name: a, run: 1 year, expect: {share: {ever: helped}, is: 0.4}}",
         "3:44 E106 'share' says nothing of one resident (path, last, attributes or records)"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_what_to_do(tmp_path: Path, test: str, problem: str) -> None:
    assert problem in read(tmp_path, f"- {test}\n")[1]
