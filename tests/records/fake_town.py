"""A made-up town in the form that the engine leaves it: residents, newcomers, and what became of all of them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

import numpy as np

from abmsim.days import NEVER, parse_day
from abmsim.engine.lives import (
    CARE_ENDS,
    CARE_KINDS,
    DEPARTURES,
    ENTRIES,
    MOVE_KINDS,
    UNION_ENDS,
    Births,
    Care,
    Lives,
    Moves,
    Unions,
)
from abmsim.population.membership import MembershipSpells
from abmsim.population.people import Households, People, Population
from abmsim.population.places import Place
from abmsim.randomness import keys, name_key
from abmsim.vocabulary import BASE_DATE, POSITIONS

TO_DAY = parse_day("2025-01-01")
YEAR = 365
SINGLE = POSITIONS.index("single")
Columns = TypeVar("Columns")


def columns(shape: type[Columns], n: int, **given: Any) -> Columns:
    """A dataclass of columns: those not given are -1 in every row."""
    return shape(**{part.name: given.get(part.name, np.full(n, -1, np.int32)) for part in fields(shape)})  # type: ignore[arg-type]


def joined(one: Columns, other: Columns) -> Columns:
    """The rows of two dataclasses of columns after each other."""
    parts = {part.name: (getattr(one, part.name), getattr(other, part.name)) for part in fields(one)}  # type: ignore[arg-type]
    return type(one)(**{name: np.concatenate(pair).astype(pair[0].dtype) for name, pair in parts.items()})


def town(people: int, size: int = 3) -> Population:
    """People in households of `size`, the first of each an adult, half of them in each of two places."""
    row = np.arange(people, dtype=np.int32)
    households = (people + size - 1) // size
    household = (row // size).astype(np.int32)
    first = np.arange(households, dtype=np.int32) * size
    place = (first >= people // 2).astype(np.int16)
    key = keys(int(name_key("person")), row)
    age = key % np.uint64(35_000) + np.where(row % size == 0, np.uint64(20 * YEAR), np.uint64(1))
    residents = columns(
        People, people, key=key, birth_day=(BASE_DATE - age.astype(np.int64)).astype(np.int32),
        sex=(row % 2).astype(np.int8), municipality=place[household], household=household,
        position=(row % 8).astype(np.int8),
    )  # fmt: skip
    homes = columns(
        Households, households, key=keys(int(name_key("household")), np.arange(households)), municipality=place,
        kind=np.zeros(households, np.int8), first=first, size=np.minimum(size, people - first).astype(np.int32),
    )  # fmt: skip
    return Population((Place("GM0546", "Leiden", 1), Place("GM1900", "Súdwest-Fryslân", 1)), residents, homes)


def deaths(population: Population, share: float = 0.2) -> np.ndarray:
    """Days of death in the live years, NEVER for most, and for the first of each household."""
    key = keys(int(name_key("death")), population.people.key)
    day = BASE_DATE + 1 + (key >> np.uint64(20)) % np.uint64(TO_DAY - BASE_DATE - 1)
    day = np.where(key % np.uint64(1000) < share * 1000, day, NEVER).astype(np.int32)
    day[population.households.first] = NEVER
    return day


def still(population: Population, death_day: np.ndarray) -> Lives:
    """The lives of a town in which people only die."""
    return Lives.of_population(population, death_day, BASE_DATE, TO_DAY)


@dataclass
class Story:
    """What happens to a town, being written row by row."""

    lives: Lives
    people: list[dict[str, Any]] = field(default_factory=list)
    homes: int = 0
    spells: list[tuple[int, ...]] = field(default_factory=list)
    births: list[tuple[int, ...]] = field(default_factory=list)
    unions: list[tuple[int, ...]] = field(default_factory=list)
    moves: list[tuple[int, ...]] = field(default_factory=list)
    care: list[tuple[int, ...]] = field(default_factory=list)

    def arrives(self, by: str, day: int, birth_day: int, household: int, position: int = 0, **other: int) -> int:
        """The row of a newcomer, who lives there from that day on."""
        row = len(self.lives) + len(self.people)
        self.people.append({"by": by, "day": day, "birth_day": birth_day, "household": household, **other})
        self.spells.append((row, household, position, day, NEVER))
        return row

    def home(self) -> int:
        """The row of a new household."""
        self.homes += 1
        return len(self.lives.households) + self.homes - 1

    def moved(self, person: int, day: int, kind: str, origin: int = 0, target: int = 0) -> None:
        self.moves.append((person, day, MOVE_KINDS.index(kind), origin, target))

    def ends(self, person: int, day: int) -> None:
        """The person's spell ends."""
        spells = self.lives.membership
        spells.to_day[spells.person == person] = np.minimum(day, spells.to_day[spells.person == person])

    def told(self) -> Lives:
        """The lives with all that was written."""
        lives, new = self.lives, self.people
        n = len(new)

        def of(name: str, default: int = -1, type_: type = np.int32) -> np.ndarray:
            return np.array([row.get(name, default) for row in new], dtype=type_)

        arrivals = columns(
            People, n, key=keys(int(name_key("newcomer")), np.arange(n)), birth_day=of("birth_day"), sex=of("sex", 0),
            municipality=of("place", 0), household=of("household"), position=of("position", 0), mother=of("mother"),
            father=of("father"),
        )  # fmt: skip
        homes = columns(
            Households, self.homes, key=keys(int(name_key("home")), np.arange(self.homes)),
            municipality=np.zeros(self.homes), kind=np.zeros(self.homes),
        )  # fmt: skip
        by = np.array([ENTRIES.index(row["by"]) for row in new], dtype=np.int8)
        return Lives(
            lives.places, joined(lives.people, arrivals), joined(lives.households, homes),
            np.concatenate([lives.entered_day, of("day")]), np.concatenate([lives.entered_by, by]),
            np.concatenate([lives.left_day, np.full(n, NEVER, np.int32)]),
            np.concatenate([lives.left_by, np.zeros(n, np.int8)]),
            np.concatenate([lives.origin, of("origin", 1, np.int8)]),
            np.concatenate([lives.born_abroad, of("abroad", 1, np.int8)]),
            joined(lives.membership, MembershipSpells(*_columns(self.spells, 5))),
            Unions(*_columns(self.unions, 6)), Moves(*_columns(self.moves, 5)), Births(*_columns(self.births, 4)),
            care=Care(*_columns(self.care, 9)),
        )  # fmt: skip


