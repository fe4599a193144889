"""What changed a resident's household: children, couples and moves, in words and with who asked for it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from abmsim.life.asked import Wishes
from abmsim.life.care import care_lines, care_of
from abmsim.life.relatives import named
from abmsim.life.rows import Row, read_rows

if TYPE_CHECKING:
    import duckdb

_PAST = "told of the past, before the live years"
_ARRIVED = {"immigration": "stats.immigration_by_year", "in": "stats.move_to_other_municipality_rate"}
_TOGETHER = ("union", "separation")
"""Moves that come with a couple's beginning or end, and are told with it."""

_ENDS = ("from_date", "to_date")

_MOVES = {
    "separation": ("Moved with a parent who parted", "separates"),
    "leaving_home": ("Left the parental home", "leaves_home"),
    "institution": ("Moved to an institution", "enters_institution"),
    "other_parent": ("Moved to the other parent, or to a family that takes children in", "changes_parent"),
    "union": ("Moved in with a new partner, one's own or a parent's", ""),
    "within": ("Moved house", "moves_house"),
    "emigration": ("Emigrated", "emigrates"),
    "in": ("Moved", "moves_away"),
    "out": ("Moved to another municipality", "moves_away"),
    "immigration": ("Came from abroad", ""),
}
"""Kind of move -> (how it is told, the kind of happening that asks for it), in the order of the barrier."""

_UNIONS = """
    select unions.*, if(person_id = ?, partner_id, person_id) as other from unions
    where person_id = ? or partner_id = ? order by from_date
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `asked` is the event that asked for it, `why` says it if there is none.

    `same_day`: it is dated by that event, which then need not be told itself.
    """

    date: datetime.date
    text: str
    why: str = ""
    asked: Row | None = None
    same_day: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """The tables of the life course as they tell of one resident. `places`: code -> name of a municipality."""

    person: Row
    children: Sequence[Row]
    unions: Sequence[Row]
    moves: Sequence[Row]
    places: Mapping[str, str]
    wishes: Wishes
    care: Sequence[Row] = ()

    def changes(self) -> list[Change]:
        """All changes, in order of date."""
        cared = [Change(*line) for care in self.care for line in care_lines(care)]
        found = [*self._births(), *self._couples(), *self._moved(), *cared]
        return sorted(found, key=lambda change: change.date)

    def _why(self, date: datetime.date, otherwise: str = "") -> str:
        is_past = date <= self.person["entered_date"] and self.person["entered_by"] == "base_date"
        return _PAST if is_past else otherwise

    def _births(self) -> Iterator[Change]:
        parents = [self.person["person_id"], *(union["other"] for union in self.unions)]
        for child in self.children:
            date = child["birth_date"]
            asked = self.wishes.on("birth", date, parents)
            own = asked is not None and asked["person_id"] == self.person["person_id"]
            why = self._why(date, "before the arrival here" if date < self.person["entered_date"] else "")
            yield Change(date, f"Had a {named(child)}, {child['person_id']}", why, asked, own)

    def _couples(self) -> Iterator[Change]:
        arrived = self.person["entered_by"] in ("immigration", "move_in")
        for union in self.unions:
            other, begins = _called(union), union["from_date"]
            came_together = arrived and begins == self.person["entered_date"]
            if not came_together:
                moved = ", and moved" + self._to("union", begins) if self._has_move("union", begins) else ""
                asked = self.wishes.last("seeks_partner", begins, self.wishes.own)
                yield Change(begins, f"Began to live with {other}{moved}", self._why(begins), asked)
            wed = union["married_date"]
            if wed and not (came_together and wed == begins):
                asked = self.wishes.on("marries", wed, [self.wishes.own, union["other"]])
                own = asked is not None and asked["person_id"] == self.wishes.own
                yield Change(wed, f"Married or registered with {other}", self._why(wed), asked, own)
            yield from self._ends(union, other)

    def _ends(self, union: Row, other: str) -> Iterator[Change]:
        date, how = union["to_date"], union["ended_by"]
        if how == "separation":
            moved = ", and moved" + self._to("separation", date) if self._has_move("separation", date) else ""
            yield Change(date, f"Parted from {other}{moved}", self._why(date), self.wishes.before("separates", date))
        elif how == "bereavement" and date != self.person["death_date"]:
            yield Change(date, f"Lost {other}, who died", self._why(date, "the partner's death"))
        elif how == "departure" and date != self.person["left_date"]:
            yield Change(date, f"{other[:1].upper()}{other[1:]} left the run", "the partner's move")

    def _moved(self) -> Iterator[Change]:
        couples = {(union[end], kind) for union in self.unions for kind, end in zip(_TOGETHER, _ENDS, strict=True)}
        order = list(_MOVES)
        for move in sorted(self.moves, key=lambda move: (move["date"], order.index(move["kind"]))):
            kind, date = move["kind"], move["date"]
            if (date, kind) in couples:
                continue
            text, wish = _MOVES[kind]
            why = self._why(date, _ARRIVED.get(kind, "") if move["from_municipality_code"] is None else "")
            asked = None if why or not wish else self.wishes.before(wish, date)
            yield Change(date, text + self._to(kind, date), why or "with the household", asked)

    def _has_move(self, kind: str, date: datetime.date) -> bool:
        return any(move["kind"] == kind and move["date"] == date for move in self.moves)

    def _to(self, kind: str, date: datetime.date) -> str:
        """Where a move led, if it led to another municipality of the run."""
        for move in self.moves:
            begin, end = move["from_municipality_code"], move["to_municipality_code"]
            if move["kind"] == kind and move["date"] == date and end is not None and begin != end:
                return f" to {self.places.get(end, end)}"
        return ""


def _called(union: Row) -> str:
    return f"partner {union['other']}" if union["other"] else "a partner who is not in the run"


def course_of(
    tables: duckdb.DuckDBPyConnection, person: Row, children: Sequence[Row], wishes_of: Callable[[list[str]], Wishes]
) -> Course:
    """The course of a resident; `wishes_of(others)` gives what those around asked for."""
    key = person["person_id"]
    unions = read_rows(tables, _UNIONS, key, key, key)
    moves = read_rows(tables, "select * from moves where person_id = ? order by date, kind", key)
    places = {row["municipality_code"]: row["name"] for row in read_rows(tables, "select * from municipalities")}
    others = [union["other"] for union in unions if union["other"]]
    return Course(person, children, unions, moves, places, wishes_of(others), care_of(tables, key))
