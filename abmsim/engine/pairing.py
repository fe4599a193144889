"""The partner market of a town: who seeks a partner, who finds one, and in whose home the couple lives."""

from __future__ import annotations

import numpy as np

from abmsim.days import civil_date
from abmsim.engine.growing import Growing
from abmsim.engine.month import CHILD_AT_HOME, FATHER, MOTHER, PARTNER, Month
from abmsim.population.customs import Customs
from abmsim.population.market import pair_up


class Market:
    """Those who seek a partner, from the month in which they ask until they have one or are gone."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._seekers = Growing(row=np.empty(0, dtype=np.int32), since=np.empty(0, dtype=np.int32))

    def open(self, month: Month, customs: Customs) -> None:
        """A month's market: residents of one municipality find each other first, then all who are left."""
        rows, waited = self._present(month)
        if len(rows) < 2:
            return
        place = month.register.stays["municipality"][rows]
        found = self._pairs(month, rows, waited, customs, place)
        if len(customs.place_codes) > 1:
            rest = np.setdiff1d(np.arange(len(rows)), found.ravel())
            found = np.concatenate([found, rest[self._pairs(month, rows[rest], waited[rest], customs)]])
        if len(found):
            move_together(month, rows[found[:, 0]], rows[found[:, 1]])
            keep = np.setdiff1d(rows, rows[found.ravel()], assume_unique=True)
            since = self._seekers["since"][np.isin(self._seekers["row"], keep)]
            self._seekers = Growing(row=keep.astype(np.int32), since=since)

    def _present(self, month: Month) -> tuple[np.ndarray, np.ndarray]:
        """(rows, whole months in the market) of those who still seek, in order of row."""
        asked = np.unique(month.asked("seeks_partner").rows)
        new = np.setdiff1d(asked, self._seekers["row"])
        if len(new):
            self._seekers.append(row=new.astype(np.int32), since=month.end)
        rows, since = self._seekers["row"], self._seekers["since"]
        seeking = month.is_there(rows) & (month.value("in_institution", rows) == 0)
        seeking &= month.relative(rows, PARTNER) < 0
        order = np.flatnonzero(seeking)[np.argsort(rows[seeking], kind="stable")]
        self._seekers = Growing(row=rows[order], since=since[order])
        return self._seekers["row"], (month.end - self._seekers["since"]) * 12 // 365

    def _pairs(
        self, month: Month, rows: np.ndarray, waited: np.ndarray, customs: Customs, place: np.ndarray | None = None
    ) -> np.ndarray:
        """int64[p, 2]: places in `rows` of those who find each other, with `place` only inside one municipality."""
        if len(rows) < 2:
            return np.empty((0, 2), dtype=np.int64)
        keys = month.register.people["key"]
        mother, father = (self._key_of(keys, month.columns.matrix("RELATIVES")[rows, who]) for who in (MOTHER, FATHER))
        year, number, _ = civil_date(month.end)
        level = np.where(month.value("in_education", rows) != 0, -1, month.value("education", rows))
        found = pair_up(
            keys[rows], month.value("sex", rows).astype(np.int8), month.age(rows), level.astype(np.int8),
            month.value("is_parent", rows) != 0, year * 12 + number - 1, customs.market, self._seed, waited,
            mother, father, place,
        )  # fmt: skip
        return found.astype(np.int64)

    @staticmethod
    def _key_of(keys: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return np.where(rows >= 0, keys[rows], np.uint64(0))


def move_together(month: Month, one: np.ndarray, other: np.ndarray) -> None:
    """Couples begin to live together: with the one who has a home of their own, with children rather than without."""
    claim = [_claim(month, rows) for rows in (one, other)]
    u = month.draw("in whose home", one)
    first_hosts = (claim[0] > claim[1]) | ((claim[0] == claim[1]) & (u < 0.5))
    host, guest = np.where(first_hosts, one, other), np.where(first_hosts, other, one)
    homeless = np.maximum(*claim) == 0
    founders = host[homeless]
    children, of = month.children_at_home(guest)
    month.changes.alone(founders, month.own_household(founders))
    month.changes.joins(guest, host)
    month.changes.joins(children, host[of])
    month.changes.pairs(one, other)
    places = month.register.stays["municipality"]
    movers = np.concatenate([founders, guest, children])
    targets = np.concatenate([founders, host, host[of]])
    month.register.move(movers, month.day, "union", places[movers], places[targets])
    month.changes.set("moved_date", movers[places[movers] != places[targets]], month.day)
    places[movers] = places[targets]
    for name in ("municipality_code", "neighbourhood_code"):
        month.changes.set(name, movers, month.value(name, targets))
    month.changes.set("union_date", np.concatenate([one, other]), month.day)
    month.register.join(one, other, month.day)
    month.changes.carry_out()


def _claim(month: Month, rows: np.ndarray) -> np.ndarray:
    """int64[k]: 0 for who has no home of their own, 1 with one, 2 with children in it."""
    head = (month.value("is_household_head", rows) != 0) & (month.value("position", rows) != CHILD_AT_HOME)
    return head.astype(np.int64) * (1 + (month.value("is_parent", rows) != 0))
