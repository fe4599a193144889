"""`abmsim module trace`: one resident through one module, with the numbers of the kernel."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from abmsim.cli import answer
from abmsim.days import day_date, parse_day
from abmsim.explain.asking import question
from abmsim.explain.loading import module_to_trace
from abmsim.explain.trace import trace
from abmsim.randomness import mix, name_key, portable_log, uniform

HELP = "wmo/household_help"
ACCESS = "wmo/access"
WOMAN = "age: 82, sex: female, lives_alone: true"
ASKS = f"{WOMAN}, household_help_wanted: true"


def traced(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert answer(["module", "trace", *arguments]) == 0
    return capsys.readouterr().out


def test_a_trace_tells_rate_draw_threshold_and_source(capsys: pytest.CaptureFixture[str]) -> None:
    told = traced(capsys, HELP, "--given", WOMAN, "--seed", "3", "--run", "6 years")
    assert told.startswith("wmo/household_help, seed 3: born 1937-07-01, female")
    assert re.search(r"needs_help: draw 0\.\d+ gives the threshold \d", told)
    rate = r"rate [\d.]+ a year = stats.\w+_report\w* [\d.]+ \(age 82, sex female, lives_alone yes\) times `stats"
    assert re.search(rate, told)
    assert "runs: `age >= 18 and not in_institution" in told
    assert "is true (age 82, in_institution false" in told
    numbers = told[told.index("the numbers") :]
    assert re.search(r"stats.wmo_household_help_report\w*: Reports of a need", numbers) and "CBS" in numbers


def test_a_decision_by_shares_tells_the_shares_the_draw_and_the_choice(capsys: pytest.CaptureFixture[str]) -> None:
    told = traced(capsys, ACCESS, "--given", ASKS, "--begin", "reported", "--run", "1 year")
    assert re.search(r"reporter: self [\d.]+ \(stats\.\w+\); gp .+; draw [\d.]+ -> ", told)
    assert re.search(r"waits uniform \d to \d weeks \(assume.inquiry\), draw [\d.]+ gives [\d.]+ weeks -> 2020-", told)
    assert re.search(r"awaits Wmo desk: published waiting time .+ \(institutions.wmo_desk\), draw [\d.]+ ", told)
    assert re.search(r"legal term: 6 weeks \(Wmo 2015 art. 2.3.2\) -> 2020-02-12", told)
    assert "assume.inquiry (modules/wmo/access.yaml:" in told


@pytest.mark.parametrize(
    ("module", "given", "from_", "run"),
    [
        (HELP, WOMAN, "birth", "10 years"),
        (HELP, "age: 75, has_partner: true, partner: {age: 80, household_help_in_hand: true}", "base_date", "9 years"),
        ("youth/youth_help", "age: 9, sex: male, municipality_code: GM0363", "birth", "9 years"),
        ("ggd/vaccination", "birth_date: 2018-02-03, sex: female", "birth", "4 years"),
        ("lifecourse/mortality", "age: 97", "base_date", "20 years"),
    ],
)
def test_the_way_told_is_the_kernels(module: str, given: str, from_: str, run: str) -> None:
    found, books = module_to_trace(Path(module))
    for seed in range(8):
        result = trace(question(found, given, "", from_, run, seed, books), books)
        kernel = [(result.stage.program.states[row[2]].name, int(row[1])) for row in result.stage.rows]
        assert [(step.state, step.day) for step in result.steps] == kernel
        assert kernel


def test_the_draws_are_those_of_their_address() -> None:
    found, books = module_to_trace(Path(HELP))
    result = trace(question(found, WOMAN, "", "base_date", "1 year", 5, books), books)
    with np.errstate(over="ignore"):
        person = mix(np.uint64(result.stage.key), np.uint64(0))
        state = mix(person, name_key(f"{HELP}:independent"))
        threshold = -portable_log(float(uniform(mix(state, np.uint64(2)))))
    first = next(step for step in result.steps if step.module == HELP)
    assert f"gives the threshold {threshold:.6g}" in first.notes[0]


def test_a_wait_ends_on_the_day_that_its_numbers_say(capsys: pytest.CaptureFixture[str]) -> None:
    told = traced(capsys, ACCESS, "--given", ASKS, "--begin", "inquiry", "--run", "1 year")
    weeks, day = re.search(r"gives ([\d.]+) weeks -> ([\d-]+)", told).groups()  # type: ignore[union-attr]
    assert day == str(day_date(parse_day("2020-01-01") + round(float(weeks) * 7)))
    assert f"\n{day}  age" in told


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([HELP, "--given", "agee: 82"], "a resident has no 'agee' (did you mean 'age'?)"),
        ([HELP, "--given", "age: 82, sex: femal"], "'sex' is never 'femal' (did you mean 'female'?)"),
        ([HELP, "--given", "age: [82"], "--given: this is no YAML"),
        ([HELP, "--given", "age: 82, lives_alone: yes"], "'lives_alone' is true or false, not 'yes'"),
        ([HELP, "--given", "age: 130"], "from 0 to 120"),
        ([HELP, "--given", "birth_date: 2090-01-01"], "born after the end"),
        ([HELP, "--begin", "askd"], "has no state 'askd' (did you mean 'asked'?)"),
        ([HELP, "--run", "soon"], "'soon' is no duration"),
        ([HELP, "--run", "2-3 years"], "--run is one duration"),
        ([HELP, "--run", "900 years"], "from 1 day to 130 years"),
        ([HELP, "--from", "brith"], "did you mean 'birth'?"),
        (["lifecourse/mortality", "--from", "birth"], "begins on the base date"),
        (["wmo/houshold_help"], "did you mean 'wmo/household_help'?"),
        (["README.md"], "is no module"),
        ([HELP, "--seed", "-1"], "--seed"),
    ],
)
def test_a_mistake_is_told_in_one_line(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["module", "trace", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1
    assert says in told.err


PROJECT_MODULE = """\
module: wmo/taxi
about: a taxi now and then
attributes:
  rides: {type: number, default: 0, about: rides so far}
