"""The one counting engine, rule by rule, beside what anybody counts by hand in a few rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from toy_targets import catalogue_of, write

from abmsim.validate.figure import Figure
from abmsim.validate.judging import NOT_JUDGED, measured
from abmsim.validate.opened import OpenRun
from abmsim.validate.target_problems import target_problems
from abmsim.validate.targets import figures_of

SETTINGS = {
    "place": "Nederland", "seed": 1, "from": "2020-01-01", "to": "2025-01-01", "modules": {"lifecourse/birth": ""}
}  # fmt: skip

PERSONS = """insert into persons values
    ('a', '1940-06-01', 'female', 'base_date', '2020-01-01', null, null),
    ('b', '1950-06-01', 'male', 'base_date', '2020-01-01', '2021-09-01', null),
    ('c', '1960-06-01', 'female', 'immigration', '2021-04-01', null, null),
    ('d', '2000-06-01', 'male', 'base_date', '2020-01-01', '2021-12-31', '2021-12-31')"""
DELIVERIES = """insert into wmo_deliveries values
    ('1', 'p1', 'a', 'household_help', '2019-05-01', '2021-03-01', null),
    ('2', 'p1', 'a', 'household_help', '2021-07-01', '2022-02-01', null),
    ('3', 'p2', 'b', 'household_help', '2021-02-01', '2021-09-01', 'moved'),
    ('4', 'p3', 'c', 'personal_care', '2021-05-01', null, null),
    ('5', 'p3', 'd', 'household_help', '2022-01-01', null, null)"""
"""Help of a, twice in 2021; of b until leaving; of c, of another kind; of d, who is gone, by mistake."""

Count = Callable[..., dict[str, Figure]]


@pytest.fixture
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    """Four residents and five deliveries."""
    tables = duckdb.connect()
    tables.execute("""create table persons (person_id text, birth_date date, sex text, entered_by text,
        entered_date date, left_date date, death_date date)""")
    tables.execute("""create table wmo_deliveries (delivery_id text, provision_id text, person_id text, product text,
        delivery_start date, delivery_end date, end_reason text)""")
    tables.execute("create table wmo_provisions (provision_id text, financing_form text)")
    tables.execute("insert into wmo_provisions values ('p1', 'in_kind'), ('p2', 'pgb'), ('p3', 'pgb')")
    tables.execute("""create table household_members (person_id text, household_id text, position text, from_date date,
        to_date date)""")
    tables.execute("""insert into household_members values ('a', 'h', 'single', '2020-01-01', '2021-06-01'),
        ('a', 'i', 'institution', '2021-06-01', null), ('b', 'j', 'single', '2020-01-01', '2021-09-01'),
        ('c', 'k', 'single', '2021-04-01', null), ('d', 'j', 'other_member', '2020-01-01', '2021-12-31')""")
    tables.execute(PERSONS)
    tables.execute(DELIVERIES)
    yield tables
    tables.close()


@pytest.fixture
def count(tmp_path: Path, tables: duckdb.DuckDBPyConnection) -> Count:
    """`count(target, figures, rule, unit)`: the figures of such a card among the residents."""

    def counted(target: str, figures: str = "year,figure\n2021,4", rule: str = "persons in period", **card) -> dict:
        write(tmp_path, target, figures, rule, **card)
        catalogue = catalogue_of(tmp_path)
        assert not target_problems(catalogue)
        run = OpenRun(tables, SETTINGS, catalogue, ("GM0088",), 4, 4, is_country=True)
        return {figure.label: figure for figure in figures_of(run, catalogue.card("toy"))}

    return counted


def of(found: dict[str, Figure]) -> list[float | None]:
    return [figure.simulated for figure in found.values()]


HELP = "counts: {table: wmo_deliveries, where: {product: household_help}}"


def test_persons_in_a_period_count_once(count):
    assert of(count(HELP, "year,figure\n2021,2\n2022,2")) == [2, 2]  # a and b; a and d


def test_a_half_year_or_quarter_is_a_period(count):
    assert of(count(HELP, "period,figure\n2021H1,2\n2021H2,2\n2021Q4,1")) == [2, 2, 1]


def test_spells_in_a_period_count_each(count):
    assert of(count(HELP, rule="spells in period", unit="number")) == [3]


def test_starts_and_ends_are_those_of_the_period(count):
    assert of(count(HELP, rule="starts", unit="number")) == [2]
    assert of(count(HELP, rule="ends", unit="number")) == [2]


def test_another_column_can_be_the_start(count):
    counts = "counts: {table: persons, start: entered_date, where: {entered_by: immigration}}"
    assert of(count(counts, rule="starts")) == [1]


def test_a_row_of_two_persons_is_of_the_one_that_is_said(count, tables):
    """a, a woman, and b, a man, are a couple of which a is named first."""
    tables.execute("create table unions (person_id text, partner_id text, from_date date, to_date date)")
    tables.execute("insert into unions values ('a', 'b', '2020-01-01', null)")
    first, other = "counts: {table: unions}", "counts: {table: unions, person: partner_id}"
    assert of(count(f"{first}\nperiod: '2021'", "sex,figure\nfemale,1\nmale,0")) == [1, 0]
    assert of(count(f"{other}\nperiod: '2021'", "sex,figure\nfemale,0\nmale,1")) == [0, 1]


def test_a_row_can_count_for_more_than_one(count):
    (figure,) = count(HELP.replace("}}", "}, each: 2}"), rule="starts", unit="number").values()
    assert (figure.simulated, figure.n) == (4, 2)


def test_a_stock_counts_who_has_it_on_the_day_and_lives_here(count):
    """On 1 January 2021 the help of a alone; on 31 December that of a; on 1 January 2022 d is gone."""
    counts = "counts: {table: wmo_deliveries, where: {product: household_help}, by: {day: period}}"
    figures = "day,figure\n2021-01-01,1\n2021-12-31,1\n2022-01-01,1\n2021-02-28,2\n2021-03-01,1"
    assert of(count(counts, figures, "stock at date")) == [1, 1, 1, 2, 1]


def test_a_year_can_stand_for_its_first_or_last_day(count):
    first = "counts: {table: wmo_deliveries, by: {year: 1 January}}"
    last = "counts: {table: wmo_deliveries, by: {year: 31 December}}"
    assert of(count(first, "year,figure\n2021,1", "stock at date")) == [1]
    assert of(count(last, "year,figure\n2021,2", "stock at date")) == [2]  # a and c


def test_a_stratum_is_a_column_of_the_row_the_person_or_the_row_before(count):
    by_product = "counts: {table: wmo_deliveries, by: {product: product}}\nperiod: '2021'"
    assert of(count(by_product, "product,figure\nhousehold_help,2\npersonal_care,1")) == [2, 1]
    by_sex = "counts: {table: wmo_deliveries}\nperiod: '2021'"
    assert of(count(by_sex, "sex,figure\nfemale,2\nmale,1\ntotal,3")) == [2, 1, 3]
    by_form = "counts: {table: wmo_deliveries, by: {form: financing_form}}\nperiod: '2021'"
    assert of(count(by_form, "form,figure\nin_kind,1\npgb,2")) == [1, 2]


def test_a_stratum_can_be_conditions_for_each_label(count):
    by = "{group: {old women: {sex: female, age: 80+}, the rest of them: {sex: female, age: 0-79}}}"
    target = f"counts: {{table: wmo_deliveries, by: {by}}}\nperiod: '2021'\npopulation: {{at: end}}"
    assert of(count(target, "group,figure\nold women,1\nthe rest of them,1")) == [1, 1]


def test_ages_are_completed_years_at_the_moment_that_is_said(count):
    """Who was born on 1 June 1940 is 80 at the start of 2021, and 81 at its end and when the help begins in July."""
    figures = "age,figure\n80,1\n81,1"
    for at, expected in (("start", [1, 0]), ("end", [0, 1])):
        assert of(count(f"{HELP}\nperiod: '2021'\npopulation: {{at: {at}}}", figures)) == expected
    begun = f"{HELP}\nperiod: '2021'\npopulation: {{at: event}}"
    assert of(count(begun, figures, "starts", unit="number")) == [0, 1]


def test_a_population_can_be_of_some_ages_alone(count):
    assert of(count(f"{HELP}\npopulation: {{age: 75+, at: end}}", "year,figure\n2021,1")) == [1]


@pytest.mark.parametrize(
    ("population", "expected"),
    [
        ("{living: institution, at: start}", 0),
        ("{living: institution, at: end}", 1),
        ("{living: independently, at: start}", 2),
        ("{present: start}", 2),
        ("{present: end}", 1),
        ("{present: all year}", 1),
        ("{present: any part}", 2),
    ],
)
def test_a_population_lives_somewhere_and_is_here(count, population, expected):
    assert of(count(f"{HELP}\npopulation: {population}")) == [expected]


def test_a_share_of_a_group_is_of_all_its_persons(count):
    """On 1 January 2022 of two women one has help; nobody else lives here. In 2021 of four one has it at the end."""
    day = "period: '2022-01-01'\ncounts: {table: wmo_deliveries, where: {product: household_help}}"
    assert of(count(day, "sex,figure\nfemale,50\ntotal,50", "share of group", unit="percent")) == [50, 50]
    year = "period: '2021'\ncounts: {table: wmo_deliveries, where: {product: household_help}}"
    assert of(count(year, "sex,figure\nfemale,0.5\nmale,0.5", unit="share", to="0.5")) == [0.5, 0.5]


def test_a_share_of_spells_is_of_the_rows(count):
    target = HELP.replace("}}", "}, of: spells, having: {end_reason: moved}}")
    (figure,) = count(target, "year,figure\n2021,50", "share of group", unit="percent").values()
    assert figure.simulated == pytest.approx(100 / 3) and figure.n == 3


def test_a_duration_is_the_mean_of_the_spells_that_ended(count):
    """670 and 212 days ended in 2021."""
    (figure,) = count(HELP, "year,figure\n2021,60", "duration of spells", unit="weeks").values()
    assert figure.simulated == pytest.approx((670 + 212) / 2 / 7) and figure.n == 2


def test_a_condition_can_ask_for_filled_and_for_another_column(count):
    ended = "counts: {table: wmo_deliveries, where: {delivery_end: known}}"
    assert of(count(ended)) == [2]
    running = "counts: {table: wmo_deliveries, where: {delivery_end: empty}}"
    assert of(count(running)) == [1]
    other = "counts: {table: wmo_deliveries, where: {delivery_end: differs from delivery_start}}"
    assert of(count(other, rule="spells in period", unit="number")) == [3]
    two = "counts: {table: wmo_deliveries, where: {product: [household_help, personal_care]}}"
    assert of(count(two)) == [3]


def test_who_comes_as_a_household_is_one_draw_of_chance(count):
    """b and d live together, so three starts are two draws: 1 + 4 less 9 / 4 is the variance, were nothing expected."""
    alone = "counts: {table: persons, start: entered_date}\nperiod: '2020'"
    (figure,) = count(alone, "sex,figure\ntotal,0", "starts").values()
    together = "counts: {table: persons, start: entered_date, drawn_by: household}\nperiod: '2020'"
    (homes,) = count(together, "sex,figure\ntotal,0", "starts").values()
    assert figure.simulated == homes.simulated == 3
    assert figure.error**2 == pytest.approx(3 - 9 / 4)
    assert homes.error**2 == pytest.approx(1 + 4 - 9 / 4)


def test_a_year_that_the_run_does_not_live_is_not_judged(count):
    found = count(HELP, "year,figure\n2019,1\n2025,1")
    assert found["2019"].simulated == 1  # the history of who is here tells it, but not of those who are gone
    assert found["2025"].simulated is None
    assert [measured([figure]).verdict for figure in found.values()] == [NOT_JUDGED, NOT_JUDGED]
