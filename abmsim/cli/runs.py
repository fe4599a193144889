"""What one asks of a run that is there: `abmsim life`, `report` and `integrity`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abmsim.problems import ProblemsFound, UsageError, suggestion

if TYPE_CHECKING:
    from abmsim.life import Life

Run = Annotated[str, typer.Argument(metavar="RUN", help="Folder of a run, or its name below outputs/.")]
Person = Annotated[str | None, typer.Argument(metavar="PERSON", help="A person_id; an eventful life if left out.")]


Full = Annotated[bool, typer.Option("--full", help="Say what each statistic and assumption is.")]


def life(run: Run, person: Person = None, full: Full = False) -> None:
    """Tell one resident's life, with every why."""
    from abmsim.life import life_of

    found = life_of(run_folder(run), person)
    more = _reasons(found) if full else {}
    print(found.headline)
    for line in (*found.relatives, *found.homes):
        print(f"  {line}")
    print()
    for moment in found.moments:
        print(f"{moment.date}  age {moment.age:>3}  {moment.text}")
        because = ", ".join(filter(None, (moment.module, moment.why)))
        if because:
            print(f"{'':21}{because}")
        for line in more.get((moment.module, moment.why), ()):
            print(f"{'':21}{line}")
    if not found.moments:
        print("nothing is told of this life")


def _reasons(found: Life) -> dict[tuple[str, str], list[str]]:
    """What the statistics and assumptions are that the moments of a life name, by module and why."""
    from abmsim.explain.sources import explained, named_in
    from abmsim.loading import load_modules, read_catalogue

    catalogue, _ = read_catalogue()
    modules = {module.name: module for module in load_modules(catalogue).modules}
    return {
        (module, why): [line for name in named_in(why) for line in explained(name, modules.get(module), catalogue)]
        for module, why in {(moment.module, moment.why) for moment in found.moments}
    }


def run_folder(name: str) -> Path:
    """The folder of a run, by its path or its name below `outputs/`; raises UsageError if there is none."""
    from abmsim.records.runfile import RUN_FILE

    for folder in (Path(name), Path("outputs", name)):
        if (folder / RUN_FILE).is_file():
            return folder
    known = [file.parent.as_posix() for file in Path("outputs").glob(f"*/{RUN_FILE}")]
    hint = suggestion(name, known, "runs") if known else "make one with `abmsim run`"
    raise UsageError(f"'{name}' is no folder of a run ({hint})")


def report(run: Run) -> None:
    """Write the report of a run again.

    One HTML file that opens without a network.
    """
    from abmsim.report import write_report

    folder = run_folder(run)
    write_report(folder)
    print(folder / "report.html")


def integrity(run: Run) -> None:
    """Prove every key of a run's tables.

    A key stands once, and every reference leads to a row.
    """
    from abmsim.records.integrity import check_run
    from abmsim.schema.schema import load_schema

    schema = load_schema()
    problems = check_run(run_folder(run), schema)
    if problems:
        raise ProblemsFound(problems)
    print(f"{len(schema.tables)} tables: every key stands once, every reference leads to a row, everybody has one home")
