"""`abmsim module`: what an author of modules needs besides `check` and `test`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abmsim.problems import ProblemsFound, UsageError

if TYPE_CHECKING:
    from abmsim.lang.module import Module
    from abmsim.lang.picture_counts import RunCounts

app = typer.Typer(
    help="Write modules: begin, draw, step through, describe.",
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
)

File = Annotated[Path, typer.Argument(metavar="FILE", help="A module's file, or its name such as wmo/household_help.")]
Run = Annotated[str, typer.Option("--run", metavar="RUN", help="Folder of a run whose counts are drawn.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="OUT", help="File; NAME.svg here if left out.")]
Text = Annotated[bool, typer.Option("--mermaid", help="Mermaid text, on the screen if no OUT is given.")]
Institutions = Annotated[bool, typer.Option("--institutions", help="That of institutions' files.")]
SchemaFile = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="File; the screen if none.")]


@app.command()
def picture(file: File, run: Run = "", output: Output = None, mermaid: Text = False) -> None:
    """Draw a module as SVG or Mermaid.

    Its states, what they do, and what leads from one to the next.
    With --run: how often each was entered, each way was taken, and after how long.
    """
    from abmsim.lang.picture import picture as draw
    from abmsim.lang.picture_mermaid import mermaid as as_mermaid
    from abmsim.lang.picture_svg import svg
    from abmsim.lang.picture_words import Words
    from abmsim.loading import read_catalogue

    module = _read(file)
    catalogue, _ = read_catalogue()  # a picture can do without the values of cards that are not right yet
    drawn = draw(module, Words(module, catalogue), _counts(module, run) if run else None)
    if mermaid and output is None:
        print(as_mermaid(drawn), end="")
        return
    target = output or Path(f"{module.path.stem}.svg")
    target.write_text(as_mermaid(drawn) if mermaid else svg(drawn), encoding="utf-8", newline="\n")
    print(target)


@app.command()
def schema(output: SchemaFile = None, institutions: Institutions = False) -> None:
    """Print the JSON Schema of the module language, for editors.

    It completes and checks while you type: see docs/editor.md.
    """
    from abmsim.lang.json_schema import schema_text
    from abmsim.lang.json_schema_institution import institution_schema_text
    from abmsim.schema.schema import load_schema

    text = institution_schema_text() if institutions else schema_text(load_schema())
    if output is None:
        print(text, end="")
        return
    output.write_text(text, encoding="utf-8", newline="\n")
    print(output)


def _read(file: Path) -> Module:
    """The module in a file, by path or name; it must be readable but need not be right, nor filled in."""
    from abmsim.lang.codes import UNFILLED, WRONG_MODULE_NAME
    from abmsim.lang.read import read_module
    from abmsim.paths import module_roots
    from abmsim.schema.schema import load_schema

    roots = module_roots()
    named = (root / f"{file.as_posix()}.yaml" for root in roots)
    path = next((path for path in (file, *named) if path.is_file()), file).resolve()
    if not path.is_file():
        raise UsageError(f"there is no module '{file}'")
    root = next((root.resolve() for root in roots if path.is_relative_to(root.resolve())), path.parent)
    module, problems = read_module(path, root, load_schema().verbs)
    problems = [problem for problem in problems if problem.code not in (WRONG_MODULE_NAME, UNFILLED)]
    if problems or module is None:
        raise ProblemsFound(problems)
    return module


def _counts(module: Module, run: str) -> RunCounts:
    from abmsim.cli.runs import run_folder
    from abmsim.lang.picture import graph, silent_states
    from abmsim.lang.picture_counts import count_run
    from abmsim.life import open_run

    folder = run_folder(run)
    with open_run(folder) as tables:
        return count_run(tables, folder.name, module.name, graph(module), silent_states(module))
