"""A town in its live years: what residents ask for comes about, and households stay whole whatever happens."""

from __future__ import annotations

import textwrap
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from toys import Toys

from abmsim.days import NEVER, parse_day
from abmsim.engine.changes import Changes
from abmsim.engine.columns import Columns
from abmsim.engine.lives import DEPARTURES, ENTRIES, MOVE_KINDS, Lives
from abmsim.engine.town import BLOCK_RESIDENTS, Past, Town
from abmsim.loading import load_catalogue, municipality_codes
from abmsim.population.attributes import attribute_columns
from abmsim.population.backstory import tell_backstory
from abmsim.population.customs import read_customs
from abmsim.population.kinship import link_relatives
from abmsim.population.places import find_places
from abmsim.population.synthesis import synthesise
from abmsim.vocabulary import BASE_DATE, POSITIONS

HORIZON = parse_day("2022-07-01")
WISHES = {
    "birth": ("sex == female and 18 <= age < 45 and not in_institution", 0.08),
    "leaves_home": ("position == child_at_home and age >= 18", 0.15),
    "seeks_partner": ("not has_partner and age >= 18 and position != child_at_home and not in_institution", 0.3),
    "marries": ("has_partner and not married", 0.1),
    "separates": ("has_partner and sex == female", 0.05),
    "moves_house": ("is_household_head", 0.06),
    "moves_away": ("is_household_head or position == child_at_home and age >= 18", 0.05),
    "emigrates": ("is_household_head", 0.02),
    "enters_institution": ("age >= 75 and not in_institution", 0.05),
    "changes_parent": ("parents_separated and age < 17", 0.2),
}
DYING = """\
    module: toy/dying
    about: many die, of any age
    begins: base_date
    assume:
      rate: {is: 0.02, why: a toy}
    start: alive
    states:
      alive: {hazard: assume.rate, next: dead}
      dead: {death: {}, final: true}
    """


def wish(kind: str, when: str, rate: float) -> str:
    return textwrap.dedent(f"""\
        module: toy/{kind}
        about: asks for it now and then
        begins: base_date
        assume:
          rate: {{is: {rate}, why: a toy}}
          pause: {{is: 40 days, why: a toy}}
        start: waiting
        states:
          waiting: {{silent: true, when: {when}, hazard: assume.rate, next: asks}}
          asks: {{happens: {kind}, wait: assume.pause, next: waiting}}
        """)


@cache
def parts(place: str = "Urk", size: int = 1200):
    """Residents of a place with their past, and how people live there."""
    catalogue = load_catalogue()
    codes = tuple(municipality_codes(catalogue))
    population = synthesise(find_places(place, catalogue), size, 3, catalogue)
    courses = link_relatives(population, catalogue, 3)
    present = attribute_columns(population, codes)
    backstory = tell_backstory(population, present, catalogue, 3, courses)
    past = Past({**present, **backstory.present()}, backstory)
    return population, past, read_customs(catalogue, population, codes), codes


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory):
    toys = Toys(tmp_path_factory.mktemp("lives"))
    texts = [wish(kind, when, rate) for kind, (when, rate) in WISHES.items()]
    return toys.program(*texts, DYING, codes=parts()[3])


def town(program, place: str = "Urk", workers: int = 1, block_residents: int = BLOCK_RESIDENTS) -> Town:
    population, past, customs, _ = parts(place)
    return Town(
        program, population, past, 3, BASE_DATE, HORIZON, workers, block_residents=block_residents, customs=customs
    )


def columns_of(run: Town) -> Columns:
    assert run.columns is not None
    return run.columns


@pytest.fixture(scope="module")
def lived(program) -> Town:
    run = town(program)
    run.run()
    return run


@pytest.fixture(scope="module")
def lives(lived: Town) -> Lives:
    return lived.lives


def homes_on(lives: Lives, day: int) -> tuple[np.ndarray, np.ndarray]:
    """(person, household) of everybody on a day."""
    there = (lives.membership.from_day <= day) & (day < lives.membership.to_day)
    return lives.membership.person[there], lives.membership.household[there]


DAYS = [parse_day(day) for day in ("2020-01-01", "2020-02-01", "2020-09-15", "2021-04-01", "2022-06-30")]


