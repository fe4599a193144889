"""What a run reads is kept for the next one, and that is never told from reading everything."""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from abmsim import loading, paths
from abmsim.cli import answer
from abmsim.contents import content
from abmsim.engine import machine_code
from abmsim.kept import catalogue_for, keep, origin, program_of, shelf, sound_modules
from abmsim.lookup import modules_of
from abmsim.plan import RunPlan
from abmsim.problems import ProblemsFound
from abmsim.report.sources import assumed_in
from abmsim.schema.schema import load_schema
from abmsim.stats.catalogue import Catalogue

MODULE = """\
module: own/asks
about: asks
assume: {soon: {is: 2 weeks, why: a guess}, again: {is: 0.2, unit: share, why: another guess}}
attributes: {asked: {type: bool, about: has asked}}
start: a
states:
  a: {hazard: stats.own_rate, next: b}
  b: {set: {asked: true}, wait: assume.soon, next: c}
  c: {hazard: {probability: assume.again, over: 1 year}, next: d}
  d: {final: true}
"""

CARD = """\
title: own
publisher: nobody
period: 2020
unit: rate per person-year
by: [sex]
values: value
counting_rule: not a count
licence: CC0
verified: seen
sha256: none
"""

DESK = """\
institution: wmo_desk
kind: wmo_desk
title: a desk
about: a desk of our own
serves: municipality
assume: {desks: {is: 1, why: a guess}, weeks: {is: 2 weeks, why: a guess}}
number: assume.desks
wait: assume.weeks
"""

M, F, C = "modules/own/asks.yaml", "public_stats/own_rate.csv", "public_stats/own_rate.yaml"
I = "institutions/wmo_desk.yaml"  # noqa: E741

ALL: tuple[str, ...] = ()
"""The names of a run that chooses no modules."""


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


@pytest.fixture
def whole_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a statistic and a module that reads it, and its own cache, which has the kernel."""
    kernel = machine_code.folder()  # where this process looks for it from now on
    if kernel.is_dir():
        shutil.copytree(kernel, tmp_path / "cache" / kernel.name)
    monkeypatch.setenv("ABMSIM_CACHE", str(tmp_path / "cache"))
    (tmp_path / "town").mkdir()
    monkeypatch.chdir(tmp_path / "town")
    for name, text in {"abmsim.yaml": "{}\n", M: MODULE, F: "sex,value\nfemale,0.1\nmale,0.2\n", C: CARD}.items():
        write(name, text)
    return Path.cwd()


@pytest.fixture
def project(whole_project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same over shipped statistics alone, which are read in a third of the time."""
    for name in ("MODULES", "INSTITUTIONS"):
        monkeypatch.setattr(paths, name, whole_project.parent / "shipped" / name.lower())
    return whole_project


def kept() -> list[Path]:
    return sorted(Path(os.environ["ABMSIM_CACHE"], "read").glob("*"))


def read(names: tuple[str, ...] = ALL) -> dict[str, object]:
    """Everything that a run of these modules reads and compiles; it is kept."""
    catalogue = catalogue_for(names)
    modules = modules_of(RunPlan("Urk", modules=names), catalogue)
    program = program_of(modules, catalogue)
    keep(names, modules, catalogue)
    arrays = {name: getattr(program, name).tolist() for name in ("words", "numbers", "keys")}
    return {
        "schema": load_schema(),
        "cards": catalogue.cards,
        "modules": modules,
        "program": {**arrays, **{name: getattr(program, name) for name in program.__slots__ if name not in arrays}},
        "assumed": assumed_in(catalogue),
        "figures": {name: catalogue.table(name).cells for name in program.statistics if catalogue.card(name).values},
    }


@pytest.fixture
def without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], dict[str, object]]:
    """As `read`, with a cache that is empty."""

    def read_everything() -> dict[str, object]:
        with monkeypatch.context() as patch:
            patch.setenv("ABMSIM_CACHE", str(tmp_path / "empty" / str(len(list(tmp_path.glob("empty/*"))))))
            return read()

    return read_everything


