"""A town of people who live alone in two municipalities and ask a toy desk for help, on days that a test names."""

from __future__ import annotations

import textwrap

import numpy as np
from toys import Toys

from abmsim.days import parse_day
from abmsim.engine.institutions import Institution
from abmsim.engine.town import BLOCK_RESIDENTS, Town
from abmsim.engine.waiting import Settled
from abmsim.lang.program import Program
from abmsim.population.people import Households, People, Population
from abmsim.population.places import Place
from abmsim.randomness import keys, name_key
from abmsim.vocabulary import BASE_DATE, POSITIONS

PLACES = (Place("GM0363", "Amsterdam", 1), Place("GM0546", "Leiden", 1))
ASKS = """\
module: toy/asks
about: asks for help when the birthday comes, and is helped for a while
begins: base_date
attributes:
  urgent: {type: number, default: 0, about: how urgent it is}
  emergency: {type: bool, default: false, about: it cannot wait}
  helped: {type: bool, default: false, about: has had a turn}
assume:
  rate: {is: RATE, why: a toy}
  pause: {is: 40 days, why: a toy}
start: well
states:
  well: {silent: true, hazard: assume.rate, next: asking}
  asking: {await: {at: desk, priority: urgent, crisis: emergency}, next: heard}
  heard: {set: {helped: true}, wait: assume.pause, next: well}
"""
DYING = """\
module: toy/dying
about: many die
begins: base_date
assume:
  rate: {is: 0.1, why: a toy}
start: alive
states:
  alive: {hazard: assume.rate, next: dead}
  dead: {death: {}, final: true}
"""


def program(toys: Toys, capacity: str = "", rate: float = 1.0, number: int = 1, dying: bool = False) -> Program:
    """A desk with this capacity (lines of YAML), asked `rate` times a year by each."""
    toys.institution("desk", "20 days", textwrap.dedent(capacity))
    path = toys.root / "institutions" / "desk.yaml"
    path.write_text(path.read_text().replace("number: {is: 1", f"number: {{is: {number}"))
    texts = [ASKS.replace("RATE", str(rate)), *([DYING] if dying else [])]
    return toys.program(*texts)


def singles(n: int) -> Population:
    """n people of 40 who live alone, every second in Leiden."""
    row = np.arange(n, dtype=np.int32)
    none, place = np.full(n, -1, dtype=np.int32), (row % 2).astype(np.int16)
    order = np.argsort(place, kind="stable")
    place = place[order]
    people = People(
        key=keys(int(name_key("singles")), row[order]), birth_day=np.full(n, BASE_DATE - 40 * 365, dtype=np.int32),
        sex=(row % 2).astype(np.int8), municipality=place, household=row,
        position=np.full(n, POSITIONS.index("single"), dtype=np.int8), partner=none, mother=none.copy(),
        father=none.copy(), former_partner=none.copy(),
    )  # fmt: skip
    homes = Households(
        key=keys(int(name_key("homes")), row[order]), municipality=place, neighbourhood=place.copy(),
        kind=np.zeros(n, dtype=np.int8), first=row, size=np.ones(n, dtype=np.int32),
    )  # fmt: skip
    places = tuple(Place(one.code, one.name, int((place == number).sum())) for number, one in enumerate(PLACES))
    return Population(places, people, homes)


def town(
    program: Program, n: int = 400, until: str = "2022-01-01", workers: int = 1, block: int = BLOCK_RESIDENTS, **values
) -> Town:
    """The town, ready to run; `values` are attributes that the toy residents begin with, float64[n]."""
    population = singles(n)
    codes = {"municipality_code": population.people.municipality.astype(float) + 1, "sex": population.people.sex}
    given = {name: np.asarray(value, dtype=np.float64) for name, value in {**codes, **values}.items()}
    return Town(
        program, population, given, 7, BASE_DATE, parse_day(until), workers=workers, block_residents=block
    )  # fmt: skip


def lived(program: Program, **options) -> Town:
    """The town at the horizon."""
    made = town(program, **options)
    made.run()
    return made


def settled(run: Town) -> Settled:
    """What became of every request."""
    assert run.lives.institutions is not None
    return run.lives.institutions.settled


def desks(run: Town) -> tuple[Institution, ...]:
    """The desks of the town, that of Amsterdam first."""
    return run.admissions.institutions