def test_everything_happens(lives: Lives) -> None:
    assert (np.bincount(lives.entered_by, minlength=len(ENTRIES)) > 0).all()
    assert (np.bincount(lives.left_by, minlength=len(DEPARTURES)) > 0).all()
    live = lives.moves.day >= BASE_DATE
    kinds = np.bincount(lives.moves.kind[live], minlength=len(MOVE_KINDS))
    assert all(kinds[number] > 0 for number in range(len(MOVE_KINDS)))
    assert (lives.unions.ended_by[lives.unions.to_day > BASE_DATE] > 0).any()


def test_everybody_has_one_home_as_long_as_they_are_there(lives: Lives) -> None:
    spells = lives.membership
    lived = np.minimum(lives.left_day, HORIZON) - lives.entered_day
    days = np.minimum(spells.to_day, HORIZON) - spells.from_day
    assert (days > 0).all()
    assert np.array_equal(np.bincount(spells.person, weights=days, minlength=len(lives)).astype(int), lived)


def test_nobody_lives_on_where_a_child_is_born_later_in_the_month_of_their_death(tmp_path: Path) -> None:
    often = [wish("birth", WISHES["birth"][0], 3.0), DYING.replace("0.02", "1.0")]
    run = town(Toys(tmp_path).program(*often, codes=parts()[3]))
    run.run()
    lives = run.lives
    born = lives.births
    fathers = born.father >= 0
    father, day = born.father[fathers], born.day[fathers]
    assert (lives.left_day[father] < day).any(), "some died before in the month"
    spells = lives.membership
    assert (spells.to_day[spells.to_day < NEVER] <= lives.left_day[spells.person][spells.to_day < NEVER]).all()
    same = np.flatnonzero(spells.person[1:] == spells.person[:-1])
    assert (spells.to_day[same] == spells.from_day[same + 1]).all()


@pytest.mark.parametrize("day", [*DAYS, *range(BASE_DATE + 40, HORIZON, 60)])
def test_no_minor_lives_alone(lives: Lives, day: int) -> None:
    person, household = homes_on(lives, day)
    private = lives.households.kind[household] == 0
    person, household = person[private], household[private]
    grown = np.zeros(len(lives.households), dtype=bool)
    grown[household[(day - lives.people.birth_day[person]) / 365.25 >= 18]] = True
    assert grown[household].all()


def test_whoever_dies_leaves_the_town_on_that_day(lived: Town, lives: Lives) -> None:
    """Newborns too, whose first month is run with the second."""
    dead = next(number for number, info in enumerate(lived.program.states) if info.name == "dead")
    died = {
        (int(person), int(day))
        for chunk in lived.chunks()
        for person, day in zip(chunk.person[chunk.state == dead], chunk.day[chunk.state == dead], strict=True)
    }
    left = np.flatnonzero(lives.left_by == DEPARTURES.index("death"))
    assert died == {(int(person), int(lives.left_day[person])) for person in left} and len(died) > 20


def test_positions_fit_the_households(lives: Lives) -> None:
    day = DAYS[-1]
    spells = lives.membership
    there = (spells.from_day <= day) & (day < spells.to_day)
    household, position = spells.household[there], spells.position[there]
    size = np.bincount(household, minlength=len(lives.households))
    single = position == POSITIONS.index("single")
    assert (size[household[single]] == 1).all()
    partner = np.array([name.startswith("partner_") for name in POSITIONS])[position]
    assert np.isin(np.bincount(household, weights=partner), (0, 2, 4)).all()
    parent = np.array([name.endswith("with_children") or name == "single_parent" for name in POSITIONS])[position]
    child = position == POSITIONS.index("child_at_home")
    assert set(household[child]) == set(household[parent])


def test_a_child_is_born_to_a_woman_and_into_her_home(lives: Lives) -> None:
    births = lives.births
    assert (lives.people.sex[births.mother] == 0).all()
    known = births.father >= 0
    assert (lives.people.sex[births.father[known]] == 1).all()
    assert (lives.people.birth_day[births.child] == births.day).all()
    age = (births.day - lives.people.birth_day[births.mother]) / 365.25
    assert ((age >= 18) & (age < 45.2)).all()
    first = {int(person): int(house) for person, house in zip(lives.membership.person[::-1],
                                                               lives.membership.household[::-1], strict=True)}
    spells = lives.membership
    for child, mother, day in zip(births.child, births.mother, births.day, strict=True):
        at = (spells.person == mother) & (spells.from_day <= day) & (day < spells.to_day)
        assert int(child) not in first or spells.household[at][0] == first[int(child)]


