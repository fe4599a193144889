"""The municipalities of today are found as their parts of 2020, and regions as their municipalities."""

from __future__ import annotations

from collections import Counter

import pytest

from abmsim.population.places import all_places, find
from abmsim.population.regions import GGD, SAFETY, published_regions
from abmsim.population.today import municipalities_of_today
from abmsim.problems import UsageError


def names(text, catalogue):
    return [place.name for place in find(text, catalogue).places]


def note(text, catalogue):
    (line,) = find(text, catalogue).notes
    return line


def test_a_new_municipality_is_its_parts_and_a_line_says_so(catalogue):
    parts = ["Boxmeer", "Cuijk", "Grave", "Mill en Sint Hubert", "Sint Anthonis"]
    assert names("land van cuijk", catalogue) == names("GM1982", catalogue) == parts
    assert note("land van cuijk", catalogue) == f"Land van Cuijk (2022) is taken as {' + '.join(parts)} of 2020"


def test_every_name_and_code_of_today_is_found(catalogue):
    rows = catalogue.rows("municipal_division_2026")
    assert len(rows) == 342
    for told in ("{name}", "{municipality_code}", "{name} (2026)"):
        found = find("+".join(told.format(**row) for row in rows), catalogue)
        assert len(found.named) == len(rows), "each is another one"
        assert all(one.places for one in found.named)


def test_every_municipality_of_2020_is_a_part_of_one_of_today(catalogue):
    parts = Counter(place.code for today in municipalities_of_today(catalogue) for place in today.places)
    assert parts == dict.fromkeys((place.code for place in all_places(catalogue)), 1)


def test_what_ended_is_what_the_two_lists_differ_by(catalogue):
    before = {place.code for place in all_places(catalogue)}
    now = {row["municipality_code"] for row in catalogue.rows("municipal_division_2026")}
    mergers = catalogue.rows("municipal_mergers_2020_2023")
    assert {row["part_code"] for row in mergers} == before - now
    assert now - before <= {row["municipality_code"] for row in mergers} <= now
    taken = Counter(row["part_code"] for row in mergers if row["taken"] == "yes")
    assert set(taken.values()) == {1} and set(taken) == before - now


def test_a_name_that_stayed_means_2020_and_a_line_says_what_it_is_now(catalogue):
    assert names("Amsterdam", catalogue) == ["Amsterdam"]
    assert "since 2022 it is Amsterdam + Weesp (write 'Amsterdam (2026)' for that)" in note("Amsterdam", catalogue)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Amsterdam (2020)", ["Amsterdam"]),
        ("Amsterdam (2021)", ["Amsterdam"]),
        ("Amsterdam (2022)", ["Amsterdam", "Weesp"]),
        ("GM0363 (2026)", ["Amsterdam", "Weesp"]),
        ("Den Haag (2026)", ["'s-Gravenhage"]),
        ("Hengelo (O.)", ["Hengelo"]),
        ("Purmerend (2023) + Urk", ["Beemster", "Purmerend", "Urk"]),
    ],
)
def test_a_year_asks_for_the_municipality_of_that_year(text, expected, catalogue):
    assert names(text, catalogue) == expected


@pytest.mark.parametrize("text", ["Land van Cuijk (2021)", "Land van Cuijk (2020)", "Urk (1999)", "Urk (2030)"])
def test_a_year_without_that_municipality_is_one_clear_line(text, catalogue):
    with pytest.raises(UsageError) as error:
        find(text, catalogue)
    assert "\n" not in str(error.value)


def test_a_municipality_that_was_divided_is_taken_whole_once_and_the_lines_say_so(catalogue):
    assert names("Oisterwijk (2026)", catalogue) == ["Haaren", "Oisterwijk"]
    assert "Haaren was divided over Boxtel, Oisterwijk, Tilburg and Vught" in note("Oisterwijk (2026)", catalogue)
    for heir, village in (("Boxtel", "Esch"), ("Tilburg", "Biezenmortel"), ("Vught", "Helvoirt")):
        assert names(f"{heir} (2026)", catalogue) == [heir]
        assert f"{village} came here; Haaren is taken whole with Oisterwijk" in note(f"{heir} (2026)", catalogue)


def test_a_place_that_has_not_changed_needs_no_line(catalogue):
    assert find("Leiden+Urk", catalogue).notes == find("Nederland", catalogue).notes == ()


@pytest.mark.parametrize("kind", [GGD, SAFETY])
def test_the_25_regions_of_a_kind_share_out_the_country(kind, catalogue):
    regions = [region for region in published_regions(catalogue) if region.kind == kind]
    assert len(regions) == 25
    parts = Counter(place.code for region in regions for place in region.places)
    assert parts == dict.fromkeys((place.code for place in all_places(catalogue)), 1)


def test_all_but_two_ggd_regions_are_a_safety_region(catalogue):
    regions = published_regions(catalogue)
    safety = {region.places for region in regions if region.kind == SAFETY}
    other = {region.name for region in regions if region.kind == GGD and region.places not in safety}
    assert other == {"GGD West-Brabant", "GGD Hart voor Brabant"}


@pytest.mark.parametrize("text", ["GGD Zeeland", "ggd zaanstreek/waterland", "VR11", "safety region Zeeland"])
def test_a_region_is_found_as_people_write_it(text, catalogue):
    assert "municipalities of 2020: " in note(text, catalogue)


def test_an_unknown_region_suggests_the_nearest(catalogue):
    with pytest.raises(UsageError, match="did you mean GGD Zaanstreek-Waterland"):
        find("GGD Zanstreek-Waterland", catalogue)
