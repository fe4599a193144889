"""Institutions at the barrier: who asks waits for a turn, and the turns are as many as the institution can give."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from toys import Toys
from waiting_town import ASKS, desks, lived, program, settled

from abmsim.days import NEVER, add_months, civil_date, civil_day, parse_day
from abmsim.engine.offices import FEWEST_RESIDENTS, Offices
from abmsim.engine.town import Town
from abmsim.engine.waiting import ADMITTED, DECEASED, WAITING, WITHDRAWN, Requests, Settled, first_days
from abmsim.population.places import Place
from abmsim.records.providers import ProvidersOfHelp
from abmsim.records.residence import Residence
from abmsim.vocabulary import BASE_DATE

ACTS_FROM = parse_day("2020-02-01")
NOTHING = "capacity: {a_month: {is: 0, why: a toy}}"


def of_month(number: int) -> str:
    return f"capacity: {{a_month: {{is: {number}, why: a toy}}}}"


def log_of(run: Town) -> np.ndarray:
    """Every entered state: person, day, state."""
    chunks = list(run.chunks())
    columns = [np.concatenate([getattr(chunk, name) for chunk in chunks]) for name in ("person", "day", "state")]
    return np.stack(columns)


def month_of(day: int) -> int:
    """The first day of the month of a day."""
    year, month, _ = civil_date(day)
    return civil_day(year, month, 1)


def days_waited(run: Town, since: int = ACTS_FROM) -> np.ndarray:
    """Days from asking to the turn, of those who asked since a day and had one."""
    found = settled(run)
    kept = (found.outcome == ADMITTED) & (found.asked_day >= since)
    return found.to_day[kept] - found.asked_day[kept]


def test_with_a_capacity_of_zero_the_list_grows_and_nobody_has_a_turn(toys: Toys) -> None:
    run = lived(program(toys, NOTHING))
    found = settled(run)
    assert len(found) > 300 and (found.outcome == WAITING).all() and (found.to_day == NEVER).all()
    months = run.lives.institutions.months  # type: ignore[union-attr]
    for office in (0, 1):
        waiting = months.waiting[months.office == office]
        assert (np.diff(waiting) >= 0).all() and waiting[-1] > waiting[0]


def test_a_crisis_has_its_turn_at_once_even_there(toys: Toys) -> None:
    n = 400
    run = lived(program(toys, NOTHING), n=n, emergency=np.arange(n) % 4 == 0)
    found = settled(run)
    crisis = found.person % 4 == 0
    late = found.asked_day >= ACTS_FROM
    assert (found.outcome[crisis & late] == ADMITTED).all() and (found.crisis == crisis)[late].all()
    assert (found.to_day[crisis & late] == found.asked_day[crisis & late]).all()
    assert (found.outcome[~crisis] == WAITING).all()


def test_no_more_have_a_turn_than_the_capacity_allows(toys: Toys) -> None:
    run = lived(program(toys, of_month(5)))
    found = settled(run)
    for office in (0, 1):
        had = found.to_day[(found.office == office) & (found.outcome == ADMITTED)]
        for month in range(22):
            begin, end = add_months(ACTS_FROM, month), add_months(ACTS_FROM, month + 1)
            assert ((had >= begin) & (had < end)).sum() == 5


def test_who_asked_first_goes_first(toys: Toys) -> None:
    found = settled(lived(program(toys, of_month(5))))
    for office in (0, 1):
        turn = found.outcome == ADMITTED
        order = np.argsort(found.to_day[turn & (found.office == office)], kind="stable")
        asked = found.asked_day[turn & (found.office == office)][order]
        assert (np.diff(asked) >= 0).all()
        left = found.asked_day[~turn & (found.office == office)]
        assert asked.max() <= left.min()


def test_the_larger_priority_goes_first(toys: Toys) -> None:
    n = 400
    found = settled(lived(program(toys, of_month(5)), n=n, urgent=np.arange(n) % 2))
    urgent = found.person % 2 == 1
    assert (found.outcome[urgent] == ADMITTED).mean() > (found.outcome[~urgent] == ADMITTED).mean()
    # Nobody of low priority is called at a barrier at which somebody of high priority goes on waiting.
    for turn, office in zip(found.to_day[~urgent], found.office[~urgent], strict=True):
        if turn < NEVER:
            begins = month_of(int(turn))
            still = (found.asked_day < begins) & (found.to_day >= add_months(begins, 1))
            waits = urgent & (found.office == office) & still
            assert not waits.any()


def test_where_there_is_room_for_all_nobody_waits(toys: Toys) -> None:
    waited = days_waited(lived(program(toys, of_month(500))), since=add_months(ACTS_FROM, 1))
    assert len(waited) > 200 and (waited == 0).all()


def test_who_waited_on_the_first_day_keeps_the_place_in_line(toys: Toys) -> None:
    found = settled(lived(program(toys, of_month(5), rate=6.0)))
    first = found.asked_day < ACTS_FROM
    assert first.any() and (found.asked_day[first] >= BASE_DATE).all()
    assert found.to_day[first].min() >= ACTS_FROM


def test_what_was_asked_in_the_year_before_is_known_from_the_first_month_on(toys: Toys) -> None:
    """Staff for as many as were asked: the first year's list is no longer than the last one's, but for chance."""
    toys.institution("desk", "20 days", "capacity: {of_requests: {is: 1.0, why: a toy}}")
    made = toys.program(ASKS.replace("begins: base_date\n", "").replace("RATE", "2.0"))
    run = lived(made, n=3000, until="2021-01-01")
    for desk in desks(run):
        told = np.array(desk.earlier)
        assert len(told) == 12 and abs(told.mean() - told[-1]) < 4 * sqrt(told.mean())
    months = run.lives.institutions.months  # type: ignore[union-attr]
    asked, admitted = months.asked[months.office == 0], months.admitted[months.office == 0]
    # In the first month nobody has been told a day yet but those who are now: it has as many as any other.
    assert abs(admitted[0] - asked.mean()) < 4 * sqrt(asked.mean())


@pytest.mark.parametrize(("workers", "block"), [(2, 4096), (1, 37), (3, 101)])
def test_turns_are_the_same_whatever_the_workers_and_the_blocks(toys: Toys, workers: int, block: int) -> None:
    capacity = """capacity:
      of_requests: {is: 0.8, why: a toy}
      catches_up: {is: 6 months, why: a toy}
      differs: {is: 0.2, why: a toy}"""
    made = program(toys, capacity, number=3, dying=True)
    values = {"urgent": np.arange(400) % 3, "emergency": np.arange(400) % 17 == 0}
    one, other = lived(made, **values), lived(made, workers=workers, block=block, **values)
    assert np.array_equal(log_of(one), log_of(other))
    for name in ("person", "state", "office", "asked_day", "to_day", "outcome", "crisis"):
        assert np.array_equal(getattr(settled(one), name), getattr(settled(other), name)), name


def test_the_turn_is_when_the_state_is_left(toys: Toys) -> None:
    run = lived(program(toys, of_month(8), dying=True))
    person, day, state = log_of(run)
    heard = next(i for i, info in enumerate(run.program.states) if info.name == "heard")
    entered = {*zip(person[state == heard].tolist(), day[state == heard].tolist(), strict=True)}
    found = settled(run)
    had = found.outcome == ADMITTED
    assert {*zip(found.person[had].tolist(), found.to_day[had].tolist(), strict=True)} <= entered
    assert had.sum() > 100


def test_who_dies_while_waiting_leaves_the_list_on_that_day(toys: Toys) -> None:
    run = lived(program(toys, NOTHING, dying=True))
    found, death = settled(run), run.lives.death_day
    died = found.outcome == DECEASED
    assert died.any() and np.array_equal(found.to_day[died], death[found.person[died]])
    waits = found.outcome == WAITING
    assert (death[found.person[waits]] == NEVER).all()


def test_each_is_helped_by_one_of_several_providers_and_always_by_the_same(toys: Toys) -> None:
    run = lived(program(toys, of_month(40), number=3, rate=3.0))
    person, day, state = log_of(run)
    provider = ProvidersOfHelp(run.program, run.lives, Residence(run.lives)).provider(person, day, state)
    pairs = {*zip(person.tolist(), provider.tolist(), strict=True)}
    assert len(pairs) == len(set(person.tolist()))
    counts = np.bincount([number for _, number in pairs], minlength=6)
    n = counts.sum()
    assert (np.abs(counts - n / 6) < 4 * sqrt(n / 6 * 5 / 6)).all()


def test_in_a_sample_small_areas_of_like_staffing_share_a_line(toys: Toys) -> None:
    capacity = "capacity: {a_month: {is: 10, why: a toy}, differs: {is: 0.2, why: a toy}}"
    described = program(toys, capacity).institutions
    places = [Place(f"GM{number:04d}", "", 100_000) for number in range(100)]
    sample = Offices.of(described, places, np.full(100, 1_000), {})
    whole = Offices.of(described, places, np.full(100, 100_000), {})
    assert len(sample) == 4 and len(whole) == 100
    assert all(one.residents >= FEWEST_RESIDENTS and one.scale == 0.01 for one in sample.institutions)
    own = np.array([one.staffing for one in whole.institutions])[whole.of_place[0]]
    lines = [own[sample.of_place[0] == line] for line in range(4)]
    assert all(one.max() <= other.min() for one, other in zip(lines, lines[1:], strict=False))
    shared = np.array([one.staffing for one in sample.institutions])
    assert shared == pytest.approx([one.mean() for one in lines])


def test_a_budget_that_is_spent_lets_everybody_wait_for_the_new_year(toys: Toys) -> None:
    budget = "budget: {euros_per_resident_a_year: {is: 20, why: a toy}, euros_a_request: {is: 100, why: a toy}}"
    run = lived(program(toys, budget), until="2022-06-01")
    found = settled(run)
    had = found.to_day[(found.outcome == ADMITTED) & (found.office == 0)]
    residents = desks(run)[0].residents
    in_2021 = ((had >= parse_day("2021-01-01")) & (had < parse_day("2022-01-01"))).sum()
    # A month without a line is open to its end: what comes in it may be more than the budget was for.
    asked_a_month = 200 / 12
    assert residents * 20 // 100 <= in_2021 <= residents * 20 // 100 + asked_a_month + 4 * sqrt(asked_a_month)
    assert ((had >= parse_day("2021-11-01")) & (had < parse_day("2022-01-01"))).sum() == 0
    assert ((had >= parse_day("2022-01-01")) & (had < parse_day("2022-02-01"))).sum() > 0


def test_a_list_settles_where_staff_found_for_it_makes_up_for_what_is_short(toys: Toys) -> None:
    """Staff for three quarters of the requests, and for the list within half a year: it is an eighth of a year long."""
    capacity = "capacity: {of_requests: {is: 0.75, why: a toy}, catches_up: {is: 6 months, why: a toy}}"
    run = lived(program(toys, capacity, rate=2.0), n=3000, until="2025-01-01")
    found = settled(run)
    since = parse_day("2022-01-01")
    kept = (found.outcome == ADMITTED) & (found.asked_day >= since) & (found.asked_day < parse_day("2024-07-01"))
    by_month = np.array([
        (found.to_day - found.asked_day)[kept & (found.asked_day >= add_months(since, m))
                                         & (found.asked_day < add_months(since, m + 3))].mean()
        for m in range(0, 30, 3)
    ])  # fmt: skip
    expected = 0.25 * 365.25 / 2
    # Quarters follow each other closely: a third of them counts as many.
    assert abs(by_month.mean() - expected) < 4 * by_month.std(ddof=1) / sqrt(len(by_month) / 3) + 0.05 * expected


def test_areas_differ_by_the_spread_that_is_described_around_the_usual_staff(toys: Toys) -> None:
    capacity = "capacity: {a_month: {is: 10, why: a toy}, differs: {is: 0.2, why: a toy}}"
    described = program(toys, capacity).institutions
    places = [Place(f"GM{number:04d}", "", 100) for number in range(400)]
    offices = Offices.of(described, places, np.full(400, 100), {})
    logs = np.log([one.staffing for one in offices.institutions])
    assert abs(logs.mean()) < 4 * 0.2 / sqrt(400)
    assert abs(logs.std() - 0.2) < 4 * 0.2 / sqrt(2 * 400)


def test_nobody_who_no_longer_waits_is_told_a_day(toys: Toys) -> None:
    """Who goes on without the institution leaves the list."""
    toys.institution("desk", "20 days", NOTHING)
    impatient = """\
