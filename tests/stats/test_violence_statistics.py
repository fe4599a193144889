"""The rates of violence and of its reports give back what they were solved for."""

from __future__ import annotations

import math
import random

import pytest

from abmsim.paths import PUBLIC_STATS
from abmsim.stats import recipes_veilig_thuis, recipes_violence
from abmsim.stats.catalogue import Catalogue, load

SPELLS = 20_000


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load([PUBLIC_STATS])


def suffering(group: recipes_violence.Group, years: float) -> float:
    """How many of a group suffer it at any time in so many years."""
    free = group.stops / (group.begins + group.stops) * math.exp(-group.begins * years)
    return group.persons * (1 - free)


def test_in_five_years_as_many_suffer_it_as_published(catalogue: Catalogue) -> None:
    found = recipes_violence.adults(catalogue)
    groups = (*found.partners.values(), found.parents, found.old)
    residents = recipes_violence.residents_of(catalogue, range(recipes_violence.ADULT, 121))
    total = sum(suffering(group, 5) for group in groups) / residents
    assert 100 * total == pytest.approx(catalogue.table("domestic_violence_adults_2017").value(sex="total"), rel=0.02)


def test_women_suffer_more_of_it_from_partners_than_men(catalogue: Catalogue) -> None:
    partners = recipes_violence.adults(catalogue).partners
    published = catalogue.table("domestic_violence_adults_2017")
    ratio = suffering(partners["female"], 5) / suffering(partners["male"], 5)
    assert ratio == pytest.approx(published.value(sex="female") / published.value(sex="male"), rel=0.05)


@pytest.mark.parametrize("wanted", [0.3, 1.2])
def test_the_rate_of_first_reports_gives_so_many_a_spell(wanted: float) -> None:
    stops, follows, draw = 0.4, 0.285, random.Random(5)
    rate, again = recipes_veilig_thuis._report_rate(wanted, stops, follows), -math.log(1 - follows)
    first = 0
    for _ in range(SPELLS):
        left = draw.expovariate(stops)
        while (left := left - draw.expovariate(rate)) > 0:
            first += 1
            while (repeat := draw.expovariate(again)) < 1:  # Veilig Thuis looks on for a year after each report
                left -= repeat
            left -= 1
    assert first / SPELLS == pytest.approx(wanted, rel=0.04)


def test_every_kind_of_report_has_its_reporters(catalogue: Catalogue) -> None:
    sums: dict[str, float] = {}
    for row in recipes_veilig_thuis.reporters(catalogue):
        sums[row["reported_kind"]] = sums.get(row["reported_kind"], 0.0) + float(row["share"])
    assert all(total == pytest.approx(1, abs=0.001) for total in sums.values())
    assert set(sums) == set(recipes_veilig_thuis.KINDS)