def no_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("this was to be kept")

    for name in ("read_catalogue", "read_layers", "load_institutions"):
        monkeypatch.setattr(loading, name, refused)


def test_the_second_time_nothing_is_read_and_all_is_the_same(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read()
    assert len(kept()) == 1
    no_reading(monkeypatch)
    assert read() == first


EDITS = {
    "an assumption": (M, "2 weeks", "3 weeks", "program"),
    "why it is assumed": (M, "another guess", "a rough guess", "assumed"),
    "a state": (M, "set: {asked: true}", "set: {asked: false}", "program"),
    "where a state stands": (M, "start: a", "\nstart: a", "program"),
    "a figure": (F, "0.2", "0.3", "figures"),
    "the publisher": (C, "nobody", "somebody", "cards"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit_it_is_what_reading_everything_gives(edit: str, project: Path, without: Callable) -> None:
    file, old, new, changed = EDITS[edit]
    first = read()
    before = Path(file).read_text(encoding="utf-8")
    write(file, before.replace(old, new))
    edited = read()
    assert edited == without() and edited[changed] != first[changed]
    write(file, before)
    assert read() == first


def test_files_that_come_and_go(project: Path, without: Callable) -> None:
    first = read()
    write(I, DESK)
    write("modules/own/second.yaml", MODULE.replace("own/asks", "own/second").replace("asked", "begged"))
    more = read()
    assert more == without()
    assert "own/second" in [module.name for module in more["modules"]]  # type: ignore[attr-defined]
    assert more["program"]["institutions"] != first["program"]["institutions"]  # type: ignore[index]
    Path(I).unlink()
    Path("modules/own/second.yaml").unlink()
    assert read() == first


def test_what_is_wrong_is_told_as_ever_and_never_kept(project: Path) -> None:
    read()
    write(M, MODULE.replace("next: b}", "next: bb}"))
    for _ in range(2):
        with pytest.raises(ProblemsFound, match="there is no state 'bb'"):
            read()
    write(M, MODULE)
    write(C, CARD.replace("licence", "license"))
    for _ in range(2):
        with pytest.raises(ProblemsFound, match="unknown key 'license'"):
            read()
    assert len(kept()) == 1


def test_each_choice_of_modules_has_its_own(project: Path) -> None:
    names = ("own/asks",)
    first, of_all = read(names), read()
    assert len(kept()) == 2
    assert read(names) == first and read() == of_all and len(kept()) == 2


def test_modules_that_are_not_those_of_the_files_are_compiled(project: Path) -> None:
    read()
    catalogue = catalogue_for(ALL)
    modules = sound_modules(catalogue)
    program = program_of(modules, catalogue)
    fewer = [module for module in modules if module.name == "own/asks"]
    assert [module.name for module in program_of(fewer, catalogue).modules] == ["own/asks"]
    assert program_of(modules, catalogue) is program


def test_figures_that_come_from_no_file_are_never_kept(project: Path) -> None:
    cards = catalogue_for(ALL).cards
    tried = Catalogue(cards)
    keep(ALL, sound_modules(tried), tried)
    assert kept() == []


def test_a_card_with_figures_elsewhere_is_never_kept(project: Path, tmp_path: Path) -> None:
    catalogue = catalogue_for(ALL)
    own = replace(catalogue.card("own_rate"), csv=tmp_path / "own_rate.csv")
    elsewhere = replace(catalogue, cards={**catalogue.cards, "own_rate": own})
    keep(ALL, sound_modules(catalogue), elsewhere)
    assert kept() == []


def test_a_file_that_changes_meanwhile_is_not_kept(project: Path) -> None:
    catalogue = catalogue_for(ALL)
    modules = sound_modules(catalogue)
    write(M, MODULE.replace("2 weeks", "3 weeks"))
    keep(ALL, modules, catalogue)
    assert kept() == []


@pytest.mark.parametrize(
    "file", ["lang/compile.py", "schema/tables/deaths.yaml", "yaml/__init__.py", "numpy/version.py"]
)
def test_what_reads_them_counts_too(file: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = origin.origin_of(ALL)
    origin._program.cache_clear()
    monkeypatch.setattr(origin, "content", lambda path: content(path) + b"#" * Path(path).as_posix().endswith(file))
    try:
        assert origin.origin_of(ALL) != before
    finally:
        origin._program.cache_clear()


def test_a_file_that_stands_elsewhere_is_called_after_the_folder_one_is_in(project: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.yaml").write_text(MODULE.replace("own/asks", "own/linked").replace("asked", "begged"))
    Path("modules/own/linked.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    here = origin.origin_of(ALL)
    os.chdir("modules")
    assert origin.origin_of(ALL) != here


HARM: dict[str, Callable[[bytes], bytes]] = {
    "cut in half": lambda text: text[: len(text) // 2],
    "one letter": lambda text: text[:-100] + b"x" + text[-99:],
    "empty": lambda text: b"",
    "of something else": lambda text: sealed(pickle.dumps({"a": "map"})),
    "of a class that is gone": lambda text: sealed(b"\x80\x04\x8c\x0babmsim.gone\x8c\x04Gone\x93."),
    "no pickle": lambda text: sealed(b"nothing"),
}


def sealed(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode() + b"\n" + text


@pytest.mark.parametrize("harm", HARM)
def test_a_damaged_file_is_not_believed_and_written_anew(harm: str, project: Path) -> None:
    first = read()
    [file] = kept()
    whole = file.read_bytes()
    file.write_bytes(HARM[harm](whole))
    assert read() == first
    assert shelf.take(file.name, object) is not None


def test_a_folder_in_its_place_does_no_harm(project: Path) -> None:
    first = read()
    [file] = kept()
    file.unlink()
    file.mkdir()
    assert read() == first and kept() == [file]


def test_a_cache_that_cannot_be_written_does_no_harm(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read()
    write("../a file", "")
    monkeypatch.setenv("ABMSIM_CACHE", str(project.parent / "a file"))
    assert read() == first


def test_old_ones_are_let_go(project: Path) -> None:
    for number in range(shelf.MOST_KEPT + 3):
        shelf.put(f"{number}", number)
        os.utime(shelf._folder() / f"{number}", (number, number))
    assert [file.name for file in kept()] == [str(number + 3) for number in range(shelf.MOST_KEPT)]
    assert shelf.take("0", int) is None and shelf.take("6", int) == 6


def test_a_check_believes_nothing_of_it(
    whole_project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read()
    monkeypatch.setattr(shelf, "read_sealed", lambda path: pytest.fail("read what is kept"))
    assert answer(["check"]) == 0
    assert answer(["stats", "list"]) == 0


def hashes(folder: Path) -> dict[str, str]:
    files = [*folder.glob("tables/*.parquet"), *(folder / name for name in ("run.yaml", "report.html", "codebook.md"))]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_a_run_is_the_same_and_tells_the_same(whole_project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for folder in ("first", "second"):
        assert answer(["run", "Urk", "-p", "200", "-o", folder]) == 0
        out, err = capsys.readouterr()
        told.append((re.sub(r"\d+\.\d s|first|second", "", out), err))
    assert len(kept()) == 1 and "note:" in told[0][1]
    assert told[0] == told[1] and hashes(Path("first")) == hashes(Path("second"))


def test_a_run_that_reads_what_is_kept_loads_no_reader_of_modules(whole_project: Path) -> None:
    code = (
        "import sys; from abmsim.cli import answer; code = answer(['run', 'Urk', '-p', '50', '-o', 'out', '--force'])\n"
        "print(*sys.modules, file=sys.stderr); sys.exit(code)"
    )
    root = str(Path(answer.__code__.co_filename).parents[2])
    path = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
        )
    loaded = set(done.stderr.split())
    assert not loaded & {"abmsim.lang.check", "abmsim.lang.read", "abmsim.lang.compile", "abmsim.loading"}
    assert not loaded & {"pandas", "pyarrow.compute", "scipy.linalg", "mesa", "networkx", "altair"}