module: toy/impatient
about: waits a fortnight at the most
begins: base_date
assume: {rate: {is: 2.0, why: a toy}, patience: {is: 14 days, why: a toy}}
start: well
states:
  well: {silent: true, hazard: assume.rate, next: asking}
  asking:
    until: {turn: {await: desk}, enough: {wait: assume.patience}}
    next: {turn: well, enough: well}
"""
    run = lived(toys.program(impatient))
    found = settled(run)
    assert (found.outcome[found.to_day < NEVER] == WITHDRAWN).all() and (found.outcome == WITHDRAWN).sum() > 300
    assert ((found.to_day - found.asked_day)[found.to_day < NEVER] <= 45).all()


def test_whoever_asks_again_before_the_day_they_were_told_had_withdrawn() -> None:
    first = Requests(*(np.array(column) for column in ([7, 7, 8], [1, 1, 2], [4, 4, 4], [0, 0, 0], [10, 30, 10],
                                                       [0.0] * 3, [False] * 3)))  # fmt: skip
    told = [Settled.of(first, np.array([40, 60, 40]), ADMITTED)]
    found = Settled.together(told)
    assert found.asked_day.tolist() == [10, 30, 10]
    assert found.to_day.tolist() == [30, 60, 40]
    assert found.outcome.tolist() == [WITHDRAWN, ADMITTED, ADMITTED]


def test_whoever_goes_on_without_it_in_the_month_of_the_turn_had_withdrawn(toys: Toys) -> None:
    """Nobody asks a second time; each who is listed as admitted was helped on that day, and nobody else was."""
    toys.institution("desk", "20 days", "capacity: {a_month: {is: 8, why: a toy}}")
    once = """\
