"""What is told of the past and asked for in the live years changes households, as docs/semantics.md says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from small import Lives, Person, Toys, attributes, dates, day, module

from abmsim.days import NEVER
from abmsim.engine.agenda import Agenda, Block, Calendar
from abmsim.engine.columns import Script
from abmsim.engine.kernel import run_block
from abmsim.engine.town import Town
from abmsim.vocabulary import BASE_DATE

if TYPE_CHECKING:
    from ..engine.test_lives_of_a_town import parts
    from ..engine.toys import households
else:
    from test_lives_of_a_town import parts
    from toys import households

GONE = "gone: {final: true}"
UNTIL = day("2025-01-01")

ASKS = """\
    waits: {when: today >= '2020-03-10', next: [{when: sex == female, to: asks}, {else: weds}]}
    asks: {silent: true, happens: marries, next: weds}
    weds: {until: {wed: married, later: today >= '2020-05-20'}, next: {wed: wed, later: unwed}}
    wed: {when: today >= '2020-05-20', next: unwed}
    unwed: {next: [{when: has_partner and sex == female, to: parts}, {else: stays}]}
    parts: {happens: separates, next: stays}
    stays: {when: known(separation_date) and separation_date > '2020-05-20' and not has_partner, next: parted}
    parted: {final: true}
    """


def lived(program, block: Block) -> Lives:
    agenda = Agenda(program, block, Calendar.until(UNTIL), BASE_DATE, UNTIL)
    run_block(agenda.address)
    return Lives(program, agenda)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Urk after all women have asked to marry in March 2020 and all couples to part in May."""
    population, past, customs, codes = parts()
    program = Toys(tmp_path_factory.mktemp("asks")).program(module(ASKS), codes=codes)
    made = Town(program, population, past, 3, BASE_DATE, day("2020-09-01"), customs=customs)
    made.run()
    return made


def first_days(town: Town, state: str) -> np.ndarray:
    """int[n]: the day on which each resident of the base date first entered a state."""
    number = next(i for i, info in enumerate(town.program.states) if info.name == state)
    days = np.full(len(town.population.people), NEVER)
    for chunk in town.chunks():
        here = chunk.state == number
        np.minimum.at(days, chunk.person[here], chunk.day[here])
    return days


def present(name: str) -> np.ndarray:
    return parts()[1].attributes[name]


def couples() -> tuple[np.ndarray, np.ndarray]:
    """(women, men) who live together on the base date."""
    people = parts()[0].people
    women = np.flatnonzero((people.sex == 0) & (people.partner >= 0))
    men = people.partner[women]
    mixed = people.sex[men] == 1
    return women[mixed], men[mixed]


def test_s66_what_is_told_of_the_past_changes_attributes_on_its_day(toys: Toys) -> None:
    head = attributes("seen: {type: bool}", begins="birth")
    program = toys.program(
        module(f"a: {{when: has_partner, next: b}}\nb: {{when: married, next: gone}}\n{GONE}", head=head)
    )
    told = [("1990-05-06", "has_partner", 1.0), ("1994-07-08", "married", 1.0), ("1999-01-01", "married", 0.0)]
    script = Script(
        np.array([0, len(told)]), np.array([day(on) for on, _, _ in told], dtype=np.int32),
        np.array([program.attribute_index(name) for _, name, _ in told], dtype=np.int32),
        np.array([value for _, _, value in told]),
    )  # fmt: skip
    lives = lived(program, replace(households(program, [[Person()]]), script=script))
    assert lives.path() == ["a 1960-07-01", "b 1990-05-06", "gone 1994-07-08"]
    assert list(lives.attribute("married")) == [0.0]


def test_s90_what_is_asked_for_is_there_from_the_first_of_the_next_month(town: Town) -> None:
    women, men = couples()
    before = present("married")[women] == 1
    assert before.any() and not before.all()
    for residents in (women, men):
        wed = first_days(town, "wed")[residents]
        assert (wed[before] == day("2020-03-10")).all() and (wed[~before] == day("2020-04-01")).all()


def test_s91_who_has_no_partner_does_not_marry(town: Town) -> None:
    single = np.flatnonzero((parts()[0].people.partner < 0) & (parts()[0].people.birth_day < BASE_DATE))
    assert len(single) > 100
    assert (first_days(town, "wed")[single] == NEVER).all()


def test_s92_both_are_separated_and_a_child_stays_with_one(town: Town) -> None:
    women, men = couples()
    assert town.columns is not None
    for residents in (women, men):
        assert (first_days(town, "parted")[residents] == day("2020-06-01")).all()
        assert (town.columns.attribute("separation_date")[residents] == day("2020-05-31")).all()
    people, group = parts()[0].people, town.columns.column("GROUP")
    woman_of = np.full(len(people), -1)
    woman_of[men] = women
    children = np.flatnonzero((people.position == 0) & (people.mother >= 0) & (people.father >= 0))
    children = children[woman_of[people.father[children]] == people.mother[children]]
    with_mother = group[children] == group[people.mother[children]]
    with_father = group[children] == group[people.father[children]]
    assert len(children) > 100 and (with_mother != with_father).all()


def test_s93_who_lives_elsewhere_is_not_read(toys: Toys) -> None:
    here = attributes("here: {type: bool, default: true}")
    program = toys.program(module(f"a: {{when: mother.here, next: gone}}\n{GONE}", head=here))
    block = households(program, [[Person()], [Person()], [Person(), Person(), Person()]])
    relatives = block.relatives.copy()
    relatives[0, 1] = 1
    lives = lived(program, replace(block, relatives=relatives))
    assert dates(lives.first_day("gone")) == [None, None, None, None, "2020-01-01"]


def test_s94_housemates_are_read_from_the_month_after_they_came(toys: Toys) -> None:
    here = attributes("here: {type: bool, default: true}", begins="birth")
    program = toys.program(module(f"a: {{when: partner.here, next: gone}}\n{GONE}", head=here))
    block = households(program, [[Person(), Person()]])
    joined = np.full(2, day("2010-05-10"), dtype=np.int32)
    assert dates(lived(program, replace(block, joined=joined)).first_day("gone")) == ["2010-06-01"] * 2
