"""`abmsim test --coverage`: what of a module its tests reach, told from what the kernel did."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from abmsim.casework import staging
from abmsim.lang.read_cases import read_cases
from abmsim.paths import MODULES
from abmsim.pytest_plugin import workshop_of

MODULE = """\
module: toy/example
about: an example
assume: {w: {is: 1 year, why: a guess}, s: {is: 0.4, why: a guess}}
start: waiting
states:
  waiting:
    until: {grown: age >= 18, ill: {hazard: {is: 0.5, source: a toy}}}
    next: {grown: asked, ill: {asked: assume.s, refused: rest}}
  asked:
    next:
      - {when: sex == female, to: {helped: assume.s, refused: rest}}
      - {else: helped}
  helped: {wait: assume.w, next: waiting}
  refused: {final: true}
"""
"""Its states stand on lines 6, 9, 13 and 14; it has six edges: grown, two of ill, two of asked, and that of helped."""

GROWN_MAN = """
  - name: a grown man is helped
    given: {age: 40, sex: male}
    draw: {helped: {after: never}}
    run: 1 year
    expect: {path: [waiting, asked, helped]}
"""


@pytest.fixture
def tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Callable) -> Callable[..., tuple[int, list[str]]]:
    """(exit code, what is told) of the tests with their coverage."""

    def run(tests: str, module: str = MODULE, *options: str) -> tuple[int, list[str]]:
        home = tmp_path / "modules" / "toy"
        home.mkdir(parents=True, exist_ok=True)
        (home / "example.yaml").write_text(module)
        (home / "example.test.yaml").write_text(f"module: toy/example\ntests:{tests}")
        monkeypatch.chdir(tmp_path)
        done = command("test", "--coverage", *(options or ["modules"]))
        assert "Traceback" not in done.stdout + done.stderr
        return done.returncode, [line.rstrip() for line in done.stdout.splitlines()]

    return run


def counts(told: list[str], module: str = "toy/example") -> list[str]:
    """`['3/4', '2/6', '2/9']`: states, edges and branches of a module."""
    line = next(line for line in told if line.startswith(f"{module} "))
    return re.findall(r"\d+/\d+", line)


def test_what_no_test_reaches_is_named_with_its_line(tell: Callable) -> None:
    code, told = tell(GROWN_MAN)
    assert code == 0
    assert counts(told) == ["3/4", "2/6", "2/9"]
    assert [line.removeprefix("modules/toy/example.yaml:") for line in told if "never" in line] == [
        "14 state refused is never entered",
        "8 edge waiting -> asked through ill is never taken",
        "8 edge waiting -> refused through ill is never taken",
        "11 edge asked -> refused is never taken",
        "13 edge helped -> waiting is never taken",
        "11 branch of asked, when sex == female, is never taken",
        "11 branch of asked, share of helped, is never taken",
    ]


def test_a_failing_test_keeps_its_exit_code_and_counts_what_it_reached(tell: Callable) -> None:
    code, told = tell(GROWN_MAN.replace("asked, helped]", "asked, refused]"))
    assert code == 1
    assert counts(told) == ["3/4", "2/6", "2/9"]


def test_a_cohort_counts_all_its_residents(tell: Callable) -> None:
    cohort = """
  - name: two in five women are helped
    cohort: {size: 500, given: {age: 40, sex: female}}
    run: 6 months
    expect: {share: {ever: helped}, is: 0.4}
"""
    _, told = tell(cohort)
    assert counts(told) == ["4/4", "3/6", "4/9"]


def test_a_forced_target_counts_the_edge_but_no_condition_that_does_not_hold(tell: Callable) -> None:
    """The man is refused although only women are: the edge is taken, the condition and the share of women are not."""
    forced = GROWN_MAN.replace("draw: {", "draw: {asked: {to: refused}, ").replace("asked, helped]", "asked, refused]")
    code, told = tell(forced)
    assert code == 0
    assert counts(told) == ["3/4", "2/6", "1/9"]


def test_a_forced_time_counts_the_exit_that_it_stands_for(tell: Callable) -> None:
    child = """
  - name: an ill child is refused
    given: {age: 5, sex: female}
    draw: {waiting: {to: refused, after: 3 months}}
    run: 1 year
    expect: {path: [waiting, {refused: 2020-04-01}]}
