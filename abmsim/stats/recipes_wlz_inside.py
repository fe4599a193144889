"""Residents of institutions by the basis of their indication for long-term care, and those without one."""

from __future__ import annotations

from collections.abc import Callable

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_lifecourse import persons_by_position, residents_by_band, shares_of
from abmsim.stats.recipes_lifecourse_institutions import AGED, INSIDE, other_aged


def assumed(catalogue: Catalogue, name: str) -> float:
    return catalogue.table("wlz_assumptions").value(assumption=name)


def fact(catalogue: Catalogue, name: str) -> float:
    return catalogue.table("wlz_nursing_care_facts").value(fact=name)


def psychogeriatric_part(catalogue: Catalogue) -> float:
    """Of indications for nursing care, by the stock of the two bases."""
    stock = catalogue.table("wlz_indications_by_basis")
    of = {basis: stock.value(basis=basis, year="2018") for basis in ("psychogeriatric", "somatic")}
    return of["psychogeriatric"] / sum(of.values())


def in_nursing_home(catalogue: Catalogue) -> Callable[[float], float]:
    """The share of residents of an exact age who live in a nursing home."""
    share, others = shares_of(catalogue), other_aged(catalogue)
    return lambda age: max(share(age, INSIDE) - others, 0.0) if age >= AGED else 0.0


def by_band_inside(catalogue: Catalogue) -> dict[int, float]:
    """Residents of institutions by the first age of their five-year group."""
    persons = persons_by_position(catalogue)
    return {band: number for (band, position), number in persons.items() if position == INSIDE}


def of_institutions(catalogue: Catalogue, band: int, risen_part: float = 1.0) -> dict[str, float]:
    """Residents of institutions of an age group by the basis of their indication; the rest has none."""
    if band < AGED:
        group = "under_18" if band < 15 else "18_64"
        names = {"intellectual": 0.0, "physical": 0.0, "psychiatric": 0.0}
        table = catalogue.table("wlz_assumptions")
        known = {basis for basis in names if f"institution_{group}_{basis}" in table.labels["assumption"]}
        found = {basis: assumed(catalogue, f"institution_{group}_{basis}") * risen_part for basis in known}
        return {**names, **found, "psychogeriatric": 0.0, "somatic": 0.0}
    homes = 1 - other_aged(catalogue) / _share_inside(catalogue, band)
    part = psychogeriatric_part(catalogue)
    found = {"psychogeriatric": homes * part, "somatic": homes * (1 - part)}
    for basis in ("intellectual", "physical", "psychiatric"):
        found[basis] = (1 - homes) * assumed(catalogue, f"institution_other_aged_{basis}")
    return found


def _share_inside(catalogue: Catalogue, band: int) -> float:
    return by_band_inside(catalogue)[band] / residents_by_band(catalogue)[band]


def persons_inside(catalogue: Catalogue, basis: str) -> float:
    """Residents of institutions on the base date whose indication has this basis."""
    return sum(number * of_institutions(catalogue, band)[basis] for band, number in by_band_inside(catalogue).items())