def _columns(rows: list[tuple[int, ...]], width: int) -> tuple[np.ndarray, ...]:
    return tuple(np.array(rows, dtype=np.int32).reshape(-1, width).T.copy())


def lively(population: Population, death_day: np.ndarray) -> Lives:
    """A town where a bit of everything happens, each kind in some households of three of whom nobody dies.

    In turn: a child is born, twins are born, a couple parts, somebody comes to live there, all emigrate, all move out,
    the three move house.
    """
    story = Story(still(population, death_day))
    quiet = [home for home in range(len(population.households)) if _is_quiet(population, death_day, home)]
    for number, home in enumerate(quiet):
        _HAPPENINGS[number % len(_HAPPENINGS)](story, home, BASE_DATE + 100 + number % 300)
    return story.told()


def _is_quiet(population: Population, death_day: np.ndarray, home: int) -> bool:
    first, size = population.households.first[home], population.households.size[home]
    return size == 3 and (death_day[first : first + 3] == NEVER).all() and population.people.sex[first] == 0


def _birth(story: Story, home: int, day: int) -> None:
    mother = home * 3
    child = story.arrives("birth", day, day, home, mother=mother, father=mother + 1, origin=0, abroad=0)
    story.births.append((child, mother, mother + 1, day))


def _twins(story: Story, home: int, day: int) -> None:
    for _ in range(2):
        child = story.arrives("birth", day, day, home, mother=home * 3, origin=0, abroad=0)
        story.births.append((child, home * 3, -1, day))


def _parting(story: Story, home: int, day: int) -> None:
    """The first leaves the second, takes the third along, and moves in with a newcomer."""
    one, other = home * 3, home * 3 + 1
    together = int(story.lives.people.birth_day[[one, other]].max()) + 1
    story.unions.append((one, other, together, NEVER, day, UNION_ENDS.index("separation")))
    new = story.home()
    story.lives.people.birth_day[other] = min(story.lives.people.birth_day[other], BASE_DATE - 20 * YEAR)
    for person in (one, one + 2):
        story.ends(person, day)
        story.spells.append((person, new, SINGLE, day, NEVER))
        story.moved(person, day, "separation")
    newcomer = story.arrives("immigration", day + 50, BASE_DATE - 30 * YEAR, new, sex=1)
    story.moved(newcomer, day + 50, "immigration", -1, 0)
    story.unions.append((one, newcomer, day + 50, day + 60, NEVER, 0))


def _arrival(story: Story, home: int, day: int) -> None:
    newcomer = story.arrives("move_in", day, BASE_DATE - 40 * YEAR, story.home(), SINGLE)
    story.moved(newcomer, day, "in", -1, 0)
    story.unions.append((newcomer, -1, BASE_DATE - 3000, NEVER, BASE_DATE - 1000, UNION_ENDS.index("bereavement")))
    _care(story, newcomer, home * 3, day + 50)


def _care(story: Story, carer: int, person: int, day: int) -> None:
    """A neighbour cares for somebody, gives up, and later begins again."""
    neighbour = CARE_KINDS.index("neighbour")
    story.care.append((carer, person, neighbour, 6, day, day + 100, CARE_ENDS.index("overload"), 0, 0))
    story.care.append((carer, person, neighbour, 3, day + 400, NEVER, 0, 0, 0))


def _leaving(how: str, kind: str, story: Story, home: int, day: int) -> None:
    for person in range(home * 3, home * 3 + 3):
        story.ends(person, day + 1000)
        story.lives.left_day[person] = day + 1000
        story.lives.left_by[person] = DEPARTURES.index(how)
        story.moved(person, day + 1000, kind, 0, -1)


def _emigration(story: Story, home: int, day: int) -> None:
    _leaving("emigration", "emigration", story, home, day)


def _moving_out(story: Story, home: int, day: int) -> None:
    _leaving("move_out", "out", story, home, day)


def _moving_house(story: Story, home: int, day: int) -> None:
    for person in range(home * 3, home * 3 + 3):
        story.moved(person, day, "within")
    story.moved(home * 3, BASE_DATE - 500, "within")


_HAPPENINGS = (_birth, _twins, _parting, _arrival, _emigration, _moving_out, _moving_house)
