"""The command line: commands in, one clear line out for every mistake, and an exit code.

0: done. 1: a problem met while working (also: stopped with Ctrl-C). 2: a call that cannot be carried out as written.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from abmsim.problems import ProblemsFound, UserError

PROBLEM, USAGE = 1, 2
_INTERRUPTED = 130
"""What typer makes of Ctrl-C by itself."""


def main() -> NoReturn:
    """Entry point of the `abmsim` command."""
    sys.exit(answer(sys.argv[1:]))


def answer(arguments: Sequence[str]) -> int:
    """Carries out one command line and returns its exit code; never a traceback for a user's mistake."""
    _speak_utf8()
    try:
        return _obey(arguments)
    except ProblemsFound as error:
        return _tell_problems(error)
    except UserError as error:
        return _tell(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _tell_stopped()
    except BrokenPipeError:  # the reader of our output (`| head`) has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 0
    except MemoryError:
        return _tell("the memory is full: try fewer residents (-p)", PROBLEM)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return _tell(f"{place}{error.strerror or error}", PROBLEM)


def _obey(arguments: Sequence[str]) -> int:
    import typer

    from abmsim.cli.app import app

    try:
        code = app(list(arguments) or ["--help"], prog_name="abmsim", standalone_mode=False)
    except typer.TyperException as error:
        return _tell_usage(error)
    except typer.Abort:
        return _tell_stopped()
    return _tell_stopped() if code == _INTERRUPTED else int(code or 0)


def _tell(text: str, code: int) -> int:
    print("abmsim:", " ".join(text.split()), file=sys.stderr)
    return code


def _tell_stopped() -> int:
    return _tell("stopped", PROBLEM)


def _tell_problems(error: ProblemsFound) -> int:
    for problem in error.problems:
        print(problem, file=sys.stderr)
    return PROBLEM


def _tell_usage(error: BaseException) -> int:
    """One line for what the parser found wrong, with the command whose help explains it."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "abmsim"
    text = error.format_message() if hasattr(error, "format_message") else str(error)  # type: ignore[attr-defined]
    return _tell(f"{text.rstrip('.')} (see {command} --help)", USAGE)


def _speak_utf8() -> None:
    """Names such as Súdwest-Fryslân must not break a console of another encoding."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
