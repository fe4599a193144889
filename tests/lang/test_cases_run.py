"""`*.test.yaml` under pytest: every case is a test, and a failure shows what was expected beside what came out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from abmsim.paths import MODULES

MODULE = """\
module: toy/example
about: an example
attributes: {helped: {type: bool, default: false, about: has help}}
assume: {w: {is: 1 year, why: a guess}, s: {is: 0.4, why: a guess}}
start: waiting
states:
  waiting: {when: age >= 18, hazard: {is: 0.5, source: a toy}, next: asked}
  asked: {wmo_request: {reporter: self}, wait: assume.w, next: {helped: assume.s, refused: rest}}
  helped: {end: {wmo_request: application}, set: {helped: true}, final: true}
  refused: {end: {wmo_request: application}, final: true}
"""

GOOD = """\
module: toy/example
tests:
  - name: chance is forced
    given: {age: 80}
    draw: {waiting: {after: 3 months}, asked: {to: helped, after: 10 days}}
    run: 1 year
    expect:
      path: [waiting, {asked: 2020-04-01}, {helped: 2020-04-11}]
      attributes: {helped: true, lives_alone: true}
      records: {wmo_request: [{reporter: self, request_date: 2020-04-01, inquiry_end: 2020-04-11, on_time: null}]}
  - name: a condition is no chance
    given: {birth_date: 2002-09-10}
    draw: {waiting: {after: 3 months}, asked: {after: never}}
    run: 2 years
    expect: {path: [waiting, {asked: 2020-09-10}], records: {wmo_request: 1}}
  - name: from birth
    given: {birth_date: 1950-05-05}
    from: birth
    draw: {waiting: {after: 20 years}, asked: {after: never}}
    run: 1 day
    expect: {path: [{waiting: 1950-05-05}, {asked: 1970-05-05}]}
  - name: shares come out
    cohort: {size: 2000, given: {age: 40}, begin: asked}
    run: 2 years
    expect: {share: {last: helped}, is: 0.4}
"""

BAD = """\
module: toy/example
tests:
  - name: another day
    given: {age: 80}
    draw: {waiting: {after: 3 months}, asked: {to: refused, after: 10 days}}
    run: 1 year
    expect:
      path: [waiting, {asked: 2020-04-02}, helped]
      attributes: {helped: true}
      records: {wmo_request: 2}
  - name: wrong share
    cohort: {size: 2000, given: {age: 40}, begin: asked}
    run: 2 years
    expect: {share: {last: helped}, is: 0.7}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a module, in which the command stands."""
    (tmp_path / "modules" / "toy").mkdir(parents=True)
    (tmp_path / "modules" / "toy" / "example.yaml").write_text(MODULE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_tests(folder: Path, tests: str) -> None:
    (folder / "modules" / "toy" / "example.test.yaml").write_text(tests)


def test_cases_pass(folder: Path) -> None:
    """In a process of its own, as people call it."""
    write_tests(folder, GOOD)
    called = [sys.executable, "-m", "abmsim", "test", "modules"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(called, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout


def test_a_failure_shows_both_paths_and_no_traceback(folder: Path, command: Callable) -> None:
    write_tests(folder, BAD)
    done = command("test", "modules")
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    said = [line.rstrip() for line in done.stdout.splitlines()]
    start = said.index("modules/toy/example.test.yaml:3:5 another day")
    assert said[start + 1 : start + 7] == [
        "     expected path      actual path",
        "     waiting            waiting 2020-01-01",
        "  -> asked 2020-04-02   asked 2020-04-01",
        "  -> helped             refused 2020-04-11",
        "  helped: expected true, got false",
        "  records of wmo_request: expected 2, got 1",
    ]
    assert any("share last in helped: expected 0.7, got 0.4" in line for line in said)


def test_problems_of_the_file_are_told_instead_of_run(folder: Path, command: Callable) -> None:
    write_tests(folder, BAD.replace("begin: asked", "begin: askd"))
    done = command("test", "modules")
    assert done.returncode == 1
    assert "E301 toy/example has no state 'askd' (did you mean 'asked'?)" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_collecting_imports_no_kernel() -> None:
    code = (
        "import os, sys, pytest; pytest.main(['--collect-only', '-q', '-p', 'abmsim.pytest_plugin', '-p',"
        " 'no:cacheprovider', '-c', os.devnull, sys.argv[1]]); print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(MODULES)], capture_output=True, text=True, check=True)
    assert "::" in done.stdout
    assert not {"numpy", "numba", "pandas"} & set(done.stderr.split())