def test_nobody_has_two_unions_at_a_time(lives: Lives) -> None:
    unions = lives.unions
    person = np.concatenate([unions.a, unions.b])
    from_day, to_day = np.tile(unions.from_day, 2), np.tile(unions.to_day, 2)
    known = person >= 0
    order = np.lexsort((from_day[known], person[known]))
    person, from_day, to_day = (column[known][order] for column in (person, from_day, to_day))
    same = np.flatnonzero(person[1:] == person[:-1])
    assert (to_day[same] <= from_day[same + 1]).all()


def test_nothing_of_who_left_runs_on(lived: Town, lives: Lives) -> None:
    """Also of a newborn who left with its household in the month of its birth."""
    assert lived.columns is not None
    gone = np.flatnonzero(lives.left_day < HORIZON)
    babies = lives.left_day[gone] - lives.people.birth_day[gone] < 31
    assert babies.any()
    assert (lived.columns.matrix("DUE")[gone] == NEVER).all()


def test_partners_are_partners_of_each_other(lived: Town) -> None:
    columns = columns_of(lived)
    there = columns.column("GROUP") >= 0
    partner = columns.matrix("RELATIVES")[:, 0]
    paired = np.flatnonzero(there & (partner >= 0))
    assert (partner[partner[paired]] == paired).all()


def test_the_rule_of_positions_gives_the_published_households_of_the_base_date(program) -> None:
    run = town(program)
    run.begin()
    columns = columns_of(run)
    before = columns.attributes()
    everybody = np.flatnonzero(columns.attribute("in_institution") == 0)
    changes = Changes(columns, run.agendas, BASE_DATE + 1)
    changes.look_again(everybody)
    changes.carry_out()
    differ = np.flatnonzero((before != columns.attributes()).any(axis=0))
    assert [program.attributes[index].name for index in differ] == []


@pytest.mark.parametrize(("workers", "block_residents"), [(3, BLOCK_RESIDENTS), (2, 100)])
def test_workers_and_blocks_change_nothing_in_the_live_years(
    program, lived: Town, lives: Lives, workers: int, block_residents: int
) -> None:
    other = town(program, workers=workers, block_residents=block_residents)
    other.run()
    for part in ("people", "households", "membership", "unions", "moves", "births"):
        one_part, other_part = getattr(lives, part), getattr(other.lives, part)
        for column in fields(one_part):
            assert np.array_equal(getattr(one_part, column.name), getattr(other_part, column.name)), column.name
    log = [(chunk.person.tobytes(), chunk.day.tobytes(), chunk.state.tobytes()) for chunk in other.chunks()]
    joined = [b"".join(column) for column in zip(*log, strict=True)]
    mine = [(chunk.person.tobytes(), chunk.day.tobytes(), chunk.state.tobytes()) for chunk in lived.chunks()]
    assert joined == [b"".join(column) for column in zip(*mine, strict=True)]


def test_between_towns_of_a_run_people_move_and_stay(program) -> None:
    run = town(program, place="Urk+Noordoostpolder")
    assert run.customs is not None
    run.customs = replace(run.customs, stays_inside=np.array([0.5, 0.5]))
    run.run()
    moves = run.lives.moves
    inside = (moves.kind == MOVE_KINDS.index("in")) & (moves.from_municipality >= 0) & (moves.day > BASE_DATE)
    assert inside.any()
    assert (moves.from_municipality[inside] != moves.to_municipality[inside]).all()
    assert (run.lives.left_day[moves.person[inside]] > moves.day[inside]).all()
    elsewhere = (moves.from_municipality >= 0) & (moves.to_municipality >= 0) & (moves.day > BASE_DATE)
    elsewhere &= moves.from_municipality != moves.to_municipality
    last = np.full(len(run.lives.left_day), -1, dtype=np.int64)
    np.maximum.at(last, moves.person[elsewhere], moves.day[elsewhere])
    known = columns_of(run).attribute("moved_date")
    there = run.lives.left_day >= NEVER
    assert (last[there] > 0).any()
    assert np.array_equal(known[: len(there)][there], np.where(last > 0, last, NEVER)[there])
