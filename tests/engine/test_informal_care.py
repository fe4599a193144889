"""Who cares for whom in a town: found at the barrier, known a month later, and the same however the town is split."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from test_lives_of_a_town import WISHES, parts, wish
from toys import Toys

from abmsim.days import NEVER
from abmsim.engine.lives import CARE_ENDS, CARE_KINDS, Care
from abmsim.engine.town import BLOCK_RESIDENTS, Town
from abmsim.population.care_patterns import HOUSEMATE, NEIGHBOUR, PARTNER
from abmsim.vocabulary import BASE_DATE

HORIZON = BASE_DATE + 366
LIMITED = """\
    module: primary_care/limitations
    about: many have difficulty, and worse with time
    assume:
      begins: {is: 0.02, unit: rate per person-year, why: a toy}
      worsens: {is: 0.2, unit: rate per person-year, why: a toy}
    start: able
    states:
      able: {silent: true, when: age >= 18, hazard: assume.begins, next: some}
      some: {silent: true, set: {limitations: some}, hazard: assume.worsens, next: severe}
      severe: {silent: true, set: {limitations: severe}, final: true}
    """
IN_NEED = """\
    module: wmo/informal_care
    about: who has difficulty asks for a carer, and again every two months; for some it passes
    begins: base_date
    assume:
      pause: {is: 2 months, why: a toy}
      passes: {is: 0.1, unit: rate per person-year, why: a toy}
    start: able
    states:
      able: {silent: true, when: limitations != none and not in_institution, next: asks}
      asks:
        happens: seeks_carer
        set: {needs_care: true}
        until: {later: {wait: assume.pause}, better: {hazard: assume.passes}}
        next: {later: asks, better: better}
      better: {silent: true, set: {needs_care: false}, final: true}
    """
GIVING = """\
    module: toy/giving
    about: who gives many hours gives up some day
    begins: base_date
    assume: {gives_up: {is: 0.5, unit: rate per person-year, why: a toy}, many: {is: 20, unit: number, why: a toy}}
    attributes: {told: {type: number, about: the hours that were seen last}}
    start: free
    states:
      free: {silent: true, when: care_hours_given >= assume.many, next: busy}
      busy:
        silent: true
        set: {told: care_hours_given}
        until: {over: care_hours_given < assume.many, enough: {hazard: assume.gives_up}}
        next: {over: free, enough: stops}
      stops: {happens: stops_caring, when: care_hours_given == 0, next: free}
    """
KINDS = ("leaves_home", "seeks_partner", "separates", "moves_house", "moves_away", "emigrates")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory):
    toys = Toys(tmp_path_factory.mktemp("care"))
    wishes = [wish(kind, *WISHES[kind]) for kind in KINDS]
    wishes.append(wish("enters_institution", "age >= 55 and not in_institution", 0.25))
    dying = wish("seeks_partner", "age >= 40", 0.06).replace("toy/seeks_partner", "toy/dying")
    dying = dying.replace("happens: seeks_partner, wait: assume.pause, next: waiting", "death: {}, final: true")
    dying = dying.replace("  pause: {is: 40 days, why: a toy}\n", "")
    return toys.program(*wishes, dying, LIMITED, IN_NEED, GIVING, codes=parts()[3])


def lived_through(program, workers: int = 1, block_residents: int = BLOCK_RESIDENTS) -> Town:
    population, past, customs, _ = parts()
    town = Town(
        program, population, past, 3, BASE_DATE, HORIZON, workers, block_residents=block_residents, customs=customs
    )
    town.run()
    return town


@pytest.fixture(scope="module")
def town(program) -> Town:
    return lived_through(program)


@pytest.fixture(scope="module")
def care(town: Town) -> Care:
    return town.lives.care


def going_on(care: Care, day: int) -> np.ndarray:
    return (care.from_day <= day) & (day < care.to_day)


def test_all_kinds_of_carers_are_found_and_care_ends_in_every_way(care: Care) -> None:
    assert (np.bincount(care.kind, minlength=len(CARE_KINDS)) > 0).all()
    ended = np.bincount(care.ended_by, minlength=len(CARE_ENDS))
    assert not [name for name, number in zip(CARE_ENDS, ended, strict=True) if not number]


def test_the_residents_of_the_base_date_who_need_care_have_it_already(town: Town, care: Care) -> None:
    carried = care.carried_over != 0
    assert carried.any() and (care.from_day[carried] == BASE_DATE).all()
    assert (care.from_day[~carried] > BASE_DATE).all()
    assert (town.lives.entered_day[care.carer[carried]] == BASE_DATE).all()


def test_only_who_is_there_cares_or_is_cared_for(town: Town, care: Care) -> None:
    lives = town.lives
    last = np.minimum(care.to_day, HORIZON)
    for side in (care.person, care.carer):
        assert (care.from_day >= lives.entered_day[side]).all()
        assert (last <= np.where(lives.left_day[side] == NEVER, HORIZON, lives.left_day[side])).all()
    assert (care.from_day < care.to_day).all() and (care.person != care.carer).all()
    assert (care.from_day - lives.people.birth_day[care.carer] >= 18 * 365.2).all()


@pytest.mark.parametrize("day", [BASE_DATE + 40, BASE_DATE + 200, HORIZON - 1])
def test_nobody_cares_for_the_same_person_twice_at_a_time(care: Care, day: int) -> None:
    now = going_on(care, day)
    both = np.stack([care.person[now], care.carer[now]], axis=1)
    assert len(np.unique(both, axis=0)) == len(both)


def test_what_residents_know_is_the_sum_of_the_care_that_goes_on(town: Town, care: Care) -> None:
    assert town.columns is not None
    now = care.to_day == NEVER
    there = town.columns.column("GROUP") >= 0
    for name, side, amount in (
        ("care_hours_given", care.carer, care.hours),
        ("care_hours_received", care.person, care.hours),
        ("carers", care.person, np.ones(len(care))),
    ):
        total = np.zeros(len(there))
        np.add.at(total, side[now], amount[now])
        assert np.array_equal(town.columns.attribute(name)[there], total[there])


def test_who_lost_their_carers_knows_since_when(town: Town, care: Care) -> None:
    assert town.columns is not None
    lost = town.columns.attribute("carer_lost_date")
    known = np.flatnonzero(lost < NEVER)
    assert len(known)
    ended = {(int(person), int(day)) for person, day in zip(care.person, care.to_day, strict=True)}
    assert all((int(person), int(lost[person])) in ended for person in known)


def test_partners_and_housemates_live_with_whom_they_care_for(town: Town, care: Care) -> None:
    assert town.columns is not None
    now = (care.to_day == NEVER) & np.isin(care.kind, [PARTNER, HOUSEMATE])
    group = town.columns.column("GROUP")
    assert now.any() and (group[care.person[now]] == group[care.carer[now]]).all()
    near = (care.to_day == NEVER) & (care.kind == NEIGHBOUR)
    where = town.columns.attribute("neighbourhood_code")
    assert (where[care.person[near]] == where[care.carer[near]]).all()
    assert (group[care.person[near]] != group[care.carer[near]]).all()


def test_who_gave_up_is_left_in_peace_for_a_year(care: Care) -> None:
    gave_up = care.ended_by == CARE_ENDS.index("overload")
    last = {int(carer): int(day) for carer, day in zip(care.carer[gave_up], care.to_day[gave_up], strict=True)}
    later = [last.get(int(c), NEVER) < day for c, day in zip(care.carer, care.from_day, strict=True)]
    assert last and not any(later)


def test_nobody_takes_a_second_person_on_beyond_what_can_be_borne(town: Town, care: Care) -> None:
    most = parts()[2].care.most_hours
    now = care.to_day == NEVER
    hours, persons = np.zeros(len(town.lives)), np.bincount(care.carer[now])
    np.add.at(hours, care.carer[now], care.hours[now])
    assert (hours[np.flatnonzero(persons > 1)] <= most).all()


@pytest.mark.parametrize(("workers", "block_residents"), [(2, 150), (3, 1000)])
def test_neither_workers_nor_blocks_decide_who_cares_for_whom(
    program, town: Town, care: Care, workers: int, block_residents: int
) -> None:
    other = lived_through(program, workers, block_residents)
    for field in fields(Care):
        assert np.array_equal(getattr(other.lives.care, field.name), getattr(care, field.name)), field.name
    assert town.columns is not None and other.columns is not None
    assert np.array_equal(other.columns.attributes(), town.columns.attributes())
    rows = [np.concatenate([agenda.log() for agenda in run.agendas]) for run in (town, other)]
    ordered = [log[np.lexsort(log.T[::-1])] for log in rows]
    assert np.array_equal(ordered[0], ordered[1])


def test_others_lives_are_the_same_with_and_without_care(program, town: Town) -> None:
    """Modules of care change nothing in who moves, dies or lives with whom."""
    kept = parts()[2]
    nobody = replace(kept, care=replace(kept.care, agrees=kept.care.agrees * 0, neighbours=kept.care.neighbours * 0))
    population, past, _, _ = parts()
    without = Town(program, population, past, 3, BASE_DATE, HORIZON, 1, customs=nobody)
    without.run()
    assert len(without.lives.care) == 0
    for table in ("membership", "unions", "moves"):
        for field in fields(getattr(town.lives, table)):
            one, other = (getattr(getattr(run.lives, table), field.name) for run in (town, without))
            assert np.array_equal(one, other), (table, field.name)
