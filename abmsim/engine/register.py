"""The register of a run, as a municipality keeps it: who lives where since when, couples, moves, births, departures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from abmsim.days import NEVER
from abmsim.engine.columns import Columns
from abmsim.engine.growing import Growing
from abmsim.engine.lives import (
    DEPARTURES,
    ENTRIES,
    MOVE_KINDS,
    UNION_ENDS,
    UNKNOWN,
    Births,
    Care,
    Lives,
    Moves,
    Unions,
)
from abmsim.population.membership import MembershipSpells
from abmsim.population.people import INSTITUTION, PRIVATE, Households, People, Population

if TYPE_CHECKING:
    from abmsim.population.backstory import Backstory

OUTSIDE = -1
"""A municipality that is not part of the run."""


class Register:
    """Takes down what happens; `lives` gives it all at the end. Rows of people are those of the town's columns."""

    def __init__(self, population: Population, group_household: np.ndarray, from_day: int) -> None:
        people, households = population.people, population.households
        n = len(people)
        self.places = population.places
        self.people = Growing(**{field.name: getattr(people, field.name) for field in fields(People)})
        self.households = Growing(**{field.name: getattr(households, field.name) for field in fields(Households)})
        self.groups = Growing(household=group_household.astype(np.int32))
        self.stays = Growing(
            entered_day=np.full(n, from_day, dtype=np.int32),
            entered_by=np.zeros(n, dtype=np.int8),
            left_day=np.full(n, NEVER, dtype=np.int32),
            left_by=np.zeros(n, dtype=np.int8),
            origin=np.full(n, UNKNOWN, dtype=np.int8),
            born_abroad=np.full(n, UNKNOWN, dtype=np.int8),
            municipality=people.municipality.copy(),
            household=people.household.astype(np.int32),
            position=people.position.copy(),
            since=np.full(n, from_day, dtype=np.int32),
            union=np.full(n, -1, dtype=np.int32),
        )
        self.unions = Growing(**_columns(Unions.none()))
        self.care = Growing(**_columns(Care.none()))
        self._spells: list[tuple[np.ndarray, ...]] = []
        self._moves = Growing(**_columns(Moves.none()))
        self._births = Growing(**_columns(Births.none()))

    def know(self, attributes: Mapping[str, np.ndarray]) -> None:
        """Takes down what is known of the residents of the base date beside their households."""
        for name in ("origin", "born_abroad"):
            if name in attributes:
                self.stays[name][:] = attributes[name]

    def remember(self, backstory: Backstory) -> None:
        """Takes down what was before the base date: couples and moves."""
        unions, moves = backstory.unions, backstory.moves
        rows = self.unions.append(
            a=unions.person, b=unions.partner, from_day=unions.from_day, married_day=unions.married_day,
            to_day=unions.to_day, ended_by=unions.ended_by,
        )  # fmt: skip
        lasting = unions.to_day == NEVER
        for side in (unions.person, unions.partner):
            known = lasting & (side >= 0)
            self.stays["union"][side[known]] = rows[known]
        place = self.stays["municipality"][moves.person]
        # Where somebody came from is not told of the past; abroad and elsewhere are both outside the run.
        outside = np.isin(moves.kind, [MOVE_KINDS.index(name) for name in ("in", "immigration")])
        self._moves.append(
            person=moves.person, day=moves.day, kind=moves.kind,
            from_municipality=np.where(outside, OUTSIDE, place), to_municipality=place,
        )  # fmt: skip

    # --- who comes -------------------------------------------------------------------------------------------------
    def enter(self, day: np.ndarray | int, by: str, origin, born_abroad, people: dict[str, np.ndarray]) -> np.ndarray:
        """Takes newcomers in, whose columns of `People` are given; returns their rows."""
        rows = self.people.append(**people)
        self.stays.append(
            entered_day=day, entered_by=ENTRIES.index(by), left_day=NEVER, left_by=0, origin=origin,
            born_abroad=born_abroad, municipality=people["municipality"], household=people["household"],
            position=people["position"], since=day, union=np.full(len(rows), -1, dtype=np.int32),
        )  # fmt: skip
        return rows

    def found(
        self, key: np.ndarray, municipality: np.ndarray, neighbourhood: np.ndarray, first: np.ndarray,
        size: np.ndarray | int = 1, kind: int = PRIVATE,
    ) -> np.ndarray:  # fmt: skip
        """New households; returns their rows."""
        return self.households.append(
            key=key, municipality=municipality, neighbourhood=neighbourhood, kind=kind, first=first, size=size
        )

    def new_groups(self, household: np.ndarray) -> np.ndarray:
        """A new group of residents who live together for each of these households; returns the groups."""
        return self.groups.append(household=household.astype(np.int32))

    def institutions(self, municipality: int) -> np.ndarray:
        """The rows of the institutions of a municipality."""
        households = self.households
        return np.flatnonzero((households["kind"] == INSTITUTION) & (households["municipality"] == municipality))

    # --- where they live -------------------------------------------------------------------------------------------
    def settle(self, columns: Columns, rows: np.ndarray, days: np.ndarray | int) -> None:
        """Notes in which household and position these residents are from a day of each on."""
        group = columns.column("GROUP")[rows]
        day = np.maximum(days, self.stays["since"][rows]).astype(np.int32)[group >= 0]
        rows, group = rows[group >= 0], group[group >= 0]
        household = self.groups["household"][group]
        position = columns.attribute("position")[rows].astype(np.int8)
        stays = self.stays
        changed = (stays["household"][rows] != household) | (stays["position"][rows] != position)
        rows, household, position, day = rows[changed], household[changed], position[changed], day[changed]
        self._close_spells(rows, day)
        stays["household"][rows] = household
        stays["position"][rows] = position
        stays["since"][rows] = day

    def leave(self, rows: np.ndarray, day: np.ndarray, by: str) -> None:
        """Notes who leaves the run, and when."""
        self._close_spells(rows, day)
        self.stays["left_day"][rows] = day
        self.stays["left_by"][rows] = DEPARTURES.index(by)

    def _close_spells(self, rows: np.ndarray, day: np.ndarray) -> None:
        stays = self.stays
        since = stays["since"][rows]
        kept = since < day
        rows, day = rows[kept], day[kept]
        household, position = stays["household"][rows], stays["position"][rows]
        self._spells.append((rows.astype(np.int32), household, position, since[kept], day.astype(np.int32)))

    def move(self, rows: np.ndarray, day: int, kind: str, origin: np.ndarray | int, target: np.ndarray | int) -> None:
        """Notes moves of residents from and to municipalities (OUTSIDE the run)."""
        if len(rows):
            self._moves.append(
                person=rows.astype(np.int32), day=day, kind=MOVE_KINDS.index(kind),
                from_municipality=origin, to_municipality=target,
            )  # fmt: skip

    # --- couples and children --------------------------------------------------------------------------------------
    def join(self, a: np.ndarray, b: np.ndarray, day: np.ndarray | int, married: np.ndarray | int = NEVER) -> None:
        """Notes that couples live together from a day on."""
        if len(a) == 0:
            return
        rows = self.unions.append(
            a=a.astype(np.int32), b=b.astype(np.int32), from_day=day, married_day=married, to_day=NEVER, ended_by=0
        )
        self.stays["union"][a] = rows
        self.stays["union"][b[b >= 0]] = rows[b >= 0]

    def marry(self, a: np.ndarray, b: np.ndarray, day: np.ndarray) -> None:
        """Notes that couples marry; who is married already stays so."""
        union = self.stays["union"][a]
        known, day, a, b = union >= 0, day, a, b
        first = union[known]
        wed = self.unions["married_day"]
        wed[first] = np.minimum(wed[first], day[known])

    def part(self, rows: np.ndarray, day: np.ndarray, by: str) -> None:
        """Notes that the unions of these residents end."""
        union = self.stays["union"][rows]
        known = union >= 0
        ended = union[known]
        open_ = self.unions["to_day"][ended] == NEVER
        self.unions["to_day"][ended[open_]] = day[known][open_]
        self.unions["ended_by"][ended[open_]] = UNION_ENDS.index(by)
        for side in ("a", "b"):
            people = self.unions[side][ended]
            self.stays["union"][people[people >= 0]] = -1

    def bear(self, child: np.ndarray, mother: np.ndarray, father: np.ndarray, day: np.ndarray) -> None:
        """Notes births."""
        if len(child):
            self._births.append(child=child, mother=mother, father=father, day=day)

    # --- the end ---------------------------------------------------------------------------------------------------
    def lives(self) -> Lives:
        """Everything that was taken down."""
        stays = self.stays
        there = np.flatnonzero(stays["left_day"] == NEVER)
        open_ = (there.astype(np.int32), stays["household"][there], stays["position"][there], stays["since"][there],
                 np.full(len(there), NEVER, dtype=np.int32))  # fmt: skip
        spells = [np.concatenate(part) for part in zip(*self._spells, open_, strict=True)]
        # A household can be noted again on a later day of the month in which somebody died.
        spells[4] = np.minimum(spells[4], stays["left_day"][spells[0]])
        spells = [column[spells[3] < spells[4]] for column in spells]
        order = np.lexsort((spells[3], spells[0]))
        return Lives(
            places=self.places,
            people=_taken(People, self.people),
            households=_taken(Households, self.households),
            entered_day=stays["entered_day"],
            entered_by=stays["entered_by"],
            left_day=stays["left_day"],
            left_by=stays["left_by"],
            origin=stays["origin"],
            born_abroad=stays["born_abroad"],
            membership=MembershipSpells(*(column[order] for column in spells)),
            unions=_taken(Unions, self.unions),
            moves=_taken(Moves, self._moves),
            births=_taken(Births, self._births),
            care=_taken(Care, self.care),
        )


def _taken(kind: type, columns: Growing):
    """The columns as an object of a kind; no copy."""
    return kind(**{field.name: columns[field.name] for field in fields(kind)})


def _columns(none) -> dict[str, np.ndarray]:
    return {field.name: getattr(none, field.name) for field in fields(none)}