"""
    _, told = tell(child)
    assert counts(told) == ["2/4", "1/6", "2/9"]
    assert "modules/toy/example.yaml:8 edge waiting -> asked through grown is never taken" in told


def test_all_of_a_module_is_one_hundred_percent(tell: Callable) -> None:
    women = """
  - name: women of all ages
    cohort: {size: 2000, given: {age: 16, sex: female}}
    run: 6 years
    expect: {share: {ever: refused}, is: 1.0}
  - name: grown women
    cohort: {size: 2000, given: {age: 30, sex: female}}
    run: 6 months
    expect: {share: {ever: refused}, is: 0.6}
"""
    _, told = tell(GROWN_MAN + women)
    assert counts(told) == ["4/4", "6/6", "9/9"]
    assert not [line for line in told if "never taken" in line or "never entered" in line]


def test_the_states_of_a_submodule_count_where_it_is_called(tmp_path: Path, tell: Callable) -> None:
    home = tmp_path / "modules" / "toy"
    home.mkdir(parents=True)
    (home / "step.yaml").write_text(
        "module: toy/step\nabout: a step\nparameters: {}\nassume: {s: {is: 0.4, why: a guess}}\nstart: begun\n"
        "states:\n  begun: {next: {yes_: assume.s, no_: rest}}\n  yes_: {final: true}\n  no_: {final: true}\n"
    )
    caller = (
        "module: toy/example\nabout: a caller\nstart: assess\nstates:\n"
        "  assess: {call: toy/step, next: {yes_: helped, no_: refused}}\n"
        "  helped: {final: true}\n  refused: {final: true}\n"
    )
    case = """
  - name: a yes
    given: {age: 40}
    draw: {assess.begun: {to: assess.yes_}}
    run: 1 month
    expect: {last: helped}
"""
    _, told = tell(case, caller)
    assert counts(told) == ["4/6", "3/5", "1/2"]
    assert not [line for line in told if line.startswith("toy/step ")]
    assert "modules/toy/step.yaml:9 state assess.no_ is never entered" in told


def test_only_the_modules_that_are_asked_for_are_told_of(tmp_path: Path, tell: Callable) -> None:
    other = tmp_path / "modules" / "toy" / "other.yaml"
    other.parent.mkdir(parents=True)
    other.write_text(MODULE.replace("toy/example", "toy/other"))
    _, told = tell(GROWN_MAN)
    assert counts(told, "toy/other") == ["0/4", "0/6", "0/9"]
    for asked in ("modules/toy/example.yaml", "modules/toy/example.test.yaml"):
        _, told = tell(GROWN_MAN, MODULE, asked)
        assert counts(told) == ["3/4", "2/6", "2/9"]
        assert not [line for line in told if "other" in line]


def test_asking_for_the_coverage_changes_no_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    """The marks that tell the ways apart are no part of what a case does."""
    workshop = workshop_of(MODULES)
    file = MODULES / "wmo" / "household_help.test.yaml"
    cases, problems = read_cases(file, workshop.modules, workshop.schema, workshop.municipality_codes)
    assert not problems
    with_marks = [staging.run(case, workshop) for case in cases]
    monkeypatch.setattr(staging, "marked", lambda module: (module, []))
    for case, marked in zip(cases, with_marks, strict=True):
        plain = staging.run(case, workshop)
        assert np.array_equal(plain.states, marked.states)
        assert np.array_equal(plain.days, marked.days)
        assert np.array_equal(plain.attributes, marked.attributes)
        assert marked.ways or len(marked.path()) == 1
        assert not plain.ways


@pytest.fixture(scope="module")
def shipped() -> dict[str, list[str]]:
    """Name of each shipped module -> its counts of states, edges and branches."""
    command = [sys.executable, "-m", "abmsim", "test", "--coverage", str(MODULES)]
    done = subprocess.run(command, cwd=MODULES.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    return {line.split()[0]: re.findall(r"\d+/\d+", line) for line in done.stdout.splitlines() if line.endswith(" %")}


def test_the_tests_of_the_shipped_modules_enter_all_states(shipped: dict[str, list[str]]) -> None:
    files = {file for file in MODULES.rglob("*.yaml") if not file.name.endswith(".test.yaml")}
    runs = {file for file in files if "\nparameters:" not in file.read_text(encoding="utf-8")}
    assert set(shipped) == {file.relative_to(MODULES).with_suffix("").as_posix() for file in runs}
    assert {name: found[0] for name, found in shipped.items() if share(found[0]) < 1.0} == {}


def test_the_tests_of_the_shipped_modules_take_nine_edges_of_ten(shipped: dict[str, list[str]]) -> None:
    assert {name: found[1] for name, found in shipped.items() if share(found[1]) < 0.9} == {}


def share(count: str) -> float:
    reached, total = count.split("/")
    return int(reached) / int(total)
