"""Who comes into a town in a month: children who are born and households that move in, each a block of their own."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from abmsim.days import NEVER
from abmsim.engine.agenda import Agenda, Block, Calendar
from abmsim.engine.columns import Columns, Newcomers, Script
from abmsim.engine.eventlog import LogRules
from abmsim.engine.kernel import begin_lives, run_block
from abmsim.engine.legacy import Legacy
from abmsim.engine.month import Month
from abmsim.engine.world import FULL
from abmsim.lang.program import Program
from abmsim.population.arrivals import Arrivals
from abmsim.population.births import newborn_keys, twins_and_sexes
from abmsim.population.customs import Customs
from abmsim.randomness import keys, mix, name_key, uniform
from abmsim.vocabulary import POSITIONS

_CHILD = POSITIONS.index("child_at_home")
_MAN = 1
_RESIDENTS_OF_A_PART = 1024
"""Newcomers of a month whose lives up to it are run at a time (up to a household more), so that threads can share."""

_DAYS_REMEMBERED = 366
"""How long before the base date requests to institutions are remembered: these plan by a year of them."""

_LEAVING_HOME_YEARS = (18.0, 24.0)
_YEAR_DAYS = 365.25


@dataclass(frozen=True, slots=True)
class Setting:
    """What newcomers are brought into: the program, its calendar, and the key that makes a resident's key the run's."""

    program: Program
    calendar: Calendar
    columns: Columns
    rules: LogRules
    legacy: Legacy
    seed_key: np.uint64
    seed: int

    def key(self, key: np.ndarray) -> np.ndarray:
        """uint64[n]: the keys of residents with the seed."""
        return mix(np.full(len(key), self.seed_key, dtype=np.uint64), key)

    def defaults(self, n: int) -> np.ndarray:
        """float64[n, attributes]: everybody as nobody has been changed yet."""
        values = [attribute.default for attribute in self.program.attributes]
        return np.tile(np.array(values), (n, 1))

    def agenda(self, block: Block, first: int, first_group: int, base: int) -> Agenda:
        """A block of newcomers on the agenda, whose rows of the town begin at `first`."""
        agenda = Agenda(
            self.program, block, self.calendar, base, base + 1, shared=self.columns, first=first,
            first_group=first_group, rules=self.rules, entered=base,
        )  # fmt: skip
        self.legacy.give(agenda)
        return agenda

    def make_room(self, n: int) -> bool:
        """Makes room for n more residents; True if the columns lie elsewhere now."""
        if self.columns.has_room(n):
            return False
        self.columns.grow(n)
        return True


def births(month: Month, setting: Setting, customs: Customs) -> Agenda | None:
    """Children are born to those who asked for it, and live with their mothers."""
    asked = month.asked("birth")
    if not len(asked.rows):
        return None
    register = month.register
    order = month.value("parity", asked.rows).astype(np.int64) + 1
    number, sex = twins_and_sexes(register.people["key"][asked.rows], order, customs.births, setting.seed)
    delivery = np.repeat(np.arange(len(number)), number)
    second = np.concatenate([[0], (delivery[1:] == delivery[:-1]).astype(np.int64)])
    mother, day = asked.rows[delivery], asked.day[delivery]
    partner = month.partner(mother)
    father = np.where((partner >= 0) & (month.value("sex", partner) == _MAN), partner, -1)
    key = newborn_keys(register.people["key"][mother], order[delivery] + second)
    rows = register.enter(
        day, "birth", register.stays["origin"][mother], np.int8(0),
        {
            "key": key, "birth_day": day, "sex": sex, "municipality": register.stays["municipality"][mother],
            "household": register.stays["household"][mother], "position": np.full(len(key), _CHILD, dtype=np.int8),
            "partner": np.full(len(key), -1), "mother": mother, "father": father,
            "former_partner": np.full(len(key), -1),
        },
    )  # fmt: skip
    register.bear(rows, mother.astype(np.int32), father.astype(np.int32), day)
    relatives = np.stack([np.full(len(key), -1), mother, father], axis=1)
    values = setting.defaults(len(key))
    _put(values, setting.program, "sex", sex)
    _put(values, setting.program, "position", _CHILD)
    for name in ("municipality_code", "neighbourhood_code", "origin"):
        _put(values, setting.program, name, month.value(name, mother))
    agenda = _settle(setting, day, setting.key(key), relatives, values)
    begin_lives(agenda.address, agenda.first, agenda.end)
    agenda.forget_beginnings()
    _become_parents(month, mother, father, day)
    cared = month.value("in_institution", mother) != 0
    month.changes.joins(rows[~cared], mother[~cared])
    month.changes.enters_institution(rows[cared], register.new_groups(register.stays["household"][mother[cared]]))
    month.changes.carry_out()
    month.settle(mother, day)
    return agenda


def _settle(setting: Setting, birth: np.ndarray, key: np.ndarray, relatives: np.ndarray, values: np.ndarray) -> Agenda:
    """New rows of the town with these attributes, on an agenda of their own."""
    block = Block(birth, key, np.full((len(key), 3), -1), values, np.ones(len(key), dtype=np.int32))
    first = setting.columns.add(Newcomers(birth, key, relatives, birth))
    setting.columns.set_attributes(first, values)
    return setting.agenda(block, first, 0, int(birth.min()) - 1)


def _become_parents(month: Month, mother: np.ndarray, father: np.ndarray, day: np.ndarray) -> None:
    """Parents count one child more, the youngest born on that day."""
    for parent in (mother, father):
        rows, place, children = np.unique(parent[parent >= 0], return_inverse=True, return_counts=True)
        youngest = np.zeros(len(rows))
        np.maximum.at(youngest, place, day[parent >= 0])
        month.changes.set("parity", rows, month.value("parity", rows) + children)
        month.changes.set("youngest_birth_date", rows, youngest)


def arrivals(month: Month, setting: Setting, coming: Arrivals, customs: Customs, pool: Executor) -> list[Agenda]:
    """Households move in: their lives up to that day are run first, then they are residents like all others."""
    if not len(coming):
        return []
    register, columns, n = month.register, setting.columns, len(coming)
    first = columns.count
    head = np.concatenate([[0], np.flatnonzero(np.diff(coming.household)) + 1])
    size = np.diff(np.append(head, n)).astype(np.int32)
    where = coming.municipality[head]
    u = uniform(keys(int(name_key("arrivals settle")), coming.household_key))
    neighbourhood = customs.neighbourhood(where, u)
    household = register.found(
        coming.household_key, where, neighbourhood.astype(np.int16), (first + head).astype(np.int32), size
    )
    groups = register.new_groups(household)
    relatives = np.stack([coming.partner, coming.mother, coming.father], axis=1)
    rows = register.enter(
        month.day, "immigration", coming.origin, coming.born_abroad.astype(np.int8),
        {
            "key": coming.key, "birth_day": coming.birth_day, "sex": coming.sex,
            "municipality": coming.municipality, "household": household[coming.household],
            "position": coming.position, "former_partner": np.full(n, -1),
            **{
                name: np.where(column >= 0, column + first, -1)
                for name, column in (("partner", coming.partner), ("mother", coming.mother), ("father", coming.father))
            },
        },
    )  # fmt: skip
    register.stays["entered_by"][rows] = coming.kind
    joined = _joined(coming, month.day, setting)
    values, script = _past(coming, joined, size, setting, customs)
    _put(values, setting.program, "neighbourhood_code", neighbourhood[coming.household])
    block = Block(coming.birth_day, setting.key(coming.key), relatives, values, size, joined, script)
    columns.add(block.newcomers(first))
    columns.tell(script, first)
    agendas = [
        setting.agenda(part, first + at, int(groups[household]), month.day)
        for at, household, part in _parts(block)
    ]
    list(pool.map(live_up_to_now, agendas))
    abroad = coming.kind == 2
    places = register.stays["municipality"][rows]
    register.move(rows[abroad], month.day, "immigration", -1, places[abroad])
    register.move(rows[~abroad], month.day, "in", -1, places[~abroad])
    couples = rows[(coming.partner >= 0) & (coming.partner > np.arange(n))]
    partners = columns.matrix("RELATIVES")[couples, 0]
    married = columns.attribute("married")[couples] != 0
    since = np.full(len(couples), month.day, dtype=np.int32)
    register.join(couples, partners, since, np.where(married, since, NEVER))
    return agendas


def _parts(block: Block) -> Iterator[tuple[int, int, Block]]:
    """(first resident, first household, block) of parts of a block: whole households, not too many residents."""
    ends = np.cumsum(block.unit_size)
    unit = first = 0
    while unit < len(ends):
        end_unit = min(int(np.searchsorted(ends, first + _RESIDENTS_OF_A_PART)) + 1, len(ends))
        end = int(ends[end_unit - 1])
        rows = slice(first, end)
        # Relatives and what is told are read from the town's columns.
        yield first, unit, Block(
            block.birth_day[rows], block.key[rows], np.empty((end - first, 0)), block.attributes[rows],
            block.unit_size[unit:end_unit],
        )  # fmt: skip
        unit, first = end_unit, end


def live_up_to_now(agenda: Agenda) -> Agenda:
    """Runs the lives of a block from birth on, and keeps small what is over."""
    while run_block(agenda.address) == FULL:
        agenda.grow()
    agenda.forget_beginnings()
    agenda.remember_requests(agenda.base_day - _DAYS_REMEMBERED)
    agenda.pack()
    return agenda


def _joined(coming: Arrivals, day: int, setting: Setting) -> np.ndarray:
    """int32[n]: since when each lives with those who come too: children since birth, others left home at some time."""
    n = len(coming)
    u = uniform(keys(int(name_key("arrivals leave home")), coming.key))
    low, high = _LEAVING_HOME_YEARS
    left = coming.birth_day + ((low + u * (high - low)) * _YEAR_DAYS).astype(np.int64)
    joined = np.where(coming.position == _CHILD, coming.birth_day, np.minimum(left, day - 1))
    # A child must find its parents there.
    for parent in (coming.mother, coming.father):
        known = np.flatnonzero(parent >= 0)
        np.minimum.at(joined, parent[known], coming.birth_day[known])
    return np.maximum(joined, coming.birth_day).astype(np.int32).reshape(n)


def _past(
    coming: Arrivals, joined: np.ndarray, size: np.ndarray, setting: Setting, customs: Customs
) -> tuple[np.ndarray, Script]:
    """Attributes at birth, float64[n, attributes], and what is told of later: a child at home first, then as now."""
    program, n = setting.program, len(coming)
    now = setting.defaults(n)
    is_child = coming.position == _CHILD
    children = np.bincount(coming.household, weights=is_child, minlength=len(size))[coming.household]
    partner = coming.partner >= 0
    name = np.array(POSITIONS)[coming.position]
    parent = np.array([label.endswith("with_children") or label == "single_parent" for label in name.tolist()])
    head = np.concatenate([[True], np.diff(coming.household) > 0])
    present = {
        "position": coming.position, "household_size": size[coming.household], "n_children": children,
        "lives_alone": size[coming.household] == 1, "has_partner": partner, "is_parent": parent,
        "married": np.char.find(name.astype(str), "partner_married") >= 0,
        "single_parent": name == "single_parent", "is_household_head": head,
    }  # fmt: skip
    own_children, youngest = _children(coming)
    together = np.where(partner, np.maximum(joined, joined[coming.partner]), NEVER)
    present |= {"parity": own_children, "youngest_birth_date": youngest, "union_date": together}
    fixed = {
        "sex": coming.sex, "origin": coming.origin, "born_abroad": coming.born_abroad,
        "municipality_code": customs.code_of_place[coming.municipality],
    }  # fmt: skip
    for attribute, column in (fixed | present).items():
        _put(now, program, attribute, column)
    then = now.copy()
    grown = np.flatnonzero(joined > coming.birth_day)
    childhood = {
        "position": _CHILD, "household_size": 4.0, "n_children": 2.0,
        "youngest_birth_date": float(NEVER), "union_date": float(NEVER),
    }  # fmt: skip
    for attribute in present:
        then[grown, program.attribute_index(attribute)] = childhood.get(attribute, 0.0)
    indices = np.array([program.attribute_index(attribute) for attribute in present], dtype=np.int32)
    person = np.repeat(grown, len(indices))
    attribute = np.tile(indices, len(grown))
    first = np.searchsorted(person, np.arange(n + 1))
    return then, Script(first, joined[person], attribute, now[person, attribute])


def _children(coming: Arrivals) -> tuple[np.ndarray, np.ndarray]:
    """(int64[n], int64[n]): children who come with their parent, and when the youngest was born (NEVER without)."""
    number, youngest = np.zeros(len(coming), dtype=np.int64), np.full(len(coming), -NEVER, dtype=np.int64)
    for parent in (coming.mother, coming.father):
        child = np.flatnonzero(parent >= 0)
        np.add.at(number, parent[child], 1)
        np.maximum.at(youngest, parent[child], coming.birth_day[child])
    return number, np.where(number > 0, youngest, NEVER)


def _put(values: np.ndarray, program: Program, name: str, column) -> None:
    values[:, program.attribute_index(name)] = column


