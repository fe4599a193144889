"""How one begins: `abmsim new`, `abmsim module new` and `abmsim stats new`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from abmsim.project.new_statistic import Ask

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that is new or empty.")]
Module = Annotated[str, typer.Argument(metavar="NAME", help="Name of the module, such as wmo/taxi_pass.")]
Csv = Annotated[Path, typer.Argument(metavar="FILE.csv", help="The figures; the first line names the columns.")]
Into = Annotated[Path | None, typer.Option("--into", metavar="FOLDER", help="Put a copy there, and its card.")]
Title = Annotated[str, typer.Option("--title", metavar="TEXT", help="What the figures are.")]
Publisher = Annotated[str, typer.Option("--publisher", metavar="TEXT", help="Who published them.")]
TableId = Annotated[str, typer.Option("--table-id", metavar="TEXT", help="The publisher's name for the table.")]
Url = Annotated[str, typer.Option("--url", metavar="URL", help="Where it can be read.")]
Period = Annotated[str, typer.Option("--period", metavar="TEXT", help="What the figures are of, such as 2020.")]
Unit = Annotated[str, typer.Option("--unit", metavar="UNIT", help="Such as share, or rate per person-year.")]
Rule = Annotated[str, typer.Option("--counting-rule", metavar="RULE", help="Such as stock at date.")]
Licence = Annotated[str, typer.Option("--licence", metavar="TEXT", help="Such as CC BY 4.0.")]
Verified = Annotated[str, typer.Option("--verified", metavar="seen|assumption", help="How sure the figures are.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason of an assumption.")]
Values = Annotated[str, typer.Option("--values", metavar="COLUMN", help="The column with the figures.")]
By = Annotated[str, typer.Option("--by", metavar="A,B", help="The columns that say of whom a figure is.")]


def new(folder: Folder) -> None:
    """Make a project: a folder for your own modules.

    Inside it every command works on your modules and statistics over the shipped ones.
    """
    from abmsim.project.folder import make_project

    make_project(folder)
    print(f"{folder}: a project, with modules/, institutions/, public_stats/, scenarios/ and regions/")
    print(f"next    cd {folder}; abmsim module new wmo/taxi_pass")


def new_module(name: Module) -> None:
    """Begin a module: with every key explained, a test and cards.

    The test fails, so that you see how that looks. `abmsim check` then lists what is to be filled in.
    """
    from abmsim.paths import shown
    from abmsim.project.module_draft import make_module

    files = make_module(name)
    for file in files:
        print(shown(file))
    print(f"next    abmsim check {shown(files[0])}    (what you have to fill in)")


def new_statistic(
    file: Csv,
    into: Into = None,
    title: Title = "",
    publisher: Publisher = "",
    table_id: TableId = "",
    url: Url = "",
    period: Period = "",
    unit: Unit = "",
    counting_rule: Rule = "",
    licence: Licence = "",
    verified: Verified = "",
    why: Why = "",
    values: Values = "",
    by: By = "",
) -> None:
    """Write the card of a table of figures.

    The file tells its hash, dimensions and column of figures; a terminal asks for the rest, and what is not said is
    left as `fill in`, which `abmsim stats verify` refuses.
    """
    from abmsim.paths import shown
    from abmsim.project.new_statistic import make_card

    given = {
        "title": title, "publisher": publisher, "table_id": table_id, "url": url, "period": period, "unit": unit,
        "counting_rule": counting_rule, "licence": licence, "verified": verified, "why": why, "values": values,
        "by": by,
    }  # fmt: skip
    made = make_card(file, into, {key: value for key, value in given.items() if value}, _asker())
    print(shown(made.card))
    print(f"  stats.{made.card.stem}: {made.unit}, by {', '.join(made.by) or 'nothing'}", end="")
    print(f", figures in '{made.values}'" if made.values else "")
    for note in made.notes:
        print(f"  note: {note}")
    if made.unfilled:
        print(f"  to be filled in: {', '.join(made.unfilled)}")


def _asker() -> Ask:
    """Questions on a terminal; elsewhere everything that is not said stays to be filled in."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return lambda key, hint, default: default
    print("Enter leaves what stands between brackets (`fill in`: later, in the card); - says that there is none.")

    def ask(key: str, hint: str, default: str) -> str:
        return typer.prompt(f"{key.replace('_', ' ')} ({hint})", default=default, show_default=bool(default)).strip()

    return ask
