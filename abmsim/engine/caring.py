"""Informal care at the barrier: whose care for whom ends, who is found to care, and what residents know of it."""

from __future__ import annotations

import numpy as np

from abmsim.days import NEVER, civil_date
from abmsim.engine.carers import Children, Free, Neighbourhoods, Sought, Ties, kin, near_by, pair_draw, pair_number
from abmsim.engine.lives import CARE_ENDS, DEPARTURES, ENTRIES
from abmsim.engine.messages import Mail, Messages
from abmsim.engine.month import Month
from abmsim.population.care_patterns import CHILD, NEIGHBOUR, PARENT, CarePatterns
from abmsim.randomness import mix, name_key, uniform
from abmsim.vocabulary import LIMITATIONS

_SEVERE = LIMITATIONS.index("severe")
_DEATH, _BASE_DATE = DEPARTURES.index("death"), ENTRIES.index("base_date")
_OVERLOAD = CARE_ENDS.index("overload")
_LOST = [
    CARE_ENDS.index(name)
    for name in ("carer_died", "carer_left", "carer_to_institution", "carer_limited", "overload", "moved_apart")
]
"""Ends by which somebody who still needs care loses a carer."""

_REST_DAYS = 365
"""Who stopped because it was too much is not asked again for a year."""

_ROUNDS = 3
"""How often in a month neighbours are looked for, to stand in for those who could take nobody on."""


class Caring:
    """All care that goes on, from one barrier to the next; `register.care` has it with what is over."""

    def __init__(self) -> None:
        self._open = np.empty(0, dtype=np.int32)
        self._asks = Mail()
        self._homes: Neighbourhoods | None = None
        self._children: Children | None = None

    def open(self, month: Month, patterns: CarePatterns) -> None:
        """A month's barrier: care ends, carers are found, and both sides know of it from the next month on."""
        before = len(month.register.care)
        ended = self._end(month)
        self._begin(month, patterns)
        care = month.register.care
        changed = np.concatenate([ended, np.arange(before, len(care), dtype=np.int32)])
        if len(changed):
            self._tell(month, np.unique(np.concatenate([care["person"][changed], care["carer"][changed]])))

    def _side(self, month: Month, name: str) -> np.ndarray:
        """A column of the care that goes on."""
        return month.register.care[name][self._open]

    # --- what ends -------------------------------------------------------------------------------------------------
    def _end(self, month: Month) -> np.ndarray:
        """Ends what cannot go on; int32[e], its rows."""
        code, day = self._endings(month)
        over = code > 0
        ended, self._open = self._open[over], self._open[~over]
        care = month.register.care
        care["to_day"][ended], care["ended_by"][ended] = day[over], code[over]
        _note_losses(month, ended)
        return ended

    def _endings(self, month: Month) -> tuple[np.ndarray, np.ndarray]:
        """(code, day) of the end of each care that went on, code 0 for what goes on further."""
        stays = month.register.stays
        person, carer = self._side(month, "person"), self._side(month, "carer")
        left, carer_left = stays["left_day"][person], stays["left_day"][carer]
        person_gone, carer_gone = ~month.is_there(person), ~month.is_there(carer)
        person_first = person_gone & (left <= carer_left)
        stops = np.zeros(month.columns.count, dtype=bool)
        stops[month.asked("stops_caring").rows] = True
        cases = {
            "cared_for_died": person_first & (stays["left_by"][person] == _DEATH),
            "cared_for_left": person_first,
            "carer_died": carer_gone & (stays["left_by"][carer] == _DEATH),
            "carer_left": carer_gone,
            "cared_for_to_institution": month.value("in_institution", person) != 0,
            "recovered": month.value("needs_care", person) == 0,
            "carer_to_institution": month.value("in_institution", carer) != 0,
            "carer_limited": month.value("limitations", carer) == _SEVERE,
            "overload": stops[carer],
            "moved_apart": self._apart(month, person, carer),
        }
        code = np.select(list(cases.values()), [np.int8(CARE_ENDS.index(name)) for name in cases], np.int8(0))
        day = np.where(person_gone | carer_gone, np.minimum(left, carer_left), month.day)
        return code, day.astype(np.int32)

    def _apart(self, month: Month, person: np.ndarray, carer: np.ndarray) -> np.ndarray:
        """bool[k]: who live too far from each other now: housemates in two homes, neighbours in two neighbourhoods,
        children and parents of one municipality in two."""
        group, municipality = month.columns.column("GROUP"), month.register.stays["municipality"]
        kind, near = self._side(month, "kind"), self._side(month, "place") >= 0
        elsewhere = municipality[person] != municipality[carer]
        neighbourhoods = month.value("neighbourhood_code", person) != month.value("neighbourhood_code", carer)
        apart = np.where(kind == NEIGHBOUR, neighbourhoods, group[person] != group[carer])
        return np.where((kind == CHILD) | (kind == PARENT), near & elsewhere, apart)

    # --- what begins -----------------------------------------------------------------------------------------------
    def _begin(self, month: Month, patterns: CarePatterns) -> None:
        rows, since = _seekers(month)
        missing = _wanted(month, rows, patterns) - self._carers(month)[rows]
        lacks = missing > 0
        sought, since = Sought(rows[lacks], missing[lacks]), since[lacks]
        if not lacks.any():
            return
        free = self._free(month)
        before = len(self._open)
        found = self._agree(month, sought, since, self._kin(month, sought, patterns, free), patterns)
        homes = self._neighbourhoods(month)
        for number in range(_ROUNDS):
            sought = Sought(sought.rows, sought.missing - np.bincount(found, minlength=len(sought.rows)))
            if not (sought.missing > 0).any():
                return
            free, before = free.having_met(self._pairs(month, before)), len(self._open)
            ties = near_by(month, sought, number, patterns, homes, free)
            found = self._agree(month, sought, since, ties, patterns)

    def _pairs(self, month: Month, first: int = 0) -> np.ndarray:
        """int64[k]: the pairs of the care that goes on, from the place `first` among it on."""
        care, rows = month.register.care, self._open[first:]
        return pair_number(care["person"][rows], care["carer"][rows])

    def _kin(self, month: Month, sought: Sought, patterns: CarePatterns, free: Free) -> Ties:
        if self._children is None or civil_date(month.start)[1] == 1:
            self._children = Children.of(month)
        return kin(month, sought, patterns, free, self._children)

    def _neighbourhoods(self, month: Month) -> Neighbourhoods:
        if self._homes is None or self._homes.year != civil_date(month.start)[0]:
            self._homes = Neighbourhoods.of(month)
        return self._homes

    def _free(self, month: Month) -> Free:
        care = month.register.care
        resting = np.zeros(month.columns.count, dtype=bool)
        tired = (care["ended_by"] == _OVERLOAD) & (care["to_day"] > month.day - _REST_DAYS)
        resting[care["carer"][tired]] = True
        return Free(month, resting, np.sort(self._pairs(month)))

    def _agree(
        self, month: Month, sought: Sought, since: np.ndarray, ties: Ties, patterns: CarePatterns
    ) -> np.ndarray:  # fmt: skip
        """Those asked take on whom they can bear beside others; int64[f], for each who does the place in `sought`.

        The asking is a message to the carer with the hours. They are read in order of target and source, so whom of
        two a carer takes on does not depend on who was looked at first.
        """
        person, keys = sought.rows[ties.seeker], month.columns.column("PERSON_KEY")
        hours = patterns.hours(ties.kind, pair_draw(month, "hours of care", person, ties.carer))
        self._asks.send(Messages.of(ties.carer, keys[person], hours))
        asks = self._asks.deliver()
        load = self._hours(month, "carer")[asks.target] + asks.before_in_target()
        order = np.lexsort((keys[person], ties.carer))
        taken = order[(load == 0) | (load + asks.amount <= patterns.most_hours)]
        self._append(month, person[taken], ties.where(taken), hours[taken], since[ties.seeker[taken]])
        return ties.seeker[taken]

    def _append(self, month: Month, person: np.ndarray, ties: Ties, hours: np.ndarray, since: np.ndarray) -> None:
        if not len(person):
            return
        stays, carer = month.register.stays, ties.carer
        day = np.where(stays["entered_day"][carer] > since, month.day, since)
        place = stays["municipality"]
        new = month.register.care.append(
            carer=carer, person=person, kind=ties.kind, hours=hours, from_day=day, to_day=NEVER, ended_by=0,
            carried_over=day < month.day, place=np.where(place[carer] == place[person], place[person], -1),
        )  # fmt: skip
        self._open = np.concatenate([self._open, new])

    # --- what both sides know ----------------------------------------------------------------------------------------
    def _carers(self, month: Month) -> np.ndarray:
        """int64[n]: how many care for each resident."""
        return np.bincount(self._side(month, "person"), minlength=month.columns.count)

    def _hours(self, month: Month, side: str) -> np.ndarray:
        """int64[n]: hours a week that each carer gives, or each person receives."""
        target = self._side(month, side)
        return Messages.of(target, target, self._side(month, "hours")).tally(month.columns.count)

    def _tell(self, month: Month, rows: np.ndarray) -> None:
        rows = rows[month.is_there(rows)]
        told = {
            "care_hours_given": self._hours(month, "carer"),
            "care_hours_received": self._hours(month, "person"),
            "carers": self._carers(month),
        }
        for name, values in told.items():
            new = rows[values[rows] != month.value(name, rows)]
            month.changes.set(name, new, values[new])


