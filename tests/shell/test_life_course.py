"""A life tells what changed the household: children, couples and moves, with who asked for it and when."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from abmsim.cli import answer
from abmsim.life import life_of, open_run, read_rows
from abmsim.life.asked import Wishes, asking_states
from abmsim.life.course import Course
from abmsim.life.relatives import relative_lines

BASE = datetime.date(2020, 1, 1)
MAY, JUNE = datetime.date(2021, 5, 12), datetime.date(2021, 6, 1)
ME, YOU, CHILD = "abm-me", "abm-you", "abm-child"
STATES = {("town/wishes", kind): kind for kind in ("moves_house", "seeks_partner", "separates", "birth", "marries")}


def asks(kind: str, date: datetime.date = MAY, person: str = ME) -> dict:
    return {"person_id": person, "date": date, "module": "town/wishes", "state": kind, "why": f"{kind}.yaml:1"}


def union(**given: object) -> dict:
    return {"other": YOU, "from_date": JUNE, "married_date": None, "to_date": None, "ended_by": None, **given}


def move(kind: str, date: datetime.date = JUNE, origin: str | None = "GM1", target: str | None = "GM1") -> dict:
    return {"kind": kind, "date": date, "from_municipality_code": origin, "to_municipality_code": target}


def course(wishes=(), children=(), unions=(), moves=(), **person: object) -> list:
    me = {"person_id": ME, "entered_by": "base_date", "entered_date": BASE, "death_date": None, "left_date": None}
    told = Wishes(ME, tuple(wishes), STATES)
    return Course(me | person, children, unions, moves, {"GM2": "Urk"}, told).changes()


def lines(*arguments, **keywords) -> list[tuple]:
    changes = course(*arguments, **keywords)
    return [(change.date, change.text, change.asked and change.asked["date"]) for change in changes]


def test_a_couple_and_its_move_are_one_line() -> None:
    asked = [asks("seeks_partner")]
    found = lines(asked, unions=[union()], moves=[move("union", target="GM2")])
    assert found == [(JUNE, "Began to live with partner abm-you, and moved to Urk", MAY)]


def test_a_separation_names_who_asked_for_it_in_the_month_before() -> None:
    begin, early = datetime.date(2010, 3, 4), asks("separates", datetime.date(2021, 4, 30))
    found = lines([early, asks("separates", person=YOU)], unions=[
        union(from_date=begin, to_date=JUNE, ended_by="separation")
    ])  # fmt: skip
    assert found == [(begin, "Began to live with partner abm-you", None), (JUNE, "Parted from partner abm-you", MAY)]


def test_what_was_asked_too_early_did_not_lead_there() -> None:
    found = lines([asks("moves_house", datetime.date(2021, 4, 30))], moves=[move("within")])
    assert found == [(JUNE, "Moved house", None)]


def test_ones_own_question_goes_before_that_of_a_housemate() -> None:
    both = [asks("moves_house", person=YOU), asks("moves_house", datetime.date(2021, 5, 3))]
    (change,) = course(both, moves=[move("within")])
    assert change.asked is both[1]


def test_a_child_is_born_on_the_day_that_the_mother_asked_for() -> None:
    child = {"kind": "child", "person_id": CHILD, "birth_date": MAY, "sex": "male"}
    (change,) = course([asks("birth")], children=[child])
    assert (change.date, change.text, change.same_day) == (MAY, "Had a son, abm-child", True)
    (change,) = course([asks("birth", person=YOU)], children=[child], unions=[union(from_date=BASE)])[1:]
    assert (change.asked["person_id"], change.same_day) == (YOU, False)


def test_the_past_is_told_as_such() -> None:
    (change,) = course(moves=[move("leaving_home", datetime.date(2001, 2, 3))])
    assert (change.text, change.why) == ("Left the parental home", "told of the past, before the live years")


def test_moves_of_one_day_are_told_in_the_order_of_the_barrier() -> None:
    found = course(moves=[move("out", target=None), move("union")])
    assert [change.text for change in found] == [
        "Moved in with a new partner, one's own or a parent's", "Moved to another municipality",
    ]  # fmt: skip
    assert {change.why for change in found} == {"with the household"}


def test_children_born_before_the_arrival_are_told_as_such() -> None:
    child = {"kind": "child", "person_id": CHILD, "birth_date": BASE, "sex": "female"}
    (change,) = course(children=[child], entered_by="move_in", entered_date=JUNE)
    assert (change.text, change.why) == ("Had a daughter, abm-child", "before the arrival here")


def test_who_arrives_with_a_partner_did_not_meet_there() -> None:
    came = {"entered_by": "immigration", "entered_date": JUNE}
    found = lines(unions=[union(married_date=JUNE)], moves=[move("immigration", origin=None, target="GM2")], **came)
    assert found == [(JUNE, "Came from abroad to Urk", None)]


def test_the_death_of_a_partner_is_told_of_who_stays_behind() -> None:
    ended = union(from_date=BASE, to_date=MAY, ended_by="bereavement")
    assert lines(unions=[ended])[1:] == [(MAY, "Lost partner abm-you, who died", None)]
    assert lines(unions=[ended], death_date=MAY)[1:] == []


def test_a_partner_who_leaves_alone_is_told_and_leaving_together_is_not() -> None:
    ended = union(from_date=BASE, to_date=JUNE, ended_by="departure")
    assert lines(unions=[ended])[1:] == [(JUNE, "Partner abm-you left the run", None)]
    assert lines(unions=[ended], left_date=JUNE)[1:] == []


def test_relatives_are_named_with_their_dates() -> None:
    def row(kind: str, begin: datetime.date, end: datetime.date | None = None) -> dict:
        return {"kind": kind, "person_id": YOU, "from_date": begin, "to_date": end, "birth_date": BASE, "sex": "female"}

    assert list(relative_lines([row("child", BASE), row("mother", BASE)])) == [
        "mother abm-you, born 2020-01-01", "daughter abm-you, born 2020-01-01",
    ]  # fmt: skip
    assert list(relative_lines([row("partner", MAY, JUNE)])) == [
        "partner abm-you, born 2020-01-01, together from 2021-05-12 to 2021-06-01"
    ]
    parted = [row("partner", MAY, JUNE), row("former_partner", JUNE)]
    assert list(relative_lines(parted)) == ["former partner abm-you, born 2020-01-01, until 2021-06-01"]


# --- a run -----------------------------------------------------------------------------------------------------------
def rows(village: Path, query: str) -> list:
    with open_run(village) as tables:
        return read_rows(tables, query)


def test_both_parents_tell_of_their_child_and_why(village: Path) -> None:
    birth = rows(village, "select * from births where father_id is not null order by person_id limit 1")[0]
    for parent in ("mother_id", "father_id"):
        life = life_of(village, birth[parent])
        told = [moment for moment in life.moments if birth["person_id"] in moment.text]
        assert [(moment.date, moment.module) for moment in told] == [(birth["date"], "lifecourse/birth")]
        assert any(birth["person_id"] in line for line in life.relatives)


def test_moves_of_the_live_years_are_told_with_the_line_that_asked_for_them(village: Path) -> None:
    moves = rows(village, """
        select person_id, date from moves where kind in ('within', 'leaving_home', 'out', 'emigration', 'institution')
        and date > '2020-01-01' order by person_id limit 25
    """)  # fmt: skip
    states = asking_states()
    for move in moves:
        life = life_of(village, move["person_id"], states)
        told = [moment for moment in life.moments if moment.date == move["date"]]
        assert any("asked for" in moment.why and moment.module.startswith("lifecourse/") for moment in told)


def test_a_birth_says_why(village: Path, capsys: pytest.CaptureFixture[str]) -> None:
    child = rows(village, "select person_id from births order by 1 limit 1")[0]["person_id"]
    assert answer(["why", str(village), "births", child]) == 0
    text = capsys.readouterr().out
    assert "no module wrote it: one of the mother asked for it (lifecourse/birth)" in text
    assert "stats.birth_rate" in text[text.index("what decided it") :]
