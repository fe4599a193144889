"""A laid-out picture as SVG: one file, no script, no font or image from elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterator
from xml.sax.saxutils import escape

from abmsim.lang.picture import ABOUT, PLAIN, RECORD_BOX, SOURCE, TITLE, UNKNOWN_BOX, Line, Picture
from abmsim.lang.picture_layout import (
    BOX_MARGIN,
    DOT_RADIUS,
    LABEL_MARGIN,
    Layout,
    PlacedArrow,
    PlacedBox,
    Point,
    Rectangle,
    lay_out,
)
from abmsim.lang.picture_text import SIZES, TextBlock, text_block

MARGIN = 20.0
LEAST_WIDTH, MOST_WORDS_WIDTH = 640.0, 900.0
"""Of the words above and below a graph."""

_FONTS = "Arial, Helvetica, 'Liberation Sans', 'Noto Sans', sans-serif"
_STYLE = f"""\
text {{ font-family: {_FONTS}; font-size: {SIZES[PLAIN]}px; fill: #1a1a1a }}
.title {{ font-size: {SIZES[TITLE]}px; font-weight: bold }}
.about {{ font-style: italic; fill: #444 }}
.source {{ font-size: {SIZES[SOURCE]}px; fill: #555 }}
.count {{ font-weight: bold; fill: #8a3b00 }}
.box {{ fill: #f6f6f4; stroke: #777; stroke-width: 1.2 }}
.record {{ fill: #e6f0fa; stroke: #2b6ca3 }}
.unknown {{ fill: #fdeaea; stroke: #b00020 }}
.silent {{ stroke-dasharray: 5 3 }}
.outer {{ fill: none; stroke: #777 }}
.arrow {{ fill: none; stroke: #555; stroke-width: 1.2 }}
.tip {{ fill: #555 }}
.room {{ fill: #fff; stroke: #ddd; stroke-width: 0.8 }}"""


def svg(picture: Picture) -> str:
    """The picture as the text of an SVG file; raises UserError where it cannot be laid out."""
    layout = lay_out(picture)
    width = max(layout.width, LEAST_WIDTH)
    words = min(width, MOST_WORDS_WIDTH)
    head = text_block((Line(picture.title, TITLE), Line(picture.about, ABOUT)), words)
    foot = text_block(tuple(Line(note, PLAIN) for note in picture.notes), words)
    top = MARGIN + head.height + MARGIN
    bottom = top + layout.height + MARGIN
    whole = width + 2 * MARGIN, bottom + foot.height + MARGIN
    shift = MARGIN + (width - layout.width) / 2
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(whole[0])}" height="{_n(whole[1])}" '
        f'viewBox="0 0 {_n(whole[0])} {_n(whole[1])}" role="img" aria-labelledby="title about">',
        f'<title id="title">{escape(picture.title)}</title>',
        f'<desc id="about">{escape(picture.about)}</desc>',
        f"<style>\n{_STYLE}\n</style>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        *_text(head, MARGIN, MARGIN),
        f'<g transform="translate({_n(shift)} {_n(top)})">',
        *_drawing(layout),
        "</g>",
        *_text(foot, MARGIN, bottom),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _drawing(layout: Layout) -> Iterator[str]:
    """Arrows below boxes below labels: no line runs through a word."""
    for placed in layout.arrows:
        yield from _arrow(placed)
    x, y = layout.start
    yield f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(DOT_RADIUS)}" fill="#1a1a1a"/>'
    for box in layout.boxes:
        yield from _box(box)
    for placed in layout.arrows:
        if placed.label:
            yield _rectangle(placed.label, "room", round_=3)
            yield from _text(placed.text, placed.label.left + LABEL_MARGIN, placed.label.top + LABEL_MARGIN)


def _box(placed: PlacedBox) -> Iterator[str]:
    box, place = placed.box, placed.place
    kind = {RECORD_BOX: " record", UNKNOWN_BOX: " unknown"}.get(box.kind, "")
    yield f'<g id="{escape(box.name)}">'
    yield _rectangle(place, f"box{kind}{' silent' * box.silent}", round_=5)
    if box.final:
        outer = Rectangle(place.left - 3, place.top - 3, place.width + 6, place.height + 6)
        yield _rectangle(outer, "outer", round_=7)
    yield from _text(placed.text, place.left + BOX_MARGIN, place.top + BOX_MARGIN)
    yield "</g>"


def _arrow(placed: PlacedArrow) -> Iterator[str]:
    for first, *rest in placed.curves:
        pieces = " ".join(f"{_n(x)},{_n(y)}" for x, y in rest)
        yield f'<path class="arrow" d="M{_n(first[0])},{_n(first[1])} C{pieces}"/>'
    corners = " ".join(f"{_n(x)},{_n(y)}" for x, y in _head(placed.curves[-1][-1], placed.tip))
    yield f'<polygon class="tip" points="{corners}"/>'


def _head(back: Point, tip: Point) -> tuple[Point, Point, Point]:
    """The corners of an arrow's head from the end of its line to its tip."""
    length = math.dist(back, tip) or 1.0
    across = (back[1] - tip[1]) * 3 / length, (tip[0] - back[0]) * 3 / length
    return tip, (back[0] + across[0], back[1] + across[1]), (back[0] - across[0], back[1] - across[1])


def _rectangle(place: Rectangle, class_: str, round_: int = 0) -> str:
    sides = f'x="{_n(place.left)}" y="{_n(place.top)}" width="{_n(place.width)}" height="{_n(place.height)}"'
    corners = f' rx="{round_}"' if round_ else ""
    return f'<rect class="{class_}" {sides}{corners}/>'


def _text(text: TextBlock, left: float, top: float) -> Iterator[str]:
    for line in text.lines:
        top += line.height
        style = f' class="{line.style}"' if line.style != PLAIN else ""
        baseline = top - 0.3 * SIZES[line.style]
        yield f'<text x="{_n(left)}" y="{_n(baseline)}"{style} xml:space="preserve">{escape(line.text)}</text>'


def _n(number: float) -> str:
    """A number as short as two decimals allow."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
