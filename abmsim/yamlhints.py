"""What people mean when they write what is no YAML."""

from __future__ import annotations

import re

import yaml


def syntax_hint(error: yaml.MarkedYAMLError, text: str) -> tuple[tuple[int, int], str]:
    """Where a text is no YAML, as (line, column) from 1, and what to do about it."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.splitlines()
    said = f"{error.context or ''} {error.problem or ''}"
    here = lines[line] if line < len(lines) else ""
    place, hint = (line + 1, column + 1), ""
    if "\t" in here[: len(here) - len(here.lstrip())] or "cannot start any token" in said and "\t" in here:
        place, hint = (line + 1, here.index("\t") + 1), "indent with spaces, not with tabs"
    elif "flow mapping" in said or "flow sequence" in said:
        opening = error.context_mark
        place = (opening.line + 1, opening.column + 1) if opening else place
        hint = "close the { or [ that opens here, and separate its items by commas"
    elif "could not find expected ':'" in said:
        unspaced = _unspaced_colon(lines, line)
        place = unspaced or place
        hint = "put a space after the colon" if unspaced else "write `key: value`"
    elif "mapping values are not allowed" in said and (unspaced := _unspaced_colon(lines, line - 1)):
        place, hint = unspaced, "put a space after the colon"
    elif "mapping values are not allowed" in said:
        hint = "a value with ': ' in it stands between quotes; keys of one map stand under each other"
    elif "quoted scalar" in said:
        opening = error.context_mark
        place = (opening.line + 1, opening.column + 1) if opening else place
        hint = "close the quote that opens here"
    elif "cannot start any token" in said:
        hint = "put a value that begins with @, % or ` between quotes"
    elif "document start" in said:
        hint = "keys of one map stand exactly under each other"
    elif "alias" in said or "anchor" in said or "tag" in said:
        hint = "put a value that begins with *, & or ! between quotes"
    elif "block" in said:
        hint = "keys of one map stand exactly under each other"
    return place, hint


def _unspaced_colon(lines: list[str], line: int) -> tuple[int, int] | None:
    for number in range(min(line, len(lines) - 1), max(line - 3, -1), -1):
        found = re.match(r"\s*[\w-]+:(?=[^\s:])", lines[number])
        if found:
            return number + 1, found.end()
    return None
