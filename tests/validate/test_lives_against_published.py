"""Lives are counted as the publishers count them, and a run with a fault is told apart from one without."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pytest
from toy_figures import figures, verdict

from abmsim.validate.judging import DIFFERENT, NOT_JUDGED
from abmsim.validate.opened import OpenRun

COUNTRY = 17_407_585
SETTINGS = {
    "place": "Nederland", "seed": 1, "from": "2020-01-01", "to": "2024-01-01",
    "modules": {"lifecourse/birth": "", "lifecourse/partner": "", "lifecourse/moving": "", "lifecourse/mortality": ""},
}  # fmt: skip


@pytest.fixture
def country(catalogue):
    """An empty country of 174,076 residents, each of whom stands for a hundred."""
    tables = duckdb.connect()
    for table in (
        """persons (person_id text, birth_date date, sex text, death_date date, entered_by text default 'base_date',
            entered_date date default '2020-01-01', left_date date)""",
        "births (person_id text, date date, mother_id text, father_id text, multiple boolean)",
        "deaths (person_id text, date date)",
        "unions (person_id text, partner_id text, from_date date, married_date date, to_date date, ended_by text)",
        "relations (person_id text, relative_id text, kind text)",
        "household_members (person_id text, household_id text, position text, from_date date, to_date date)",
        "moves (person_id text, date date, kind text, from_municipality_code text, to_municipality_code text)",
    ):
        tables.execute(f"create table {table}")
    yield OpenRun(tables, SETTINGS, catalogue, ("GM0088",), 174_076, COUNTRY, is_country=True)
    tables.close()


def born(run: OpenRun, number: int, date: str = "2020-05-01") -> None:
    run.tables.execute(
        f"insert into births select 'c' || i, date '{date}', 'm' || i, null, false from range({number}) t(i)"
    )


def people(run: OpenRun, *rows: str) -> None:
    for row in rows:
        run.tables.execute(f"insert into persons (person_id, birth_date, sex, death_date) values ({row})")


def test_as_many_births_as_published_are_not_different_and_ten_percent_more_are(country):
    born(country, 1687)
    assert verdict(figures(country, "births_in_year")["2020"]).verdict != DIFFERENT
    born(country, 169)
    found = verdict(figures(country, "births_in_year")["2020"])
    assert found.verdict == DIFFERENT
    assert found.n == 1856
    assert found.difference == pytest.approx(0.1, abs=0.002)


def test_a_year_after_the_run_is_not_judged(country):
    short = replace(country, settings={**SETTINGS, "to": "2022-01-01"})
    assert verdict(figures(short, "births_in_2023")["2023"]).verdict == NOT_JUDGED


def test_a_family_that_immigrates_is_one_household_of_chance(country):
    for person in range(4):
        country.tables.execute(f"insert into moves values ('p{person}', '2021-03-01', 'immigration', null, 'GM0088')")
        country.tables.execute(f"insert into household_members values ('p{person}', 'h', 'single', '2021-03-01', null)")
    found = figures(country, "migration_in_year")["2021 immigration"]
    assert found.n == 4
    assert found.simulated == pytest.approx(400, rel=0.001)


def test_moves_to_another_municipality_are_those_with_two_places(country):
    country.tables.execute("""insert into moves values
        ('a', '2022-03-01', 'in', 'GM0001', 'GM0088'), ('a', '2022-09-01', 'union', 'GM0088', 'GM0001'),
        ('b', '2022-03-01', 'within', 'GM0088', 'GM0088'), ('c', '2022-03-01', 'emigration', 'GM0088', null)""")
    assert figures(country, "moves_between_municipalities_later")["2022"].n == 2


def test_who_arrives_married_has_not_married_here(country):
    people(country, "'a', '1990-01-01', 'female', null", "'b', '1988-01-01', 'male', null")
    country.tables.execute("""insert into persons values
        ('x', '1990-01-01', 'female', null, 'immigration', '2021-05-01', null),
        ('y', '1990-01-01', 'male', null, 'immigration', '2021-05-01', null)""")
    country.tables.execute("""insert into unions values
        ('a', 'b', '2015-01-01', '2021-06-15', null, null), ('x', 'y', '2021-05-01', '2021-05-01', null, null)""")
    married = figures(country, "marriages_later")["2021"]
    assert married.n == 1
    assert married.simulated == pytest.approx(100 * 128_183 / 173_977, rel=0.001)
    ages = figures(country, "age_at_marriage")
    assert ages["2021 female"].simulated is None  # one alone has no error


def test_the_widowed_are_those_left_behind(country):
    people(country, "'a', '1940-01-01', 'female', null", "'b', '1938-01-01', 'male', '2022-02-01'")
    country.tables.execute(
        "insert into unions values ('a', 'b', '1965-01-01', '1965-01-01', '2022-02-01', 'bereavement')"
    )
    found = figures(country, "widowed_in_year")
    assert (found["2022 female"].n, found["2022 male"].n) == (1, 0)


def test_two_persons_divorce_for_each_married_couple_that_parts(country):
    country.tables.execute("""insert into unions values
        ('a', 'b', '2010-01-01', '2012-01-01', '2023-02-01', 'separation'),
        ('c', 'd', '2010-01-01', null, '2023-02-01', 'separation'),
        ('e', 'f', '2010-01-01', '2012-01-01', '2023-02-01', 'bereavement')""")
    found = figures(country, "persons_separating_in_2023")["2023"]
    assert (found.n, round(found.simulated or 0)) == (1, 200)


def test_children_of_a_separation_are_minors_of_both(country):
    people(
        country,
        "'young', '2010-01-01', 'male', null",
        "'grown', '1990-01-01', 'male', null",
        "'step', '2012-01-01', 'male', null",
    )
    country.tables.execute("insert into unions values ('a', 'b', '1989-01-01', null, '2021-02-01', 'separation')")
    country.tables.execute("""insert into relations values ('young', 'a', 'mother'), ('young', 'b', 'father'),
        ('grown', 'a', 'mother'), ('grown', 'b', 'father'), ('step', 'a', 'mother'), ('step', 'z', 'father')""")
    (found,) = figures(country, "children_of_separations").values()
    assert found.n == 1
    assert found.simulated == pytest.approx(25, rel=0.001)  # a hundred in four years


def test_order_and_marriage_are_those_of_the_mother_on_the_day(country):
    people(
        country,
        "'m', '1990-01-01', 'female', null",
        "'first', '2015-01-01', 'male', null",
        "'second', '2023-06-01', 'male', null",
    )
    country.tables.execute(
        "insert into births values ('second', '2023-06-01', 'm', 'f', false), ('other', '2023-06-01', 'n', null, false)"
    )
    country.tables.execute("insert into relations values ('first', 'm', 'mother'), ('second', 'm', 'mother')")
    country.tables.execute("insert into unions values ('f', 'm', '2010-01-01', '2023-05-01', null, null)")
    assert figures(country, "births_by_order")["order 2"].simulated == 50
    outside = figures(country, "births_outside_marriage")
    assert (outside["order all"].simulated, outside["order 2"].simulated) == (50, 0)


def test_a_stock_counts_who_lives_here_on_the_day(country):
    people(country, "'a', '1990-01-01', 'female', null", "'b', '1990-01-01', 'female', '2020-06-01'")
    country.tables.execute("update persons set left_date = death_date")
    country.tables.execute("""insert into household_members values
        ('a', 'h', 'partner_married_no_children', '2020-01-01', '2020-06-01'), ('a', 'h', 'single', '2020-06-01', null),
        ('b', 'h', 'partner_married_no_children', '2020-01-01', '2020-06-01')""")
    assert figures(country, "residents_on_1_january")["2021"].n == 1
    positions = figures(country, "positions_on_1_january_2024")
    assert (positions["single"].n, positions["partner married no children"].n) == (1, 0)
    assert figures(country, "one_person_households_in_2021")["2021"].simulated == 100
    assert figures(country, "residents_by_age_on_1_january")["2021 30-39"].n == 1


def test_moves_by_age_are_for_each_year_lived_at_it(country):
    people(country, "'a', '2000-07-01', 'female', null")  # 20 from July 2020 to July 2021
    country.tables.execute("""insert into moves values ('a', '2020-08-01', 'within', 'GM0088', 'GM0088'),
        ('a', '2021-08-01', 'within', 'GM0088', 'GM0088'), ('a', '2020-09-01', 'in', 'GM0001', 'GM0088')""")
    found = figures(country, "moves_by_age")
    assert found["age 20, within"].simulated == pytest.approx(100, rel=0.01)
    assert found["age 20, between"].simulated == pytest.approx(100, rel=0.01)


def test_children_of_one_parent_are_told_by_who_lives_with_them(country):
    people(country, "'mother', '1985-01-01', 'female', null", "'child', '2004-05-01', 'male', null")
    people(
        country,
        "'p', '1985-01-01', 'female', null",
        "'q', '1985-01-01', 'male', null",
        "'other', '2004-05-01', 'male', null",
    )
    for person, home, position in (
        ("mother", "h", "single_parent"), ("child", "h", "child_at_home"), ("p", "i", "partner_married_with_children"),
        ("q", "i", "partner_married_with_children"), ("other", "i", "child_at_home"),
    ):  # fmt: skip
        country.tables.execute(
            f"insert into household_members values ('{person}', '{home}', '{position}', '2020-01-01', null)"
        )
    country.tables.execute("""insert into relations values ('child', 'mother', 'mother'), ('other', 'p', 'mother'),
        ('other', 'q', 'father')""")
    found = figures(country, "children_of_one_parent")
    assert found["under 16, with the mother only"].simulated == 50
    assert found["under 16, with the father only"].simulated == 0
    assert found["aged 15, not with both parents"].simulated == 50


def test_marital_status_is_that_of_the_last_marriage(country):
    rows = [f"'{name}', '1960-01-01', 'female', null" for name in ("never", "wed", "parted", "widow")]
    people(country, *rows)
    country.tables.execute("""insert into unions values ('wed', null, '1985-01-01', '1985-01-01', null, null),
        ('parted', null, '1985-01-01', '1985-01-01', '2001-01-01', 'separation'),
        ('never', null, '1985-01-01', null, '2001-01-01', 'separation'),
        ('widow', null, '1985-01-01', '1985-01-01', '2001-01-01', 'separation'),
        ('widow', null, '2005-01-01', '2005-01-01', '2011-01-01', 'bereavement')""")
    village = replace(country, is_country=False)
    assert {figure.simulated for figure in figures(village, "marital_status_of_a_place").values()} == {25}


def test_events_of_a_place_are_beside_its_own_figure(country):
    village = replace(country, is_country=False, residents=947, published_residents=947)
    born(village, 5)
    found = figures(village, "births_of_a_place")["2020"]
    assert found.published == country.catalogue.table("births_of_a_place").value(municipality_code="GM0088")
    assert found.simulated == 5
    assert not figures(village, "moves_of_a_place")