module: toy/once
about: asks once and waits some weeks at the most
begins: base_date
assume: {rate: {is: 0.5, why: a toy}, patience: {is: 20-90 days, why: a toy}}
start: well
states:
  well: {silent: true, hazard: assume.rate, next: asking}
  asking:
    until: {turn: {await: desk}, enough: {wait: assume.patience}}
    next: {turn: heard, enough: gives_up}
  heard: {final: true}
  gives_up: {final: true}
"""
    run = lived(toys.program(once))
    found, (person, day, state) = settled(run), log_of(run)
    names = np.array([info.name for info in run.program.states])[state]
    since = found.asked_day >= ACTS_FROM

    def pairs(mine: np.ndarray, when: np.ndarray) -> set[tuple[int, int]]:
        return {*zip(mine.tolist(), when.tolist(), strict=True)}

    helped, gave_up = names == "heard", names == "gives_up"
    listed = since & (found.outcome == ADMITTED)
    assert pairs(found.person[listed], found.to_day[listed]) <= pairs(person[helped], day[helped])
    withdrew = since & (found.outcome == WITHDRAWN)
    assert {*found.person[withdrew].tolist()} <= {*person[gave_up].tolist()}
    assert {*person[gave_up & (day >= ACTS_FROM)].tolist()} >= {*found.person[withdrew].tolist()}
    # The others drop out of the line at the end of the month in which they gave up.
    to_the_day = pairs(found.person[withdrew], found.to_day[withdrew]) & pairs(person[gave_up], day[gave_up])
    assert len(to_the_day) > 10


def test_the_first_day_on_which_a_row_is_of_both_a_resident_and_a_module() -> None:
    person, module = np.array([4, 9, 4]), np.array([1, 1, 2])
    rows = np.array([[4, 1, 30], [4, 1, 20], [9, 2, 10], [4, 2, 25], [5, 1, 5]]).T
    assert first_days(person, module, *rows).tolist() == [20, NEVER, 25]
    nobody = np.empty(0, dtype=np.int64)
    assert first_days(nobody, nobody, *rows).tolist() == []


def test_the_log_names_a_row_for_every_request(toys: Toys) -> None:
    run = lived(program(toys, of_month(5)))
    person, day, state = log_of(run)
    asking = next(i for i, info in enumerate(run.program.states) if info.name == "asking")
    asked = (state == asking) & (day >= ACTS_FROM)
    found = settled(run)
    mine = found.asked_day >= ACTS_FROM
    assert {*zip(person[asked].tolist(), day[asked].tolist(), strict=True)} == {
        *zip(found.person[mine].tolist(), found.asked_day[mine].tolist(), strict=True)
    }
