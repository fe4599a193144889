"""A module that awaits an institution: called, tested, covered, traced, drawn, and its assumptions counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from abmsim.expressions import show
from abmsim.lang.assumed import origins
from abmsim.lang.picture import picture
from abmsim.lang.picture_mermaid import mermaid
from abmsim.lang.picture_words import Words
from abmsim.stats.catalogue import load

MODULE = """\
module: toy/example
about: asks the desk
attributes: {urgent: {type: bool, default: false, about: it cannot wait}}
start: asking
states:
  asking:
    until:
      turn: {await: {at: desk, priority: 2 if lives_alone else 1, crisis: urgent}}
      moved: in_institution
    next: {turn: heard, moved: gone}
  heard: {final: true}
  gone: {final: true}
"""
DESK = """\
institution: desk
kind: wmo_desk
title: The desk
about: takes requests
serves: municipality
assume: {waiting: {is: 4 weeks, why: a guess}}
number: {is: 1, why: a guess}
wait: assume.waiting
capacity: {a_month: {is: 0, why: it is closed}}
"""
TESTS = """\
module: toy/example
tests:
  - name: the published time passes, though the desk is closed in a town
    given: {age: 40, lives_alone: true}
    run: 1 year
    expect: {path: [asking, {heard: 2020-01-29}]}
  - name: chance is forced
    given: {age: 40}
    draw: {asking: {after: 3 months}}
    run: 1 year
    expect: {path: [asking, {heard: 2020-04-01}]}
  - name: a crisis is heard at once
    given: {age: 40, urgent: true}
    run: 1 year
    expect: {path: [asking, {heard: 2020-01-01}]}
"""
SUBMODULE = """\
module: toy/asking
about: asks the desk
parameters: {rank: {type: number, about: who goes first}, alarm: {type: bool, about: it cannot wait}}
start: ask
states:
  ask: {await: {at: desk, priority: parameter.rank, crisis: parameter.alarm}, next: heard}
  heard: {final: true}
"""
CALLER = """\
module: toy/caller
about: asks twice
attributes: {urgent: {type: bool, default: false, about: it cannot wait}}
start: first
states:
  first: {call: toy/asking, with: {rank: age, alarm: urgent}, next: second}
  second: {call: toy/asking, with: {rank: {is: 3, why: a toy}, alarm: false}, next: over}
  over: {final: true}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the desk and the module that asks it."""
    for name, text in (
        ("abmsim.yaml", ""), ("institutions/desk.yaml", DESK), ("modules/toy/example.yaml", MODULE),
        ("modules/toy/example.test.yaml", TESTS),
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_cases_wait_the_published_time_and_can_force_it(project: Path, command: Callable) -> None:
    done = command("test", "--coverage", "modules")
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout
    told = [line.split("yaml:")[1] for line in done.stdout.splitlines() if "never" in line]
    assert told == ["12 state gone is never entered", "10 edge asking -> gone through moved is never taken"]


def test_a_trace_tells_what_is_asked_and_how_long_it_takes(project: Path, command: Callable) -> None:
    told = command("module", "trace", "toy/example", "--given", "age: 40, lives_alone: true").stdout
    for line in (
        "turn: priority 2 = `2 if lives_alone else 1` (lives_alone true)",
        "turn: crisis `urgent` is false (urgent false)",
        "turn: awaits The desk: published waiting time 4 weeks (institutions.desk)",
        "it is their turn",
        "institutions.desk (institutions/desk.yaml:1): the turn at The desk",
        "published waiting time: assumed: a guess",
    ):
        assert line in told, told


def test_check_tells_what_is_wrong_with_an_institution_each_time(project: Path, command: Callable) -> None:
    assert command("check").returncode == 0
    (project / "institutions/desk.yaml").write_text(DESK.replace("kind: wmo_desk", "kind: shop"), encoding="utf-8")
    for _ in range(2):
        done = command("check")
        assert done.returncode == 1 and "institutions/desk.yaml:2:7 E106 unknown kind 'shop'" in done.stderr
    (project / "institutions/desk.yaml").write_text(DESK, encoding="utf-8")
    assert command("check", "institutions/desk.yaml").stdout == "1 institution checked: no problems\n"


def test_calls_tell_a_submodule_what_to_ask(workshop) -> None:
    workshop.module(SUBMODULE, "toy/asking")
    workshop.module(CALLER, "toy/caller")
    assert workshop.errors() == []
    states = workshop.check().modules[0].states
    turns = [states[name].exits[0].turn for name in ("first.ask", "second.ask")]
    assert [(turn.at, show(turn.priority), show(turn.crisis)) for turn in turns] == [
        ("desk", "age", "urgent"), ("desk", "assume.second.with.rank", "false"),
    ]  # fmt: skip
    assert all(turn.institution.name == "desk" for turn in turns)


def test_a_picture_says_whose_turn_is_waited_for(workshop) -> None:
    workshop.module(MODULE, "toy/example")
    module = workshop.check().modules[0]
    drawn = mermaid(picture(module, Words(module), None))
    assert "turn: the turn at desk, who has more of 2 if lives_alone else 1 first, at once if urgent" in drawn


def test_a_turn_is_as_sure_as_the_published_time(workshop) -> None:
    workshop.module(MODULE, "toy/example")
    workshop.institution(DESK)
    assert origins(workshop.check().modules[0], {}) == {"assumed": 1}
    workshop.institution(DESK.replace("wait: assume.waiting", "wait: stats.stay").replace("assume: ", "#"))
    checked = workshop.check()
    assert checked.errors == ()
    assert origins(checked.modules[0], load([workshop.root / "public_stats"]).cards) == {"seen": 1}
