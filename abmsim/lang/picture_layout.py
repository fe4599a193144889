"""Where boxes, arrows and labels stand: Graphviz's `dot` places them, we only tell it how large they are.

Sizes are ours (picture_text), so that no font of the machine has a say.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from abmsim.lang.picture import Arrow, Box, Picture
from abmsim.lang.picture_text import TextBlock, text_block
from abmsim.problems import UserError

BOX_WIDTH, LABEL_WIDTH = 230.0, 150.0
"""The widest that text may be, in pixels."""

BOX_MARGIN, LABEL_MARGIN = 9.0, 4.0
DOT_RADIUS = 6.0
MOST_STATES = 150
"""More cannot be read, and `dot` takes minutes."""

_POINTS_PER_INCH = 72.0
_START = "start"
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Left, top, width and height in pixels; y runs down."""

    left: float
    top: float
    width: float
    height: float

    def overlaps(self, other: Rectangle) -> bool:
        return (
            self.left < other.left + other.width
            and other.left < self.left + self.width
            and self.top < other.top + other.height
            and other.top < self.top + self.height
        )


@dataclass(frozen=True, slots=True)
class PlacedBox:
    box: Box
    place: Rectangle
    text: TextBlock


@dataclass(frozen=True, slots=True)
class PlacedArrow:
    """`curves` (one, or one to the label and one from it) are points of cubic Bézier pieces, 1 + 3n each.

    `tip` is where the arrow's head ends, just after the last curve.
    """

    arrow: Arrow
    curves: tuple[tuple[Point, ...], ...]
    tip: Point
    label: Rectangle | None
    text: TextBlock


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture laid out on `width` x `height` pixels; `start` is the middle of the dot before the first state."""

    width: float
    height: float
    start: Point
    boxes: tuple[PlacedBox, ...]
    arrows: tuple[PlacedArrow, ...]


def lay_out(picture: Picture) -> Layout:
    """Places everything; raises UserError if Graphviz is not installed or the picture is too large for it."""
    if len(picture.boxes) > MOST_STATES:
        text = f"{len(picture.boxes)} states are too many to draw"
        raise UserError(f"{text}: at most {MOST_STATES}; --mermaid has no limit")
    texts = [text_block(box.lines, BOX_WIDTH) for box in picture.boxes]
    arrows = (Arrow(_START, picture.start, ()), *picture.arrows)
    labels = [text_block(arrow.lines, LABEL_WIDTH) for arrow in arrows]
    placed = _place(_dot_text(picture.boxes, texts, arrows, labels))
    return _layout(placed, picture.boxes, texts, arrows, labels)


def _dot_text(
    boxes: Sequence[Box], texts: Sequence[TextBlock], arrows: Sequence[Arrow], labels: Sequence[TextBlock]
) -> str:
    """The graph in the language of `dot`; all text is empty room of its size.

    `nslimit` bounds the work on the last straightening: half the time at 100 states, and a narrower picture. A label
    is a node on its arrow, near where that begins: the line leads through it, and nothing else covers it.
    """
    numbers = {box.name: number for number, box in enumerate(boxes)}
    size = 2 * DOT_RADIUS / _POINTS_PER_INCH
    lines = [
        "digraph {",
        "graph [rankdir=TB, nodesep=0.3, ranksep=0.35, splines=true, nslimit=1]",
        'node [shape=box, fixedsize=true, label=""]',
        "edge [arrowsize=0.7]",
        f"start [shape=circle, width={size:.4f}]",
        "{rank=min; start}",
    ]
    for number, text in enumerate(texts):
        lines.append(f"{number} [{_size(text, BOX_MARGIN)}]")
    for number, (arrow, label) in enumerate(zip(arrows, labels, strict=True)):
        source, target = numbers.get(arrow.source, _START), numbers[arrow.target]
        between = f"label{number}" if label.lines else ""
        if between:
            lines.append(f"{between} [{_size(label, LABEL_MARGIN)}]")
            lines.append(_edge(source, between, arrow.back, f"comment=to{number}, dir=none, weight=3"))
        ahead = f"comment={number}, dir={'back' if arrow.back else 'forward'}"
        lines.append(_edge(between or source, target, arrow.back, ahead))
    return "\n".join([*lines, "}"])


def _edge(source: str | int, target: str | int, back: bool, attributes: str) -> str:
    """A way back is told as one ahead whose head is at its tail: then `dot` puts the first state on top."""
    return f"{target} -> {source} [{attributes}]" if back else f"{source} -> {target} [{attributes}]"


def _size(text: TextBlock, margin: float) -> str:
    width, height = ((side + 2 * margin) / _POINTS_PER_INCH for side in (text.width, text.height))
    return f"width={width:.4f}, height={height:.4f}"


def _place(dot: str) -> Mapping[str, Any]:
    """What `dot` answers, as its JSON."""
    try:
        from pygraphviz import AGraph
    except ImportError:
        hint = "install it with: pip install 'abmsim[pictures]'; --mermaid needs nothing"
        raise UserError(f"pictures are laid out by Graphviz, which is not installed ({hint})") from None
    return json.loads(AGraph(string=dot).draw(format="json0", prog="dot") or "{}")


def _layout(
    placed: Mapping[str, Any], boxes: Sequence[Box], texts: Sequence[TextBlock], arrows: Sequence[Arrow],
    labels: Sequence[TextBlock],
) -> Layout:  # fmt: skip
    width, height = _points(placed["bb"])[1]
    nodes = {node["name"]: node for node in placed["objects"]}
    edges = {edge["comment"]: edge for edge in placed["edges"]}

    def down(point: Point) -> Point:
        return round(point[0], 2), round(height - point[1], 2)

    placed_boxes = []
    for number, (box, text) in enumerate(zip(boxes, texts, strict=True)):
        sides = text.width + 2 * BOX_MARGIN, text.height + 2 * BOX_MARGIN
        placed_boxes.append(PlacedBox(box, _around(down(_points(nodes[str(number)]["pos"])[0]), *sides), text))
    placed_arrows = []
    for number, (arrow, text) in enumerate(zip(arrows, labels, strict=True)):
        tip, *curve = map(down, _points(edges[str(number)]["pos"]))
        curves, label = (_turned(curve, arrow.back),), None
        if text.lines:
            first = [down(point) for point in _points(edges[f"to{number}"]["pos"])]
            curves = (_turned(first, arrow.back), *curves)
            sides = text.width + 2 * LABEL_MARGIN, text.height + 2 * LABEL_MARGIN
            label = _around(down(_points(nodes[f"label{number}"]["pos"])[0]), *sides)
        placed_arrows.append(PlacedArrow(arrow, curves, tip, label, text))
    start = down(_points(nodes[_START]["pos"])[0])
    return Layout(width, height, start, tuple(placed_boxes), tuple(placed_arrows))


def _turned(curve: Sequence[Point], back: bool) -> tuple[Point, ...]:
    return tuple(reversed(curve)) if back else tuple(curve)


def _around(middle: Point, width: float, height: float) -> Rectangle:
    left, top = middle[0] - width / 2, middle[1] - height / 2
    return Rectangle(round(left, 2), round(top, 2), round(width, 2), round(height, 2))


def _points(text: str) -> list[Point]:
    """`e,1,2 3,4`, `s,1,2 3,4` and `0,0,10,20` alike: the numbers two by two."""
    numbers = [float(part) for part in text.lstrip("es,").replace(",", " ").split()]
    return list(zip(numbers[::2], numbers[1::2], strict=True))
