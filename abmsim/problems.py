"""Problems that a user's mistake causes: told all at once, with place, code and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a file; `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    code: str
    text: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.file}:{self.line}:{self.column} {self.code} {self.text}{hint}"

    @property
    def is_warning(self) -> bool:
        return self.code.startswith("W")


class ProblemsFound(Exception):
    """One or more problems in the files that were read."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class UserError(Exception):
    """A mistake outside any file: one line that says what is wrong and what to do.

    `exit_code` is 2 for a wrong call (usage) and 1 for a problem met while working.
    """

    def __init__(self, text: str, exit_code: int = 1) -> None:
        self.exit_code = exit_code
        super().__init__(text)


class UsageError(UserError):
    """A call that cannot be carried out as it was written."""

    def __init__(self, text: str) -> None:
        super().__init__(text, exit_code=2)


_MOST_COMPARED = 1000
"""Comparing letter by letter takes long: of more options than this only the likeliest are compared."""


def nearest(name: str, options: Iterable[str], most: int = 3) -> list[str]:
    """The options that look most like `name`, best first."""
    import difflib  # here: most runs have nothing to suggest

    by_folded = {option.casefold(): option for option in options}
    if len(by_folded) > _MOST_COMPARED:
        alike = [folded for folded in by_folded if folded[:1] == name[:1].casefold()]
        alike.sort(key=lambda folded: abs(len(folded) - len(name)))
        by_folded = {folded: by_folded[folded] for folded in alike[:_MOST_COMPARED]}
    found = difflib.get_close_matches(name.casefold(), by_folded, n=most, cutoff=0.6)
    return [by_folded[key] for key in found]


def suggestion(name: str, options: Iterable[str], what: str = "valid") -> str:
    """The hint for an unknown name: the nearest one, else the valid ones (at most twelve)."""
    options = sorted(set(options))
    close = nearest(name, options, most=1)
    if close:
        return f"did you mean '{close[0]}'?"
    if not options:
        return f"there are no {what} names here"
    shown = ", ".join(options[:12]) + (", ..." if len(options) > 12 else "")
    return f"{what}: {shown}"
