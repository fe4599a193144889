"""Places are found as people write them."""

import pytest

from abmsim.population.places import all_places, find_places
from abmsim.problems import UsageError


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Leiden", "GM0546"),
        ("leiden", "GM0546"),
        ("GM0363", "GM0363"),
        ("gm0363", "GM0363"),
        ("Súdwest-Fryslân", "GM1900"),
        ("sudwest fryslan", "GM1900"),
        ("'s-Gravenhage", "GM0518"),
        ("s gravenhage", "GM0518"),
        ("Den Haag", "GM0518"),
        ("Den Bosch", "GM0796"),
        ("’s-Hertogenbosch", "GM0796"),
        ("  Urk ", "GM0184"),
        ("Bergen (NH)", "GM0373"),
    ],
)
def test_a_name_or_code_finds_its_municipality(text, code, catalogue):
    assert [place.code for place in find_places(text, catalogue)] == [code]


def test_a_plus_joins_places_in_the_order_given(catalogue):
    assert [place.name for place in find_places("Urk + Noordoostpolder+urk", catalogue)] == ["Urk", "Noordoostpolder"]


def test_the_country_is_its_355_municipalities(catalogue):
    places = find_places("nederland", catalogue)
    assert len(places) == 355
    assert sum(place.population for place in places) == 17_407_585


def test_every_published_name_and_code_finds_itself(catalogue):
    places = all_places(catalogue)
    assert find_places("+".join(place.name for place in places), catalogue) == places
    assert find_places("+".join(place.code for place in places), catalogue) == places


@pytest.mark.parametrize(("text", "expected"), [("Leidn", "Leiden"), ("GM9999", "GM"), ("Bergen", "Bergen (")])
def test_an_unknown_name_suggests_the_nearest(text, expected, catalogue):
    with pytest.raises(UsageError) as error:
        find_places(text, catalogue)
    assert text in str(error.value)
    assert expected in str(error.value)
    assert error.value.exit_code == 2


@pytest.mark.parametrize("text", ["", "Urk+", "qqqq"])
def test_what_names_no_place_is_one_clear_line(text, catalogue):
    with pytest.raises(UsageError) as error:
        find_places(text, catalogue)
    assert "\n" not in str(error.value)
