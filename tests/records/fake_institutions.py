"""Made-up institutions of the made-up town: a desk with a line, and providers that help without one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from abmsim.days import NEVER, add_months
from abmsim.engine.institution_records import InstitutionMonths, InstitutionRecords
from abmsim.engine.lives import Lives
from abmsim.engine.offices import Offices
from abmsim.engine.waiting import ADMITTED, DECEASED, WAITING, Settled
from abmsim.expressions import number
from abmsim.lang.institution import Budget, Capacity, Institution
from abmsim.lang.module import Quantity, Spot
from abmsim.vocabulary import BASE_DATE

NOWHERE = Spot(1, 1)


def described(name: str, kind: str, capacity: Capacity | None = None, budget: Budget | None = None) -> Institution:
    wait = Quantity("exact", (number(3.0),), "week", "a toy", NOWHERE)
    return Institution(name, kind, name, name, "a toy", "municipality", 2, wait, capacity, budget, "toy.yaml", 1)


INSTITUTIONS = (
    described("household_help_provider", "provider"),
    described("wmo_desk", "wmo_desk", Capacity(a_month=1.0), Budget(10.0, 50.0)),
    described("youth_care_organisation", "youth_care_organisation"),
)
DESK = 1


def with_institutions(lives: Lives) -> Lives:
    """The lives, in which some wait for the desk: until death, or until they have a turn, or still."""
    residents = np.bincount(lives.people.municipality, minlength=len(lives.places))
    offices = Offices.of(INSTITUTIONS, lives.places, residents, {})
    person = np.flatnonzero(lives.entered_by == 0)[::7].astype(np.int32)
    died = lives.death_day[person] < NEVER
    there = lives.left_day[person] == NEVER
    person, died = person[died | there], died[died | there]
    asked = np.full(len(person), BASE_DATE + 1, dtype=np.int32)
    turn = np.arange(len(person)) % 3 == 0
    outcome = np.where(died, DECEASED, np.where(turn, ADMITTED, WAITING)).astype(np.int8)
    to_day = np.where(died, lives.death_day[person], np.where(turn, asked + 20, NEVER)).astype(np.int32)
    office = offices.of_place[DESK][lives.people.municipality[person]]
    state = np.full(len(person), 3, dtype=np.int32)
    settled = Settled(person, state, office, asked, to_day, outcome, turn)
    return replace(lives, institutions=InstitutionRecords(offices, settled, _months(offices)))


def _months(offices: Offices) -> InstitutionMonths:
    n, first = len(offices), [add_months(BASE_DATE, month) for month in range(12)]
    counts = np.arange(12 * n, dtype=np.int64)
    office, day = np.repeat(np.arange(n), 12), np.tile(np.array(first, dtype=np.int32), n)
    return InstitutionMonths(office, day, counts, counts // 2, counts - counts // 2, counts * 100 + 25)
