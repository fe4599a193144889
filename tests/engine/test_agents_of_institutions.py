"""Institutions as agents of Mesa: what may be changed of them, and what that does."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from functools import partial
from itertools import count

import mesa
import numpy as np
import pytest
from toys import Toys
from waiting_town import program, town

from abmsim.days import parse_day
from abmsim.engine.town import Town
from abmsim.lang.program import Program
from abmsim.mesa_model import TownModel
from abmsim.mesa_model.agents import Agents, InstitutionAgent, let_agents_step, make_agents
from abmsim.problems import UsageError, UserError

FEW = "capacity: {a_month: {is: 2, why: a toy}}"
SUMMER = parse_day("2020-07-01")


class Desks(mesa.Model):
    """The desks of a toy town as agents, who say what they changed."""

    def __init__(self, run: Town, classes: Agents) -> None:
        super().__init__(rng=1)
        self.changes: set[str] = set()
        run.admissions.plan = partial(let_agents_step, self)
        make_agents(self, run.admissions.institutions, classes)  # type: ignore[arg-type]

    @property
    def institutions(self) -> list[InstitutionAgent]:
        return [agent for agent in self.agents if isinstance(agent, InstitutionAgent)]

    def note_change(self, what: str) -> None:
        self.changes.add(what)


def lived(
    program: Program, kind: type[InstitutionAgent] = InstitutionAgent, summer: Callable[[Desks], None] | None = None
) -> Town:
    """A year of the town with desks of this class; `summer` is what somebody does to them on 1 July."""
    run = town(program, until="2021-01-01")
    desks = Desks(run, {"desk": kind} if kind is not InstitutionAgent else {})
    run.begin()
    while not run.over:
        if run.day == SUMMER and summer is not None:
            summer(desks)
        run.step()
    return run


def by_month(run: Town, name: str) -> np.ndarray:
    """int[2, months]: a count of the months of each desk."""
    assert run.lives.institutions is not None
    return getattr(run.lives.institutions.months, name).reshape(2, -1)


def waiting(run: Town) -> np.ndarray:
    """int[2, months]: how many wait at each desk after each month."""
    return by_month(run, "waiting")


def log(run: Town) -> list[bytes]:
    return [chunk.day.tobytes() + chunk.person.tobytes() + chunk.state.tobytes() for chunk in run.chunks()]


class Everybody(InstitutionAgent):
    """Takes on all who wait."""

    def step(self) -> None:
        super().step()
        self.admit(self.line)


class Asleep(InstitutionAgent):
    """Does nothing at the end of a month."""

    def step(self) -> None:
        pass


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return program(Toys(tmp_path_factory.mktemp("few")), FEW)


@pytest.fixture(scope="module")
def usual(few: Program) -> Town:
    return lived(few)


def test_agents_that_do_what_institutions_do_change_nothing(few: Program, usual: Town) -> None:
    run = town(few, until="2021-01-01")
    run.run()
    assert log(run) == log(usual) and (waiting(run) == waiting(usual)).all()


def test_without_staff_nobody_is_admitted_from_then_on(few: Program, usual: Town) -> None:
    def close(desks: Desks) -> None:
        for desk in desks.institutions:
            desk.staffing = 0
        assert desks.changes == {f"desk {area}: staffing" for area in ("GM0363", "GM0546")}

    run = lived(few, summer=close)
    assert (waiting(run)[:, :6] == waiting(usual)[:, :6]).all()
    assert (np.diff(waiting(run)[:, 6:]) >= 0).all() and (waiting(run)[:, 7:] > waiting(usual)[:, 7:]).all()


def test_a_desk_that_admits_everybody_has_no_line(few: Program, usual: Town) -> None:
    assert (waiting(usual)[:, -1] > 20).all()
    assert not waiting(lived(few, Everybody)).any()


@pytest.mark.parametrize("how", ["asleep", "removed"])
def test_who_is_not_stepped_admits_nobody(few: Program, how: str) -> None:
    run = lived(few, Asleep) if how == "asleep" else lived(few, summer=lambda desks: desks.remove_all_agents())
    later = slice(6, None) if how == "removed" else slice(None)
    assert not by_month(run, "admitted")[:, later].any()
    assert (np.diff(waiting(run)[:, later]) >= 0).all() and waiting(run)[:, -1].min() > 20


def test_what_cannot_be_is_told(few: Program) -> None:
    desk = Desks(town(few), {}).institutions[0]
    with pytest.raises(UserError, match="can admit 0 to 0 of those who wait, and 1 is not that"):
        desk.admit(1)
    with pytest.raises(UserError, match="0 or more, and -0.5 is not"):
        desk.staffing = -0.5


def test_where_nobody_waits_in_line_nothing_can_be_changed(toys: Toys) -> None:
    desk = Desks(town(program(toys)), {}).institutions[0]
    for change in (lambda: setattr(desk, "staffing", 2), lambda: desk.admit(0)):
        with pytest.raises(UserError, match=r"has no capacity.*institutions/desk\.yaml"):
            change()


def test_a_class_for_an_unknown_institution_gets_the_nearest(few: Program) -> None:
    with pytest.raises(UsageError, match="did you mean 'desk'"):
        Desks(town(few), {"dsk": Asleep})


class Empty(TownModel):
    """A model of no town at all."""

    def __init__(self) -> None:
        mesa.Model.__init__(self, rng=1)
        self._numbers = count(1)


def test_a_model_that_nobody_needs_any_more_gives_its_memory_back() -> None:
    model = Empty()
    assert [mesa.Agent(model).unique_id for _ in range(3)] == [1, 2, 3]
    seen = weakref.ref(model)
    del model
    gc.collect()
    assert seen() is None
