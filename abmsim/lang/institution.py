"""What an institution is: whom it serves, how long one waits for it, and what it can take on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from abmsim.lang.module import Module, Quantity

KINDS: dict[str, str] = {
    "neighbourhood_team": "a team that helps people of its neighbourhoods without an indication",
    "wmo_desk": "takes requests under the Wmo and inquires into them",
    "provider": "delivers help under the Wmo",
    "youth_care_organisation": "delivers youth help",
    "certified_institution": "carries out child protection and youth probation",
    "ggd_region": "looks after the health of all residents of a region",
    "veilig_thuis": "takes reports of violence at home and of abuse of children, and inquires into them",
}
"""What an institution can be, and what one of that kind does."""

SERVES: dict[str, str] = {
    "municipality": "each municipality has its own",
    "ggd_region": "each region of a GGD has its own",
    "country": "one area for all",
}
"""The areas that an institution can serve."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """What the institutions of an area can take on: exactly one of the first three is given.

    `a_month`: requests that one institution takes on in a month. `per_1000_residents_a_year`: requests of the area.
    `of_requests`: part of the requests of the last twelve months. `catches_up_days`: within which staff for the
    waiting list is found, None if it never is. `differs`: standard deviation of the logarithm between areas.
    """

    a_month: float | None = None
    per_1000_residents_a_year: float | None = None
    of_requests: float | None = None
    catches_up_days: float | None = None
    differs: float = 0.0


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent in an area in a year, and what taking on a request costs."""

    euros_per_resident_a_year: float
    euros_a_request: float


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution whose turn residents wait for; there are `number` of them in each area that they serve.

    `wait` is the published waiting time. `statistics` are those that its figures rest on, `assumptions` say why
    others are what they are; `sources` name for each figure (`number`, `wait`, `capacity.a_month`, ...) where it is
    from.
    """

    name: str
    kind: str
    title: str
    dutch: str
    about: str
    serves: str
    number: int
    wait: Quantity
    capacity: Capacity | None
    budget: Budget | None
    file: str
    line: int
    statistics: frozenset[str] = frozenset()
    assumptions: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def acts(self) -> bool:
        """Whether it plans its queue; without capacity and budget everybody waits the published time."""
        return self.capacity is not None or self.budget is not None


def awaited_by(module: Module, name: str) -> Institution | None:
    """The institution of that name whose turn a checked module awaits; None if there is none."""
    turns = (exit_.turn for state in module.states.values() for exit_ in state.exits)
    return next((turn.institution for turn in turns if turn is not None and turn.at == name), None)