assume:
  often: {is: 2, unit: rate per person-year, why: a guess}
start: at_home
states:
  at_home: {hazard: assume.often, next: ride}
  ride: {set: {rides: rides + 1}, wait: {is: 1 day, source: the timetable}, next: at_home}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    assert answer(["new", "ours"]) == 0
    monkeypatch.chdir(tmp_path / "ours")
    (tmp_path / "ours" / "modules" / "wmo").mkdir(parents=True, exist_ok=True)
    capsys.readouterr()
    return tmp_path / "ours"


def test_a_module_of_ones_own_is_traced(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "modules/wmo/taxi.yaml").write_text(PROJECT_MODULE, encoding="utf-8")
    told = traced(capsys, "modules/wmo/taxi.yaml", "--given", "age: 30, rides: 4")
    assert "rate 2 a year = `assume.often` 2" in told
    assert "sets rides: 5 = `rides + 1` (rides 4)" in told
    assert "assume.often (modules/wmo/taxi.yaml:6): assumed: a guess" in told


def test_problems_of_the_module_are_told_with_their_places(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    faulty = PROJECT_MODULE.replace("next: ride}", "next: rid}")
    (project / "modules/wmo/taxi.yaml").write_text(faulty, encoding="utf-8")
    assert answer(["module", "trace", "wmo/taxi"]) == 1
    told = capsys.readouterr()
    assert told.out == "" and "modules/wmo/taxi.yaml:9:" in told.err and "did you mean 'ride'?" in told.err


def test_problems_of_other_modules_do_not_matter(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "modules/wmo/taxi.yaml").write_text(PROJECT_MODULE, encoding="utf-8")
    (project / "modules/wmo/broken.yaml").write_text("module: wmo/broken\nstart: a\n", encoding="utf-8")
    assert "ride" in traced(capsys, "wmo/taxi", "--run", "6 months")
