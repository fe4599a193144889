"""The vocabulary: what every module may read, who provides it, and the few attributes that one module writes."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from abmsim.days import NEVER
from abmsim.lang.compile import compile_modules
from abmsim.paths import MODULES
from abmsim.schema.schema import load_schema
from abmsim.stats.catalogue import load
from abmsim.vocabulary import CALENDAR, VOCABULARY

WORK = """\
module: lifecourse/work
about: x
begins: base_date
assume: {w: {is: 1 year, why: a guess}}
start: idle
states:
  idle: {wait: assume.w, next: working}
  working: {set: {employed: true}, wait: assume.w, next: idle}
"""
READER = """\
module: wmo/example
about: x
start: a
states:
  a: {when: employed and partner.employed and children.any.in_education, next: b}
  b: {when: education == high or income_decile <= 2 or tenure == renter, next: c}
  c: {when: known(separation_date) and separation_date > '2019-01-01' and origin == netherlands, next: d}
  d: {final: true}
"""


def test_sex_is_the_first_stored_attribute() -> None:
    assert next(name for name, attribute in VOCABULARY.items() if not attribute.computed) == "sex"


@pytest.mark.parametrize("attribute", VOCABULARY.values(), ids=VOCABULARY)
def test_every_attribute_says_what_it_is_and_where_it_comes_from(attribute) -> None:
    assert attribute.about and attribute.dutch and attribute.source
    assert attribute.computed == (attribute.source == CALENDAR)
    assert attribute.computed or not attribute.since
    assert not attribute.since or VOCABULARY[attribute.since].is_date
    assert attribute.default == (float(NEVER) if attribute.is_date and not attribute.computed else attribute.default)


def test_the_page_has_every_attribute() -> None:
    page = (Path(MODULES).parent / "docs" / "attributes.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert rows == [row_of(attribute) for attribute in VOCABULARY.values()]


def row_of(attribute) -> str:
    """The attribute's line of docs/attributes.md."""
    kind = "date" if attribute.is_date else ", ".join(attribute.labels) or attribute.type
    unit = f" ({attribute.unit})" if attribute.unit and not attribute.is_date else ""
    return f"| `{attribute.name}` | {kind}{unit} | {attribute.about} | {attribute.dutch} | {attribute.source} |"


def test_its_writer_may_set_an_attribute_of_the_vocabulary(workshop) -> None:
    workshop.module(WORK, "lifecourse/work")
    result = workshop.check()
    assert result.errors == ()
    program = compile_modules(result.modules, load([workshop.root / "public_stats"]), load_schema(), ())
    assert [attribute.name for attribute in program.attributes].count("employed") == 1


def test_a_submodule_writes_what_its_caller_may_write(workshop) -> None:
    part = "module: shared/job\nabout: x\nparameters: {}\nstart: a\nstates: {a: {set: {employed: true}, final: true}}\n"
    workshop.module(part, "shared/job")
    caller = WORK.replace("set: {employed: true}, wait: assume.w", "call: shared/job")
    workshop.module(caller, "lifecourse/work")
    assert workshop.errors() == []
    workshop.module(caller.replace("lifecourse", "wmo"), "wmo/work")
    assert workshop.errors() == [
        "modules/shared/job.yaml:5:20 E206 'employed' is set by lifecourse/work alone "
        "(read it; other modules keep their own)"
    ]


def test_all_of_it_is_read_without_uses(workshop) -> None:
    workshop.module(READER)
    assert workshop.errors() == []


def test_dates_are_given_and_expected_as_dates(workshop) -> None:
    from abmsim.lang.read_cases import read_cases

    workshop.module(READER)
    path = workshop.root / "modules" / "wmo" / "example.test.yaml"
    given = "{separation_date: 2019-05-01, union_date: none, bereavement_date: soon, years_together: 3}"
    path.write_text(
        textwrap.dedent(f"""\
        module: wmo/example
        tests:
          - {{name: a, given: {given}, run: 1 year, expect: {{attributes: {{separation_date: 2019-05-01}}}}}}
        """),
        encoding="utf-8",
    )
    modules = {module.name: module for module in workshop.check().modules}
    cases, problems = read_cases(path, modules, load_schema(), ())
    assert cases[0].given.resident.values["separation_date"] == 18017.0
    assert cases[0].given.resident.values["union_date"] == float(NEVER)
    assert cases[0].expect.attributes == {"separation_date": 18017.0}
    assert [str(problem).partition(" ")[2] for problem in sorted(problems)] == [
        "E105 'bereavement_date' is a date, not 'soon' (write it as 2015-01-01)",
        "E201 a resident has no 'years_together' (they follow from the day: `union_date: 2019-05-01`)",
    ]
