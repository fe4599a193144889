"""A mistake on the command line gets one line that says what to do, exit code 2, and never a traceback."""

from __future__ import annotations

import pytest

from abmsim.cli import answer


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("run", "Missing argument"),
        ("run Leiden --poeple 3", "--people"),
        ("run Leiden -p many", "-p"),
        ("run Leiden -p 0", "from 1 to 20,000,000"),
        ("run Leiden -p 20000001", "from 1 to 20,000,000"),
        ("run Leiden -s -1", "-s"),
        ("run Leiden --workers 0", "--workers"),
        ("run Leiden --from 2019-01-01", "--from can only be 2020-01-01"),
        ("run Leiden --to 2020-01-01", "--to is a day after 2020-01-01"),
        ("run Leiden --to soon", "--to is a date such as 2025-01-01"),
        ("run Leiden --to 2025-02-30", "--to is a date such as 2025-01-01"),
        ("run Leiden --to 2101-01-02", "--to is at most 2101-01-01: death_rate_year_ratio, which reaches furthest"),
        ("run Leiden --base 2024-1-1", "--base is a date such as 2025-01-01"),
        ("run Leiden --base 2019-01-01", "--base is 1 January of a year from 2020 to 2030, not 2019-01-01"),
        ("run Leiden --base 2024-07-01", "not 2024-07-01"),
        ("run Leiden --base 2031-01-01", "residents_nl_by_base_year ends in 2030"),
        ("run Leiden --base 2024-01-01 --to 2023-01-01", "--to is a day after 2024-01-01, the base date"),
        ("run Leiden --base 2024-01-01 --from 2020-01-01", "--from can only be 2024-01-01"),
        ("run Leiden --base 2024-01-01 -p 150000", "residents on 1 January 2024: 150000 is too many"),
        ("run Leiden --format parket", "there is no format 'parket'"),
        ("run Liden -p 100", "did you mean Leiden"),
        ("run Nederland", "--yes"),
        ("life outputs/nothing", "no folder of a run"),
        ("validate outputs/nothing", "no folder of a run"),
        ("check no/such/module.yaml", "there is no file or folder"),
        ("stats", "Missing command"),
        ("sumulate Leiden", "No such command"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(line: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = answer(line.split())
    told = capsys.readouterr()
    assert code == 2
    assert told.out == ""
    assert told.err.startswith("abmsim: ") and told.err.count("\n") == 1
    assert says in told.err


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer([]) == 0
    assert "Commands:" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["run", "check", "test", "stats", "life", "validate", "report", "integrity"])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer([command, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: abmsim {command}")


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    import abmsim

    assert answer(["--version"]) == 0
    assert capsys.readouterr().out == f"abmsim {abmsim.__version__}\n"


def test_an_unknown_statistic_is_a_problem_and_the_nearest_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["stats", "show", "municipalities_2002"]) == 1
    assert "did you mean 'municipalities_2020'?" in capsys.readouterr().err
