"""What a run's events prove about the ways of a module, and what silent states leave open."""

from __future__ import annotations

import duckdb
import pytest

from abmsim.lang.picture_counts import RunCounts, Taken, arrows_taken, count_run

WAYS = {"rest": ("ask",), "ask": ("yes", "no"), "yes": ("wait",), "wait": ("over", "no"), "no": ("rest",), "over": ()}


def counts(rows: list[tuple[str, str, str]], silent: set[str]) -> RunCounts:
    """The counts of a run whose events are (person, date, state), in the order of the log."""
    tables = duckdb.connect()
    tables.execute("create table events (person_id text, date date, module text, state text)")
    tables.executemany("insert into events values (?, ?, 'wmo/example', ?)", rows)
    tables.execute("insert into events values ('p', '2020-01-02', 'another', 'over')")
    return count_run(tables, "town", "wmo/example", WAYS, frozenset(silent))


def test_states_and_arrows_have_counts_and_median_days() -> None:
    found = counts(
        [
            ("p", "2020-01-01", "ask"),
            ("p", "2020-01-11", "yes"),
            ("q", "2020-01-01", "ask"),
            ("q", "2020-01-21", "yes"),
            ("r", "2020-01-01", "ask"),
        ],
        silent=set(),
    )
    assert found.of_state("ask") == [
        "entered 3\N{NO-BREAK SPACE}times",
        "next row after 15\N{NO-BREAK SPACE}days (median)",
        "last row of 1\N{NO-BREAK SPACE}person",
    ]
    assert found.of_arrow("ask", "yes") == ["2\N{NO-BREAK SPACE}times, after 15\N{NO-BREAK SPACE}days"]
    assert found.of_arrow("ask", "no") == []
    assert found.of_state("no") == ["entered 0\N{NO-BREAK SPACE}times"]


def test_a_way_through_silent_states_counts_where_it_is_the_only_one() -> None:
    found = counts([("p", "2020-01-01", "yes"), ("p", "2020-03-01", "over")], silent={"wait"})
    assert found.of_arrow("yes", "wait") == ["at least 1\N{NO-BREAK SPACE}time"]
    assert found.of_arrow("wait", "over") == ["at least 1\N{NO-BREAK SPACE}time"]
    assert found.of_state("wait") == []
    assert any("Silent states leave no row" in note for note in found.notes())


def test_one_of_several_silent_ways_has_no_count() -> None:
    ways = {"a": ("x", "y"), "x": ("b",), "y": ("b",), "b": ()}
    taken, strange = arrows_taken({("a", "b"): (5, 1.0)}, ways, frozenset("xy"))
    assert taken == {} and strange == []


def test_an_arrow_that_a_silent_way_goes_round_has_no_count() -> None:
    ways = {"a": ("b", "x"), "x": ("b",), "b": ()}
    taken, _ = arrows_taken({("a", "b"): (5, 1.0)}, ways, frozenset("x"))
    assert taken == {}


def test_a_round_of_silent_states_is_taken_at_least_once() -> None:
    ways = {"a": ("x",), "x": ("y", "a"), "y": ("x",)}
    taken, _ = arrows_taken({("a", "a"): (3, 1.0)}, ways, frozenset("xy"))
    assert taken == {("a", "x"): Taken(3, False), ("x", "a"): Taken(3, False)}


def test_rows_that_no_way_explains_are_told() -> None:
    found = counts([("p", "2020-01-01", "over"), ("p", "2020-02-01", "ask")], silent=set())
    assert any("follow one of over" in note for note in found.notes())


@pytest.mark.parametrize(("days", "said"), [(1, "1 day"), (999, "999 days"), (1500, "4.1 years")])
def test_long_stays_are_told_in_years(days: int, said: str) -> None:
    found = RunCounts("town", {}, {}, {}, {("a", "b"): Taken(2, True, days)}, frozenset())
    assert found.of_arrow("a", "b") == [f"2 times, after {said}".replace(" ", "\N{NO-BREAK SPACE}").replace(
        "\N{NO-BREAK SPACE}times,\N{NO-BREAK SPACE}after\N{NO-BREAK SPACE}", "\N{NO-BREAK SPACE}times, after "
    )]  # fmt: skip
