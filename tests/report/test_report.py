"""The report of a run: one file that needs nothing else, the same bytes for the same run."""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from abmsim.life import Moment
from abmsim.loading import load_catalogue
from abmsim.plan import RunPlan
from abmsim.problems import UserError
from abmsim.records.disclaimer import DISCLAIMER
from abmsim.report import write_report
from abmsim.report.changes import TownYear, changes
from abmsim.report.happenings import _charts
from abmsim.report.lives import _merged
from abmsim.report.page import short
from abmsim.runner import carry_out
from abmsim.schema.schema import load_schema
from abmsim.stats.catalogue import Catalogue
from abmsim.validate.counts import counts, tallies, together
from abmsim.validate.opened import OpenRun, opened

LOADING = {"script", "link", "img", "iframe", "object", "embed", "audio", "video", "base", "source"}


@pytest.fixture(scope="module")
def page(village: Path) -> str:
    return (village / "report.html").read_text(encoding="utf-8")


def test_it_says_what_was_run_and_that_nobody_exists(page):
    for fact in ("<h1>Schiermonnikoog</h1>", "2020-01-01 to 2025-01-01", "<dd>3</dd>", DISCLAIMER):
        assert fact in page


def test_a_whole_municipality_stands_equal_beside_the_published_figures(page):
    assert "Every simulated count below equals the published one." in page


def test_a_sample_says_that_it_is_one(tmp_path):
    carry_out(RunPlan("Leiden", 300, seed=1, folder=tmp_path / "sample"))
    text = (tmp_path / "sample" / "report.html").read_text(encoding="utf-8")
    assert "This is a sample" in text
    assert "300 of 125,099 residents" in text or "301 of 125,099 residents" in text


def test_it_is_the_same_when_written_again(village, page):
    write_report(village)
    assert (village / "report.html").read_text(encoding="utf-8") == page


def test_it_is_written_from_the_tables_before_there_is_a_database(village, page, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(village, run)
    (run / "abmsim.duckdb").unlink()
    write_report(run)
    assert (run / "report.html").read_text(encoding="utf-8") == page


def test_a_folder_without_tables_is_told(village, tmp_path):
    (tmp_path / "run.yaml").write_bytes((village / "run.yaml").read_bytes())
    with pytest.raises(UserError, match="has no tables: make the run again with --force"):
        write_report(tmp_path)


def test_it_loads_nothing(page):
    class Tags(HTMLParser):
        found: list[str] = []

        def handle_starttag(self, tag, attrs):
            self.found.append(tag)
            assert not {"src", "srcset", "onclick", "onload"} & {name for name, _ in attrs}

    parser = Tags()
    parser.feed(page)
    assert not LOADING & set(parser.found)
    assert "@import" not in page and "url(" not in page


def test_the_years_of_the_town_add_up(village, page):
    with opened(village, load_catalogue()) as run:
        found = changes(run)
        ((there,),) = run.rows("select count(*) from persons where left_date is null")
        ((dead,),) = run.rows("select count(*) from deaths")
        ((homes,),) = run.rows("select count(*) from households where kind = 'private' and to_date is null")
    assert [year.year for year in found.years] == [2020, 2021, 2022, 2023, 2024]
    assert all(year.end == later.start for year, later in pairwise(found.years))
    assert found.years[-1].end == there
    assert sum(year.deaths for year in found.years) == dead
    assert sum(change.last for change in found.types) == homes
    assert f"became {there:,} by the end of" in page and "2024-12-31" in page


@pytest.mark.parametrize(
    ("to_date", "history", "last"),
    [
        ("2025-01-01", "all", 2024), ("2022-01-01", "none", 2021), ("2101-01-01", "3y", 2100),
        ("2022-07-01", "all", 2022),
    ],
)  # fmt: skip
def test_persons_in_a_year_are_those_with_a_spell_that_touches_it(to_date, history, last):
    spells = [
        ("a", "1990-01-01", None), ("a", "2021-03-01", "2021-04-01"), ("b", "2018-12-31", "2020-01-01"),
        ("b", "2020-01-02", "2020-01-02"), ("c", "2021-12-31", "2022-01-02"), ("d", "2030-05-01", "2099-12-31"),
        ("e", "2000-01-01", "2001-01-01"), ("f", "2024-12-31", "2101-01-01"), ("g", "2023-01-01", "2022-01-01"),
    ]  # fmt: skip
    settings = {"from": "2020-01-01", "to": to_date, "history": history}
    with duckdb.connect() as tables:
        tables.execute("create table wlz_stays (person_id varchar, from_date date, to_date date, carried_over bool)")
        tables.executemany("insert into wlz_stays values (?, ?, ?, false)", spells)
        run = OpenRun(tables, settings, Catalogue({}), (), 1, 1, False)
        in_the_year, _ = _charts(run, load_schema().tables["wlz_stays"])
    for year in in_the_year.years:
        first, after = f"{year.year}-01-01", f"{year.year + 1}-01-01"
        touching = {who for who, begin, end in spells if begin < after and (end is None or end > first)}
        assert year.count == len(touching), year
    assert in_the_year.years[-1].year == last


def test_a_year_adds_who_came_and_takes_off_who_left():
    year = TownYear(2021, 100, births=5, deaths=4, immigration=30, emigration=20, move_in=7, move_out=9)
    assert year.end == 100 + 5 - 4 + 30 - 20 + 7 - 9


def test_counts_without_errors_are_those_with_errors(village):
    with opened(village, load_catalogue()) as run:
        assert counts(run) == {labels: tally.count for labels, tally in together(tallies(run)).items()}


def test_every_chart_is_sound(page):
    charts = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(charts) > 5
    for chart in charts:
        drawn = ElementTree.fromstring(chart)
        width = float(drawn.attrib["viewBox"].split()[2])
        for bar in drawn.iter("rect"):
            assert float(bar.attrib["x"]) >= 0
            assert float(bar.attrib["x"]) + float(bar.attrib["width"]) <= width + 0.2


def test_three_lives_are_told_with_every_why(page):
    lives = re.findall(r'<article class="life">.*?</article>', page, re.DOTALL)
    assert len(lives) == 3
    for life in lives:
        lines = life.count("<li>")
        whys = re.findall(r'<span class="why">([^<]+)</span>', life)
        assert lines and lines == len(whys)
        known = ("modules/", "stats.", "told of", "the partner", "with the", "before the", "informal care")
        assert [why for why in whys if not why.startswith(known)] == []


def test_sources_and_assumptions_are_named_with_their_reason(page):
    assert "71488ned" in page and "https://opendata.cbs.nl/" in page
    assert "a quarter misses the eight weeks" in page  # an institution assumes it
    assert "has changed since this run" not in page


def test_what_came_on_one_day_for_one_reason_is_one_line():
    import datetime

    day = datetime.date(2020, 3, 1)
    doses = [Moment(day, 0, f"Vaccination: {name}, dose 1", "ggd/vaccination", "a") for name in ("DKTP", "Pneu")]
    other = Moment(day, 0, "alive", "lifecourse/mortality", "b")
    merged = list(_merged([*doses, other]))
    assert [moment.text for moment in merged] == ["Vaccination: DKTP, dose 1; vaccination: Pneu, dose 1", "alive"]


@pytest.mark.parametrize(("count", "text"), [(9_999, "9,999"), (12_345, "12.3k"), (1_204_295, "1,204k")])
def test_long_counts_are_cut_over_narrow_bars(count, text):
    assert short(count) == text
