"""The commands by name. Their bodies import what they need, so that `--help` and `check` answer at once."""

from __future__ import annotations

from typing import Annotated

import typer

from abmsim import __version__
from abmsim.cli import calibrate, checking, explain, module, places, runs, simulate, start, statistics, validating

app = typer.Typer(
    name="abmsim",
    help="Residents who never existed, care records that could have: a Dutch town simulated from public statistics.",
    epilog="These data are artificially generated; any resemblance to real persons is coincidental.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("new")(start.new)
app.command("run")(simulate.run)
app.command("check")(checking.check)
app.command("test")(checking.test)
app.add_typer(statistics.app, name="stats")
statistics.app.command("new")(start.new_statistic)
app.add_typer(module.app, name="module")
module.app.command("new")(start.new_module)
module.app.command("trace")(explain.trace)
app.command("life")(runs.life)
app.command("why")(explain.why)
app.command("validate")(validating.validate)
app.command("calibrate")(calibrate.calibrate)
app.command("places")(places.places)
app.command("report")(runs.report)
app.command("integrity")(runs.integrity)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"abmsim {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    pass
