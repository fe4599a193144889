"""A run beside the published figures: what is equal, what is within its margin or chance, and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from abmsim.problems import UserError
from abmsim.stats.catalogue import Catalogue
from abmsim.validate.figure import Comparison
from abmsim.validate.lines import as_json, headline, text_lines
from abmsim.validate.opened import OpenRun, opened
from abmsim.validate.population import population_comparisons
from abmsim.validate.targets import target_comparisons

__all__ = ["compare", "raise_differences", "validate_json", "validate_lines"]


def compare(run: OpenRun) -> list[Comparison]:
    """Every published figure that this run can be held against."""
    return [*population_comparisons(run), *target_comparisons(run)]


def validate_lines(folder: Path, catalogue: Catalogue) -> Iterator[str]:
    """The comparisons of a run as lines of text.

    After the last one UserError if a figure that must come out does not.
    """
    with opened(folder, catalogue) as run:
        comparisons = compare(run)
        yield headline(run)
    yield from text_lines(comparisons)
    raise_differences(comparisons)


def validate_json(folder: Path, catalogue: Catalogue) -> tuple[str, list[Comparison]]:
    """The comparisons of a run as JSON, and themselves (see `raise_differences`)."""
    with opened(folder, catalogue) as run:
        comparisons = compare(run)
        return as_json(run, comparisons), comparisons


def raise_differences(comparisons: list[Comparison]) -> None:
    """UserError that names the tables of which a target, or what is exact by construction, came out different."""
    failing = [comparison.title for comparison in comparisons if comparison.fails]
    if failing:
        raise UserError(f"different beyond margin and three standard errors: {'; '.join(failing)}")