def _note_losses(month: Month, ended: np.ndarray) -> None:
    """Those who still need care and lost carers who gave half of their hours or more know since when."""
    care, count = month.register.care, month.columns.count
    lost = ended[np.isin(care["ended_by"][ended], _LOST)]
    if not len(lost):
        return
    person = care["person"][lost]
    total = Messages.of(person, person, care["hours"][lost]).tally(count)
    last = np.zeros(count, dtype=np.int32)
    np.maximum.at(last, person, care["to_day"][lost])
    rows = np.unique(person)
    rows = rows[2 * total[rows] >= month.value("care_hours_received", rows)]
    month.changes.set("carer_lost_date", rows, last[rows])


def _seekers(month: Month) -> tuple[np.ndarray, np.ndarray]:
    """(rows, since) int32[k]: who asked in the month, and who was there or came when it began and needs care. The care
    of the residents of the base date has run since that day, that of all others begins now."""
    stays = month.register.stays
    new = np.flatnonzero(stays["entered_day"] >= month.start - 1).astype(np.int32)
    asked = month.asked("seeks_carer").rows
    rows = np.union1d(asked, new[month.is_there(new)])
    rows = rows[(month.value("needs_care", rows) != 0) & (month.value("in_institution", rows) == 0)].astype(np.int32)
    before = (stays["entered_by"][rows] == _BASE_DATE) & ~np.isin(rows, asked)
    return rows, np.where(before, month.start, month.day).astype(np.int32)


def _wanted(month: Month, rows: np.ndarray, patterns: CarePatterns) -> np.ndarray:
    """int64[k]: how many carers each would have, for life: evenly over one and a half to both sides of the mean."""
    word = np.full(len(rows), name_key("barrier: how many carers"), dtype=np.uint64)
    u = uniform(mix(month.columns.column("PERSON_KEY")[rows], word))
    return np.maximum(np.floor(patterns.carers - 1 + 3 * u), 1).astype(np.int64)
