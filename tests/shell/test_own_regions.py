"""A project's own regions: found by name and by file, wrong ones told with their places."""

from __future__ import annotations

from pathlib import Path

import pytest

from abmsim.cli import answer
from abmsim.loading import load_catalogue
from abmsim.population.places import find
from abmsim.problems import ProblemsFound
from abmsim.project.regions import own_regions

KEMPEN = """\
region: De Kempen
about: Five municipalities in the south.
source: a list of our own
municipalities: [Bladel, GM0770, Oirschot, "Reusel-De Mierden", Bergeijk]
"""


@pytest.fixture
def regions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder `regions` of a new project, in which the command stands."""
    assert answer(["new", str(tmp_path / "town")]) == 0
    monkeypatch.chdir(tmp_path / "town")
    return tmp_path / "town" / "regions"


def problems() -> list[str]:
    with pytest.raises(ProblemsFound) as found:
        own_regions(load_catalogue())
    return [str(problem) for problem in found.value.problems]


@pytest.mark.parametrize("text", ["De Kempen", "kempen-youth", "Kempen Youth"])
def test_a_region_is_found_by_its_name_and_its_file(text: str, regions: Path) -> None:
    (regions / "kempen-youth.yaml").write_text(KEMPEN, encoding="utf-8")
    catalogue = load_catalogue()
    found = find(text, catalogue, own_regions(catalogue))
    assert [place.name for place in found.places] == ["Bergeijk", "Bladel", "Eersel", "Oirschot", "Reusel-De Mierden"]
    assert [one.name for one in found.named] == ["De Kempen"]


def test_an_own_region_goes_before_a_published_one(regions: Path) -> None:
    mine = KEMPEN.replace("De Kempen", "GGD Zeeland")
    (regions / "mine.yaml").write_text(mine, encoding="utf-8")
    catalogue = load_catalogue()
    assert len(find("GGD Zeeland", catalogue, own_regions(catalogue)).places) == 5


def test_a_municipality_of_today_is_its_parts_and_the_line_says_so(regions: Path) -> None:
    text = "region: East\nsource: mine\nmunicipalities: [Maashorst, Oss]\n"
    (regions / "east.yaml").write_text(text, encoding="utf-8")
    catalogue = load_catalogue()
    (note,) = find("east", catalogue, own_regions(catalogue)).notes
    assert note.startswith("East is taken as 3 municipalities of 2020: Landerd + Oss + Uden; ")
    assert note.endswith("; Maashorst (2022) is taken as Landerd + Uden of 2020")


def test_all_that_is_wrong_is_told_at_once(regions: Path) -> None:
    listed = "".join(f"  - {name}\n" for name in ("Leidn", "Maashorst", "Uden", "Urk (1999)"))
    (regions / "bad.yaml").write_text(f"region: Leiden\nsorce: mine\nmunicipalities:\n{listed}", encoding="utf-8")
    (regions / "empty.yaml").write_text("region: A+B\nsource: mine\nmunicipalities: []\n", encoding="utf-8")
    assert problems() == [
        "regions/bad.yaml:1:1 E104 a region lacks 'source' (add `source: ...`)",
        "regions/bad.yaml:1:9 E106 'Leiden' is a municipality (give the region another name)",
        "regions/bad.yaml:2:1 E103 unknown key 'sorce' in a region (did you mean 'source'?)",
        "regions/bad.yaml:4:5 E106 there is no municipality 'Leidn' (did you mean 'Leiden'?)",
        "regions/bad.yaml:6:5 E102 Uden stands in this region twice (keep one)",
        "regions/bad.yaml:7:5 E106 the municipalities of 1999 are not known (from 2020 to 2026 they are)",
        "regions/empty.yaml:1:9 E106 a region's name has no +, and 'A+B' has (+ joins places)",
        "regions/empty.yaml:3:17 E104 'municipalities' is empty (list names or codes)",
    ]


def test_two_regions_of_one_name_are_a_problem(regions: Path) -> None:
    for name in ("one", "two"):
        (regions / f"{name}.yaml").write_text(KEMPEN, encoding="utf-8")
    assert problems() == [
        "regions/two.yaml:1:9 E102 regions/one.yaml has a region 'de kempen' too (rename one of the two)"
    ]


def test_a_place_is_listed_with_its_line_and_its_residents(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["places", "Maashorst"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "Maashorst (2022) is taken as Landerd + Uden of 2020"
    assert told[-1] == "2 of 2020: 57,849 residents"


def test_without_a_place_the_regions_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["places"]) == 0
    told = capsys.readouterr().out
    assert told.count("\nGGD region") + told.startswith("GGD region") == told.count("\nsafety region") == 25


def test_a_run_says_on_stderr_what_the_place_is_taken_as(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert answer(["run", "Maashorst", "-p", "60", "--modules", "lifecourse/mortality", "--to", "2021-01-01"]) == 0
    told = capsys.readouterr()
    assert "note: Maashorst (2022) is taken as Landerd + Uden of 2020\n" in told.err
    assert told.out.startswith("Maashorst: ")
    assert (tmp_path / "outputs" / "maashorst-60-1" / "run.yaml").is_file()
