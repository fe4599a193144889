"""What a module's tests say: the plain description of a `*.test.yaml` file, that the runner carries out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from abmsim.lang.module import Quantity, Spot

OTHERS = ("partner", "mother", "father")
"""Relatives who can be given by name; further ones stand under `housemates`."""

HOUSEMATES = "housemates"


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody in a case: day of birth, and the values of stored attributes (labels as their index)."""

    birth_day: int
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Given:
    """Who the case is about, and who lives in the same household: (role, resident), roles of OTHERS or HOUSEMATES."""

    resident: Resident
    others: tuple[tuple[str, Resident], ...] = ()


@dataclass(frozen=True, slots=True)
class Forced:
    """What chance does in a state: where it leads (`to`, "" for as it falls) and after how long (None: as drawn)."""

    state: str
    to: str
    after: Quantity | None
    spot: Spot


@dataclass(frozen=True, slots=True)
class Step:
    """A state on a path; `day` is a day number, or None where it does not matter."""

    state: str
    day: int | None


@dataclass(frozen=True, slots=True)
class ExpectedRecords:
    """The rows of a verb: how many, and of each (if they are listed) the texts of some of its columns."""

    count: int
    rows: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ExpectedShare:
    """The share of a cohort that was `ever` in a state, or in it at the `last`, within 4 standard errors."""

    kind: str
    state: str
    share: float


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must come out; None or empty where nothing is said."""

    spot: Spot
    path: tuple[Step, ...] | None = None
    last: str = ""
    attributes: Mapping[str, float] | None = None
    records: Mapping[str, ExpectedRecords] | None = None
    share: ExpectedShare | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One test of a module.

    It begins in the state `begin` on the base date, or `from_birth`; it runs to the day `until`. A `cohort` of 1 is a
    single resident.
    """

    name: str
    file: str
    spot: Spot
    module: str
    given: Given
    begin: str
    from_birth: bool
    draw: tuple[Forced, ...]
    until: int
    cohort: int
    expect: Expectation


def module_of(path: Path) -> str:
    """The stem that a test file shares with its module: `household_help` for `household_help.test.yaml`."""
    return path.name.removesuffix(".test.yaml")
