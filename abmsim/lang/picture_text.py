"""How wide text is and where it breaks, so that a layout needs no fonts and comes out the same everywhere.

The widths are those of DejaVu Sans, the widest font that browsers commonly take for `sans-serif`: in Arial or
Helvetica a box has some room to spare.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from abmsim.lang.picture import ABOUT, COUNT, PLAIN, SOURCE, TITLE, Line

SIZES = {TITLE: 13.0, ABOUT: 11.0, PLAIN: 11.0, SOURCE: 9.5, COUNT: 11.0}
"""Height of the letters by style, in pixels."""

BOLD = (TITLE, COUNT)
LEADING = 1.3
"""From one line to the next, in letter heights."""

_BOLD_FACTOR = 1.13
_GROUPS = {
    0.30: "ijl'|", 0.33: " \N{NO-BREAK SPACE},./·:;\\", 0.41: "ftr()[]-", 0.53: "sczI`", 0.60: "vxykea_*?J",
    0.65: "oubdpqghnL0123456789F", 0.70: "TPESYZABCXKRV", 0.79: "NDUHGOQ", 0.86: "w<>=+M×≥", 1.0: "mW%@&…",
}  # fmt: skip
_WIDTHS = {letter: width for width, letters in _GROUPS.items() for letter in letters}
_OTHER = 0.75
_BREAKS = re.compile(r"(?<=[_./,])(?=\w)")


@dataclass(frozen=True, slots=True)
class SetLine:
    """One line as it is set."""

    text: str
    style: str

    @property
    def width(self) -> float:
        factor = _BOLD_FACTOR if self.style in BOLD else 1.0
        return sum(_WIDTHS.get(letter, _OTHER) for letter in self.text) * SIZES[self.style] * factor

    @property
    def height(self) -> float:
        return SIZES[self.style] * LEADING


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Lines under each other; `width` and `height` in pixels."""

    lines: tuple[SetLine, ...] = ()

    @property
    def width(self) -> float:
        return max((line.width for line in self.lines), default=0.0)

    @property
    def height(self) -> float:
        return sum(line.height for line in self.lines)


def text_block(lines: tuple[Line, ...], width: float) -> TextBlock:
    """The lines broken so that none is wider than `width` pixels, where they can be broken."""
    return TextBlock(tuple(line for given in lines for line in _broken(given, width)))


def _broken(line: Line, width: float) -> Iterator[SetLine]:
    """Breaks at spaces, and inside a word only if it alone is too wide."""
    here = ""
    for word in _words(line, width):
        if here and SetLine((here + word).rstrip(), line.style).width > width:
            yield SetLine(here.rstrip(), line.style)
            here = "  " * (line.style == PLAIN and line.text.startswith("·"))
        here += word
    yield SetLine(here.rstrip(), line.style)


def _words(line: Line, width: float) -> Iterator[str]:
    for word in re.findall(r"[^ ]+ *", line.text):
        if SetLine(word.rstrip(), line.style).width <= width:
            yield word
        else:
            ends = [0, *(match.start() for match in _BREAKS.finditer(word)), len(word)]
            yield from (word[start:end] for start, end in pairwise(ends))
