"""`abmsim stats`: which figures there are, what they say, why they are trusted, and whether they are intact."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from abmsim.problems import ProblemsFound

if TYPE_CHECKING:
    from abmsim.stats.catalogue import Catalogue

app = typer.Typer(
    help="The public statistics that everything comes from.",
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of a statistic, as in `abmsim stats list`.")]


@app.command("list")
def list_all() -> None:
    """One line a statistic."""
    from abmsim.stats.show import list_lines

    _print(list_lines(_catalogue()))


@app.command()
def show(name: Name) -> None:
    """One statistic in words, with its first figures."""
    from abmsim.stats.show import show_lines

    _print(show_lines(_catalogue(), name))


@app.command()
def why(name: Name) -> None:
    """The way back to the publisher's tables.

    Each table on the way with its caveats.
    """
    from abmsim.stats.show import why_lines

    _print(why_lines(_catalogue(), name))


@app.command()
def verify() -> None:
    """Check that all are what their cards say.

    Hashes, dimensions, units, totals, origin, how a run is held against them and what is calibrated.
    """
    from abmsim.calibrate.checking import checked_blocks
    from abmsim.cli.checking import tell_replaced
    from abmsim.stats.derive import RECIPE_NAMES
    from abmsim.stats.verify import verify as problems_of
    from abmsim.validate.target_problems import target_problems

    catalogue = _catalogue()
    tell_replaced()
    problems = [*problems_of(catalogue, RECIPE_NAMES), *target_problems(catalogue)]
    problems += [] if problems else checked_blocks(catalogue)[1]  # which rest on sound figures
    if problems:
        raise ProblemsFound(problems)
    typer.echo(f"{len(catalogue.cards)} statistics verified: no problems")


def _catalogue() -> Catalogue:
    from abmsim.loading import load_catalogue

    return load_catalogue()


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)
