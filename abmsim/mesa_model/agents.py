"""The institutions of a town as agents of Mesa: they act at the end of each month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import mesa

from abmsim.engine.institutions import MILLION, Institution
from abmsim.problems import UsageError, UserError, suggestion

if TYPE_CHECKING:
    from abmsim.mesa_model.model import TownModel

REPORTED = ("name", "asked", "admitted", "waiting")
"""What the model's DataCollector collects of each agent; counts under the names of the table `institution_months`."""


class InstitutionAgent(mesa.Agent):
    """One desk, team, region or group of providers of an area, which share its line. `step` is the end of a month, at
    which it decides whom it takes on.

    A subclass whose `step` does something else says so to the model (`agents={"wmo_desk": MyDesk}`), calls
    `super().step()`, and may then `admit` more or fewer.
    """

    model: TownModel

    def __init__(self, model: TownModel, institution: Institution) -> None:
        super().__init__(model)
        self.institution = institution

    def __repr__(self) -> str:
        return f"{self.name}: {self.waiting} wait"

    # --- what it is --------------------------------------------------------------------------------------------------
    @property
    def name(self) -> str:
        """`wmo_desk GM0546`: what it is, and where."""
        return self.institution.name

    @property
    def kind(self) -> str:
        """The name of its file, such as `wmo_desk`."""
        return self.institution.described.name

    @property
    def area(self) -> str:
        """Code or name of the area that it serves; several areas in a sample of many small ones."""
        return self.institution.area

    # --- its month ---------------------------------------------------------------------------------------------------
    @property
    def asked(self) -> int:
        """Requests made in the month."""
        return self.institution.asked

    @property
    def line(self) -> int:
        """How many wait at the end of the month, before anybody of them is told a day."""
        return self.institution.waiting

    @property
    def turns(self) -> int:
        """How many of the line have their turn in the next month; decided by `step`."""
        return self.institution.admits

    @property
    def admitted(self) -> int:
        """Requests taken on: of the line, and those of the month that did not have to wait."""
        return self.turns + self.institution.passed

    @property
    def waiting(self) -> int:
        """How many still wait after that."""
        return self.line - self.turns

    def step(self) -> None:
        """Decides how many of those who wait have their turn in the next month."""
        self.institution.plan()

    # --- what may be changed -----------------------------------------------------------------------------------------
    @property
    def staffing(self) -> float:
        """What it has of its usual capacity: 1 is what its file says. It can be set, from the next month's end on."""
        return self.institution.staffing

    @staffing.setter
    def staffing(self, part: float) -> None:
        self._must_be_limited()
        if not 0 <= part < float("inf"):
            raise UserError(f"the staffing of {self.name} is a part of the usual one, 0 or more, and {part} is not")
        self.institution.staffing = float(part)
        self.model.note_change(f"{self.name}: staffing")

    def admit(self, number: int) -> None:
        """Gives turns to so many of the line instead of what `step` of this class decided; for use after it.

        What goes beyond the capacity comes on top of it. Raises UserError for more than stand in line.
        """
        self._must_be_limited()
        if not 0 <= number <= self.line:
            raise UserError(f"{self.name} can admit 0 to {self.line} of those who wait, and {number} is not that")
        institution, more = self.institution, number - self.turns
        owed = min(institution.allowance, 0)
        institution.admits = number
        institution.allowance = max(institution.allowance - MILLION * more, owed)
        institution.spend(more)
        self.model.note_change(f"{self.name}: admits")

    def _must_be_limited(self) -> None:
        if not self.institution.is_limited:
            file = f"institutions/{self.kind}.yaml"
            raise UserError(f"{self.name} has no capacity: nobody waits in line there (give it one in {file})")


Agents = Mapping[str, type[InstitutionAgent]]


def make_agents(model: TownModel, institutions: Sequence[Institution], classes: Agents) -> None:
    """An agent for each institution, of the class that is given for its name."""
    known = [institution.described.name for institution in institutions]
    for name, kind in classes.items():
        if name not in known:
            raise UsageError(f"there is no institution '{name}' ({suggestion(name, known, 'institutions')})")
        model.note_change(f"{name}: agents of {kind.__qualname__}")
    for institution in institutions:
        classes.get(institution.described.name, InstitutionAgent)(model, institution)


def let_agents_step(model: mesa.Model, institutions: Sequence[Institution]) -> None:
    """The end of a month: institutions have been told what was asked of them. Who is not stepped admits nobody."""
    for institution in institutions:
        institution.admits = 0
    model.agents.do("step")
