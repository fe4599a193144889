"""What the user of a run is told beforehand: figures carried on past their years, projected margins, types too rare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from abmsim.days import civil_date
from abmsim.population.people import Population
from abmsim.population.projection import margins_of, projected_tables
from abmsim.population.vanished import vanished_types
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.validity import extensions

Tell = Callable[[str], None]
"""Called with one line for the user: `note: ...` or `warning: ...`."""

READ_BY_THE_BARRIER = ("immigration_by_year",)
"""Statistics by year that no module reads, but the handling of each month does."""


def extensions_of(catalogue: Catalogue, names: Iterable[str], last_year: int) -> Mapping[str, str]:
    """name -> rule of each table by year that the run goes past, of those named and those of the barrier."""
    barrier = [name for name in READ_BY_THE_BARRIER if name in catalogue.cards]
    return extensions(catalogue, {*names, *barrier}, last_year)


def tell_extended(catalogue: Catalogue, names: Iterable[str], last_year: int, tell: Tell) -> Mapping[str, str]:
    """Which figures are carried on past their years: see `extensions_of`."""
    extended = extensions_of(catalogue, names, last_year)
    for name, rule in extended.items():
        tell(f"note: {name}: {rule}")
    return extended


def tell_projected(population: Population, tell: Tell) -> Mapping[str, str]:
    """table -> by what it was projected to the base date; none for that of the published margins."""
    year = civil_date(population.base_day)[0]
    projected = projected_tables(year)
    for name, rule in projected.items():
        tell(f"note: {name} is projected to 1 January {year} by {rule}")
    return projected


def tell_vanished(population: Population, catalogue: Catalogue, tell: Tell) -> None:
    """Types of households that the places have and the sample has not."""
    expected = vanished_types(population, margins_of(catalogue, civil_date(population.base_day)[0]))
    if expected:
        listed = ", ".join(f"{name} (expected {number:.1f})" for name, number in expected.items())
        tell(f"warning: with {len(population.people):,} residents no household of these types is drawn: {listed}")
