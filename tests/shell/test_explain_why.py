"""`abmsim why` and `abmsim life --full`: from a row of a run back to the publisher."""

from __future__ import annotations

from pathlib import Path

import pytest

import abmsim
from abmsim.cli import answer
from abmsim.explain.chain import since_the_start
from abmsim.explain.loading import module_to_trace
from abmsim.life import open_run
from abmsim.schema.schema import load_schema


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "urk"
    abmsim.run("Urk", 1500, 7, folder=folder, workers=1)
    return folder


def first_key(run: Path, table: str, where: str = "true") -> str:
    key = load_schema().tables[table].key[0]
    with open_run(run) as tables:
        found = tables.execute(f"select {key} from {table} where {where} order by 1 limit 1").fetchone()
    assert found, f"no row of {table} where {where}"
    return found[0]


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert answer([*map(str, arguments)]) == 0
    return capsys.readouterr().out


def test_a_delivery_is_told_from_the_report_on(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    again = "person_id in (select person_id from wmo_deliveries where end_reason = 'change_request')"
    where = f"product = 'household_help' and not carried_over and allocation_id is not null and not {again}"
    key = first_key(run, "wmo_deliveries", where)
    text = told(capsys, "why", run, "wmo_deliveries", key)
    assert text.startswith(f"wmo_deliveries {key}: Support as it was delivered.")
    led, refers = text.index("what led there (wmo/household_help)"), text.index("what it refers to")
    chain = [line.split()[3].strip(",") for line in text[led:refers].splitlines() if "  age " in line]
    assert chain[:3] == ["asked", "asked.needed", "asked.promised"]
    assert chain[3:6] == ["provided", "provided.in_kind", "provided.allocated"]
    assert "stats.wmo_household_help_process_granted" in text
    for parent in ("wmo_provisions", "wmo_decisions", "wmo_requests"):
        assert parent in text[refers:]
    decided = text[text.index("what decided it") :]
    assert "assume.first_visit (modules/wmo/household_help.yaml:" in decided
    assert "institutions.household_help_provider (institutions/household_help_provider.yaml:1): the turn at " in decided


def test_a_statistic_is_told_with_its_publisher_counting_rule_and_caveats(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = told(capsys, "why", run, "deaths", first_key(run, "deaths"))
    decided = text[text.index("what decided it") :]
    for word in ("publisher", "table ", "period", "verified", "counting rule", "caveat", "derived from", "CBS"):
        assert word in decided


def test_an_ended_row_tells_what_closed_it(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = first_key(run, "wmo_requests", "outcome = 'application'")
    assert "wmo/access: application" in told(capsys, "why", run, "wmo_requests", key)


def test_every_table_of_a_run_can_be_asked(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_run(run) as tables:
        names = [row[0] for row in tables.execute("select table_name from information_schema.tables").fetchall()]
        sizes = {name: tables.execute(f"select count(*) from {name}").fetchone()[0] for name in names}  # type: ignore[index]
    asked = [name for name in names if sizes[name] and len(load_schema().tables[name].key) == 1]
    assert {"persons", "sources", "deaths", "vaccinations", "youth_help"} <= set(asked)
    for name in asked:
        assert told(capsys, "why", run, name, first_key(run, name)).startswith(name)


def test_unknown_names_get_the_nearest_in_one_line(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = first_key(run, "wmo_requests")
    for arguments, says in [
        (("wmo_request", key), "did you mean 'wmo_requests'?"),
        (("wmo_requests", key + "9"), f"did you mean '{key}"),
        (("events", "1"), "have no key of their own"),
        (("wmo_requests; drop table persons", "1"), "there is no table"),
    ]:
        assert answer(["why", str(run), *arguments]) == 2
        out = capsys.readouterr()
        assert out.out == "" and out.err.count("\n") == 1 and says in out.err


def test_a_full_life_says_what_its_statistics_and_assumptions_are(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_run(run) as tables:
        person = tables.execute(
            """
            select person_id from events where module = 'wmo/household_help' group by 1
            having bool_or(state = 'asked') and bool_or(state = 'asked.needed') order by 1
            """
        ).fetchone()
    short, full = (told(capsys, "life", run, person[0], *more) for more in ((), ("--full",)))  # type: ignore[index]
    assert set(short.splitlines()) <= set(full.splitlines())
    assert "stats.wmo_household_help_report_solved: Reports of a need" in full and "CBS" in full
    assert "(modules/wmo/access.yaml:" in full


def events(*states: str) -> list[dict[str, object]]:
    return [{"state": state} for state in states]


@pytest.mark.parametrize(
    ("states", "kept"),
    [
        ("asked asked.solved asked asked.needed", "asked asked.needed"),
        ("asked asked.needed provided provided.renewed", "asked asked.needed provided provided.renewed"),
        ("asked asked.needed asked.not_promised asked", "asked"),
        ("asked asked.needed provided.delivered provided.as_planned asked asked.needed", "asked asked.needed"),
        ("provided.delivered", "provided.delivered"),
    ],
)
def test_a_chain_begins_where_only_the_start_can_have_led(states: str, kept: str) -> None:
    module, _ = module_to_trace(Path("wmo/household_help"))
    chain = since_the_start(events(*states.split()), module)
    assert [event["state"] for event in chain] == kept.split()
