"""`abmsim check` a second time: quicker, and it says the same as if it had read everything."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from abmsim.cli import answer

SUBMODULE = """\
module: parts/look
about: somebody looks at it
parameters: {weeks: {type: duration, about: how long it takes}}
attributes: {looked: {type: number, about: how often}}
start: wait
states:
  wait: {set: {looked: looked + 1}, wait: parameter.weeks, next: done}
  done: {final: true}
"""

ASKS = """\
module: own/asks
about: asks
assume: {soon: {is: 2 weeks, why: a guess}, yes: {is: 0.5, unit: share, why: a guess}}
attributes: {asked: {type: bool, about: has asked}, spare: {type: bool, about: nobody reads it}}
start: a
states:
  a: {hazard: stats.own_rate, next: b}
  b: {set: {asked: true}, call: parts/look, with: {weeks: assume.soon}, next: {done: {c: assume.yes, d: rest}}}
  c: {final: true}
  d: {final: true}
"""

READS = """\
module: own/reads
about: reads what the other one sets
uses: [own/asks]
start: a
states:
  a: {when: asked, next: b}
  b: {final: true}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a statistic, a submodule, a module that calls it and one that uses this one, and its own cache."""
    monkeypatch.setenv("ABMSIM_CACHE", str(tmp_path / "cache"))
    (tmp_path / "town").mkdir()
    monkeypatch.chdir(tmp_path / "town")
    for name, text in {
        "abmsim.yaml": "{}\n",
        "modules/parts/look.yaml": SUBMODULE,
        "modules/own/asks.yaml": ASKS,
        "modules/own/reads.yaml": READS,
        "public_stats/own_rate.csv": "sex,value\nfemale,0.1\nmale,0.2\n",
        "public_stats/own_rate.yaml": (
            "title: own\npublisher: nobody\nperiod: 2020\nunit: rate per person-year\nby: [sex]\nvalues: value\n"
            "counting_rule: not a count\nlicence: CC0\nverified: seen\nsha256: none\n"
        ),
    }.items():
        write(name, text)
    return Path.cwd()


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


def kept() -> Path:
    """The file that the check keeps for this project."""
    [file] = Path(os.environ["ABMSIM_CACHE"], "check").iterdir()
    return file


FIRST: dict[tuple[tuple[str, bytes], ...], tuple[int, str, str]] = {}
"""What a first check says of a project with these files: the shipped ones stay the same here."""


def files_here() -> tuple[tuple[str, bytes], ...]:
    files = sorted(path for path in Path().rglob("*") if path.is_file())
    return tuple((path.as_posix(), path.read_bytes()) for path in files)


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[int, str, str]]:
    """Checks with what is kept, checks in an empty cache too, and demands that both say the same."""

    def both() -> tuple[int, str, str]:
        def once() -> tuple[int, str, str]:
            capsys.readouterr()
            code = answer(["check"])
            told = capsys.readouterr()
            return code, told.out, told.err

        found, again = once(), once()
        if files_here() not in FIRST:
            with monkeypatch.context() as patch:
                patch.setenv("ABMSIM_CACHE", str(Path("..", "empty", str(len(list(Path("..").glob("empty/*")))))))
                FIRST[files_here()] = once()
        assert found == again == FIRST[files_here()]
        return found

    return both


A, R, L, F, C = (
    "modules/own/asks.yaml", "modules/own/reads.yaml", "modules/parts/look.yaml", "public_stats/own_rate.csv",
    "public_stats/own_rate.yaml",
)  # fmt: skip

EDITS = {
    "a mistake in a module": (A, "next: b}", "next: bb}", "there is no state 'bb'"),
    "an unknown name": (R, "when: asked", "when: askd", "did you mean 'asked'?"),
    "a module that is not used any more": (R, "uses: [own/asks]\n", "", "add `uses: [own/asks]`"),
    "an attribute that a module which uses it reads": (A, "asked", "begged", "unknown name 'asked'"),
    "a mistake in a submodule": (L, "next: done", "next: don", "there is no state 'don'"),
    "another parameter of a submodule": (L, "weeks", "months", "not told its parameter 'months'"),
    "a final state of a submodule": (L, "done", "over", "does not end in 'done'"),
    "a figure": (F, "0.2", "-0.2", "cannot be a figure"),
    "a label of a statistic": (F, "female", "woman", "has no figures for sex 'female'"),
    "the unit of a statistic": (C, "rate per person-year", "share", "of unit 'share'"),
    "a key of a card": (C, "licence", "license", "unknown key 'license'"),
    "the publisher's certainty": (C, "seen", "assumption\nwhy: a guess", "own/asks"),
    "a second owner": (R, "start:", "attributes: {asked: {type: bool, about: x}}\nstart:", "E207"),
    "a warning": (A, "assume: {", "assume: {long: {is: 1 year, why: a guess}, ", "W501"),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit_it_says_what_a_first_check_says(edit: str, project: Path, check: Callable) -> None:
    file, old, new, told = EDITS[edit]
    clean = check()
    assert clean[0] == 0
    before = Path(file).read_text(encoding="utf-8")
    write(file, before.replace(old, new))
    edited = check()
    assert told in edited[1] + edited[2] and edited != clean
    write(file, before)
    assert check() == clean


def test_a_test_that_reads_an_attribute_ends_its_warning(project: Path, check: Callable) -> None:
    assert "W502 nothing reads the attribute 'spare'" in check()[2]
    write("modules/own/asks.test.yaml", "- {name: x, expect: {spare: false}}\n")
    assert "'spare'" not in check()[2]


def test_a_new_module_and_one_that_is_gone(project: Path, check: Callable) -> None:
    check()
    write("modules/own/second.yaml", ASKS.replace("own/asks", "own/second"))
    assert "E207 the attribute 'asked' belongs to own/asks already" in check()[2]
    Path("modules/own/second.yaml").unlink()
    Path("modules/own/asks.yaml").unlink()
    assert "there is no module 'own/asks'" in check()[2]


def test_a_module_of_the_project_over_a_shipped_one(project: Path, check: Callable) -> None:
    check()
    write("modules/lifecourse/mortality.yaml", ASKS.replace("own/asks", "lifecourse/mortality").replace("next: c", ""))
    assert "modules/lifecourse/mortality.yaml" in check()[2]


def test_what_is_clean_is_not_read_again(project: Path, check: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    clean = check()
    read: list[str] = []
    from abmsim import loading

    really = loading.read_module
    monkeypatch.setattr(loading, "read_module", lambda path, *more: read.append(path.stem) or really(path, *more))
    assert answer(["check"]) == 0 and read == []
    write("modules/own/asks.yaml", ASKS.replace("a guess", "another guess"))
    assert answer(["check"]) == 0
    assert sorted(set(read)) == ["asks", "look", "reads"]  # what changed, what it calls and who uses it
    write("modules/own/asks.yaml", ASKS)
    assert check() == clean


@pytest.mark.parametrize("harm", ["cut in half", "one letter", "empty", "another file", "other bytes", "a folder"])
def test_a_damaged_file_is_not_believed(harm: str, project: Path, check: Callable) -> None:
    clean = check()
    content = kept().read_bytes()
    if harm == "a folder":
        place = kept()
        place.unlink()
        place.mkdir()
    else:
        kept().write_bytes({
            "cut in half": content[: len(content) // 2], "one letter": content.replace(b'"seen"', b'"soon"'),
            "empty": b"", "another file": b"{}", "other bytes": b"\xff\xfe\n\x00",
        }[harm])  # fmt: skip
    assert check() == clean


def test_a_cache_that_cannot_be_written_does_no_harm(
    project: Path, check: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("../a file", "")
    clean = check()
    monkeypatch.setenv("ABMSIM_CACHE", str(project.parent / "a file"))
    assert check() == clean


def test_a_file_of_the_program_counts_too(project: Path, check: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    from abmsim.cli import clean
    from abmsim.paths import module_files

    before = clean._fingerprint(module_files())
    really = clean.content
    monkeypatch.setattr(clean, "content", lambda path: really(path) + b"#" * str(path).endswith("check_graph.py"))
    after = clean._fingerprint(module_files())
    assert before.world != after.world and before.texts == after.texts


def test_two_checks_at_once(project: Path, check: Callable) -> None:
    path = os.pathsep.join([str(Path(answer.__code__.co_filename).parents[2]), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, "-m", "abmsim", "check"]
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    told = {(*process.communicate(), process.returncode) for process in running}
    code, out, err = check()
    assert told == {(out, err, code)}
    assert [file.suffix for file in kept().parent.iterdir()] == [".json"]
