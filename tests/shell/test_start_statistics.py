"""The card of somebody's own figures: what the file tells is filled in, the rest is asked or marked."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from abmsim.cli import answer
from abmsim.loading import load_catalogue

FIGURES = "age,sex,share\n0-64,female,0.2\n0-64,male,0.1\n65+,female,0.5\n65+,male,0.4\n"
SAID = [
    "--title", "Who is helped", "--publisher", "CBS", "--table-id", "1234NED", "--url", "https://example.org",
    "--period", "2020", "--counting-rule", "share of group", "--licence", "CC BY 4.0", "--verified", "seen",
]  # fmt: skip


@pytest.fixture
def statistics(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder `public_stats` of a project, in which the command stands."""
    monkeypatch.chdir(tmp_path)
    assert answer(["new", "town"]) == 0
    monkeypatch.chdir(tmp_path / "town" / "public_stats")
    return tmp_path / "town" / "public_stats"


def write(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8", newline="")


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one line of a call that is refused, and that writes nothing."""
    capsys.readouterr()
    before = sorted(Path.cwd().parent.rglob("*"))
    assert answer(["stats", "new", *words]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    assert sorted(Path.cwd().parent.rglob("*")) == before
    return err


def test_a_card_with_everything_said_is_at_once_a_statistic(
    statistics: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write("who_is_helped.csv", FIGURES)
    assert answer(["stats", "new", "who_is_helped.csv", *SAID]) == 0
    card = load_catalogue().card("who_is_helped")
    assert (card.by, card.values, card.unit, card.cells) == (("age", "sex"), "share", "share", "all")
    assert load_catalogue().table("who_is_helped").value(age="65+", sex="male") == 0.4
    assert answer(["stats", "verify"]) == 0


def test_what_is_not_said_is_marked_and_refused_at_its_place(
    statistics: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write("who_is_helped.csv", FIGURES)
    assert answer(["stats", "new", "who_is_helped.csv", "--publisher", "CBS"]) == 0
    assert "to be filled in: title, table_id, url, period, counting_rule, licence, verified" in capsys.readouterr().out
    for command in (["check"], ["stats", "verify"]):
        assert answer(command) == 1
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) == 7 and all(" S112 " in line for line in lines)
        assert lines[0].startswith("public_stats/who_is_helped.yaml:1:8 S112 'title' is still to be filled in (")


def test_a_terminal_is_asked(
    statistics: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = ["Who is helped", "CBS", "1234NED", "-", "2020", "", "share of grp", "share of group"]
    keyboard = io.StringIO("\n".join([*said, "CC0", "assumption", "so"]) + "\n")
    keyboard.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdin", keyboard)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    write("who_is_helped.csv", FIGURES)
    assert answer(["stats", "new", "who_is_helped.csv"]) == 0
    card = load_catalogue().card("who_is_helped")
    assert (card.title, card.table_id, card.url, card.unit) == ("Who is helped", "1234NED", "", "share")
    assert (card.counting_rule, card.licence, card.verified, card.why) == ("share of group", "CC0", "assumption", "so")


def test_a_file_of_semicolons_and_decimal_commas_is_copied_as_the_catalogue_reads_it(
    statistics: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    original = '"sex";"aandeel (in %)"\r\n"female";"20,5"\r\n"male";"3"\r\n'
    write("../Gebruik in 2020.csv", original)
    assert answer(["stats", "new", "../Gebruik in 2020.csv", "--into", "wmo", "--unit", "percent", *SAID]) == 0
    assert Path("wmo/gebruik_in_2020.csv").read_text() == "sex,aandeel (in %)\nfemale,20.5\nmale,3\n"
    assert Path("../Gebruik in 2020.csv").read_bytes().decode() == original
    assert "'20,5' is 20.5" in capsys.readouterr().out
    assert load_catalogue().table("gebruik_in_2020").value(sex="female") == 20.5


@pytest.mark.parametrize(
    ("header", "row", "unit"),
    [
        ("sex,share", "female,0.5", "share"),
        ("sex,share", "female,50", "fill in"),
        ("sex,percentage", "female,50", "percent"),
        ("sex,aantal_personen", "female,50", "persons"),
        ("sex,weken", "female,5", "weeks"),
        ("sex,rate", "female,5", "fill in"),
        ("sex,age,value", "female,5,3", "fill in"),
    ],
)
def test_the_unit_is_told_by_the_column_where_it_can_be(header: str, row: str, unit: str, statistics: Path) -> None:
    write("figures.csv", f"{header}\n{row}\n")
    assert answer(["stats", "new", "figures.csv"]) == 0
    assert f"\nunit: {unit}" in Path("figures.yaml").read_text()


def test_cells_that_are_not_there_are_said_to_be_so(statistics: Path) -> None:
    write("figures.csv", FIGURES.replace("65+,male,0.4\n", ""))
    assert answer(["stats", "new", "figures.csv", *SAID]) == 0
    assert load_catalogue().card("figures").cells == "listed"


def test_a_schedule_is_known_by_its_columns(statistics: Path) -> None:
    write(
        "doses.csv",
        "line,age,sex,valid_from_birth_date,valid_until_birth_date,vaccine,dose\na,3 months,both,2000-01-01,,DKTP,1\n",
    )
    assert answer(["stats", "new", "doses.csv"]) == 0
    text = Path("doses.yaml").read_text()
    assert "unit: schedule\nby: [line]\nvalues: ''\ncolumns: {dose: number, vaccine: category}\n" in text


def test_calls_that_cannot_be_carried_out(statistics: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("figures.csv", FIGURES)
    write("two.csv", "sex,persons,visits\nfemale,1,2\nmale,2,3\n")
    write("twice.csv", "sex,share\nfemale,0.1\nfemale,0.2\n")
    write("words.csv", "sex,position\nfemale,single\n")
    write("short.csv", "sex,share\nfemale\n")
    write("header.csv", "sex,share\n")
    write("semicolons.csv", "sex;share\nfemale;0,1\n")
    write("My figures.csv", FIGURES)
    Path("latin.csv").write_bytes("sex,share\nfürs,0.1\n".encode("latin-1"))
    assert "there is no file" in told(capsys, "nothing.csv")
    assert "say --values persons | visits" in told(capsys, "two.csv")
    assert "did you mean 'visits'?" in told(capsys, "two.csv", "--values", "visit")
    assert "'female' in column 'sex' is no number" in told(capsys, "two.csv", "--values", "sex")
    assert "two rows have a figure for (female)" in told(capsys, "twice.csv")
    assert "no column holds numbers alone" in told(capsys, "words.csv")
    assert "row 2 has 1 fields" in told(capsys, "short.csv")
    assert "has no rows" in told(capsys, "header.csv")
    assert "--into FOLDER" in told(capsys, "semicolons.csv")
    assert "rename 'My figures.csv' to my_figures.csv" in told(capsys, "My figures.csv")
    assert "no UTF-8 text" in told(capsys, "latin.csv")
    assert "did you mean 'share'?" in told(capsys, "figures.csv", "--unit", "shares")
    assert "written by hand" in told(capsys, "figures.csv", "--verified", "derived")
    assert "did you mean 'sex'?" in told(capsys, "figures.csv", "--by", "age,sx")
    assert answer(["stats", "new", "figures.csv"]) == 0
    assert "exists already" in told(capsys, "figures.csv")


def test_figures_that_their_unit_cannot_have_are_told(statistics: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("figures.csv", "sex,share\nfemale,20\nmale,30\n")
    assert answer(["stats", "new", "figures.csv", "--unit", "share", *SAID]) == 1
    assert "public_stats/figures.csv:2:1 S127 20 cannot be a figure in share" in capsys.readouterr().err
